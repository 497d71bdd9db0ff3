"""Cases of the page's statistics: what Python answers, edges included.

`python -m tests.page.golden_statistics` writes them to `page/tests/golden/statistics.json`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from scipy.special import ndtr, stdtr, stdtrit

from mlplab.playground.studies import replication
from mlplab.run.ending import how_it_ended
from mlplab.statistics import (
    COMPARABLE,
    MEASURES,
    RESAMPLES,
    SIGNIFICANT,
    bootstrap,
    count_failures,
    estimate_fraction,
    interquartile_mean,
    percentile_of,
    summarise,
)
from mlplab.statistics.intervals import LEVEL
from mlplab.streams import integers

from .cases import ENDINGS, INF, NAN, Case, Values, accuracies, case, lost, record, write
from .golden_verdicts import verdicts

FILE = Path(__file__).parents[2] / "page" / "tests" / "golden" / "statistics.json"


def cases() -> list[Case]:
    """Return all cases; equal each time."""
    generator = np.random.default_rng(14)
    return [
        *_constants(),
        *_numbers(generator),
        *_texts(generator),
        *_intervals(generator),
        *_summaries(generator),
        *_endings(generator),
        *verdicts(generator),
    ]


# ---- Constants, numbers and texts --------------------------------------------------------------


def _constants() -> Iterator[Case]:
    constants = {
        "LEVEL": LEVEL,
        "RESAMPLES": RESAMPLES,
        "COMPARABLE": COMPARABLE,
        "SIGNIFICANT": SIGNIFICANT,
    }
    yield case("constants", [], constants)
    for name, measure in MEASURES.items():
        yield case("measure", [name], record(measure))


def _numbers(generator: np.random.Generator) -> Iterator[Case]:
    for key in (0, 1, 2**64 - 1, 0x9E3779B97F4A7C15):
        for below in (1, 2, 7, 100, 2**21):
            found = integers(key, 0, 12, below).tolist()
            yield case("integers", [str(key), 12, below], found)
    for n in (0, 1, 2, 7, 8, 9, 15, 16, 127, 128, 129, 136, 257, 300):
        values = generator.normal(0, 10, n).round(4)
        yield case("sum", [values], values.sum())
        if n:
            yield case("mean", [values[:20]], values[:20].mean())
            yield case("median", [values[:20]], np.median(values[:20]))
    for n in (1, 2, 3, 10):
        values = np.sort(generator.random(n).round(3))
        for fraction in (0.0, 1e-72, 0.019, 0.25, 0.5, 2 / 3, 0.981, 1.0):
            yield case("quantile", [values, fraction], np.quantile(values, fraction))
    for x in (
        -INF,
        -38.0,
        -17.97,
        -8.0,
        -3.0001,
        -3.0,
        -2.9,
        -1.0,
        -0.1,
        0.0,
        1e-9,
        0.5,
        1.96,
        4.0,
        9.0,
    ):
        yield case("normalCdf", [x], ndtr(x))
    for freedom in (1, 2, 3, 4, 9, 29, 99, 100, 999):
        for t in (-INF, -300.0, -12.0, -3.0, -1.0, -0.05, 0.0, 0.7, 2.5):
            yield case("studentCdf", [freedom, t], stdtr(freedom, t))
        for p in (0.025, 0.975, 0.3, 0.5, 0.001):
            yield case("studentQuantile", [freedom, p], stdtrit(freedom, p))


def _texts(generator: np.random.Generator) -> Iterator[Case]:
    numbers = [
        *(
            0.0,
            -0.0,
            3.125,
            -3.125,
            0.125,
            0.375,
            2.5,
            86.5,
            87.5,
            0.5,
            -0.004,
            1.005,
            99.995,
            1e-7,
        ),
        *(
            123456789.0,
            1234.5,
            9.9996,
            0.00001234,
            4.125,
            12345.0,
            100000.0,
            1e22,
            0.1,
            NAN,
            INF,
            -INF,
        ),
        *generator.normal(0, 100, 6),
    ]
    for number in numbers:
        for digits in (0, 2, 4):
            yield case("writeFixed", [number, digits], f"{number:.{digits}f}")
        for digits in (1, 3, 6):
            yield case("writeGeneral", [number, digits], f"{number:.{digits}g}")
        for digits in (0, 1, 2):
            yield case("writeExponent", [number, digits], f"{number:.{digits}e}")
    for number in (0.5, 1.5, 2.5, -0.5, -1.5, 0.49, 0.51, -2.4, 1023.9999999):
        yield case("roundToEven", [number], round(number))
    for measure in MEASURES.values():
        for number in (0.0, -0.0, 0.042, -0.00001, 0.03125, 1.0, -0.25, 2.1e-5, 0.00123, 7.5):
            yield case("writeDifference", [measure.name, number], measure.write(number))
            yield case("writeValue", [measure.name, number], measure.write_value(number))


# ---- Intervals and summaries -------------------------------------------------------------------


def _samples(generator: np.random.Generator) -> list[Values]:
    stuck = [0.5, *accuracies(generator, 19), 0.5, 0.5]
    return [
        *([0.75], [0.25, 0.75], [0.5, 0.5], [0.1, 0.2, 0.4], [0.0] * 40, [1.0, 1.0, 1.0]),
        *([], [NAN], [NAN, INF], [NAN, 0.5], [0.875, 0.9375, 0.9375, 1.0], stuck),
        *(accuracies(generator, n) for n in (5, 10, 13, 30, 40, 100)),
        *(lost(generator, accuracies(generator, n), 0.3) for n in (10, 50)),
        [float(value) for value in generator.lognormal(-3, 1, 40).round(6)],
    ]


def _intervals(generator: np.random.Generator) -> Iterator[Case]:
    for k, n in (
        (0, 1),
        (1, 1),
        (0, 100),
        (3, 100),
        (50, 100),
        (99.5, 100),
        (100, 100),
        (14.5, 30),
        (1, 2.5),
    ):
        yield case("estimateFraction", [k, n], record(estimate_fraction(k, n)))
    for values in _samples(generator):
        known = [value for value in values if math.isfinite(value)]
        if known:
            for resamples in (99, RESAMPLES):
                found = record(bootstrap(known, np.mean, resamples))
                yield case("bootstrap", [known, resamples], found)
        yield case("interquartileMean", [values, {}], record(interquartile_mean(values)))
        for name, ratio in (("test_accuracy", 1 / 3), ("train_accuracy", 4.0), ("test_loss", 0.25)):
            found = interquartile_mean(values, 99, measure=name, resplit_ratio=ratio)
            options = {"measure": name, "resplitRatio": ratio, "resamples": 99}
            yield case("interquartileMean", [values, options], record(found))


def _summaries(generator: np.random.Generator) -> Iterator[Case]:
    for values in _samples(generator):
        yield case("summarise", [values], record(summarise(values)))
        for number, rounding in ((0.9375, 0.0), (0.9, 0.5e-4), (0.9, 0.03)):
            found = percentile_of(number, values, rounding)
            yield case("percentileOf", [number, values, rounding], found)
    for percentile in (0.0, 5.0, 5.5, 50.0, 94.5, 95.0, 100.0):
        yield case("luckOf", [percentile], replication.verdict(percentile))
    for n in (1, 2, 10, 100):
        endings = ENDINGS[generator.integers(0, 3, n)]
        yield case("countFailures", [endings], record(count_failures(endings)))


# ---- Endings -----------------------------------------------------------------------------------


def _endings(generator: np.random.Generator) -> Iterator[Case]:
    half = [512, 512]
    fine = {"losses": [0.5, 0.2], "loss": 0.2, "weights": True}
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
        yield _ended(**fine, accuracy=accuracy, predicted=predicted, labelled=half)
    for losses, loss, weights in (
        ([NAN], 0.2, True),
        ([0.5, INF], 0.2, True),
        ([0.5], NAN, False),
        ([0.5], INF, True),
        ([0.5], 0.2, False),
        ([], 0.2, True),
    ):
        yield _ended(losses, loss, weights, 0.5, [1024, 0], half)
    for _ in range(60):
        classes = int(generator.integers(2, 13))
        n = int(generator.choice([1, 6, 20, 300, 5000, 100_000]))
        labelled = generator.multinomial(n, generator.dirichlet(np.full(classes, 2.0)))
        predicted = generator.multinomial(n, generator.dirichlet(np.full(classes, 1.0)))
        luck = float((labelled * predicted).sum()) / n**2
        accuracy = min(1.0, round(n * luck * generator.uniform(0.8, 2.5)) / n)
        yield _ended(
            **fine, accuracy=accuracy, predicted=predicted.tolist(), labelled=labelled.tolist()
        )


def _ended(
    losses: Values,
    loss: float,
    weights: bool,
    accuracy: float,
    predicted: list[int],
    labelled: list[int],
) -> Case:
    parameters = [np.array([0.5 if weights else NAN])]
    given = {
        "trainLosses": losses,
        "finalTrainLoss": loss,
        "weightsAreFinite": weights,
        "accuracy": accuracy,
        "predicted": predicted,
        "labelled": labelled,
    }
    found = how_it_ended(
        np.array([losses]), loss, parameters, accuracy, np.array(predicted), np.array(labelled)
    )
    return case("howItEnded", [given], found)


if __name__ == "__main__":
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_text(write(cases()))
