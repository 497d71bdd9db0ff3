"""The errata claim nothing that the numbers do not hold: reproductions are doctored, and read."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from mlplab.report.errata import find_errata
from mlplab.report.reproduction import Reproduction

from .conftest import TASK_1_2, Made, Text, erratum


@pytest.mark.parametrize(
    ("accuracies", "sigma"),
    [
        (((1.0, 0.999, 1.0), (0.9883, 0.991, 0.9893)), "0.1"),
        (((0.9883,) * 3, (0.95,) * 3), "0.06"),
        (((0.98,) * 3, (0.98,) * 3), None),
    ],
)
def test_the_sigma_that_fits_is_the_one_whose_median_is_nearer(
    invented: Made,
    scenario: Any,
    text: Text,
    accuracies: tuple[tuple[float, ...], ...],
    sigma: str | None,
) -> None:
    ids = ("1.1-batch-16", "1.1-batch-16-sigma-0.1")
    changed = {id: scenario(of_one) for id, of_one in zip(ids, accuracies, strict=True)}
    third = erratum(text(invented(changed)), 3)
    fits = re.findall(r"sigma = ([\d.]+)\$ fits the published number better", third)
    assert fits == ([sigma] if sigma else [])


def test_the_best_possible_accuracies_of_erratum_3(usual: Reproduction, text: Text) -> None:
    third = erratum(text(usual), 3)
    # The means are √2/3 apart, so that Φ(√2/6 / sigma) of all samples lie on their side.
    assert "99.996 %" in third
    assert "99.079 %" in third
    assert "12 errors among 1,024 test samples" in third


@pytest.mark.parametrize(
    ("accuracies", "verdict"),
    [
        (((0.5, 0.5, 0.5), (0.99, 0.5, 0.5)), "It is the settings, not the sigmoid."),
        (
            ((0.5, 0.5, 0.5), (0.6, 0.5, 0.5)),
            "no run of this reproduction speaks against the claim",
        ),
        (((0.5, 0.97, 0.5), (0.99, 0.99, 0.99)), "does not hold even at the lab's settings"),
    ],
)
def test_what_the_sigmoid_can_do_is_what_its_runs_did(
    invented: Made,
    scenario: Any,
    text: Text,
    accuracies: tuple[tuple[float, ...], ...],
    verdict: str,
) -> None:
    lab, variant = accuracies
    endings = tuple("stuck" if accuracy == 0.5 else "finished" for accuracy in lab)
    made = invented({"1.2-sigmoid": scenario(lab, endings)}, scenario(variant))
    sixth = erratum(text(made), 6)
    assert verdict in sixth
    learned = sum(accuracy > 0.9 for accuracy in variant)
    assert sixth.count(f"{learned} of 3 runs above 90 %") >= 2


def test_a_sigmoid_that_finishes_is_not_called_stuck(
    invented: Made, scenario: Any, text: Text
) -> None:
    said = text(invented({"1.2-sigmoid": scenario((0.98, 0.97, 0.99))}))
    assert "None of 3 sigmoid runs got stuck as the source's did" in said[TASK_1_2]
    assert "1.2-sigmoid: " not in said[TASK_1_2]
    assert "3 of 3 runs above 90 %" in erratum(said, 6)


def test_tables_4_and_5_are_one_run_only_where_both_are_there(
    usual: Reproduction, invented: Made, text: Text
) -> None:
    ours = "In this reproduction the two tables come from one run"
    assert ours in erratum(text(usual), 5)
    alone = replace(usual, tasks={}, errata=find_errata({}, usual.parity, 3, 0))
    assert ours not in erratum(text(alone), 5)
