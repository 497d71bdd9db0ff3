"""Set-ups made to fail in one known way are explained by that way, and those that learn by none."""

from __future__ import annotations

import pytest
from tests.explain.planted import PLANTED, SOUND, Planted, right

from mlplab.explain.causes import LEARNED

SEEDS = 10

FRESH = 1000
"""The first seed: the rules were made by looking at seeds 0 to 19."""

ALL = (*PLANTED, *SOUND)


@pytest.mark.slow
@pytest.mark.parametrize("planted", ALL, ids=[each.what for each in ALL])
def test_what_was_planted_is_named_first(planted: Planted):
    named = planted.explained(SEEDS, FRESH)
    assert named.total() == SEEDS
    assert right(planted, named) >= 0.9 * SEEDS
    if planted.cause is not None:
        # Of a run that learned in spite of it, nothing is wrong, and nothing is named.
        assert set(named) <= {planted.cause, *LEARNED}


def test_there_are_at_least_ten_set_ups_that_fail():
    assert len(PLANTED) >= 10
    assert len({each.cause for each in PLANTED}) >= 10
