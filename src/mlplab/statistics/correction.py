"""Many comparisons at once: the more one looks at, the more chance finds. Holm's correction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from mlplab.errors import MlplabError

if TYPE_CHECKING:
    from mlplab.run import Float64
    from mlplab.statistics.comparison import Comparison


def holm(p_values: Sequence[float] | Float64) -> Float64:
    """Correct the p-values of a family, so that one false finding among all is as rare as in one test.

    The smallest of k p-values is multiplied by k, the next by k - 1, and so on; none may fall below its
    predecessor, nor exceed 1.

    Parameters
    ----------
    p_values : array-like, shape (k,)

    Returns
    -------
    ndarray, shape (k,), in the order received.

    Raises
    ------
    MlplabError
        If a p-value is not from 0 to 1.

    Notes
    -----
    Source: Holm 1979. It assumes nothing of how the tests depend on each other, and rejects all that
    Bonferroni's correction does.

    Examples
    --------
    >>> holm([0.01, 0.04, 0.03]).tolist()
    [0.03, 0.06, 0.06]
    """
    p = np.asarray(p_values, dtype=np.float64)
    if not ((p >= 0) & (p <= 1)).all():
        raise MlplabError(f"expected p-values from 0 to 1, received {p.tolist()}")
    ascending = np.argsort(p, kind="stable")
    factors = np.arange(len(p), 0, -1)
    corrected = np.empty_like(p)
    corrected[ascending] = np.minimum(np.maximum.accumulate(factors * p[ascending]), 1)
    return corrected


def correct_family(comparisons: Mapping[str, Comparison]) -> dict[str, Comparison]:
    """Return the comparisons with p-values, and so verdicts, that stand all together (Holm 1979).

    Put into the family whatever was looked at, not only what came out well.

    Examples
    --------
    >>> from mlplab.statistics import compare
    >>> a, b = np.linspace(0.90, 0.99, 40), np.linspace(0.85, 0.95, 40)
    >>> family = correct_family({"a, b": compare(a, b), "b, a": compare(b, a)})
    >>> [comparison.verdict for comparison in family.values()]
    ['better', 'worse']
    """
    corrected = holm([comparison.p_value for comparison in comparisons.values()])
    return {
        name: replace(comparison, p_corrected=float(p))
        for (name, comparison), p in zip(comparisons.items(), corrected, strict=True)
    }
