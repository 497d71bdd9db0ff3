"""What a submission has of somebody else's: libraries that it used, and copies of mlplab's own files.

Neither costs points by itself. What was borrowed is not there when a file is checked, and earns nothing;
a copy is for a person to judge.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from mlplab.course.checker.fingerprints import FEWEST, THRESHOLD, fingerprints
from mlplab.course.checker.kit_files import PACKAGE, RIGHT_NETWORKS

SHOWN = 5
"""Names of one library that are listed."""


def library_notes(borrowed: Iterable[str]) -> tuple[str, ...]:
    """Return a sentence for each library that was used.

    Parameters
    ----------
    borrowed : iterable of str
        Names of modules, functions and files, as the tests' processes noted them.

    Examples
    --------
    >>> for note in library_notes(["mlplab", "mlplab.reference", "keras.Dense"]):
    ...     print(note)
    Uses keras.Dense. Libraries are not available during checking and earn no points.
    Uses mlplab.reference. Libraries are not available during checking and earn no points.
    """
    names = sorted(set(borrowed))
    deepest = [
        name
        for name in names
        if not any(other.startswith((f"{name}.", f"{name}/")) for other in names)
    ]
    libraries: dict[str, list[str]] = {}
    for name in deepest:
        libraries.setdefault(name.replace("/", ".").split(".")[0], []).append(name)
    return tuple(
        f"Uses {', '.join(found[:SHOWN])}{', ...' if len(found) > SHOWN else ''}. "
        "Libraries are not available during checking and earn no points."
        for found in libraries.values()
    )


def copy_notes(files: Mapping[str, bytes]) -> tuple[str, ...]:
    """Return a sentence for the one of mlplab's files that a submission has most of, if it has.

    Examples
    --------
    >>> copy_notes({"mlp.py": (PACKAGE / "course/kit/mlp_solution.py").read_bytes()})
    ("100 % of mlplab's own course/kit/mlp_solution.py is in it, apart from names and layout.",)
    """
    own = fingerprints(files)
    found = []
    for name, theirs in _package_files().items():
        shared = len(own & theirs)
        if shared >= max(FEWEST, THRESHOLD * min(len(own), len(theirs))):
            found.append((shared / len(theirs), shared / len(own), name))
    if not found:
        return ()
    of_theirs, of_own, name = max(found, key=lambda entry: max(entry[:2]))
    if of_theirs >= of_own:
        said = f"{100 * of_theirs:.0f} % of mlplab's own {name} is in it"
    else:
        said = f"{100 * of_own:.0f} % of it is as in mlplab's own {name}"
    return (f"{said}, apart from names and layout.",)


@cache
def _package_files() -> dict[str, frozenset[int]]:
    """Return the fingerprints of each file that is worth copying."""
    paths = sorted(path for pattern in RIGHT_NETWORKS for path in PACKAGE.glob(pattern))
    return {
        path.relative_to(PACKAGE).as_posix(): fingerprints({path.name: path.read_bytes()})
        for path in paths
    }
