"""Tasks 1.3 and 1.4 with a shared initializer: the chapters and erratum 7 hold what the numbers hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from mlplab.report.claims import judge_claims, judge_initializers
from mlplab.report.errata import find_errata
from mlplab.report.reproduction import Reproduction, Task

from .conftest import ERRATA, TASK_1_3, TASK_1_4, Made, Text, erratum, row

BOTH = ("1.3", "1.3-shared-initializer")
NEW, SHARED = "with a new initializer for each layer", "with one shared by all"


def made_of(base: Reproduction, tasks: Mapping[str, Task]) -> Reproduction:
    """A reproduction that has some tasks and nothing else."""
    replications = len(next(iter(tasks.values())).replicated)
    return replace(
        base,
        replications=replications,
        tasks=tasks,
        parity=None,
        by_hand=(),
        claims=judge_claims(tasks),
        initializers=judge_initializers(tasks),
        errata=find_errata(tasks, None, replications, 0),
    )


def both_ways(new: Any, shared: Any) -> dict[str, Task]:
    """Task 1.3 as two scenarios have it."""
    return {id: way.task(id) for id, way in zip(BOTH, (new, shared), strict=True)}


def around(accuracy: float, width: float, runs: int = 40) -> tuple[float, ...]:
    """Accuracies around one, in an order that pairs them at random."""
    spread = np.random.default_rng(3).permutation(np.linspace(-width, width, runs))
    return tuple((accuracy + spread).tolist())


def test_both_ways_stand_side_by_side(usual: Reproduction, text: Text) -> None:
    said = text(usual)
    for chapter, id, medians in (
        (TASK_1_3, "1.3", ("86.00 %", "81.00 %")),
        (TASK_1_4, "1.4", ("94.70 %", "93.90 %")),
    ):
        for name, median in zip((id, f"{id}-shared-initializer"), medians, strict=True):
            published, _, _, spread, *_ = row(said[chapter], f"{name}, accuracy")
            assert published == {"1.3": "96.09 %", "1.4": "94.80 %"}[id]
            assert spread.startswith(median)
        assert f"Each layer of {id} has an initializer of its own; {id}-shared" in said[chapter]
    assert "1.3 and 1.4 also with a shared initializer, see erratum 7" in said[""]


@pytest.mark.parametrize(
    ("shared", "verdict"),
    [
        (0.80, "A new initializer for each layer is better than one shared by all"),
        (0.98, "A new initializer for each layer is worse than one shared by all"),
        (
            0.90,
            "A new initializer for each layer and one shared by all show no meaningful difference",
        ),
    ],
)
def test_the_difference_is_judged_by_pairs(
    usual: Reproduction, scenario: Any, text: Text, shared: float, verdict: str
) -> None:
    ways = scenario(around(0.9, 0.01)), scenario(around(shared, 0.01))
    made = made_of(usual, both_ways(*ways))
    assert verdict in text(made)[TASK_1_3]


def test_of_few_replications_there_is_no_verdict(usual: Reproduction, text: Text) -> None:
    said = text(usual)[TASK_1_3]
    assert "against one shared by all is inconclusive, since 3 pairs are fewer than 30" in said


def test_initializers_are_no_claim_of_the_source(usual: Reproduction) -> None:
    # In one family Holm's correction would change the source's own p-values.
    without = {id: task for id, task in usual.tasks.items() if "shared" not in id}
    assert judge_claims(without) == judge_claims(usual.tasks) == usual.claims
    assert [claim.other for claim in usual.initializers] == [
        "1.3-shared-initializer",
        "1.4-shared-initializer",
    ]


def test_few_replications_are_placed_by_counting(usual: Reproduction, text: Text) -> None:
    seventh = erratum(text(usual), 7)
    assert "within the range of the replications" in seventh
    assert (
        f"Test accuracy 96.09 %: above all 3 {NEW}, above all 3 {SHARED}; it fits neither"
        in seventh
    )
    assert f"Test accuracy 94.80 %: above 2, below 1 {NEW}" in seventh


@pytest.mark.parametrize(
    ("new", "shared", "fits"),
    [
        (0.96, 0.96, "both"),
        (0.96, 0.80, "the former only"),
        (0.80, 0.96, "the latter only"),
        (0.80, 0.80, "neither"),
    ],
)
def test_what_a_published_number_fits_is_read_from_the_runs(
    usual: Reproduction, scenario: Any, text: Text, new: float, shared: float, fits: str
) -> None:
    ways = scenario(around(new, 0.02)), scenario(around(shared, 0.02))
    made = made_of(usual, both_ways(*ways))
    seventh = erratum(text(made), 7)
    assert "within the middle 90 % of the replications" in seventh
    [accuracy] = [s for s in seventh.split(". ") if s.startswith("*") or "Test accuracy" in s]
    assert accuracy.endswith(f"it fits {fits}")
    # The invented losses, (1 - accuracy) / 2, are near the published 0.0389 at an accuracy of 92.2 %.
    assert "Together the two fit neither." in seventh
    [measured] = [e.measured for e in made.errata if e.number == 7]
    for id, centre in zip(BOTH, (new, shared), strict=True):
        percentile = measured[f"percentile of the published test accuracy in {id}"]
        assert percentile == pytest.approx(52.5 if centre == 0.96 else 100, abs=2.6)


def test_both_numbers_are_fitted_together_where_each_is(
    usual: Reproduction, scenario: Any, text: Text
) -> None:
    # Accuracies from 88 to 97 % have losses from 0.06 to 0.015: both numbers of 1.3 are among them.
    ways = scenario(around(0.925, 0.045)), scenario(around(0.7, 0.01))
    seventh = erratum(text(made_of(usual, both_ways(*ways))), 7)
    assert seventh.count("it fits the former only") == 2
    assert "Together the two fit the former only." in seventh


def test_where_one_kind_diverged_nothing_is_said_to_fit(
    invented: Made, scenario: Any, text: Text
) -> None:
    lost = scenario((0.2,) * 3, ("diverged",) * 3, keras=0.2, keras_ending="diverged")
    seventh = erratum(text(invented({BOTH[1]: lost})), 7)
    assert "Of 1.3, all runs of one kind diverged" in seventh
    assert "*1.3.*" not in seventh
    assert "*1.4.*" in seventh
    assert "nan" not in seventh


def test_one_task_both_ways_speaks_of_that_task(usual: Reproduction, text: Text) -> None:
    made = made_of(usual, {id: usual.tasks[id] for id in BOTH})
    said = text(made)
    assert [e.number for e in made.errata] == [7]
    assert "The listing of 1.3 makes one initializer object" in erratum(said, 7)
    assert "1.4" not in said[ERRATA]
    assert "(1.3 also with a shared initializer, see erratum 7)" in said[""]


@pytest.mark.parametrize("id", [*BOTH, "1.4", "1.4-shared-initializer"])
def test_one_way_alone_has_its_chapter_and_no_comparison(
    usual: Reproduction, text: Text, id: str
) -> None:
    made = made_of(usual, {id: usual.tasks[id]})
    assert not made.errata
    assert not made.initializers
    said = "".join(text(made).values())
    assert "rratum 7" not in said
    assert "shared by all" not in said
    assert f"{id}, accuracy | " in text(made)[TASK_1_3 if id.startswith("1.3") else TASK_1_4]
