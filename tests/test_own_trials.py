"""A trial of one's own, drawn and then changed, is trained as it is by every trainer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from mlplab.data import Samples
from mlplab.engine import LANES
from mlplab.engine.jobs import Shape
from mlplab.errors import DataError, MlplabError
from mlplab.run import Runs
from mlplab.spec import SGD, Experiment, Network, Polar, Training
from mlplab.training import train
from mlplab.trial import Trial, Trials, draw

SMALL = Experiment(
    dataset=Polar(classes=3, train_per_class=8, test_per_class=5),
    network=Network(hidden_layers=1, layer_width=4, activation="tanh"),
    training=Training(
        optimizer=SGD(learning_rate=0.5, momentum=0.3), batch_size=7, epochs=3, dtype="float64"
    ),
)


def own_trial(seed: int) -> Trial:
    """Draw a trial and change all that can be: weights, biases, samples, labels and shuffles."""
    trial = draw(SMALL, seed)
    splits = trial.dataset.splits
    moved = {
        name: replace(split, x=split.x + 0.5, y=(split.y + 1) % 3) for name, split in splits.items()
    }
    return replace(
        trial,
        weights=tuple(w * -2 for w in trial.weights),
        biases=tuple(b + 0.25 * seed + 0.5 for b in trial.biases),
        dataset=replace(trial.dataset, **moved),
        shuffle_key=trial.shuffle_key ^ 12345,
    )


def changed(what: str) -> Trial:
    """Draw a trial and change one thing."""
    trial, own = draw(SMALL, 2), own_trial(2)
    return replace(trial, **{what: getattr(own, what)})


def weights_of(runs: Runs, i: int = 0) -> np.ndarray:
    return np.concatenate([p[i].ravel() for p in (*runs.weights, *runs.biases)])


@pytest.mark.parametrize("what", ["weights", "biases", "dataset", "shuffle_key"])
def test_each_change_counts_and_trainers_agree(what: str, tolerance: Any):
    trial = changed(what)
    ref, comp = (train(trial, trainer=trainer) for trainer in ("reference", "engine"))
    np.testing.assert_allclose(
        weights_of(comp), weights_of(ref), rtol=0, atol=tolerance.trajectory_float64
    )
    assert comp.test_loss[0] == pytest.approx(ref.test_loss[0], abs=tolerance.float64)
    assert comp.predicted.tolist() == ref.predicted.tolist()
    assert comp.labelled.tolist() == ref.labelled.tolist()
    drawn = train(SMALL, seed=2)
    assert np.abs(weights_of(comp) - weights_of(drawn)).max() > 1e-4
    assert comp.seed.tolist() == [2]


@pytest.mark.slow
def test_keras_trains_a_trial_of_ones_own(tolerance: Any):
    ref, comp = (train(own_trial(1), trainer=trainer) for trainer in ("reference", "keras"))
    np.testing.assert_allclose(
        weights_of(comp), weights_of(ref), rtol=0, atol=tolerance.trajectory_float64
    )


def test_a_trial_that_is_not_changed_is_that_of_its_seed():
    assert weights_of(train(draw(SMALL, 7))).tobytes() == weights_of(train(SMALL, seed=7)).tobytes()


def test_in_a_block_as_alone(monkeypatch: pytest.MonkeyPatch):
    trials = [own_trial(seed) for seed in range(LANES - 1)]
    monkeypatch.setattr(Shape, "block_worth", 0.0)
    block = train(Trials.from_trials(trials))
    for i, trial in enumerate(trials):
        alone = train(trial)
        assert weights_of(block, i).tobytes() == weights_of(alone).tobytes()
        assert block.test_loss[i] == alone.test_loss[0]
        assert block.history.train_loss[i].tobytes() == alone.history.train_loss[0].tobytes()
        assert block.labelled[i].tolist() == alone.labelled[0].tolist()


def test_own_trials_and_drawn_ones_of_the_same_sizes_are_trained_apart():
    own, drawn = Trials.from_trials([own_trial(0)]), Trials.from_seeds(SMALL, [0])
    assert Shape.from_trials(own) != Shape.from_trials(drawn)


def test_own_trials_with_weights_and_without_are_trained_apart():
    weighs = {"class_weight": {"0": 2.0}}
    spec = Experiment(dataset={"kind": "arrays"}, training=weighs)
    x, y = np.arange(20.0).reshape(20, 1), [0, 1] * 10
    split = ["train"] * 10 + ["validation"] * 4 + ["test"] * 6
    shapes = [
        Shape.from_trials(Trials.from_trials([draw(spec, 0, data)]))
        for data in ((x, y, split), (x, y, split, np.ones(20)))
    ]
    assert shapes[0].head == shapes[1].head
    assert shapes[0] != shapes[1]


def test_runs_are_split_anew_if_their_trials_were():
    x, y = np.random.default_rng(0).normal(size=(40, 2)), np.arange(40) % 2
    own = Experiment(dataset="arrays", training={"epochs": 1})
    trials = Trials.from_trials([draw(own, seed, (x, y)) for seed in range(2)])
    for trainer in ("engine", "reference"):
        assert train(trials, trainer=trainer).resplit_ratio == 8 / 24
        assert train(own, 2, data=(x, y), trainer=trainer).resplit_ratio == 8 / 24
        split = np.repeat(["train", "validation", "test"], (20, 10, 10))
        assert train(draw(own, 0, (x, y, split)), trainer=trainer).resplit_ratio is None
        assert train(SMALL, trainer=trainer).resplit_ratio is None


# ---- What is refused -----------------------------------------------------------------------------


def test_trials_that_are_standardised_and_not_are_refused_with_what_differs():
    x, y = np.random.default_rng(0).normal(size=(40, 2)), np.arange(40) % 2
    trial, other = (
        draw(Experiment(dataset={"kind": "arrays", "standardise": each}), 0, (x, y))
        for each in (True, False)
    )
    with pytest.raises(MlplabError, match=r"must be alike .*in whether these are standardised"):
        Trials.from_trials([trial, replace(trial, dataset=other.dataset)])


def with_split(trial: Trial, **values: Any) -> Trial:
    return replace(
        trial,
        dataset=replace(trial.dataset, validation=replace(trial.dataset.validation, **values)),
    )


WRONG: dict[str, tuple[Callable[[Trial], Trial], str]] = {
    "a layer less": (
        lambda t: replace(t, weights=t.weights[:1]),
        r"weights and biases of float64 and shapes \(4, 2\), \(3, 4\), \(4,\), \(3,\), received",
    ),
    "a neuron more": (
        lambda t: replace(t, biases=(np.zeros(5), np.zeros(3))),
        r"received float64 \(4, 2\), float64 \(3, 4\), float64 \(5,\), float64 \(3,\)$",
    ),
    "another type": (
        lambda t: replace(t, weights=tuple(w.astype(np.float32) for w in t.weights)),
        r"received float32 \(4, 2\), float32",
    ),
    "a feature more": (
        lambda t: with_split(t, x=np.zeros((15, 3))),
        r"validation samples of float64 and shape \(samples, 2\), received float64 \(15, 3\)",
    ),
    "samples of another type": (
        lambda t: with_split(t, x=np.zeros((15, 2), np.float32)),
        r"received float32 \(15, 2\) and 15 labels",
    ),
    "a label too few": (
        lambda t: with_split(t, y=np.zeros(14, np.int64)),
        r"received float64 \(15, 2\) and 14 labels",
    ),
    "no sample": (
        lambda t: with_split(t, x=np.zeros((0, 2)), y=np.zeros(0, np.int64)),
        r"received float64 \(0, 2\) and 0 labels",
    ),
    "a label too large": (
        lambda t: with_split(t, y=np.full(15, 3)),
        r"validation labels from 0 to 2, received \[3\]",
    ),
    "a label too small": (lambda t: with_split(t, y=np.full(15, -1)), r"received \[-1\]"),
    "labels in a column": (
        lambda t: with_split(t, y=np.zeros((15, 1), np.int64)),
        r"received float64 \(15, 2\) and labels int64 \(15, 1\)",
    ),
    "labels in a list": (lambda t: with_split(t, y=[0] * 15), r"and labels \[0, 0"),
    "samples in a list": (
        lambda t: with_split(t, x=[[0.0, 0.0]] * 15),
        r"received \[\[0.0, 0.0\]",
    ),
    "weights in a list": (
        lambda t: replace(t, weights=t.weights[0].tolist()),
        r"shapes \(4, 2\), .*received \[",
    ),
    "no biases": (lambda t: replace(t, biases=None), r"received \(array.*None$"),
    "no dataset": (lambda t: replace(t, dataset=None), "a Dataset, received None"),
    "a key below 0": (lambda t: replace(t, shuffle_key=-1), r"from 0 to 2\^64 - 1, received -1"),
    "a key too large": (lambda t: replace(t, shuffle_key=2**64), "received 18446744073709551616"),
    "a key that is not whole": (lambda t: replace(t, shuffle_key=1.5), "received 1.5"),
    "labels that are no whole numbers": (
        lambda t: with_split(t, y=np.full(15, 0.5)),
        r"received \[0.5\]",
    ),
}


@pytest.mark.parametrize("trainer", ["engine", "reference"])
@pytest.mark.parametrize("what", WRONG)
def test_a_trial_that_does_not_fit_its_experiment_is_refused(what: str, trainer: str):
    change, sentence = WRONG[what]
    with pytest.raises(MlplabError, match=f"the trial of seed 4 needs .*{sentence}"):
        train(change(draw(SMALL, 4)), trainer=trainer)


@pytest.mark.parametrize("count", [1, LANES])
@pytest.mark.parametrize("split", ["train", "validation", "test"])
def test_labels_that_change_after_the_check_are_not_what_is_trained(split: str, count: int):
    """A kernel trusts labels: one that is too large may reach behind its arrays."""
    trial = draw(SMALL, 4)
    labels = getattr(trial.dataset, split).y.copy()
    aliased = replace(getattr(trial.dataset, split), y=labels)
    dataset = replace(trial.dataset, **{split: aliased})
    trials = Trials.from_trials([replace(trial, dataset=dataset)] * count)
    labels[1:] = 10**5
    np.testing.assert_array_equal(train(trials).test_loss, train(trial).test_loss[[0] * count])


@pytest.mark.parametrize("kind", [np.uint8, ">i8"])
def test_labels_may_be_whole_numbers_of_any_type(kind: Any):
    trial = draw(SMALL, 4)
    own = with_split(trial, y=trial.dataset.validation.y.astype(kind))
    assert (
        train(own).history.validation_loss.tolist() == train(trial).history.validation_loss.tolist()
    )


def test_trials_are_trials_and_there_is_one_at_least():
    with pytest.raises(MlplabError, match=r"a trial was expected, .* received 3$"):
        Trials.from_trials([draw(SMALL, 0), 3])  # type: ignore[list-item]  # the mistake
    with pytest.raises(MlplabError, match="nothing to train: received no trial"):
        train(Trials.from_seeds(SMALL, []))
    assert train(Trials.from_trials(draw(SMALL, seed) for seed in (3, 5))).seed.tolist() == [3, 5]


def test_trials_that_are_trained_together_are_alike():
    trial = draw(SMALL, 0)
    fewer = with_split(trial, x=trial.dataset.test.x[:7], y=trial.dataset.test.y[:7])
    renamed = replace(trial, dataset=replace(trial.dataset, label_names=("a", "b", "c")))
    for other in (fewer, renamed):
        with pytest.raises(MlplabError, match="alike in the sizes and names of their samples"):
            Trials.from_trials([trial, other])
    with pytest.raises(MlplabError, match=r"of one experiment, .* with the trial of seed 5$"):
        Trials.from_trials([trial, draw(SMALL.varied({"training.epochs": 1}), 5)])
    with pytest.raises(MlplabError, match="nothing to train: received no trial"):
        Trials.from_trials([])


def test_a_list_of_trials_is_told_how_they_are_put_together():
    trials = [draw(SMALL, 0), draw(SMALL, 1)]
    with pytest.raises(
        MlplabError, match=r"as mlplab\.trial\.Trials\.from_trials\(trials\), received"
    ):
        train(trials)


@pytest.mark.parametrize(
    "option", [{"replications": 2}, {"seed": 1}, {"data": ([[0.0]], [1])}, {"label": "y"}]
)
def test_what_does_not_apply_to_trials_is_refused(option: dict[str, Any]):
    for trials in (draw(SMALL, 0), Trials.from_seeds(SMALL, range(2))):
        with pytest.raises(MlplabError, match="do not apply to trials"):
            train(trials, **option)


FINITE = Experiment(dataset="arrays")
SEEDS = np.arange(2)
STREAMS = (np.arange(2, dtype=np.uint64),) * 3
WRONG_TRIALS: dict[str, tuple[dict[str, Any], str]] = {
    "seeds in a list": ({"seeds": [0, 1]}, r"a range or an array of int64.*received \[0, 1\]"),
    "seeds that are no whole numbers": (
        {"seeds": np.array([0, np.nan])},
        r"received float64 \(2,\)",
    ),
    "seeds in a table": ({"seeds": np.zeros((2, 1), np.int64)}, r"received int64 \(2, 1\)"),
    "a seed below 0": ({"seeds": np.array([3, -1])}, r"from 0 to 2\^62, received .*-1"),
    "a range below 0": ({"seeds": range(1, -2, -1)}, r"from 0 to 2\^62, received -1"),
    "a range too far": ({"seeds": range(2**62, 2**62 + 2)}, "the last run's seed must be"),
    "two streams": ({"streams": STREAMS[:2]}, r"four arrays of uint64 and shape \(2,\)"),
    "streams of another type": (
        {"streams": (*STREAMS[:2], np.zeros(2))},
        r"received uint64 \(2,\), uint64 \(2,\), float64 \(2,\)",
    ),
    "a stream too short": ({"streams": (*STREAMS[:2], STREAMS[0][:1])}, r"uint64 \(1,\)$"),
    "streams in a list": ({"streams": list(STREAMS)}, r"shape \(2,\), received \[array"),
    "no samples": ({"experiment": FINITE}, "need the Samples .* received finite=None"),
    "samples for a recipe": ({"finite": 3}, "need .*, received finite=3"),
    "one drawn trial": ({"drawn": (draw(SMALL, 0),)}, "2 drawn trials must come in a tuple"),
    "what is no trial": ({"drawn": (draw(SMALL, 0), 3)}, "a trial was expected, .* received 3"),
    "trials of another experiment": (
        {"drawn": (draw(SMALL, 0),) * 2, "experiment": Experiment(dataset="linear")},
        "must be of one experiment",
    ),
    "weights that do not fit": (
        {"drawn": (replace(draw(SMALL, 0), weights=()),) * 2},
        "the trial of seed 0 needs weights",
    ),
}


@pytest.mark.parametrize("what", WRONG_TRIALS)
def test_trials_that_do_not_fit_together_are_refused(what: str):
    fields, sentence = WRONG_TRIALS[what]
    with pytest.raises(MlplabError, match=sentence):
        Trials(**{"experiment": SMALL, "seeds": SEEDS, **fields})


def test_samples_where_none_are_wanted_are_refused():
    samples = Samples.from_arrays(np.arange(6.0).reshape(6, 1), [0, 1] * 3)
    with pytest.raises(MlplabError, match="need no samples to split, received finite=<6 samples"):
        Trials(SMALL, SEEDS, finite=samples)


def test_other_samples_than_the_experiment_means_are_refused():
    one, other = (Samples.from_arrays(np.arange(6.0).reshape(6, 1) + i, [0, 1] * 3) for i in (0, 1))
    pinned = FINITE.varied({"dataset.content": one.content})
    assert len(Trials(pinned, SEEDS, finite=one)) == 2
    with pytest.raises(DataError, match="other samples"):
        Trials(pinned, SEEDS, finite=other)
