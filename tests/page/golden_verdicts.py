"""Cases of what the page says of runs: verdicts, and summaries."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import numpy as np

from mlplab.errors import MlplabError
from mlplab.playground.studies.accuracy_map import MapCell
from mlplab.playground.studies.sample import Sample
from mlplab.run import Runs
from mlplab.spec import Experiment
from mlplab.statistics import (
    MEASURES,
    Comparison,
    Estimate,
    compare,
    compare_runs,
    count_failures,
    estimate_fraction,
)
from mlplab.statistics.measures import choose_margin
from mlplab.training import train

from .cases import (
    ENDINGS,
    INF,
    NAN,
    Case,
    Values,
    accuracies,
    camel,
    case,
    lost,
    record,
    refusal,
    tried,
)


def verdicts(generator: np.random.Generator) -> Iterator[Case]:
    """Return the cases, drawn by a generator."""
    yield from _comparisons(generator)
    yield from _judged()
    yield from _compared_runs(generator)
    yield from _refused()
    yield from _populations(generator)


def _comparisons(generator: np.random.Generator) -> Iterator[Case]:
    for n in (1, 2, 5, 13, 14, 29, 30, 40):
        a, b = accuracies(generator, n, 0.92), accuracies(generator, n, 0.9)
        yield _compared(a, b)
        yield _compared(b, a, margin=0.0)
        yield _compared(a, a)
    seeds = np.array(accuracies(generator, 42, 0.8))
    b = seeds.round(4).tolist()
    for shift in (0.03, -0.03, 0.011, 0.0005):
        a = (seeds + shift + generator.normal(0, 0.004, 42)).round(4).tolist()
        yield _compared(a, b)
        yield _compared(a, b, measure="test_loss", margin=0.02)
        yield _compared(a, b, resplit_ratio=0.25)
        yield _compared(a, b, measure="train_accuracy", resplit_ratio=4.0)
        yield _compared(a, b, one_split=True)
        yield _compared(lost(generator, a, 0.02), b)
        yield _compared(lost(generator, a, 0.3), lost(generator, b, 0.1))
    a = np.array(accuracies(generator, 36))
    b = np.where(generator.random(36) < 0.5, 0.5, a)
    yield _compared(a.tolist(), b.tolist(), names=("Adam", "SGD"))
    yield _compared([NAN, 0.5], [0.5, NAN])
    yield _compared([NAN, 1.0, NAN, INF], [1.0, NAN, NAN, 1.0], measure="train_loss", margin=1.5)
    for one, other in ((0.5, 0.5), (0.75, 0.5), (0.5, 0.75)):
        yield _compared([one] * 40, [other] * 40)
        yield _compared([one] * 40, [other] * 40, resplit_ratio=1 / 3)


def _compared(a: Values, b: Values, *, names: tuple[str, str] = ("B", "A"), **options: Any) -> Case:
    found = compare(a, b, **options)
    return case("compare", [a, b, camel(options), *names], _comparison(found) | _said(found, names))


def _comparison(found: Comparison) -> dict[str, Any]:
    """Return a comparison as the page has it: without a family, and so a corrected p-value."""
    named = record(found)
    assert named is not None
    del named["pCorrected"]
    return {"comparison": named | {"measure": found.measure.name}}


def _said(found: Comparison, names: tuple[str, str]) -> dict[str, Any]:
    return {
        "judgement": {"verdict": found.verdict, "reason": found.reason},
        "sentence": found.sentence(*names),
        "headline": found.headline(*names),
        "clauses": found.clauses(*names),
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
            yield case("judge", [_comparison(found)["comparison"]], _said(found, ("A", "B")))


def _compared_runs(generator: np.random.Generator) -> Iterator[Case]:
    """Compare runs that may not pair up, and of which one may re-split its samples."""
    few = Experiment(dataset={"kind": "linear", "train_per_class": 4}, training={"epochs": 1})  # type: ignore[arg-type]
    trained = train(few, 5, trainer="reference")
    for seeds, others, ratios, name in (
        ([1, 2, 3, 4, 5], [1, 2, 3, 4, 5], (None, None), "test_accuracy"),
        ([1, 2, 3, 4, 5], [1, 2, 3, 4, 5], (0.25, None), "test_accuracy"),
        ([1, 2, 3, 4, 5], [1, 2, 3, 4, 5], (0.25, 0.5), "test_accuracy"),
        ([1, 2, 3, 4, 5], [1, 2, 3, 4, 5], (0.25, 0.5), "train_accuracy"),
        ([1, 2, 3, 4, 5], [1, 2, 3, 5, 4], (None, None), "test_accuracy"),
        ([1, 2, 3], [1, 2, 3, 4, 5], (None, None), "test_accuracy"),
        ([1], [2], (None, None), "test_accuracy"),
        ([1, 2, 2], [1, 2, 2], (None, None), "test_accuracy"),
    ):
        a, b = (
            _runs(generator, trained[: len(each)], each, ratio)
            for each, ratio in zip((seeds, others), ratios, strict=True)
        )
        arguments = [_page_runs(a, name), _page_runs(b, name), {"measure": name}]
        try:
            found = compare_runs(a, b, name)
        except MlplabError as error:
            yield refusal("compareRuns", arguments, error)
        else:
            yield case("compareRuns", arguments, _comparison(found)["comparison"])


def _runs(
    generator: np.random.Generator, trained: Runs, seeds: list[int], ratio: float | None
) -> Runs:
    n = len(seeds)
    return dataclasses.replace(
        trained,
        seed=np.array(seeds),
        ending=ENDINGS[generator.choice(3, n, p=(0.8, 0.1, 0.1))],
        test_accuracy=np.array(accuracies(generator, n)),
        train_accuracy=np.array(accuracies(generator, n)),
        resplit_ratio=ratio,
    )


def _page_runs(runs: Runs, name: str) -> dict[str, Any]:
    return {
        "seeds": [str(seed) for seed in runs.seed],
        "endings": runs.ending,
        "scores": {name: getattr(runs, name)},
        "resplitRatio": runs.resplit_ratio,
        "oneSplit": False,
    }


def _refused() -> Iterator[Case]:
    """Return what is no comparison, with what is said of it."""
    for a, b in (([], []), ([0.5], [0.5, 0.6])):
        yield tried("compare", [a, b, {}, "A", "B"], compare, a, b)
    for name, margin in (
        *(("test_loss", None), ("train_loss", None), ("test_loss", -0.5), ("test_accuracy", NAN)),
        *(("test_accuracy", INF), ("test_accuracy", 1.5), ("test_accuracy", 100.0)),
        *(("test_accuracy", None), ("test_accuracy", 0.0), ("test_loss", 3.5)),
    ):
        yield tried("chooseMargin", [name, margin], choose_margin, MEASURES[name], margin)
    yield tried("countFailures", [[]], count_failures, [])


# ---- What the page says of runs ----------------------------------------------------------------


def _populations(generator: np.random.Generator) -> Iterator[Case]:
    for n in (0, 1, 3, 10, 40):
        for odds in ((1, 0, 0), (0.6, 0.2, 0.2), (0.3, 0.1, 0.6), (0, 0, 1)):
            endings = ENDINGS[generator.choice(3, n, p=odds)]
            yield from _population(generator, endings, None)
    for ratio in (0.25, 2.0):
        yield from _population(generator, ENDINGS[generator.choice(2, 20)], ratio)
    for diverged in (4, 5, 6):  # of ten: half, and a run more or less
        endings = np.repeat(["diverged", "finished"], [diverged, 10 - diverged])
        yield from _population(generator, endings, None)


def _population(
    generator: np.random.Generator, endings: Any, ratio: float | None
) -> Iterator[Case]:
    accuracy = np.array(accuracies(generator, len(endings)))
    sample = Sample(Experiment(dataset="linear"), first=1)
    sample.ending = endings
    sample.accuracy = np.where(endings == "diverged", NAN, accuracy)
    sample.resplit_ratio = ratio
    sample.estimate()
    runs = {
        "seeds": [str(seed) for seed in range(1, len(endings) + 1)],
        "endings": endings,
        "scores": {"test_accuracy": accuracy},
        "resplitRatio": ratio,
        "oneSplit": False,
    }
    yield case("describePopulation", [runs], sample.say())
    if len(endings):
        yield case("describeCell", [runs], MapCell(sample).summary)
