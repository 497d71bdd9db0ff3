"""Failed runs are counted, in both kinds, and their fraction has an interval."""

from __future__ import annotations

import numpy as np
import pytest

from mlplab.errors import MlplabError
from mlplab.statistics import Failures, count_failures, estimate_fraction


@pytest.mark.parametrize(
    ("finished", "stuck", "diverged"), [(7, 2, 1), (10, 0, 0), (0, 10, 0), (0, 0, 10), (0, 0, 1)]
)
def test_both_kinds_count(finished: int, stuck: int, diverged: int) -> None:
    ending = np.repeat(["finished", "stuck", "diverged"], [finished, stuck, diverged])
    runs = len(ending)
    fraction = estimate_fraction(stuck + diverged, runs)
    np.random.default_rng(0).shuffle(ending)
    assert count_failures(ending) == Failures(runs, stuck, diverged, fraction)


def test_no_failure_among_a_hundred_is_no_proof_of_none() -> None:
    fraction = count_failures(np.full(100, "finished")).fraction
    assert (fraction.value, fraction.low) == (0.0, 0.0)
    assert fraction.high == pytest.approx(0.037, abs=5e-4)


def test_of_no_runs_nothing_can_be_counted() -> None:
    with pytest.raises(MlplabError, match=r"expected at least one run .* received none"):
        count_failures(np.array([], dtype=str))
