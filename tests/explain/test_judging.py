"""The rules: a healthy table of measures names nothing, and each fault put into it names its cause."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mlplab.engine.measuring import (
    DEAD,
    DELTA,
    GRADIENT,
    MEASURES,
    MOVED,
    SATURATED,
    SPREAD,
    TWINS,
    WEIGHT,
)
from mlplab.explain.causes import CAUSES, CODES, CauseCode, sentence_of, write_number
from mlplab.explain.judging import FACTS, MANY_UPDATES, MOST_NUMBERS
from mlplab.explain.looking import Looks, look_stride
from mlplab.explain.why import judged
from mlplab.run.metric import METRIC_WORDS
from mlplab.run.reasons import FEW_UPDATES

LOOKS, WIDTH = 9, 10


def looks(failed: int = 1, metric: float = 0.5, loss: float = 0.2, **facts: float) -> Looks:
    """Return a training of two hidden layers that did not learn, for no reason that can be seen."""
    measures = np.zeros((LOOKS, 3, len(MEASURES)))
    measures[:, :, WEIGHT], measures[:, :, GRADIENT] = 0.3, 0.01
    measures[:, :, DELTA], measures[:, :, SPREAD], measures[1:, :, MOVED] = 0.2, 0.2, 0.1
    of_run = {
        "failed": failed,
        "updates": 1000,
        "reference": 0.95,
        "input_size": 0.5,
        "smallest_deviation": 0.3,
        "largest_deviation": 0.4,
        "common_class": 0.5,
        "one_class": 1.0,
        "first_rate": 0.1,
        "last_rate": 0.1,
    }
    scores = np.column_stack([np.full(LOOKS, loss), np.full(LOOKS, metric)])
    scores[0, 0] = 0.25
    found = {**dict.fromkeys(FACTS, 0.0), **of_run, **facts}
    return Looks(
        epochs=np.arange(LOOKS, dtype=np.float64),
        scores=scores,
        measures=measures,
        widths=np.array([WIDTH, WIDTH, 2]),
        facts=np.array([found[name] for name in FACTS]),
    )


def with_measure(which: int, values: object, layer: int = 1, of: Looks | None = None) -> Looks:
    of = looks() if of is None else of
    measures = of.measures.copy()
    measures[:, layer, which] = values
    return replace(of, measures=measures)


def with_losses(*losses: float, **facts: float) -> Looks:
    of = looks(**facts)
    scores = of.scores.copy()
    scores[:, 0] = np.interp(np.linspace(0, 1, LOOKS), np.linspace(0, 1, len(losses)), losses)
    return replace(of, scores=scores)


def restless() -> Looks:
    of = looks()
    scores = of.scores.copy()
    scores[:, 0] = [0.25, 0.15] * 4 + [0.16]
    return replace(of, scores=scores)


def exploding() -> Looks:
    return with_measure(SPREAD, 400.0, of=looks())


LATE = [0, 0, 0, 7, 7, 7, 7, 7, 7]

CASES: list[tuple[CauseCode, Looks]] = [
    ("foreign_inputs", looks(input_size=1000.0)),
    ("foreign_inputs", looks(smallest_deviation=0.001)),
    ("foreign_inputs", looks(smallest_deviation=2e-3, largest_deviation=5e-3)),
    ("foreign_targets", looks(target_size=50.0)),
    ("equal_neurons", with_measure(TWINS, WIDTH - 1)),
    ("saturated_from_the_start", with_measure(SATURATED, 6)),
    ("dead_from_the_start", with_measure(DEAD, 5)),
    ("exploding", exploding()),
    ("linear", looks(is_linear=1)),
    ("vanishing", with_measure(GRADIENT, 1e-5)),
    ("overshoots", with_losses(0.25, 0.5)),
    ("oscillates", restless()),
    ("saturated", with_measure(SATURATED, LATE)),
    ("dead", with_measure(DEAD, LATE)),
    ("dead_from_the_start", with_measure(GRADIENT, 0.0, of=with_measure(DEAD, WIDTH))),
    ("dead", with_measure(GRADIENT, 0.0, of=with_measure(DEAD, LATE))),
    (
        "low_rate",
        with_measure(
            MOVED,
            1e-5,
            layer=0,
            of=with_measure(MOVED, 1e-5, layer=1, of=with_measure(MOVED, 1e-5, layer=2)),
        ),
    ),
    ("few_updates", looks(updates=8)),
    ("few_updates", with_losses(0.25, 0.15)),
    ("cooled", looks(last_rate=0.001)),
    ("imbalanced", looks(common_class=0.95)),
    ("plateau", looks()),
    ("plateau", looks(failed=0, metric=0.8)),
    ("improves", with_losses(0.25, 0.01, metric=0.97, failed=0)),
    ("converged", looks(failed=0, metric=0.97)),
]


@pytest.mark.parametrize(
    ("cause", "seen"), CASES, ids=[f"{i}-{c}" for i, (c, _) in enumerate(CASES)]
)
def test_each_fault_is_named_and_no_other(cause: CauseCode, seen: Looks):
    assert list(judged(seen)) == [cause]


def test_every_cause_has_a_case_a_text_and_a_place():
    assert {cause for cause, _ in CASES} == set(CODES)
    assert tuple(CAUSES) == CODES
    assert max(len(text.numbers) for text in CAUSES.values()) <= MOST_NUMBERS


@pytest.mark.parametrize(
    ("cause", "seen"), CASES, ids=[f"{i}-{c}" for i, (c, _) in enumerate(CASES)]
)
@pytest.mark.parametrize("metric", METRIC_WORDS)
def test_sentences_have_all_their_numbers(cause: CauseCode, seen: Looks, metric: str):
    sentence = sentence_of(cause, judged(seen)[cause], metric)  # type: ignore[arg-type]
    assert sentence.endswith(".")
    assert not set("{}") & set(sentence)


def test_evidence_is_what_was_measured():
    found = judged(with_measure(DEAD, LATE))["dead"]
    assert found == {"count": 7, "width": WIDTH, "layer": 2, "epoch": 3}


def test_a_run_that_diverged_is_judged_by_its_last_numbers():
    of = with_losses(0.25, 0.26, failed=2)
    scores, measures = of.scores.copy(), with_measure(DEAD, 5, of=of).measures
    scores[5:], measures[5:] = np.nan, np.nan
    found = judged(replace(of, scores=scores, measures=measures))
    assert list(found) == ["dead_from_the_start", "overshoots"]
    assert (
        sentence_of("overshoots", found["overshoots"], "accuracy").count("no longer a number") == 1
    )


def test_a_run_of_which_nothing_is_a_number_is_judged_too():
    of = looks(failed=2)
    found = judged(replace(of, scores=of.scores * np.nan, measures=of.measures * np.nan))
    assert list(found) == ["overshoots"]


def test_a_mean_absolute_error_is_better_if_it_is_low():
    error = {"lower_is_better": 1.0, "reference_error": 0.1, "failed": 0}
    assert list(judged(looks(metric=0.12, **error))) == ["converged"]
    assert list(judged(looks(metric=0.3, **error))) == ["plateau"]


@pytest.mark.parametrize("epochs", [1, 47, 48, 49, 96, 97, 1000])
def test_there_are_at_most_48_looks_after_epochs(epochs: int):
    stride = look_stride(epochs)
    assert epochs / stride <= 48
    assert stride == 1 or 2 * epochs / stride > 48


def test_numbers_are_written_short():
    written = [write_number(v, "number") for v in (0.0, 0.12345, 12.345, 999.96, 1234.5, -3.0)]
    assert written == ["0", "0.123", "12.3", "1000", "1,235", "-3"]
    assert write_number(0.9412, "score", "accuracy") == "94.1 %"
    assert write_number(0.9412, "score", "r2") == "0.941"
    assert write_number(1e30, "count") == "more than 10¹⁵"


def test_few_updates_are_as_few_as_the_hints_of_a_run_have_it():
    assert MANY_UPDATES == FEW_UPDATES
