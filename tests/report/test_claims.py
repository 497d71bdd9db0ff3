"""The report claims nothing that its numbers do not hold: reproductions are doctored, and read."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mlplab.report import EXPERIMENTS
from mlplab.report.document import compose
from mlplab.report.pictures import pictures
from mlplab.report.reproduction import Reproduction, Scores

from .conftest import HOW, TASK_1_1, TASK_1_2, TASK_1_3, TASK_1_4, Made, Text, erratum, row

FAILED = "Runs that failed"
TOO_FEW = "needs at least 30"


# What usually comes out.


def test_the_usual_summary_counts_where_the_published_numbers_lie(
    usual: Reproduction, text: Text
) -> None:
    summary = text(usual)[""]
    # 98.83 % is below all three with sigma 0.06, and equal to one with 0.1; 96.09 % above all of 1.3.
    assert "In 8 of 11 experiments" in summary
    assert "1.1-batch-16 (98.83 %, below all 3)" in summary
    assert "1.3 (96.09 %, above all 3)" in summary
    assert TOO_FEW in summary
    published, keras, _, spread, failed, where = row(summary, "1.2-linear")
    assert (published, keras) == ("61.62 %", "50.00 %")
    assert (spread, failed) == ("50.00 % 50.00 to 62.00 %", "2 of 3")
    assert where == "above 2, below 1"
    assert row(summary, "1.1-batch-16-sigma-0.1")[-1] == "equal to 1, below 2"


def test_the_updates_are_those_that_keras_counted(usual: Reproduction, text: Text) -> None:
    said = text(usual)
    assert "batches of 16 make 256 updates and batches of 512 make 8 updates" in said[TASK_1_1]
    first = erratum(said, 1)
    assert "batch 16: 256 counted, 128 stated" in first
    assert "batch 512: 8 counted, 4 stated" in first


def test_other_updates_are_not_called_twice_the_stated_ones(
    usual: Reproduction, invented: Made, text: Text, monkeypatch: pytest.MonkeyPatch
) -> None:
    says_so = "counter after the training says so"
    assert says_so in erratum(text(usual), 1)
    monkeypatch.setattr("mlplab.trial.Trial.updates", 77)
    other = erratum(text(invented()), 1)
    assert says_so not in other
    assert "batch 16: 77 counted, 128 stated" in other


# Comparisons.


def test_ranges_apart_are_an_order(usual: Reproduction, text: Text) -> None:
    said = text(usual)
    above = "very run with batches of 16 scored above every run with batches of 512"
    assert said[TASK_1_1].count(above) == 2
    assert said[TASK_1_2].count("Every run with relu activation scored above every run with") == 2


def test_ranges_that_overlap_are_no_order(invented: Made, scenario: Any, text: Text) -> None:
    said = text(invented({"1.1-batch-512": scenario((0.6, 0.9995, 0.7))}))[TASK_1_1]
    assert "$sigma = 0.06$: the ranges of batches of 16 and batches of 512 overlap" in said
    assert "the medians are 100.00 % and 70.00 %" in said
    assert said.count("very run with batches of 16 scored above") == 1


def test_an_order_turned_round_is_told_so(invented: Made, scenario: Any, text: Text) -> None:
    said = text(
        invented(
            {
                "1.1-batch-16": scenario((0.5, 0.55, 0.6)),
                "1.1-batch-512": scenario((0.9, 0.95, 0.99)),
                "1.2-relu": scenario((0.1, 0.2, 0.3)),
            }
        )
    )
    assert "$sigma = 0.06$: every run with batches of 16 scored below every run" in said[TASK_1_1]
    assert said[TASK_1_2].count("Every run with relu activation scored below every run with") == 2
    assert "helps" not in said[TASK_1_1]


def test_diverged_runs_are_left_out_of_an_order_and_that_is_said(
    invented: Made, scenario: Any, text: Text
) -> None:
    one_lost = scenario((1.0, 0.1, 0.999), ("finished", "diverged", "finished"))
    said = text(invented({"1.1-batch-16": one_lost}))[TASK_1_1]
    assert "diverged runs aside, every run with batches of 16 scored above every run" in said
    assert "1.1-batch-16: 1 of 3 runs diverged" in said
    assert row(said, "1.1-batch-16")[3:] == [
        "99.95 % 99.90 to 100.00 %",
        "1 of 3",
        "below all 2",
    ]


# How many replications there are.


def test_thirty_replications_need_no_caution(invented: Made, scenario: Any, text: Text) -> None:
    thirty = {id: scenario((0.9, 0.95, 0.97) * 10) for id in invented().tasks}
    said = text(invented(thirty, scenario((0.99,) * 30)))
    assert TOO_FEW not in "".join(said.values())
    assert "30 replications lie 7.0 percentage points apart" in said[TASK_1_3]
    assert "--replications 30 " in said[HOW]
    assert "seeds 1 to 30" in said[HOW]


def test_one_replication_has_no_spread(invented: Made, scenario: Any, text: Text) -> None:
    one = {id: scenario((0.94,)) for id in invented().tasks}
    said = text(invented(one, scenario((0.99,))))
    assert "With 1 replication this describes" in said[""]
    assert row(said[""], "1.3") == [
        "96.09 %",
        *(["94.00 %"] * 3),
        "0 of 1",
        "above the one run",
    ]
    for chapter in (TASK_1_3, TASK_1_4):
        assert "too few replications to speak of their spread" in said[chapter]
        assert "percentage points apart" not in said[chapter]
    assert "percentage points wide" not in erratum(said, 4)
    assert "the seed 1." in said[HOW]
    assert "(94.00 to 94.00" not in "".join(said.values())


# Tasks 1.3 and 1.4.


def test_a_wide_spread_makes_one_training_say_little(usual: Reproduction, text: Text) -> None:
    said = text(usual)
    assert "3 replications lie 17.5 percentage points apart" in said[TASK_1_3]
    assert "one training says little" in said[TASK_1_3]
    assert "1 of 3 runs of 1.3 ended below 80 %" in erratum(said, 4)


def test_a_middling_spread_makes_one_training_say_as_much_as_it_does(
    invented: Made, scenario: Any, text: Text
) -> None:
    said = text(invented({"1.4": scenario((0.92, 0.95, 0.974))}))[TASK_1_4]
    assert "3 replications lie 5.4 percentage points apart (92.00 % to 97.40 %)" in said
    assert "one training tells the accuracy of this set-up to some 5 points" in said
    assert "says little" not in said
    assert "near one another" not in said


@pytest.mark.parametrize(
    ("widest", "says"),
    [
        (0.0199, "near one another"),
        (0.0201, "to some 2 points"),
        (0.0999, "to some 10 points"),
        (0.1001, "says little"),
    ],
)
def test_what_one_training_says_follows_the_spread(
    invented: Made, scenario: Any, text: Text, widest: float, says: str
) -> None:
    said = text(invented({"1.3": scenario((0.85, 0.851, 0.85 + widest))}))[TASK_1_3]
    verdicts = ("near one another", "to some", "says little")
    assert says in said
    assert sum(verdict in said for verdict in verdicts) == 1


def test_a_narrow_spread_does_not(invented: Made, scenario: Any, text: Text) -> None:
    steady = text(invented({"1.3": scenario((0.955, 0.96, 0.962), keras=0.958)}))
    assert "says little" not in steady[TASK_1_3]
    assert "Keras's single run with 95.80 % lies among them" in steady[TASK_1_3]
    fourth = erratum(steady, 4)
    assert "0 of 3 runs of 1.3 ended below 80 %" in fourth
    assert "is above 2, below 1 of its replications" in fourth
    assert "very run with task 1.4 scored below every run with task 1.3" in fourth


def test_a_narrow_spread_that_keras_is_outside_of_is_not_called_typical(
    invented: Made, scenario: Any, text: Text
) -> None:
    said = text(invented({"1.4": scenario((0.9387, 0.95, 0.9547), keras=0.934)}))[TASK_1_4]
    assert "typical" not in said
    assert "Keras's single run with 93.40 % lies apart, below all 3" in said


def test_how_soon_keras_was_there_is_read_from_its_history(usual: Reproduction, text: Text) -> None:
    # The invented history rises evenly from 0.3 to 0.94 in 20 epochs: 0.0337 an epoch.
    assert (
        "best validation accuracy after 20 epochs; the source says 3 to 5"
        in (text(usual)[TASK_1_4])
    )


@pytest.mark.parametrize("ending", ["stuck", "diverged"])
def test_how_soon_is_not_said_of_a_run_that_failed(
    invented: Made, scenario: Any, text: Text, ending: str
) -> None:
    failed = scenario((0.94, 0.95, 0.947), keras=0.2, keras_ending=ending)
    said = text(invented({"1.4": failed}))[TASK_1_4]
    assert "best validation accuracy" not in said
    verb = {"stuck": "got stuck", "diverged": "diverged"}[ending]
    assert f"1.4: Keras's single run {verb}" in said
    assert row(said, "1.4, accuracy")[1] == {"stuck": "20.00 %", "diverged": "diverged"}[ending]


# Runs that failed.


def test_where_nothing_failed_nothing_is_said_of_it(usual: Reproduction, text: Text) -> None:
    said = text(usual)
    elements = [getattr(block, "lead", "") for block in compose(usual)]
    assert elements.count(FAILED) == 1
    assert "1.2-linear: 2 of 3 runs got stuck" in said[TASK_1_2]
    assert "1.2-sigmoid: 3 of 3 runs got stuck" in said[TASK_1_2]
    assert "1.2-sigmoid: Keras's single run got stuck" in said[TASK_1_2]
    assert "stuck" not in said[TASK_1_1]


def all_diverged(invented: Made, scenario: Any, *ids: str) -> Reproduction:
    lost = scenario((0.2,) * 3, ("diverged",) * 3, keras=0.2, keras_ending="diverged")
    return invented(dict.fromkeys(ids, lost))


def test_a_task_of_which_every_run_diverged_has_no_number_at_all(
    invented: Made, scenario: Any, text: Text
) -> None:
    said = text(all_diverged(invented, scenario, "1.3"))
    assert "Every replication of 1.3 diverged." in said[""]
    assert "of 10 experiments" in said[""]
    assert row(said[""], "1.3") == ["96.09 %", *(["diverged"] * 3), "3 of 3", "–"]
    assert row(said[TASK_1_3], "1.3, loss") == ["0.0389", *(["diverged"] * 3), "3 of 3", "–"]
    assert "percentage points apart" not in said[TASK_1_3]
    fourth = erratum(said, 4)
    assert "percentage points wide" not in fourth
    assert "96.09 %" not in fourth
    assert "No comparison of task 1.4 with task 1.3" in fourth


def test_where_all_diverged_no_sentence_holds_a_number_that_is_none(
    usual: Reproduction, invented: Made, scenario: Any, text: Text
) -> None:
    said = text(all_diverged(invented, scenario, *usual.tasks))
    assert "Every replication of 1.1-batch-16, 1.1-batch-512," in said[""]
    assert "within the range" not in said[""]
    everything = "".join(said.values())
    assert not re.search(r"\bnan\b(?! in place of)", everything)
    assert "20.00 %" not in everything.replace(erratum(said, 2), "")
    third = erratum(said, 3)
    assert third.count("all replications diverged") == 2
    assert "fits the published number better" not in third


# How it was made.


@pytest.mark.slow
def test_a_part_of_the_lab_says_how_to_make_that_part_again(
    usual: Reproduction, by_hand: Reproduction, small: Reproduction, text: Text
) -> None:
    assert "mlplab reproduce --replications 3 --seed 0 --out report" in text(usual)[HOW]
    three = text(by_hand)[HOW]
    assert "mlplab reproduce --tasks 3 --replications" in three
    assert "Keras's single runs" not in three
    command = text(small)[HOW]
    assert f"--tasks {','.join(small.tasks)},3 --replications 2 --seed 5" in command
    assert "have seed 5, the replications the seeds 6 to 7" in command


# Whatever came out, the report can be set and drawn.


def lost(invented: Made, scenario: Any) -> Reproduction:
    return all_diverged(invented, scenario, *EXPERIMENTS)


def single(invented: Made, scenario: Any) -> Reproduction:
    one = {id: scenario((0.94,)) for id in EXPERIMENTS}
    return invented(one, scenario((0.5,), ("diverged",)))


def odd(invented: Made, scenario: Any) -> Reproduction:
    return invented(
        {
            "1.1-batch-16": scenario((0.2, 0.9, 0.95), ("diverged", "finished", "finished")),
            "1.2-sigmoid": scenario((0.98, 0.97, 0.99)),
            "1.4": scenario((0.94, 0.95, 0.2), keras=0.2, keras_ending="stuck"),
        },
        own=Scores(0.5, 0.2, 0.5, 0.2),
        largest_difference=0.7,
    )


@pytest.mark.parametrize("doctored", [lost, single, odd])
def test_whatever_came_out_is_set_as_pdf_and_html(
    doctored: Any,
    invented: Made,
    scenario: Any,
    set_report: Callable[[Reproduction, Path], Path],
    tmp_path: Path,
) -> None:
    folder = set_report(doctored(invented, scenario), tmp_path)
    assert (folder / "report.pdf").read_bytes().startswith(b"%PDF")
    assert (folder / "report.html").read_text(encoding="utf-8").endswith("</html>")


@pytest.mark.slow
def test_diverged_networks_are_drawn_all_the_same(invented: Made, scenario: Any) -> None:
    everything = lost(invented, scenario)
    one = {"1.4": everything.tasks["1.4"]}
    drawn = dict(pictures(replace(everything, tasks=one, parity=None, by_hand=())))
    assert list(drawn) == ["classifier-1.4", "curves-1.4", "agreement-1.4", "spread-1.4"]
    for figure in drawn.values():
        figure.canvas.draw()
