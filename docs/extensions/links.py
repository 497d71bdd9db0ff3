"""Links to the Python reference: wherever a public name stands as code, it leads to its docstring.

Public names are documented at one place each (`public_names.documented_at`). Python, and so Sphinx, also
knows them by the files in which they are defined, and docstrings by their names alone.
"""

from __future__ import annotations

import importlib
import re
from typing import Annotated, Any, get_origin

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform

from extensions.public_names import all_public_names, documented_at

PLACES = documented_at()

_CALLED = re.compile(r"([A-Za-z_][\w.]*)(\(.*\))?")


def class_aliases() -> dict[str, str]:
    """Return the places of public classes by their names alone, as docstrings name types."""
    return {
        place.rpartition(".")[2]: place
        for place in PLACES.values()
        if place.rpartition(".")[2][0].isupper()
    }


def type_aliases() -> dict[str, str]:
    """Return the places of public types with constraints, which are long, by their names alone."""
    return {
        each.name: PLACES[each.path]
        for each in all_public_names()
        if get_origin(each.value) is Annotated
    }


ALIASES = class_aliases()
TYPES = type_aliases()


def find_place(text: str, module: str | None) -> str | None:
    """Return where the name that a piece of code begins with is documented, if it is a public one.

    A name alone is one of the page's own package, or of a class; what follows a class is a member of it.
    """
    found = _CALLED.fullmatch(text)
    if found is None:
        return None
    head, _, rest = found[1].partition(".")
    candidates = [found[1], f"mlplab.{found[1]}"] if rest else []
    if module is not None:
        candidates.append(f"{module}.{found[1]}")
    for candidate in candidates:
        if candidate in PLACES:
            return PLACES[candidate]
        of_class, _, member = candidate.rpartition(".")
        if of_class in PLACES:
            return f"{PLACES[of_class]}.{member}"
    if head in ALIASES:
        return f"{ALIASES[head]}.{rest}" if rest else ALIASES[head]
    return None


class LinkedCode(SphinxPostTransform):
    """Code in a sentence that is a public name becomes a link to it."""

    default_priority = 5

    def run(self, **kwargs: Any) -> None:
        """Make the links of one page."""
        python = self.env.domains.python_domain
        for literal in list(self.document.findall(nodes.literal)):
            if self._stands_in_a_link(literal):
                continue
            place = find_place(literal.astext(), self._module_of(literal))
            entry = python.objects.get(place) if place is not None else None
            if entry is not None:
                literal.replace_self(
                    python.resolve_xref(
                        self.env,
                        self.env.current_document.docname,
                        self.app.builder,
                        "obj",
                        place,
                        addnodes.pending_xref(refdoc=self.env.current_document.docname),
                        literal.deepcopy(),
                    )
                )

    @staticmethod
    def _stands_in_a_link(node: nodes.Node) -> bool:
        within = (nodes.reference, addnodes.pending_xref, nodes.title, addnodes.desc_signature)
        while node.parent is not None:
            node = node.parent
            if isinstance(node, within):
                return True
        return False

    @staticmethod
    def _module_of(node: nodes.Node) -> str | None:
        """Return the package whose page a node stands on, if it is one of the reference."""
        document = node.document
        name = document.get("source", "").rpartition("/")[2] if document else ""
        return name.removesuffix(".rst") if name.startswith("mlplab") else None


def resolve(
    app: Sphinx, env: BuildEnvironment, node: addnodes.pending_xref, contnode: nodes.Element
) -> nodes.Element | None:
    """Lead a name that Sphinx does not find to its place; a private one of mlplab stays text."""
    target = node.get("reftarget", "")
    if node.get("refdomain") != "py":
        return None
    place = PLACES.get(target) or find_place(target, node.get("py:module"))
    if place is not None and place in env.domains.python_domain.objects:
        return env.domains.python_domain.resolve_xref(
            env, node["refdoc"], app.builder, "obj", place, node, contnode
        )
    return contnode if is_private(target) else None


def is_private(path: str) -> bool:
    """Tell whether a path is that of something in mlplab that is not public."""
    module, _, name = path.rpartition(".")
    if not module.startswith("mlplab.") or path in PLACES:
        return False
    try:
        return hasattr(importlib.import_module(module), name)
    except ImportError:
        return False


def without_private_bases(
    app: Sphinx, name: str, value: Any, options: Any, bases: list[type]
) -> None:
    """Leave out of a class's bases what is not public."""
    bases[:] = [base for base in bases if f"{base.__module__}.{base.__qualname__}" in PLACES]


def setup(app: Sphinx) -> dict[str, bool]:
    """Add the links to Sphinx."""
    app.add_post_transform(LinkedCode)
    app.connect("missing-reference", resolve)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
