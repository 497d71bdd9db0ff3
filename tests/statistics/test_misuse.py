"""What cannot be computed is refused in one sentence, by every public function, whatever came."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from types import FunctionType
from typing import Any

import numpy as np
import pytest

from mlplab import statistics
from mlplab.errors import MlplabError
from mlplab.run import Runs
from mlplab.spec import Experiment
from mlplab.statistics import (
    MEASURES,
    Measure,
    bootstrap,
    compare,
    compare_runs,
    correct_family,
    count_failures,
    estimate_fraction,
    find_measure,
    finite,
    has_one_split,
    holm,
    interquartile_mean,
    outcomes,
    percentile_of,
    summarise,
    variance_fractions,
)
from mlplab.training import train

NAN = math.nan
Call = Callable[[Runs], Any]


@pytest.fixture(scope="module")
def runs() -> Runs:
    return train(Experiment(dataset={"kind": "linear", "train_per_class": 8}), replications=3)


NUMBERS = "expected one number of each run, received "
FEW = r"expected at least one value, all finite, received "
LISTS = "expected two lists of one value each seed, equally long, received "
SHAPE = r"expected values of shape \(samples, weights, shuffle\)"
NAME_IT = r"<Runs?.* name the number, as in outcomes\(runs, 'test_accuracy'\)$"
RUNS = "expected Runs, as mlplab.train returns them, received "
KNOWN = "known: " + ", ".join(MEASURES) + r"\)?$"
ENDINGS = "expected runs, or how each ended, received "
COUNT = "expected successes from 0 to trials, and trials above 0, received "

OF_VALUES: dict[str, Callable[[Any], Any]] = {
    "finite": finite,
    "summarise": summarise,
    "interquartile_mean": interquartile_mean,
    "bootstrap": lambda values: bootstrap(values, np.mean),
    "percentile_of": lambda values: percentile_of(0.9, values),
}
"""Functions of one number of each run."""

NO_VALUES: dict[str, tuple[Call, str]] = {
    "Runs": (lambda runs: runs, NUMBERS + NAME_IT),
    "one Run": (lambda runs: runs[0], NUMBERS + NAME_IT),
    "a list of runs": (lambda runs: [runs[0], runs[1]], NUMBERS + r"\[<Run of seed 0"),
    "two axes": (lambda runs: np.zeros((2, 3)), NUMBERS + r"an array of shape \(2, 3\)$"),
    "a list of two axes": (lambda runs: [[0.5, 0.6]], NUMBERS + r"an array of shape \(1, 2\)$"),
    "one number": (lambda runs: 0.5, NUMBERS + "0.5$"),
    "words": (lambda runs: runs.ending, NUMBERS + "array"),
    "words of numbers": (lambda runs: ["0.5"], NUMBERS),
    "unequal rows": (lambda runs: [[1], [1, 2]], NUMBERS),
    "None": (lambda runs: None, NUMBERS),
    "a dict": (lambda runs: {"a": 1}, NUMBERS),
    "complex numbers": (lambda runs: [1j], NUMBERS),
}


@pytest.mark.parametrize("what", NO_VALUES)
@pytest.mark.parametrize("function", OF_VALUES)
def test_what_is_not_one_number_of_each_run(runs: Runs, function: str, what: str) -> None:
    values, sentence = NO_VALUES[what]
    assert_refused(lambda: OF_VALUES[function](values(runs)), sentence)


OTHERS: dict[str, tuple[Call, str]] = {
    "bootstrap of none": (lambda runs: bootstrap([], np.mean), FEW + "none$"),
    "bootstrap of NaN": (lambda runs: bootstrap([0.5, NAN], np.mean), FEW + "1 of 2 that are not"),
    "bootstrap of no function": (
        lambda runs: bootstrap([0.5], "mean"),
        "expected a statistic that can be called, such as numpy.mean, received 'mean'",
    ),
    **{
        f"resamples={resamples!r} of {name}": (
            lambda runs, of=of, resamples=resamples: of(resamples),
            f"expected resamples to be a whole number of 1 or above, received {resamples!r}",
        )
        for resamples in (0, -1, 99.5, None)
        for name, of in {
            "bootstrap": lambda n: bootstrap([0.5, 0.6], np.mean, n),
            "interquartile_mean": lambda n: interquartile_mean([0.5, 0.6], n),
            "compare": lambda n: compare([0.5], [0.6], resamples=n),
        }.items()
    },
    "a fraction of nothing": (lambda runs: estimate_fraction(0, 0), COUNT + "0 of 0$"),
    "more than all": (lambda runs: estimate_fraction(3, 2), COUNT + "3 of 2$"),
    "fewer than none": (lambda runs: estimate_fraction(-1, 2), COUNT + "-1 of 2$"),
    "a fraction of NaN": (lambda runs: estimate_fraction(NAN, 2), COUNT + "nan of 2$"),
    "a fraction of words": (lambda runs: estimate_fraction("a", 2), COUNT),
    "a fraction of Runs": (lambda runs: estimate_fraction(runs, 2), COUNT),
    "compare Runs": (lambda runs: compare(runs, runs), LISTS + NAME_IT),
    "compare one Run": (lambda runs: compare(runs[0], runs[1]), LISTS + NAME_IT),
    "compare nothing": (lambda runs: compare([], []), LISTS + r"shapes \(0,\) and \(0,\)$"),
    "compare two axes": (lambda runs: compare([[0.5]], [[0.5]]), LISTS + r"shapes \(1, 1\)"),
    "compare unequal lists": (lambda runs: compare([0.5], [0.5, 0.6]), LISTS + "shapes"),
    "compare words": (lambda runs: compare(["a"], ["b"]), LISTS + r"\['a'\]"),
    "compare by what is not known": (
        lambda runs: compare([0.5], [0.5], measure="loss"),
        "unknown measure 'loss'; did you mean",
    ),
    "compare losses without a margin": (
        lambda runs: compare([0.5], [0.5], measure="test_loss"),
        "expected a margin, the smallest difference of test loss that would mean anything",
    ),
    **{
        f"compare with a margin of {margin!r}": (
            lambda runs, margin=margin: compare([0.5], [0.5], margin),
            "expected a margin of 0 or above, received ",
        )
        for margin in (-0.01, NAN, math.inf, "1 %", [0.01])
    },
    "compare with a margin in per cent": (
        lambda runs: compare([0.5], [0.5], 1),
        "expected a margin below 1 for test accuracy, where 0.01 is one percentage point, received 1$",
    ),
    "compare_runs of lists": (lambda runs: compare_runs([0.5], [0.5]), RUNS + r"\[0.5\]"),
    "compare_runs of a list of runs": (
        lambda runs: compare_runs(runs, [runs[0]]),
        RUNS + r"\[<Run of seed 0",
    ),
    "compare_runs of one Run": (lambda runs: compare_runs(runs[0], runs[0]), RUNS + "<Run of"),
    "compare_runs by seconds": (
        lambda runs: compare_runs(runs, runs, "seconds"),
        "unknown measure 'seconds'; .*" + KNOWN,
    ),
    "compare_runs by a slip": (
        lambda runs: compare_runs(runs, runs, "test_acc"),
        r"unknown measure 'test_acc'; did you mean 'test_accuracy'\? \(" + KNOWN,
    ),
    "compare_runs by numbers": (
        lambda runs: compare_runs(runs, runs, runs.test_accuracy),
        r"expected the name of a measure \(test_accuracy, .*\), received array\(",
    ),
    "outcomes by a slip": (lambda runs: outcomes(runs, "accuracy"), "unknown measure 'accuracy'"),
    "outcomes by what runs do not have": (
        lambda runs: outcomes(runs, Measure("recall", "recall")),
        "runs whose metric is accuracy have no recall: known are test_accuracy, test_loss, ",
    ),
    "outcomes by the metric of targets": (
        lambda runs: outcomes(runs, "test_r2"),
        "runs whose metric is accuracy have no test_r2: known are test_accuracy, test_loss, ",
    ),
    "outcomes of one Run": (lambda runs: outcomes(runs[0]), RUNS + "<Run of seed 0"),
    "outcomes of a list": (lambda runs: outcomes([0.5]), RUNS),
    "has_one_split of a list": (lambda runs: has_one_split([0.5]), RUNS),
    "find_measure": (lambda runs: find_measure("ending"), "unknown measure 'ending'; .*" + KNOWN),
    "find_measure of None": (
        lambda runs: find_measure(None),
        r"expected the name of a measure \(.*\), received None$",
    ),
    "failures of none": (lambda runs: count_failures([]), "expected at least one run .*, received"),
    "failures of one Run": (lambda runs: count_failures(runs[0]), ENDINGS + "<Run of seed 0"),
    "failures of one ending": (lambda runs: count_failures("stuck"), ENDINGS + "'stuck'$"),
    "failures of numbers": (
        lambda runs: count_failures(runs.test_accuracy),
        ENDINGS + r".* among them$",
    ),
    "failures of two axes": (lambda runs: count_failures([["stuck"]]), ENDINGS + ".* among them$"),
    "failures of a slip": (
        lambda runs: count_failures(["stuk"]),
        r"unknown ending 'stuk'; did you mean 'stuck'\?",
    ),
    "holm of two axes": (lambda runs: holm([[0.1]]), r"a list of p-values, received \[\[0.1\]\]$"),
    "holm of one": (lambda runs: holm(0.1), "a list of p-values, received 0.1$"),
    "holm of words": (lambda runs: holm(["a"]), "a list of p-values, received"),
    "holm of NaN": (lambda runs: holm([NAN]), r"p-values from 0 to 1, received \[nan\]$"),
    "holm of Runs": (lambda runs: holm([runs]), r"a list of p-values, received \[<Runs"),
    "a family without names": (
        lambda runs: correct_family([compare_runs(runs, runs)]),
        r"expected comparisons by name, as in \{.*\}, received \[Comparison",
    ),
    "a family of runs": (
        lambda runs: correct_family({"a": runs}),
        "expected a Comparison under each name, received <Runs: .*> under 'a'$",
    ),
    "a percentile of words": (
        lambda runs: percentile_of("95 %", [0.9]),
        "expected published to be a finite number, received '95 %'$",
    ),
    "a percentile of NaN": (lambda runs: percentile_of(NAN, [0.9]), "expected published to be"),
    "a percentile below zero rounding": (
        lambda runs: percentile_of(0.9, [0.9], rounding=-1),
        "expected rounding to be 0 or above, received -1$",
    ),
    "variance of Runs": (lambda runs: variance_fractions([runs]), SHAPE + r", received \[<Runs"),
    "variance of a list": (lambda runs: variance_fractions([0.5]), SHAPE + r".* shape \(1,\)$"),
    "variance of words": (lambda runs: variance_fractions([[["a"]]]), SHAPE + ", received"),
    "variance of NaN": (
        lambda runs: variance_fractions(np.full((2, 2, 2), NAN)),
        "expected a finite value of every combination of seeds, received 8 of 8 that are not$",
    ),
}


@pytest.mark.parametrize("case", OTHERS)
def test_every_other_misuse(runs: Runs, case: str) -> None:
    call, sentence = OTHERS[case]
    assert_refused(lambda: call(runs), sentence)


def assert_refused(call: Callable[[], Any], sentence: str) -> None:
    with pytest.raises(MlplabError) as caught:
        call()
    said = str(caught.value)
    assert re.match(sentence, said) or re.match("expected " + sentence, said), said
    assert "\n" not in said
    assert len(said) < 250


def test_every_public_function_is_among_them() -> None:
    public = {
        name for name in statistics.__all__ if isinstance(getattr(statistics, name), FunctionType)
    }
    said = " ".join(f"{case} {call.__code__.co_names}" for case, (call, _) in OTHERS.items())
    assert public - OF_VALUES.keys() == {name for name in public - OF_VALUES.keys() if name in said}


# ---- What simply works -------------------------------------------------------------------------


@pytest.mark.parametrize("as_what", [list, tuple, np.array, lambda v: np.array(v, dtype=object)])
def test_any_list_of_numbers_will_do(as_what: Callable[[Any], Any]) -> None:
    values, array = as_what([0.9, 0.95, 0.97, NAN]), np.array([0.9, 0.95, 0.97, NAN])
    assert finite(values).tolist() == [0.9, 0.95, 0.97]
    assert summarise(values) == summarise(array)
    assert interquartile_mean(values, 99) == interquartile_mean(array, 99)
    assert percentile_of(0.95, values) == 50.0
    assert compare(values, values, resamples=99) == compare(array, array, resamples=99)
    assert bootstrap(values[:3], np.mean, 99) == bootstrap(array[:3], np.mean, 99)


def test_none_is_no_value_as_in_a_results_file() -> None:
    assert summarise([0.5, None, 0.7]) == summarise([0.5, NAN, 0.7])


@pytest.mark.parametrize("values", [[], [NAN, NAN], [math.inf]])
def test_of_no_value_nothing_is_said(values: list[float]) -> None:
    assert finite(values).tolist() == []
    assert summarise(values) is None
    assert interquartile_mean(values) is None
    assert percentile_of(0.9, values) is None


def test_of_no_pair_with_two_values_nothing_is_said() -> None:
    found = compare([NAN, NAN], [NAN, NAN])
    assert (found.difference, found.verdict) == (None, "inconclusive")


def test_failures_are_counted_of_runs_in_any_form(runs: Runs) -> None:
    of_runs = count_failures(runs)
    assert of_runs.runs == 3
    for same in (runs.ending, runs.ending.tolist(), list(runs), tuple(runs), iter(runs)):
        assert count_failures(same) == of_runs


def test_holm_and_variance_take_lists() -> None:
    assert holm((0.01, 0.04)).tolist() == [0.02, 0.04]
    cube = np.random.default_rng(0).normal(size=(2, 2, 2))
    assert variance_fractions(cube.tolist()) == variance_fractions(cube)
