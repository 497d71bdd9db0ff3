"""What a worker must have in common with this process, so that its numbers are the same bits."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.metadata import version

from mlplab.kernel import package_digest
from mlplab.spec import canonical

Versions = Mapping[str, str]
"""Of a process, by what has a version; `error` alone, where mlplab cannot be imported."""


@cache
def versions() -> Versions:
    """Return the versions of mlplab, of its numerics, and of the sources that machine code is made of."""
    return {
        "mlplab": version("mlplab"),
        "numerics": str(canonical.NUMERICS_VERSION),
        "kernels": package_digest().hex()[:16],
    }


def difference(theirs: Versions) -> str | None:
    """Return in words in what a worker differs from this process; None if it does not.

    Examples
    --------
    >>> difference({**versions(), "numerics": "0"})
    'has version 0 of the numerics, and this has 2'
    >>> difference({"error": "No module named 'mlplab'"})
    "cannot import what it is to run (No module named 'mlplab')"
    """
    if "error" in theirs:
        return f"cannot import what it is to run ({theirs['error']})"
    for name, ours in versions().items():
        if theirs.get(name) != ours:
            what = {
                "mlplab": f"has mlplab {theirs.get(name)}",
                "numerics": f"has version {theirs.get(name)} of the numerics",
                "kernels": f"has other sources of kernels ({theirs.get(name)})",
            }
            return f"{what[name]}, and this has {ours}"
    return None
