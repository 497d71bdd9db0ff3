"""Cases of the page's statistics: what Python answers, edges included.

`python -m tests.page.golden_statistics` writes them to `page/tests/golden/statistics.json`, and the tails
of the page's intervals to `page/src/statistics/tails.json`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from scipy.special import ndtr, stdtrit

from mlplab.run.ending import how_it_ended
from mlplab.spec.regression import REGRESSION_HEADS, constant_loss
from mlplab.statistics import (
    COMPARABLE,
    MEASURES,
    RESAMPLES,
    SIGNIFICANT,
    Comparison,
    Estimate,
    bootstrap,
    compare,
    count_failures,
    estimate_fraction,
    interquartile_mean,
    percentile_of,
    summarise,
)
from mlplab.statistics.intervals import LEVEL
from mlplab.statistics.measures import ONE_POINT, choose_margin
from mlplab.streams import integers

from .cases import ENDINGS, INF, NAN, Case, Values, accuracies, case, lost, record, write

PAGE = Path(__file__).parents[2] / "page"

FILE = PAGE / "tests" / "golden" / "statistics.json"

TAILS = PAGE / "src" / "statistics" / "tails.json"

MOST_RUNS = 100
"""That the page makes intervals of."""


def tails() -> str:
    """Return the quantile at which the interval of `bootstrap` begins, for 2, 3, … runs, as JSON."""
    found = [
        float(ndtr(math.sqrt(n / (n - 1)) * stdtrit(n - 1, (1 - LEVEL) / 2)))
        for n in range(2, MOST_RUNS + 1)
    ]
    return json.dumps(found) + "\n"


def cases() -> list[Case]:
    """Return all cases; equal each time."""
    generator = np.random.default_rng(14)
    return [
        *_constants(),
        *_numbers(generator),
        *_intervals(generator),
        *_summaries(generator),
        *_endings(generator),
        *_comparisons(generator),
        *_judged(),
        *_targets(generator),
    ]


# ---- Constants and numbers ---------------------------------------------------------------------


def _constants() -> Iterator[Case]:
    margin = choose_margin(MEASURES["test_accuracy"], None)
    names = {"RESAMPLES": RESAMPLES, "COMPARABLE": COMPARABLE, "SIGNIFICANT": SIGNIFICANT}
    yield case("constants", [], names | {"MARGIN": margin})


def _numbers(generator: np.random.Generator) -> Iterator[Case]:
    for key in (0, 1, 2**64 - 1, 0x9E3779B97F4A7C15):
        for below in (1, 2, 7, 100, 2**21):
            found = integers(key, 0, 12, below).tolist()
            yield case("integers", [str(key), 12, below], found)
    for n in (0, 1, 2, 7, 8, 9, 15, 16, 100, 127, 128, 129, 136, 257, 300):
        values = generator.normal(0, 10, n).round(4)
        yield case("sum", [values], values.sum())
        if n:
            yield case("mean", [values[:20]], values[:20].mean())
            yield case("median", [values[:20]], np.median(values[:20]))
    for n in (1, 2, 3, 10):
        values = np.sort(generator.random(n).round(3))
        for fraction in (0.0, 1e-72, 0.019, 0.25, 0.5, 2 / 3, 0.981, 1.0):
            yield case("quantile", [values, fraction], np.quantile(values, fraction))


# ---- Intervals and summaries -------------------------------------------------------------------


def _samples(generator: np.random.Generator) -> list[Values]:
    stuck = [0.5, *accuracies(generator, 19), 0.5, 0.5]
    return [
        *([0.75], [0.25, 0.75], [0.5, 0.5], [0.1, 0.2, 0.4], [0.0] * 40, [1.0, 1.0, 1.0]),
        *([], [0.875, 0.9375, 0.9375, 1.0], stuck),
        *(accuracies(generator, n) for n in (5, 10, 13, 30, 40, 99, 100)),
    ]


def _intervals(generator: np.random.Generator) -> Iterator[Case]:
    counts = [(0, 1), (1, 1), (0, 100), (3, 100), (50, 100), (99.5, 100), (100, 100), (14.5, 30)]
    for k, n in counts:
        yield case("estimateFraction", [k, n], record(estimate_fraction(k, n)))
    for values in _samples(generator):
        if values:
            yield case("bootstrap", [values], record(bootstrap(values, np.mean)))
        yield case("interquartileMean", [values], record(interquartile_mean(values)))


def _summaries(generator: np.random.Generator) -> Iterator[Case]:
    for values in _samples(generator):
        found = record(summarise(values))
        kept = found and {name: found[name] for name in ("min", "median", "max")}
        yield case("summarise", [values], kept)
        for number in (0.9375, 0.9, 0.5):
            yield case("percentile", [number, values], percentile_of(number, values, 0.0))
    for n in (1, 2, 10, 100):
        endings = ENDINGS[generator.integers(0, 3, n)]
        found = record(count_failures(endings)) or {}
        kept = {name: found[name] for name in ("stuck", "diverged", "fraction")}
        yield case("countFailures", [endings], kept)


# ---- Endings -----------------------------------------------------------------------------------


def _endings(generator: np.random.Generator) -> Iterator[Case]:
    half = [512, 512]
    for predicted, accuracy in (
        ([1024, 0], 0.5),
        ([0, 1024], 0.5),
        ([1000, 24], 512 / 1024),
        ([973, 51], 0.54),
        ([974, 50], 0.54),
        ([512, 512], 1.0),
        ([500, 524], 0.5),
        ([500, 524], 0.54),
        ([500, 524], 560 / 1024),
        ([500, 524], 561.5 / 1024),
        ([500, 524], 562 / 1024),
        ([0, 0], 0.0),
    ):
        yield _ended([0.5, 0.2], 0.2, True, accuracy, predicted, half)
    for losses, loss, weights in (
        ([NAN], 0.2, True),
        ([0.5, INF], 0.2, True),
        ([0.5], NAN, False),
        ([0.5], INF, True),
        ([0.5], 0.2, False),
        ([], 0.2, True),
    ):
        yield _ended(losses, loss, weights, 0.5, [1024, 0], half)
    for _ in range(240):
        classes = int(generator.integers(2, 13))
        n = int(generator.choice([1, 6, 20, 300, 5000, 100_000]))
        have = generator.multinomial(n, generator.dirichlet(np.full(classes, 2.0)))
        guessed = generator.multinomial(n, generator.dirichlet(np.full(classes, 1.0)))
        luck = float((have * guessed).sum()) / n**2
        accuracy = min(1.0, round(n * luck * generator.uniform(0.8, 2.5)) / n)
        yield _ended([0.5, 0.2], 0.2, True, accuracy, guessed.tolist(), have.tolist())


def _ended(
    losses: Values,
    loss: float,
    weights: bool,
    accuracy: float,
    predicted: list[int],
    labelled: list[int],
    constant: float | None = None,
) -> Case:
    parameters = [np.array([0.5 if weights else NAN])]
    given = {
        "trainLosses": [*losses, loss],
        "weightsAreFinite": weights,
        "accuracy": accuracy,
        "predicted": predicted,
        "labelled": labelled,
        "constantLoss": constant,
    }
    counted = np.array(predicted, np.int64), np.array(labelled, np.int64)
    found = how_it_ended(np.array([losses]), loss, parameters, accuracy, *counted, constant)
    return case("howItEnded", [given], found["ending"])


# ---- Targets -----------------------------------------------------------------------------------


def _targets(generator: np.random.Generator) -> Iterator[Case]:
    samples = [generator.normal(size=n) * scale for n in (1, 2, 7, 50) for scale in (0.3, 4.0)]
    for y in [*samples, np.zeros(3)]:
        kept = y.astype(np.float32)
        for loss in REGRESSION_HEADS:
            constant = float(constant_loss(loss, kept[:, None]))
            yield case("constantLoss", [loss, kept.tolist()], constant)
            for final in (0.0, 0.98 * constant, 0.995 * constant, 2 * constant, NAN):
                yield _ended([1.0], final, True, 0.0, [], [], constant)


# ---- Comparisons -------------------------------------------------------------------------------


def _comparisons(generator: np.random.Generator) -> Iterator[Case]:
    for n in (1, 2, 5, 13, 14, 29, 30, 40):
        a, b = accuracies(generator, n, 0.92), accuracies(generator, n, 0.9)
        for one, other in ((a, b), (b, a), (a, a)):
            yield _compared(one, other)
    seeds = np.array(accuracies(generator, 42, 0.8))
    b = seeds.round(4).tolist()
    for shift in (0.03, -0.03, 0.012, 0.0005):
        a = (seeds + shift + generator.normal(0, 0.004, 42)).round(4).tolist()
        yield _compared(a, b)
        yield _compared(a, b, one_split=True)
        yield _compared(a, b, margin=0.0)
        yield _compared(a, b, margin=0.035)
        yield _compared(lost(generator, a, 0.02), b)
        yield _compared(lost(generator, a, 0.3), lost(generator, b, 0.1))
    hundred = np.array(accuracies(generator, 100))
    luck = np.where(generator.random(100) < 0.5, 0.5, hundred)
    yield _compared(hundred.tolist(), luck.tolist())
    yield _compared([NAN, 0.5], [0.5, NAN])
    yield _compared([NAN, 1.0, NAN, NAN], [1.0, NAN, NAN, 1.0])
    for all_a, all_b in ((0.5, 0.5), (0.75, 0.5), (0.5, 0.75)):
        yield _compared([all_a] * 40, [all_b] * 40)


def _compared(a: Values, b: Values, *, one_split: bool = False, margin: float = ONE_POINT) -> Case:
    found = compare(a, b, margin, one_split=one_split)
    asked = [a, b, one_split, margin]
    return case("compare", asked, {"comparison": _comparison(found)} | _said(found))


def _comparison(found: Comparison) -> dict[str, Any]:
    """Return a comparison as the page has it."""
    named = record(found) or {}
    kept = (
        "pairs",
        "leftOut",
        "difference",
        "probabilityOfImprovement",
        "margin",
        "pValue",
        "oneSplit",
    )
    asked = found.pairs - found.left_out >= COMPARABLE  # else no verdict asks for the p-value
    return {name: named[name] for name in kept} | ({} if asked else {"pValue": 1.0})


def _said(found: Comparison) -> dict[str, Any]:
    return {
        "judgement": {"verdict": found.verdict, "reason": found.reason},
        "headline": found.headline("B", "A"),
        "clauses": found.clauses("B", "A"),
    }


def _judged() -> Iterator[Case]:
    """Judge what is rarely seen: every interval with every p-value, and runs that diverged."""
    intervals = [(0.02, 0.03), (-0.03, -0.02), (-0.005, 0.005), (0.005, 0.02), (0.01, 0.02)]
    for low, high in intervals:
        for p_value, left_out, won in (
            (0.002, 0, 90),
            (0.05, 1, 10),
            (0.0625, 7, 90),
            (0.04, 100, 50),
        ):
            found = Comparison(
                MEASURES["test_accuracy"],
                pairs=100,
                left_out=left_out,
                difference=Estimate((low + high) / 2, low, high) if left_out < 100 else None,
                probability_of_improvement=estimate_fraction(won, 100),
                margin=0.01,
                p_value=p_value,
                p_corrected=p_value,
            )
            yield case("judge", [_comparison(found)], _said(found))


if __name__ == "__main__":
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_text(write(cases()))
    TAILS.write_text(tails())
