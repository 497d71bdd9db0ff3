"""Every public name is in the reference, or the build says which one is not."""

from __future__ import annotations

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.logging import getLogger

from extensions.public_names import all_public_names, documented_at


def check_names(app: Sphinx, env: BuildEnvironment) -> None:
    """Warn of public names that have no docstring, or no place."""
    places = documented_at()
    logger = getLogger(__name__)
    for each in all_public_names():
        if places[each.path] not in env.domains.python_domain.objects:
            logger.warning("%s is not in the reference", each.path)
        if not each.docstring:
            logger.warning("%s has no docstring", each.path)


def setup(app: Sphinx) -> dict[str, bool]:
    """Add the check to Sphinx."""
    app.connect("env-check-consistency", check_names)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
