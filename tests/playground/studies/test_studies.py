"""The studies of a session take turns; the last of each kind is kept, and shown where it belongs."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mlplab.errors import MlplabError
from mlplab.playground.studies.accuracy_map import AccuracyMap
from mlplab.playground.studies.comparison import SetUpComparison
from mlplab.playground.studies.hyperparameters import with_value
from mlplab.playground.studies.of_a_session import Studies
from mlplab.playground.studies.study import PART
from mlplab.playground.workers import Workers
from mlplab.spec import Experiment

Compare = Callable[..., SetUpComparison]
DrawMap = Callable[..., AccuracyMap]


@pytest.fixture
def studies() -> Studies:
    """Studies that are trained by whoever calls `work`."""

    class Nobody(Workers):
        def wake(self, task: Callable[[], float | None]) -> None:
            pass

    return Studies(Nobody(1))


def test_a_session_with_several_studies_has_one_turn(
    studies: Studies, compare: Compare, draw_map: DrawMap, small: Experiment, longer: Experiment
):
    comparison, drawn = compare(small, longer), draw_map()
    studies.compare(comparison)
    studies.draw_map(drawn)
    for _ in range(6):
        assert studies.work() == 0.0
    assert (comparison.done, drawn.done) == (3 * PART, 3)
    studies.stop("compare")
    for _ in range(3):
        studies.work()
    assert (comparison.done, drawn.done) == (3 * PART, 6)
    studies.end()
    assert studies.work() is None


def test_another_study_of_a_kind_ends_the_one_before(
    studies: Studies, compare: Compare, draw_map: DrawMap, small: Experiment, longer: Experiment
):
    maps = draw_map(), draw_map()
    comparisons = compare(small, longer), compare(longer, small)
    for drawn, comparison in zip(maps, comparisons, strict=True):
        studies.draw_map(drawn)
        studies.compare(comparison)
    for first, second in (maps, comparisons):
        assert (first.under_way, second.under_way) == (False, True)


def test_no_study_of_an_unknown_kind_is_ended(studies: Studies):
    with pytest.raises(MlplabError, match="no study 'nonsense'"):
        studies.stop("nonsense")


def test_a_comparison_is_shown_where_a_or_b_is_set_up_and_goes_with_its_a(
    studies: Studies, compare: Compare, small: Experiment, longer: Experiment
):
    assert studies.say("compare", small) == {"kept": False, "differs": "", "found": None}
    studies.keep(small)
    assert studies.say("compare", longer)["differs"] == "epochs 2 → 60"
    comparison = compare(small, longer)
    studies.compare(comparison)
    assert studies.say("compare", longer)["found"]["now"] == "B"
    assert studies.say("compare", small)["found"]["now"] == "A"
    third = with_value(small, "training.batch_size", 4)
    assert studies.say("compare", third)["found"] is None
    studies.keep(small)
    assert studies.comparison is comparison
    studies.keep(longer)
    assert studies.comparison is None
    assert not comparison.under_way
