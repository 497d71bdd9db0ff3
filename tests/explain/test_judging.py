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
from mlplab.explain.facts import FACTS
from mlplab.explain.judging import FEW_SAMPLES, MANY_LOOKS, MANY_UPDATES, MOST_NUMBERS
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
        "smallest_reach": 0.6,
        "common_class": 0.5,
        "samples": 1000,
        "one_class": 1.0,
        "first_rate": 0.1,
        "last_rate": 0.1,
        "features": 2,
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


def short_of(count: int, of: Looks | None = None) -> Looks:
    """Return a training that ended after so many looks, the one before any update among them."""
    of = looks() if of is None else of
    cut = {name: getattr(of, name)[:count] for name in ("epochs", "scores", "measures")}
    return replace(of, **cut)


def exploding() -> Looks:
    return with_measure(SPREAD, 400.0, of=looks())


LATE = [0, 0, 0, 7, 7, 7, 7, 7, 7]

CASES: list[tuple[CauseCode, Looks]] = [
    ("constant_features", looks(smallest_deviation=0, largest_deviation=0)),
    ("constant_targets", looks(common_class=0, target_deviation=0)),
    ("foreign_inputs", looks(input_size=1000.0)),
    ("foreign_inputs", looks(smallest_reach=0.01)),
    ("foreign_inputs", looks(smallest_deviation=2e-3, largest_deviation=5e-3)),
    ("foreign_targets", looks(target_size=50.0)),
    ("equal_neurons", with_measure(TWINS, WIDTH - 1)),
    ("saturated_from_the_start", with_measure(SATURATED, 6)),
    ("dead_from_the_start", with_measure(DEAD, 5)),
    ("exploding", exploding()),
    ("linear", looks(is_linear=1)),
    ("vanishing", with_measure(GRADIENT, 1e-5)),
    ("overshoots", with_losses(0.25, 0.5)),
    ("overshoots", with_losses(0.25, 0.5, begun_at=2.0, ended_at=4.0)),
    ("other_loss", with_losses(0.25, 0.5, begun_at=2.0, ended_at=1.0)),
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
    ("few_updates", looks(updates=99)),
    ("plateau", looks()),
    ("plateau", looks(failed=0, metric=0.8)),
    ("few_epochs", short_of(MANY_LOOKS)),
    ("plateau", short_of(MANY_LOOKS + 1)),
    ("few_epochs", short_of(2)),
    ("learned", short_of(MANY_LOOKS, of=looks(failed=0, metric=0.97))),
    ("learned", looks(failed=0, metric=0.97, updates=99)),
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


def test_of_few_updates_a_layer_is_named_only_if_all_of_it_is_dead():
    some, all_ = (with_measure(DEAD, n, of=looks(updates=99)) for n in (WIDTH - 1, WIDTH))
    assert list(judged(some)) == ["few_updates"]
    assert list(judged(all_)) == ["dead_from_the_start", "few_updates"]


def test_a_short_training_neither_jumps_to_and_fro_nor_is_at_rest():
    for of in (restless(), looks(is_linear=1)):
        assert list(judged(short_of(MANY_LOOKS, of))) == ["few_epochs"]


def test_of_few_samples_neighbours_say_nothing():
    few = {"failed": 0, "samples": FEW_SAMPLES - 1, "reference": 0.2}
    found = judged(looks(metric=1.0, **few))
    assert list(found) == ["converged"]
    assert "is 100 %, where a large enough network" in sentence_of(
        "converged", found["converged"], "accuracy"
    )
    assert list(judged(looks(metric=0.9, **few))) == ["plateau"]
    assert list(judged(looks(metric=0.9, **{**few, "samples": FEW_SAMPLES}))) == ["converged"]
    error = {"lower_is_better": 1.0, "common_class": 0, "target_deviation": 1.0}
    assert list(judged(looks(metric=0.2, **few, **error))) == ["converged"]
    assert list(judged(looks(metric=0.3, **few, **error))) == ["plateau"]


def test_of_few_samples_deviations_tell_no_scale():
    few = {"samples": FEW_SAMPLES - 1}
    assert list(judged(looks(smallest_reach=0.01, **few))) == ["plateau"]
    assert list(judged(looks(input_size=0.001, **few))) == ["foreign_inputs"]


def test_features_that_rarely_vary_do_no_harm_if_they_go_as_far_as_others():
    assert list(judged(looks(smallest_deviation=0.001, smallest_reach=1.0))) == ["plateau"]


def test_gradients_that_vanish_are_blamed_on_no_low_rate():
    of = with_measure(GRADIENT, 1e-5)
    for layer in range(len(of.widths)):
        of = with_measure(MOVED, 1e-5, layer=layer, of=of)
    assert list(judged(of)) == ["vanishing"]


def test_gradients_that_are_small_since_errors_are_do_not_vanish():
    smaller = [0.2] + [0.05] * (LOOKS - 1)
    of = with_measure(DELTA, smaller, layer=2, of=with_measure(GRADIENT, 1e-5))
    assert list(judged(of)) == ["plateau"]


def test_errors_that_grow_on_their_way_back_explode():
    assert list(judged(with_measure(DELTA, 80.0, layer=0))) == ["exploding"]


def test_what_saturates_from_the_start_does_not_explode_besides():
    of = with_measure(SATURATED, 6, of=exploding())
    assert list(judged(of)) == ["saturated_from_the_start"]


def test_a_network_whose_loss_falls_still_is_not_blamed_for_being_linear():
    assert list(judged(with_losses(0.25, 0.15, is_linear=1))) == ["few_updates"]


def test_a_loss_that_scatters_by_a_few_percent_is_not_restless():
    of = looks()
    scores = of.scores.copy()
    scores[1:, 0] = [0.2, 0.206] * 4
    assert list(judged(replace(of, scores=scores))) == ["plateau"]


def test_features_that_do_not_vary_explode_nowhere():
    of = with_measure(SPREAD, 1e-8, of=looks(smallest_deviation=0, largest_deviation=0))
    assert list(judged(of)) == ["constant_features"]


def test_neurons_that_became_equal_did_not_begin_so():
    became = [0, *[WIDTH - 1] * (LOOKS - 1)]
    assert list(judged(with_measure(TWINS, became))) == ["plateau"]


def test_the_rate_that_overshoots_is_not_the_one_that_a_schedule_came_to():
    found = judged(with_losses(0.25, 0.5, last_rate=1e-5))
    assert found["overshoots"]["rate"] == 0.1


def test_a_rate_that_became_small_was_not_too_low():
    of = looks(last_rate=1e-5)
    for layer in range(3):
        of = with_measure(MOVED, 1e-5, layer, of)
    assert list(judged(of)) == ["cooled"]


def test_gradients_that_dead_neurons_cut_off_do_not_vanish():
    of = with_measure(GRADIENT, 0.0, of=with_measure(DEAD, WIDTH // 2 - 1))
    assert list(judged(of)) == ["plateau"]


def test_small_gradients_of_many_weights_do_not_vanish():
    of_few = with_measure(GRADIENT, 6e-5, layer=0)
    assert list(judged(of_few)) == ["vanishing"]
    assert list(judged(replace(of_few, facts=looks(features=3000).facts))) == ["plateau"]
    wide = replace(with_measure(GRADIENT, 6e-5), widths=np.array([300, 300, 2]))
    assert list(judged(wide)) == ["plateau"]


def test_a_loss_that_diverged_overshoots_whatever_is_trained():
    of = with_losses(0.25, 0.5, begun_at=2.0, ended_at=np.nan, failed=2)
    assert list(judged(of)) == ["overshoots"]


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
    assert [write_number(v, "updates") for v in (0.0, 1.0, 1234.0)] == [
        "0 updates",
        "1 update",
        "1,234 updates",
    ]
    assert write_number(0.5, "reference", "r2") == "nearest neighbours have 0.5"
    few = "a large enough network can meet all of so few samples, if no two are alike"
    assert write_number(np.inf, "reference") == few


def test_few_updates_are_as_few_as_the_hints_of_a_run_have_it():
    assert MANY_UPDATES == FEW_UPDATES
