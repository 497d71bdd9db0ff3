"""Print the lowest versions that pyproject.toml states, of all extras, as constraints for pip.

python .ci/lowest.py > lowest.txt
"""

from __future__ import annotations

import itertools
import tomllib
from pathlib import Path

from packaging.requirements import Requirement

PROJECT = tomllib.loads(Path(__file__).parents[1].joinpath("pyproject.toml").read_text("utf-8"))[
    "project"
]


def lowest(requirement: Requirement) -> str:
    """Return the version that a requirement like `name>=version` begins with.

    Raises
    ------
    ValueError
        If it states none, or something else besides.
    """
    versions = [each.version for each in requirement.specifier if each.operator == ">="]
    if len(versions) != 1 or len(requirement.specifier) != 1:
        raise ValueError(
            f"expected one lowest version, as in 'name>=1.2', received '{requirement}'"
        )
    return versions[0]


def main() -> None:
    """Print a line for each package; extras that are made of others have no versions of their own."""
    extras = PROJECT["optional-dependencies"].values()
    for text in sorted({*PROJECT["dependencies"], *itertools.chain(*extras)}):
        requirement = Requirement(text)
        if requirement.name != PROJECT["name"]:
            print(f"{requirement.name}=={lowest(requirement)}")


if __name__ == "__main__":
    main()
