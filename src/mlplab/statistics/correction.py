"""Many comparisons at once: among many, chance alone makes some look clear. Holm's correction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from mlplab.errors import MlplabError, shown
from mlplab.run import Float64
from mlplab.statistics.comparison import Comparison
from mlplab.statistics.values import read_array


def holm(p_values: ArrayLike) -> Float64:
    """Correct the p-values of a family, so that any false finding in it is as rare as in a single test.

    The smallest of k p-values is multiplied by k, the next by k - 1, and so on. A product below the one
    before is raised to it, and none may exceed 1.

    Parameters
    ----------
    p_values : array-like, shape (k,)

    Returns
    -------
    ndarray of float64, shape (k,), in the order received.

    Raises
    ------
    MlplabError
        If they are not a list of numbers from 0 to 1.

    Notes
    -----
    Source: Holm 1979. It holds however the tests depend on each other, and rejects every hypothesis that
    Bonferroni's correction rejects.

    Examples
    --------
    >>> holm([0.01, 0.04, 0.03]).tolist()
    [0.03, 0.06, 0.06]
    """
    p = read_array(p_values, "a list of p-values")
    if p.ndim != 1:
        raise MlplabError(f"expected a list of p-values, received {shown(p_values)}")
    if not ((p >= 0) & (p <= 1)).all():
        raise MlplabError(f"expected p-values from 0 to 1, received {shown(p.tolist())}")
    ascending = np.argsort(p, kind="stable")
    factors = np.arange(len(p), 0, -1)
    corrected = np.empty_like(p)
    corrected[ascending] = np.minimum(np.maximum.accumulate(factors * p[ascending]), 1)
    return corrected


def correct_family(comparisons: Mapping[str, Comparison]) -> dict[str, Comparison]:
    """Return the comparisons with p-values, and so verdicts, corrected for the family (Holm 1979).

    A family holds every comparison that was looked at, not only those that came out well.

    Parameters
    ----------
    comparisons : mapping of str to Comparison

    Returns
    -------
    dict of str to Comparison
        In the order received.

    Raises
    ------
    MlplabError
        If they are not comparisons by name.

    Examples
    --------
    >>> from mlplab.statistics import compare
    >>> a, b = np.linspace(0.90, 0.99, 40), np.linspace(0.85, 0.95, 40)
    >>> family = correct_family({"a, b": compare(a, b), "b, a": compare(b, a)})
    >>> [comparison.verdict for comparison in family.values()]
    ['better', 'worse']
    """
    if not isinstance(comparisons, Mapping):
        raise MlplabError(
            "expected comparisons by name, as in {'a against b': compare(a, b)}, received "
            f"{shown(comparisons)}"
        )
    for name, comparison in comparisons.items():
        if not isinstance(comparison, Comparison):
            raise MlplabError(
                f"expected a Comparison under each name, received {shown(comparison)} under {shown(name)}"
            )
    corrected = holm([comparison.p_value for comparison in comparisons.values()])
    return {
        name: replace(comparison, p_corrected=float(p))
        for (name, comparison), p in zip(comparisons.items(), corrected, strict=True)
    }
