"""Pairs of a class whose files are the same apart from names and layout: `mlplab check --similar`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from mlplab.course.checker.fingerprints import FEWEST, THRESHOLD, fingerprints
from mlplab.course.checker.submissions import Submission
from mlplab.errors import MlplabError

NOTE = (
    "A pair is a reason to look at both files, and no proof: the task is small, and what two have from "
    "one book or lecture is alike too."
)


@dataclass(frozen=True)
class Pair:
    """Two submissions that are alike.

    Attributes
    ----------
    one, other : Submission
    fraction_of_one, fraction_of_other : float
        Of all fingerprints of the one, how many the other has too, 0..1; and the other way round. A copy
        with much of its own added has the smaller fraction.
    """

    one: Submission
    other: Submission
    fraction_of_one: float
    fraction_of_other: float


def similar_pairs(submissions: Sequence[Submission], threshold: float = THRESHOLD) -> list[Pair]:
    """Return the pairs that are alike, the most alike first.

    Parameters
    ----------
    submissions : sequence of Submission
    threshold : float
        The larger of a pair's two fractions is at least this; above 0 and at most 1.

    Raises
    ------
    MlplabError
        If the threshold is none.

    Examples
    --------
    >>> similar_pairs([Submission("anna", {}), Submission("bo", {})])
    []
    """
    if not 0 < threshold <= 1:
        raise MlplabError(f"--threshold must be above 0 and at most 1, received {threshold:g}")
    found = [fingerprints(submission.files) for submission in submissions]
    pairs = []
    for i, j in combinations(range(len(submissions)), 2):
        shared = len(found[i] & found[j])
        if shared >= max(FEWEST, threshold * min(len(found[i]), len(found[j]))):
            fractions = shared / len(found[i]), shared / len(found[j])
            pairs.append(Pair(submissions[i], submissions[j], *fractions))
    return sorted(pairs, key=_rank)


def _rank(pair: Pair) -> tuple[float, float, str, str]:
    fractions = sorted((pair.fraction_of_one, pair.fraction_of_other))
    return -fractions[1], -fractions[0], pair.one.name, pair.other.name
