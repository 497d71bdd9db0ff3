"""How Sphinx makes the documentation: `make docs`."""

from __future__ import annotations

import inspect
import sys
from importlib.metadata import version as version_of
from pathlib import Path
from typing import Any

DOCS = Path(__file__).parent
sys.path.insert(0, str(DOCS))

from pydantic import BaseModel
from pygments.lexers.special import TextLexer
from sphinx.application import Sphinx

from extensions.api_pages import write_api_pages
from extensions.command_pages import write_command_page
from extensions.generated import lead_to_pages
from extensions.links import ALIASES, TYPES, without_private_bases
from extensions.numbers import Unparted

write_api_pages(DOCS / "reference")
write_command_page(DOCS / "reference" / "command-line.rst")

project = "mlplab"
author = "the authors of mlplab"
version = release = version_of("mlplab")
language = "en"
exclude_patterns = ["extensions", "gallery", "maps", "parts", "sweeps", "tour", "why"]
extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.viewcode",
    "numpydoc",
    "sphinx_copybutton",
    "sphinx_gallery.gen_gallery",
    "extensions.links",
    "extensions.complete",
]

# Every warning ends the build (-W), also of a name that leads nowhere (-n). What is not followed:
nitpick_ignore_regex = [
    # Other projects' documentation is elsewhere, and a build must not need a network.
    (
        r"py:.*",
        r"(collections|distributed|fractions|matplotlib|numpy|pandas|pathlib|pydantic|sklearn)\..*",
    ),
    # The same, and private classes, where a signature names them as its file imports them for types.
    (r"py:class", r"App|DataFrame|Figure|Kernel|Path|Progress|Say"),
]

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 4  # links to headings, as GitHub makes their names

smartquotes = False  # --set is an option, and no dash
default_role = "literal"  # `code` in docstrings; `extensions.links` makes links of public names
autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
autodoc_preserve_defaults = True
autodoc_type_aliases = TYPES
python_maximum_signature_line_length = 88
add_module_names = False
toc_object_entries_show_parents = "hide"
numpydoc_show_class_members = False
numpydoc_xref_param_type = True
numpydoc_xref_ignore = "all"  # words of a type that are no names: array, shape, optional …
numpydoc_xref_aliases = ALIASES

sphinx_gallery_conf = {
    "examples_dirs": ["tour", "gallery"],
    "gallery_dirs": ["the-lab", "examples"],
    "within_subsection_order": "FileNameSortKey",
    "filename_pattern": r"\.py$",
    "image_scrapers": ("extensions.pictures.figures_of_block",),
    "capture_repr": ("_repr_html_", "__repr__"),
    "ignore_repr_types": r"matplotlib",
    "abort_on_example_error": True,
    "download_all_examples": False,
    "remove_config_comments": True,
    "show_memory": False,
    "show_signature": False,
    "write_computation_times": False,  # a page that loads its scripts from elsewhere
}

html_theme = "furo"
html_title = "mlplab"
html_static_path = ["assets"]
html_css_files = ["mlplab.css"]
html_favicon = "assets/icon.svg"
html_copy_source = False
html_show_sphinx = False
html_show_copyright = False
html_theme_options = {
    "sidebar_hide_name": False,
    "light_logo": "icon.svg",
    "dark_logo": "icon.svg",
    "light_css_variables": {"color-brand-primary": "#0A5C8F", "color-brand-content": "#0A5C8F"},
    "dark_css_variables": {"color-brand-primary": "#6FB7E9", "color-brand-content": "#6FB7E9"},
}
copybutton_prompt_text = r">>> |\.\.\. |\$ "
copybutton_prompt_is_regexp = True


def without_constraints(
    app: Sphinx, what: str, name: str, obj: Any, options: Any, signature: str, result: str
) -> tuple[str, str] | None:
    """Leave the types out of a part's signature: with their constraints they fill a screen.

    The docstring says them.
    """
    if what != "class" or not issubclass(obj, BaseModel):
        return None
    plain = inspect.signature(obj)
    bare = [each.replace(annotation=inspect.Parameter.empty) for each in plain.parameters.values()]
    return str(plain.replace(parameters=bare, return_annotation=inspect.Signature.empty)), ""


def only_our_aliases(app: Sphinx) -> None:
    """Take back what numpydoc added: links of int, str and the like to documentation elsewhere."""
    app.config.numpydoc_xref_aliases_complete = ALIASES


def setup(app: Sphinx) -> None:
    """Connect what is ours."""
    app.add_lexer("csv", TextLexer)
    app.add_transform(Unparted)
    app.connect("source-read", lead_to_pages)
    app.connect("autodoc-process-signature", without_constraints)
    app.connect("autodoc-process-bases", without_private_bases)
    app.connect("builder-inited", only_our_aliases, priority=900)
