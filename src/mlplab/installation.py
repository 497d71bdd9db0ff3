"""How this mlplab was installed, the command that adds an extra to it, and the packages that it uses.

No package index has it: who installed it has a folder, a file or a repository, which pip writes down
(PEP 610).
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution, requires, version
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

if TYPE_CHECKING:
    from packaging.requirements import Requirement


@dataclass(frozen=True)
class Package:
    """A package that mlplab uses, as it is here.

    Attributes
    ----------
    name : str
    installed : str or None
        Its version; None if it is missing.
    wanted : str
        Which versions mlplab works with, as `>=2.0`.
    is_usable : bool
        Whether it is installed in such a version.
    extra : str
        To which it belongs; "" if to none.
    """

    name: str
    installed: str | None
    wanted: str
    is_usable: bool
    extra: str


def install_command(extra: str) -> str:
    """Return the command that installs mlplab again as it was, with an extra."""
    return command_for(_origin(), extra)


def command_for(origin: dict[str, Any], extra: str) -> str:
    """Return the command that installs mlplab from some place, with an extra.

    Parameters
    ----------
    origin : dict
        As PEP 610 has it; empty for a package of an index.
    extra : str

    Examples
    --------
    >>> command_for({"url": "file:///home/a/mlplab", "dir_info": {"editable": True}}, "keras")
    "pip install -e '/home/a/mlplab[keras]'"
    >>> command_for({"url": "file:///tmp/mlplab-0.1.0-py3-none-any.whl", "archive_info": {}}, "data")
    "pip install '/tmp/mlplab-0.1.0-py3-none-any.whl[data]'"
    >>> git = {"url": "https://example.org/mlplab.git", "vcs_info": {"vcs": "git", "commit_id": "1a2b3c"}}
    >>> command_for(git, "data")
    "pip install 'mlplab[data] @ git+https://example.org/mlplab.git@1a2b3c'"
    >>> command_for({**git, "url": "file:///home/a/mlplab.git"}, "data")
    "pip install --upgrade pip && pip install 'mlplab[data] @ git+file:///home/a/mlplab.git@1a2b3c'"
    >>> command_for({}, "data")
    "pip install 'mlplab[data]'"
    """
    url = urlsplit(origin.get("url", ""))
    if "vcs_info" in origin:
        source = origin["vcs_info"]
        at = f"{source['vcs']}+{origin['url']}@{source['commit_id']}"
        # The pip of Python 3.11 takes no repository of this machine by a name and an address.
        newer = "pip install --upgrade pip && " * (url.scheme == "file")
        return f"{newer}pip install {quote(f'mlplab[{extra}] @ {at}')}"
    if url.scheme == "file":
        option = "-e " * origin.get("dir_info", {}).get("editable", False)
        return f"pip install {option}{quote(f'{url2pathname(url.path)}[{extra}]')}"
    if url.scheme:
        return f"pip install {quote(f'mlplab[{extra}] @ {url.geturl()}')}"
    return f"pip install 'mlplab[{extra}]'"


def _origin() -> dict[str, Any]:
    """Return what pip wrote down; where mlplab was not installed, the folder of its source."""
    try:
        text = distribution("mlplab").read_text("direct_url.json")
    except PackageNotFoundError:
        return {"url": Path(__file__).parents[2].as_uri(), "dir_info": {}}
    return {} if text is None else json.loads(text)


def packages(extras: Collection[str]) -> list[Package]:
    """Return the packages of mlplab's metadata: what it always needs, of the extra "", then by extra."""
    from packaging.requirements import Requirement

    wanted: list[tuple[str, Requirement]] = []
    for requirement in map(Requirement, requires("mlplab") or ()):
        for extra in extras:
            is_of_it = requirement.marker is None or requirement.marker.evaluate({"extra": extra})
            if is_of_it and (not extra or requirement.marker is not None):
                wanted.append((extra, requirement))
    wanted.sort(key=lambda one: list(extras).index(one[0]))
    return [_package(extra, requirement) for extra, requirement in wanted]


def _package(extra: str, requirement: Requirement) -> Package:
    try:
        installed = version(requirement.name)
    except PackageNotFoundError:
        installed = None
    is_usable = installed is not None and requirement.specifier.contains(installed, True)
    return Package(requirement.name, installed, str(requirement.specifier), is_usable, extra)
