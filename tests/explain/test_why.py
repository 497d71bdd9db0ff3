"""`why` takes experiments and runs, looks at the worst runs, and says what it found."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mlplab import Experiment, draw, train
from mlplab.errors import MlplabError
from mlplab.explain import Explanation, why
from mlplab.explain.explanation import Finding
from mlplab.explain.facts import BEGUN_AT, ENDED_AT
from mlplab.explain.looking import look_at
from mlplab.explain.why import chosen

ZEROS = Experiment.model_validate(
    {
        "dataset": {"kind": "polar", "classes": 2, "sigma": 0.1, "train_per_class": 64},
        "network": {
            "hidden_layers": 1,
            "layer_width": 5,
            "activation": "relu",
            "initializer": "zeros",
        },
        "training": {"batch_size": 16, "epochs": 3},
    }
)


def test_a_run_that_is_watched_comes_out_as_it_did():
    experiment = ZEROS.varied({"network.initializer": "he_normal", "training.epochs": 60})
    run = train(experiment, 1, 5)[0]
    looks = look_at(draw(experiment, 5), run.ending)
    assert looks.scores[-1].tolist() == [run.train_loss, run.train_metric]
    assert looks.epochs.tolist() == list(range(0, 61, 2))


def test_the_loss_that_is_trained_has_its_penalty_and_its_weights():
    heavy = ZEROS.varied({"network.initializer": "he_normal"})
    looks = look_at(draw(heavy, 1), "stuck")
    assert looks.facts[[BEGUN_AT, ENDED_AT]].tolist() == [0, 0]
    penalised = heavy.varied({"network.kernel_regularizer": {"kind": "l2", "l2": 0.5}})
    looks, run = look_at(draw(penalised, 1), "stuck"), train(penalised, 1, 1)[0]
    begun = looks.scores[0, 0] + 0.5 * sum((w**2).sum() for w in draw(penalised, 1).weights)
    ended = run.train_loss + 0.5 * sum((w**2).sum() for w in run.weights)
    np.testing.assert_allclose(looks.facts[[BEGUN_AT, ENDED_AT]], [begun, ended], rtol=1e-5)
    weighted = heavy.varied({"training.class_weight": {"1": 9.0}})
    looks, run = look_at(draw(weighted, 1), "stuck"), train(weighted, 1, 1)[0]
    expected = [5 * looks.scores[0, 0], run.history.train_loss[-1]]
    np.testing.assert_allclose(looks.facts[[BEGUN_AT, ENDED_AT]], expected, rtol=1e-6)


def test_runs_a_run_and_an_experiment_are_explained_alike():
    runs = train(ZEROS, 3)
    of_runs = why(runs)
    assert of_runs == why(ZEROS, 3)
    assert of_runs.runs[1] == why(runs[1]).runs[0]
    assert of_runs.counts == {"equal_neurons": 3}
    assert of_runs.failed == 3


def test_runs_of_another_trainer_are_judged_by_what_the_engine_made_of_them():
    by_engine = train(ZEROS, 2)[0]
    by_reference = train(ZEROS, 2, trainer="reference")[0]
    assert why(by_reference) == why(by_engine)
    parted = replace(by_reference, ending="diverged", cause="loss", train_metric=np.nan)
    (explained,) = why(parted).runs
    assert (explained.ending, explained.code) == ("diverged", "equal_neurons")
    assert (
        f"rounds otherwise than reference, it {by_engine.reason}; its accuracy" in explained.again
    )
    assert str(explained).split("\n")[1] == explained.again
    worse = replace(by_reference, train_metric=by_engine.train_metric - 0.1)
    assert " instead of 40 %. What" in why(worse).runs[0].again


def test_what_is_said_has_the_cause_and_its_evidence():
    explanation = why(ZEROS, 3)
    headline = "Of 3 runs 3 fail. The likeliest cause in all of them: equal neurons (3)."
    assert str(explanation).startswith(headline)
    assert "All 5 neurons of hidden layer 1 have the same weights" in str(explanation)
    assert "<p>Of 3 runs" in explanation._repr_html_()
    assert repr(explanation) == f"<Explanation: {explanation.headline}>"


def test_runs_that_learned_are_told_apart_from_the_others():
    equal = why(ZEROS).runs[0]
    sound = replace(equal, findings=(Finding("learned", {}, ""),))
    mixed = Explanation((equal, sound), trained=2, failed=1)
    assert mixed.headline == (
        "Of 2 runs 1 fails. Nothing is wrong with 1 of them; the likeliest cause in the other one: "
        "equal neurons (1)."
    )
    several = Explanation((equal, sound, equal), trained=9, failed=0)
    assert several.headline == (
        "Of 9 runs none fail. Nothing is wrong with 1 of the 3 worst; the likeliest cause in the "
        "others: equal neurons (2)."
    )


def test_the_worst_runs_are_looked_at():
    runs = train(ZEROS.varied({"network.initializer": "he_normal", "training.epochs": 20}), 12)
    looked_at = chosen(runs, 4)
    left = np.setdiff1d(np.arange(12), looked_at)
    assert len(looked_at) == 4
    failed = runs.ending != "finished"
    assert failed[looked_at].sum() == min(4, failed.sum())
    if not failed.any():
        assert runs.train_metric[looked_at].max() <= runs.train_metric[left].min()


def test_progress_is_told():
    told: list[tuple[int, int]] = []
    why(ZEROS, 2, progress=lambda done, total: told.append((done, total)))
    assert told == [(1, 2), (2, 2)]


@pytest.mark.parametrize(
    ("of", "options", "said"),
    [
        ("1.3.toml", {}, "expected an Experiment, Runs or a Run"),
        (ZEROS, {"most": 0}, "most must be"),
        (ZEROS, {"replications": 0}, "replications"),
    ],
)
def test_what_cannot_be_explained_is_refused(of: object, options: dict[str, int], said: str):
    with pytest.raises(MlplabError, match=said):
        why(of, **options)  # type: ignore[arg-type]


def test_no_runs_and_options_of_training_are_refused():
    runs = train(ZEROS, 2)
    with pytest.raises(MlplabError, match="these runs are trained"):
        why(runs, 3)
    with pytest.raises(MlplabError, match="at least one run"):
        why(runs[:0])
