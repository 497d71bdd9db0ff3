"""Tasks 2 and 3 claim nothing that the numbers do not hold: reproductions are doctored, and read."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mlplab.report.reproduction import Reproduction, Scores, TrainedApart

from .conftest import TASK_2, Made, Text, row

# Task 2.


def test_equal_numbers_are_said_to_agree(usual: Reproduction, text: Text) -> None:
    said = text(usual)[TASK_2]
    assert "All four numbers agree to the last printed digit" in said
    assert "which is rounding in float32" in said.replace("\n", " ")
    assert "compute the same mathematics" in said
    assert row(said, "Test accuracy") == ["94.53 %", "94.53 %", "94.53 %"]


def test_unequal_numbers_are_not(invented: Made, text: Text) -> None:
    own = Scores(0.0163, 0.9492, 0.0183, 0.9453)
    said = text(invented(own=own, largest_difference=0.2))[TASK_2]
    assert "Not all four numbers agree" in said
    assert "more than rounding in float32" in said
    assert "prove" not in said
    assert row(said, "Test loss") == ["0.0182", "0.0183", "0.0182"]


@pytest.mark.parametrize(("dtype", "difference"), [("float64", 2e-9), ("float32", 2e-5)])
def test_trainings_that_part_are_not_called_the_same(
    usual: Reproduction, invented: Made, text: Text, dtype: str, difference: float
) -> None:
    assert usual.parity is not None
    trainings = tuple(
        replace(t, largest_difference=difference) if (t.task, t.dtype) == ("1.3", dtype) else t
        for t in usual.parity.trainings
    )
    said = text(invented(trainings=trainings))[TASK_2]
    assert "the same mathematics" not in said
    assert "trainers do not do the same" in said


def test_the_summary_names_the_updates_of_the_trainings(invented: Made, text: Text) -> None:
    trainings = (
        TrainedApart("1.4", ("reference", "keras"), "float64", 123, 1e-15),
        TrainedApart("1.4", ("reference", "keras"), "float32", 20, 1e-7),
    )
    assert "differ after 123 updates" in text(invented(trainings=trainings))[""]


# Task 3.


def test_solutions_that_miss_the_line_are_not_praised(by_hand: Reproduction, text: Text) -> None:
    chapter = "Task 3: weights by hand"
    assert "both draw the wanted line" in text(by_hand)[chapter]
    one, other = by_hand.by_hand
    wrong = replace(other, check=replace(other.check, line=None))
    said = text(replace(by_hand, by_hand=(one, wrong)))[chapter]
    assert "both draw the wanted line" not in said
    assert "Not all of equations 11 and 12 draw the wanted line" in said
    assert row(said, "Equation 12")[2] == "none"
