"""Runs that share one finite set of samples: the correction by hand, by simulation, and in words."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import ttest_1samp

from mlplab.errors import MlplabError
from mlplab.run import Runs
from mlplab.spec import Experiment
from mlplab.statistics import (
    MEASURES,
    Comparison,
    Estimate,
    compare,
    compare_runs,
    correct_family,
    estimate_fraction,
    has_one_split,
    interquartile_mean,
)
from mlplab.training import train

Values = NDArray[np.float64]
Classifier = Callable[[Values, NDArray[np.int64], Values], NDArray[np.int64]]


def test_worked_by_hand(tolerance: Any) -> None:
    # Differences 0, 1/2, 1/2, 1: mean 1/2, variance (1/4 + 0 + 0 + 1/4) / 3 = 1/6. Of 20 % test and 80 %
    # training samples the ratio is 1/4, so that the mean's variance is (1/4 + 1/4) / 6 = 1/12, and its
    # standard error 0.288675. Student's 97.5 % quantile with 3 degrees of freedom is 3.182446.
    a, b = np.array([0.0, 0.75, 0.5, 1.0]), np.array([0.0, 0.25, 0.0, 0.0])
    found = compare(a, b, margin=0.0, resplit_ratio=0.25)
    assert found.difference is not None
    assert found.difference.value == 0.5
    half = 3.182446 * 0.288675
    assert (found.difference.low, found.difference.high) == pytest.approx(
        (0.5 - half, 0.5 + half), abs=1e-5
    )
    # t = 0.5 / 0.288675 = sqrt(3). With 3 degrees of freedom and t = sqrt(3) tan(x), the two-sided
    # p-value is 1 - (2 x + sin(2 x)) / pi: here x = pi / 4, and p = 1/2 - 1/pi.
    assert found.p_value == pytest.approx(1 / 2 - 1 / math.pi, abs=tolerance.float64)
    # Three wins and a tie in four pairs, which count as 1 / (1/4 + 1/4) = 2.
    assert found.probability_of_improvement == estimate_fraction(2 * 3.5 / 4, 2)
    assert found.resplit_ratio == 0.25


def test_the_p_value_is_that_of_the_difference_beyond_the_margin() -> None:
    a, b = np.array([0.5, 0.75, 0.75, 1.0]), np.full(4, 0.25)
    # A mean of 1/2 lies 1/4 beyond a margin of 1/4, and as far within one of 3/4.
    beyond, within = (compare(a, b, margin, resplit_ratio=0.5).p_value for margin in (0.25, 0.75))
    assert beyond == within
    assert compare(a, b, 0.5, resplit_ratio=0.5).p_value == 1.0


def test_with_a_ratio_near_zero_it_is_students_test() -> None:
    generator = np.random.default_rng(2)
    a, b = generator.normal(0.8, 0.1, 30), generator.normal(0.75, 0.1, 30)
    found, students = compare(a, b, 0.0, resplit_ratio=1e-12), ttest_1samp(a - b, 0.0)
    interval = students.confidence_interval()
    assert found.p_value == pytest.approx(students.pvalue)
    assert found.difference is not None
    assert (found.difference.low, found.difference.high) == pytest.approx(
        (interval.low, interval.high)
    )


def test_the_other_way_round_it_is_the_mirror_image() -> None:
    generator = np.random.default_rng(3)
    a, b = generator.normal(0.8, 0.1, 40), generator.normal(0.7, 0.1, 40)
    one, other = compare(a, b, resplit_ratio=0.25), compare(b, a, resplit_ratio=0.25)
    assert one.difference is not None
    assert other.difference is not None
    assert (other.difference.low, other.difference.high) == (
        -one.difference.high,
        -one.difference.low,
    )
    assert other.p_value == one.p_value
    assert other.probability_of_improvement.value == pytest.approx(
        1 - one.probability_of_improvement.value
    )


def test_more_runs_do_not_make_up_for_few_samples() -> None:
    generator = np.random.default_rng(4)
    noise = generator.normal(0.02, 0.02, 10_000)
    widths = []
    for n in (100, 10_000):
        found = compare(0.8 + noise[:n], np.full(n, 0.8), resplit_ratio=0.25)
        assert found.verdict == "inconclusive"
        assert found.difference is not None
        widths.append(found.difference.high - found.difference.low)
    # Both about 2 · 1.96 · 0.02 · sqrt(1/4).
    assert widths == pytest.approx([0.039, 0.039], rel=0.15)
    assert compare(0.8 + noise[:100], np.full(100, 0.8)).verdict == "better"


def test_a_clear_difference_is_found_nevertheless() -> None:
    noise = np.random.default_rng(5).normal(0, 0.02, 100)
    a, b = 0.9 + noise, np.full(100, 0.7)
    alone = compare(a, b, resplit_ratio=1 / 3)
    assert alone.verdict == "better"
    family = correct_family({"clear": alone, "none": compare(a, a[::-1], resplit_ratio=1 / 3)})
    assert family["clear"].verdict == "better"
    assert family["clear"].p_corrected == 2 * alone.p_value
    assert family["clear"].resplit_ratio == alone.resplit_ratio


def test_training_measures_are_corrected_for_training_sets_that_overlap_more() -> None:
    generator = np.random.default_rng(6)
    a, b = generator.normal(0.8, 0.1, 40), generator.normal(0.7, 0.1, 40)
    on_test = compare(a, b, measure="test_accuracy", resplit_ratio=3.0)
    on_training = compare(a, b, measure="train_accuracy", resplit_ratio=1 / 3)
    assert on_training.difference == on_test.difference
    assert on_training.p_value == on_test.p_value
    assert on_training.probability_of_improvement == on_test.probability_of_improvement


@pytest.mark.parametrize(("n", "p_value"), [(1, 1.0), (40, 0.0)])
def test_equal_differences_are_no_trouble(n: int, p_value: float) -> None:
    found = compare(np.full(n, 0.75), np.full(n, 0.5), resplit_ratio=0.25)
    assert found.p_value == p_value
    assert found.difference is not None
    assert found.difference.value == 0.25
    assert math.isfinite(found.difference.low) == (n > 1)
    assert compare(np.full(n, 0.75), np.full(n, 0.75), 0.0, resplit_ratio=0.25).p_value == 1.0


def test_diverged_runs_count_as_ever() -> None:
    a, b = np.array([np.nan, 1.0, 0.5]), np.array([0.5, np.nan, 0.5])
    found = compare(a, b, resplit_ratio=0.25)
    assert (found.pairs, found.left_out) == (3, 2)
    assert found.probability_of_improvement.value == 0.5
    nothing = compare(a[:2], b[:2], resplit_ratio=0.25)
    assert (nothing.difference, nothing.p_value) == (None, 1.0)


# ---- In words ----------------------------------------------------------------------------------

A = 0.9 + np.random.default_rng(7).normal(0, 0.02, 40)
B = np.full(40, 0.7)


def test_the_correction_is_said_in_sentence_and_reason() -> None:
    found = compare(A, B, resplit_ratio=0.25)
    assert found.reason == (
        "the interval, corrected for re-splits of one set of samples, lies beyond the margin"
    )
    assert found.sentence().startswith("A is better than B: A minus B is 1")
    assert found.sentence().endswith(
        "; all runs re-split one set of samples, and intervals and p-value are corrected for it."
    )
    assert "re-splits of one set of samples" in compare(A, A + 0.005, resplit_ratio=0.25).reason


def test_of_one_split_the_sentence_claims_nothing_more() -> None:
    found, fresh = compare(A, B, one_split=True), compare(A, B)
    assert found.sentence().startswith("On this one split of the samples A is better than B: A min")
    assert found.sentence().endswith(
        "; all runs share one split, so that this says nothing of other samples."
    )
    assert replace(found, one_split=False) == fresh
    assert fresh.scope == ""
    assert "split" not in fresh.sentence() + fresh.reason


@pytest.mark.parametrize("ratio", [0, -0.25, math.nan, math.inf, "a quarter"])
def test_the_ratio_must_be_one(ratio: Any) -> None:
    with pytest.raises(MlplabError, match=r"resplit_ratio, .* to be above 0, received"):
        compare(A, B, resplit_ratio=ratio)


def test_runs_either_re_split_or_share_a_split() -> None:
    with pytest.raises(MlplabError, match=r"received both, with resplit_ratio=0\.25"):
        compare(A, B, resplit_ratio=0.25, one_split=True)


# ---- Runs --------------------------------------------------------------------------------------


def random_csv(path: Path, n: int, seed: int, *, split: bool = False) -> Path:
    """Write n samples with random labels, with a split on request."""
    generator = np.random.default_rng(seed)
    x, y = generator.normal(size=(n, 2)), generator.integers(0, 2, n)
    names = ["train", "train", "validation", "test"]
    rows = [
        f"{x1},{x2},{label}" + (f",{names[i % 4]}" if split else "")
        for i, ((x1, x2), label) in enumerate(zip(x, y, strict=True))
    ]
    path.write_text("\n".join(["x1,x2,label" + ",split" * split, *rows]))
    return path


def trained(path: Path, *, hidden_layers: int = 0, replications: int = 40, **file: Any) -> Runs:
    network: dict[str, Any] = {"hidden_layers": hidden_layers}
    if hidden_layers:
        network |= {"layer_width": 8, "activation": "tanh"}
    return train(
        Experiment(
            dataset={"kind": "file", "path": str(path), **file},
            network=network,
            training={
                "optimizer": {"kind": "adam", "learning_rate": 0.02},
                "loss": "categorical_crossentropy",
                "epochs": 20,
            },
        ),
        replications=replications,
        validate=False,
    )


def test_what_runs_share_is_found_from_them(tmp_path: Path) -> None:
    resplit = trained(random_csv(tmp_path / "a.csv", 60, 0))
    given = trained(random_csv(tmp_path / "b.csv", 60, 0, split=True))
    drawn = train(Experiment(dataset="linear"), replications=40, validate=False)
    assert resplit.resplit_ratio == pytest.approx(0.2 / 0.6)
    assert [has_one_split(runs) for runs in (resplit, given, drawn)] == [False, True, False]
    assert compare_runs(resplit, resplit).resplit_ratio == resplit.resplit_ratio
    assert not compare_runs(resplit, resplit).one_split
    assert compare_runs(given, given).one_split
    for one, other in ((resplit, drawn), (drawn, resplit), (given, resplit)):
        found = compare_runs(one, other)
        assert (found.resplit_ratio, found.one_split) == (resplit.resplit_ratio, False)
    fresh = compare_runs(drawn, drawn)
    assert (fresh.resplit_ratio, fresh.one_split) == (None, False)


@pytest.mark.parametrize(("measure", "ratio"), [("test_accuracy", 1.0), ("train_accuracy", 0.25)])
def test_of_two_ratios_the_stronger_correction_is_taken(
    tmp_path: Path, measure: str, ratio: float
) -> None:
    path = random_csv(tmp_path / "a.csv", 60, 0)
    smaller = trained(path, validation_fraction=0.1, test_fraction=0.18)
    larger = trained(path, validation_fraction=0.1, test_fraction=0.45)
    assert [smaller.resplit_ratio, larger.resplit_ratio] == pytest.approx([0.25, 1.0], rel=0.05)
    for one, other in ((smaller, larger), (larger, smaller)):
        assert compare_runs(one, other, measure).resplit_ratio == pytest.approx(ratio, rel=0.05)


# ---- The promise -------------------------------------------------------------------------------


def linear(x: Values, y: NDArray[np.int64], new: Values) -> NDArray[np.int64]:
    """Least squares on -1 and 1, its sign taken."""
    weights = np.linalg.lstsq(with_ones(x), 2 * y - 1, rcond=None)[0]
    return (with_ones(new) @ weights > 0).astype(np.int64)


def nearest(x: Values, y: NDArray[np.int64], new: Values) -> NDArray[np.int64]:
    return y[((new[:, None] - x) ** 2).sum(axis=-1).argmin(axis=1)]


def quadratic(x: Values, y: NDArray[np.int64], new: Values) -> NDArray[np.int64]:
    return linear(squared(x), y, squared(new))


def with_ones(x: Values) -> Values:
    return np.column_stack([x, np.ones(len(x))])


def squared(x: Values) -> Values:
    return np.column_stack([x, x**2, x[:, :1] * x[:, 1:]])


def accuracies(
    generator: np.random.Generator, a: Classifier, b: Classifier, runs: int = 100
) -> Values:
    """Accuracies of two classifiers on 100 samples with random labels, shape (runs, 2).

    Each run takes 20 samples to test, 20 for validation and 60 to train.
    """
    x, y = generator.normal(size=(100, 2)), generator.integers(0, 2, 100)
    found = np.empty((runs, 2))
    for run in found:
        shuffled = generator.permutation(100)
        test, training = shuffled[:20], shuffled[40:]
        run[:] = [(c(x[training], y[training], x[test]) == y[test]).mean() for c in (a, b)]
    return found


@pytest.mark.slow
@pytest.mark.parametrize(("a", "b"), [(linear, nearest), (linear, quadratic)])
def test_random_labels_are_seldom_called_different(a: Classifier, b: Classifier) -> None:
    """A hundred files; neither classifier can be better. Without the correction a third is different."""
    generator = np.random.default_rng(8)
    fallen: dict[str, Counter[str]] = {"corrected": Counter(), "independent": Counter()}
    no_margin = missed = 0
    for _ in range(100):
        one, other = accuracies(generator, a, b).T
        corrected = compare(one, other, resplit_ratio=20 / 60)
        fallen["corrected"][corrected.verdict] += 1
        fallen["independent"][compare(one, other, resamples=999).verdict] += 1
        no_margin += compare(one, other, 0.0, resplit_ratio=20 / 60).verdict != "inconclusive"
        improvement = corrected.probability_of_improvement
        missed += not improvement.low <= 0.5 <= improvement.high
    assert claims(fallen["corrected"]) <= 5
    assert claims(fallen["independent"]) >= 20
    assert no_margin <= 5
    assert missed <= 5


@pytest.mark.slow
def test_networks_on_random_labels_are_seldom_called_different(tmp_path: Path) -> None:
    """The same from `train` to `compare_runs`, with and without a hidden layer."""
    fallen: dict[str, Counter[str]] = {"corrected": Counter(), "independent": Counter()}
    for seed in range(40):
        path = random_csv(tmp_path / f"{seed}.csv", 100, seed)
        a, b = (trained(path, hidden_layers=depth, replications=100) for depth in (0, 1))
        fallen["corrected"][compare_runs(a, b).verdict] += 1
        uncorrected: Comparison = compare(a.test_accuracy, b.test_accuracy, resamples=999)
        fallen["independent"][uncorrected.verdict] += 1
    assert claims(fallen["corrected"]) <= 2
    assert claims(fallen["independent"]) >= 4


def test_the_typical_run_is_as_unsure_as_its_samples(tolerance: Any) -> None:
    """Values 10 to 13 and a ratio of 3/4: the interval is sqrt(1 + 4 · 3/4) = 2 times as wide."""
    values = 10 + np.arange(4.0)
    plain = interquartile_mean(values, 999)
    wide = interquartile_mean(values, 999, measure="test_loss", resplit_ratio=0.75)
    assert plain is not None
    assert wide is not None
    assert wide.value == plain.value
    assert wide.low == pytest.approx(11.5 - 2 * (11.5 - plain.low), abs=tolerance.float64)
    assert wide.high == pytest.approx(11.5 + 2 * (plain.high - 11.5), abs=tolerance.float64)
    # Of losses nothing lies below 0, of accuracies nothing beyond 0 and 1.
    loss = interquartile_mean(values - 10, 999, measure="test_loss", resplit_ratio=0.75)
    assert loss is not None
    assert loss.low == 0
    accuracy = interquartile_mean([0.0, 0.5, 0.5, 1.0], 999, resplit_ratio=0.75)
    assert accuracy == Estimate(0.5, 0.0, 1.0)
    assert interquartile_mean([0.5], resplit_ratio=0.75) == interquartile_mean([0.5])
    with pytest.raises(MlplabError, match=r"resplit_ratio, .* to be above 0, received 0$"):
        interquartile_mean(values, resplit_ratio=0)


def test_the_interval_of_the_typical_run_holds_what_is_true_of_other_samples() -> None:
    """Random labels: one half is right on average, however a file fell out."""
    generator = np.random.default_rng(9)
    held = Counter[str]()
    for _ in range(60):
        values = accuracies(generator, linear, linear, runs=40)[:, 0]
        for name, ratio in (("corrected", 20 / 60), ("independent", None)):
            found = interquartile_mean(values, 199, resplit_ratio=ratio)
            assert found is not None
            held[name] += found.low <= 0.5 <= found.high
    assert held["corrected"] >= 54
    assert held["independent"] <= 36


def claims(fallen: Counter[str]) -> int:
    return fallen["better"] + fallen["worse"]


def test_every_measure_says_which_samples_it_is_of() -> None:
    assert {name for name, measure in MEASURES.items() if measure.on_training_samples} == {
        "train_accuracy",
        "train_r2",
        "train_mean_absolute_error",
        "train_loss",
    }
