"""`train` calls every trainer, and treats each alike."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mlplab.errors import MlplabError, SpecError, shown
from mlplab.run import Runs
from mlplab.spec import SGD, Experiment, Network, Polar, RandomNormal, SamplesFile, Training
from mlplab.trainers import TOGETHER, TRAINERS
from mlplab.training import train, train_crossed
from mlplab.trial import draw

every_trainer = pytest.mark.parametrize("trainer", TRAINERS)
keras_slowly = pytest.mark.parametrize(
    "trainer",
    [pytest.param(name, marks=pytest.mark.slow if name == "keras" else ()) for name in TRAINERS],
)

EXPERIMENT = Experiment(
    dataset=Polar(classes=3, train_per_class=8, test_per_class=5),
    network=Network(hidden_layers=1, layer_width=4, activation="tanh"),
    training=Training(optimizer=SGD(learning_rate=1.0), batch_size=6, epochs=3),
)

SCALARS = ["train_loss", "train_accuracy", "test_loss", "test_accuracy"]


DIVERGING = Experiment(
    dataset=EXPERIMENT.dataset,
    network=Network(hidden_layers=1, layer_width=4, activation="relu"),
    # A step of 1e38 takes float32, which ends at 3.4e38, to infinity.
    training=Training(optimizer=SGD(learning_rate=1e38), batch_size=6, epochs=3),
)


@cache
def two_runs(experiment: Experiment, trainer: str) -> tuple[Runs, list[tuple[int, int]]]:
    """Train twice from seed 5, once for all tests; return the calls of `progress` too."""
    calls: list[tuple[int, int]] = []
    runs = train(experiment, 2, 5, trainer, lambda done, total: calls.append((done, total)))
    return runs, calls


# ---- Many runs -----------------------------------------------------------------------------------


@every_trainer
def test_arrays_have_a_leading_replication_axis(trainer: str):
    runs, _ = two_runs(EXPERIMENT, trainer)
    assert len(runs) == 2
    assert runs.trainer == trainer
    assert runs.experiment == EXPERIMENT
    assert runs.seed.tolist() == [5, 6]
    assert runs.updates.tolist() == [12, 12]
    assert [w.shape for w in runs.weights] == [(2, 4, 2), (2, 3, 4)]
    assert [b.shape for b in runs.biases] == [(2, 4), (2, 3)]
    assert all(array.dtype == np.float32 for array in (*runs.weights, *runs.biases))
    for name in [*SCALARS, "ending", "seconds"]:
        assert getattr(runs, name).shape == (2,), name
    for name, values in runs.history.arrays().items():
        assert values.shape == (2, 3), name
        assert values.dtype == np.float64
        assert np.isfinite(values).all()


@pytest.mark.parametrize("trainer", [name for name in TRAINERS if name not in TOGETHER])
def test_run_i_of_many_is_the_run_of_its_seed_alone_bit_for_bit(trainer: str):
    many, _ = two_runs(EXPERIMENT, trainer)
    alone = train(EXPERIMENT, replications=1, seed=6, trainer=trainer)[0]
    run = many[1]
    assert run.seed == alone.seed == 6
    for a, b in zip((*run.weights, *run.biases), (*alone.weights, *alone.biases), strict=True):
        np.testing.assert_array_equal(a, b)
    for name, array in run.history.arrays().items():
        np.testing.assert_array_equal(array, alone.history.arrays()[name])
    for name in [*SCALARS, "ending", "updates"]:
        assert getattr(run, name) == getattr(alone, name), name
    assert not np.array_equal(many.weights[0][0], many.weights[0][1])


@every_trainer
def test_scores_are_those_of_the_final_weights(trainer: str):
    # Accuracy of the test points, recomputed here from equation 1.
    runs, _ = two_runs(EXPERIMENT, trainer)
    run, test = runs[0], draw(EXPERIMENT, seed=5).dataset.test
    (w1, w2), (b1, b2) = run.weights, run.biases
    answers = (np.tanh(test.x @ w1.T + b1) @ w2.T + b2).argmax(axis=1)
    assert run.test_accuracy == pytest.approx((answers == test.y).mean(), abs=1e-6)


# ---- What is refused -----------------------------------------------------------------------------


def test_an_unknown_trainer_is_refused_with_a_suggestion():
    with pytest.raises(MlplabError) as refused:
        train(EXPERIMENT, trainer="kers")
    assert str(refused.value) == (
        f"unknown trainer 'kers'; did you mean 'keras'? (known: {', '.join(TRAINERS)})"
    )


def test_a_trainer_that_is_no_name_is_refused():
    with pytest.raises(MlplabError, match=r"^unknown trainer 3; known: engine, reference"):
        train(EXPERIMENT, trainer=3)


FROM_FILE = "; Experiment.from_toml reads one from a file"


@pytest.mark.parametrize(
    ("came", "told"),
    [
        ("x.toml", "'x.toml'" + FROM_FILE),
        (Path("x.toml"), f"{Path('x.toml')!r}{FROM_FILE}"),
        ([EXPERIMENT, "x.toml"], "'x.toml'" + FROM_FILE),
        ({"dataset": "polar"}, "{'dataset': 'polar'}"),
        (None, "None"),
        (EXPERIMENT.network, shown(EXPERIMENT.network)),
    ],
)
def test_what_is_no_experiment_is_refused(came: Any, told: str):
    with pytest.raises(SpecError) as refused:
        train(came)
    assert str(refused.value) == f"an Experiment was expected, received {told}"


def test_experiments_may_come_from_anything_that_can_be_gone_through():
    runs = train(experiment for experiment in (EXPERIMENT, DIVERGING))
    assert [each.experiment for each in runs] == [EXPERIMENT, DIVERGING]


def test_what_is_no_experiment_is_not_crossed():
    with pytest.raises(SpecError, match=r"^an Experiment was expected, received 'x.toml'"):
        train_crossed("x.toml", seeds=2)


@pytest.mark.parametrize("replications", [0, -1])
def test_replications_below_1_are_refused(replications: int):
    with pytest.raises(MlplabError, match=f"at least 1, received {replications}$"):
        train(EXPERIMENT, replications=replications)


@every_trainer
@pytest.mark.parametrize(
    ("seed", "replications"), [(-1, 1), (-1, 3), (2**62 + 1, 1), (2**62 - 1, 3), (1.5, 1)]
)
def test_seeds_out_of_range_are_refused_before_any_training(
    trainer: str, seed: Any, replications: int
):
    with pytest.raises(MlplabError, match="must be a whole number from 0 to 2\\^62, received"):
        train(EXPERIMENT, replications, seed, trainer, progress=lambda *_: pytest.fail("trained"))


def test_small_integers_of_numpy_do_not_wrap_around():
    runs = train(EXPERIMENT, np.int8(100), np.uint8(250), "engine", keep_weights=np.int8(100))
    assert runs.seed.tolist() == list(range(250, 350))
    assert len(train([EXPERIMENT] * 2, np.int8(100), np.int8(100))[1]) == 100
    crossed = train_crossed(EXPERIMENT, seeds=np.uint8(7), seed=np.uint8(250))
    assert sorted(set(crossed.seed.tolist())) == list(range(250, 257))
    assert len(crossed) == 7**3


@pytest.mark.parametrize(
    ("option", "sentence"),
    [
        ({"seed": True}, "a seed must be a whole number from 0 to 2^62, received True"),
        ({"replications": True}, "replications must be a whole number, received True"),
        ({"keep_weights": True}, "keep_weights must be a whole number, received True"),
        ({"threads": True}, "threads must be a whole number, received True"),
    ],
)
def test_truth_values_are_no_numbers(option: dict[str, Any], sentence: str):
    with pytest.raises(MlplabError) as refused:
        train(EXPERIMENT, **option)
    assert str(refused.value) == sentence


def test_truth_values_are_no_seeds_of_a_stream_either():
    with pytest.raises(MlplabError, match=r"^the seed of the weights must be .* received True$"):
        draw(EXPERIMENT, 1, weights=True)
    with pytest.raises(MlplabError, match="seeds must be a whole number, received True"):
        train_crossed(EXPERIMENT, seeds=True)


def test_the_engine_counts_threads_in_any_integer():
    assert len(train(EXPERIMENT, 3, threads=np.uint8(2))) == 3


# ---- Progress ------------------------------------------------------------------------------------


@every_trainer
def test_progress_counts_every_epoch_up_to_the_total(trainer: str):
    _, calls = two_runs(EXPERIMENT, trainer)
    done = [done for done, _ in calls]
    assert {total for _, total in calls} == {6}
    assert done == sorted(done)
    assert done[-1] == 6
    if trainer in TOGETHER:
        assert set(done) == {2, 4, 6}
    elif trainer != "engine":  # whose threads are looked at now and then
        assert set(done) == {1, 2, 3, 4, 5, 6}


def test_no_progress_is_wanted_where_it_is_none():
    assert len(train(EXPERIMENT, 2, progress=None)) == 2
    assert len(train(EXPERIMENT, trainer="reference", progress=None)) == 1
    assert len(train_crossed(EXPERIMENT, 1, progress=None)) == 1


@every_trainer
@pytest.mark.parametrize("stop", [KeyboardInterrupt, RuntimeError])
def test_what_progress_raises_ends_the_training(trainer: str, stop: type[BaseException]):
    calls = []

    def progress(done: int, total: int) -> None:
        calls.append(done)
        raise stop

    with pytest.raises(stop):
        train(EXPERIMENT, 2, trainer=trainer, progress=progress)
    assert len(calls) == 1


# ---- How a run ends ------------------------------------------------------------------------------


@keras_slowly
def test_a_run_that_diverges_is_kept_and_says_so(trainer: str):
    # Warnings are errors here: it says so by its ending, and in no other way.
    runs, calls = two_runs(DIVERGING, trainer)
    assert runs.ending.tolist() == ["diverged", "diverged"]
    assert runs.cause.tolist() == ["loss", "loss"]
    assert (runs.updates < 12).all()
    assert (runs.updates % 4 == 0).all()  # to the end of an epoch
    for run in (runs[0], runs[1]):
        reached = run.updates // 4
        assert not np.isfinite(run.history.validation_loss[reached - 1])
        for array in run.history.arrays().values():
            assert np.isnan(array[reached:]).all()
    done = [done for done, _ in calls]
    assert done == sorted(done)
    assert done[-1] == 6
    if trainer not in ("engine", *TOGETHER):
        assert 3 in done  # the end of the first run


def test_all_trainers_leave_the_same_of_a_run_that_diverges():
    ours, _ = two_runs(DIVERGING, "reference")
    for trainer in TRAINERS:
        theirs, _ = two_runs(DIVERGING, trainer)
        assert ours.updates.tolist() == theirs.updates.tolist()
        np.testing.assert_array_equal(ours.history.validation_loss, theirs.history.validation_loss)
        # Where outputs are no numbers there is no answer, so that nothing is right: not even class 0.
        for name in ("train_accuracy", "test_accuracy"):
            np.testing.assert_array_equal(getattr(theirs, name), 0)
        reached = ours.updates[0] // 4
        np.testing.assert_array_equal(theirs.history.validation_accuracy[:, reached - 1], 0)


def with_far_samples(tmp_path: Path, *splits: str) -> Experiment:
    """Ten epochs on own samples, of which one of each of these splits is at the end of float32."""
    rows = [
        f"{0.1 * i + k},{1 - 0.1 * i - k},{k},{part}"
        for part in ("train", "validation", "test")
        for k in (0, 1)
        for i in range(4)
    ]
    path = tmp_path / "own.csv"
    far = [f"3.3e38,3.3e38,1,{split}" for split in splits]
    path.write_text("\n".join(["x1,x2,label,split", *rows, *far]))
    return Experiment(
        dataset=SamplesFile(path=str(path)),
        network=Network(initializer=RandomNormal(stddev=4.0)),
        training=Training(
            loss="categorical_crossentropy",
            optimizer=SGD(learning_rate=1.0),
            batch_size=2,
            epochs=10,
        ),
    )


@keras_slowly
def test_looking_at_a_network_ends_no_training(trainer: str, tmp_path: Path):
    runs = train(with_far_samples(tmp_path, "validation", "test"), 2, 1, trainer)
    assert not np.isfinite(runs.history.validation_loss[:, -1]).any()
    assert not np.isfinite(runs.test_loss).any()
    assert runs.ending.tolist() == ["finished", "finished"]
    assert runs.updates.tolist() == [40, 40]
    assert np.isfinite(runs.history.train_loss).all()
    assert np.isfinite(runs.train_loss).all()


@keras_slowly
def test_a_training_loss_that_is_not_finite_ends_a_training(trainer: str, tmp_path: Path):
    runs = train(with_far_samples(tmp_path, "train"), 2, 1, trainer)
    assert runs.ending.tolist() == ["diverged", "diverged"]
    assert runs.cause.tolist() == ["loss", "loss"]
    assert (runs.updates == 5).all()  # one epoch of nine samples
    assert runs[0].reason == "diverged: the training loss was not finite in epoch 1"


@every_trainer
def test_runs_say_what_their_samples_were(trainer: str):
    runs, _ = two_runs(EXPERIMENT, trainer)
    assert runs.label_names == ("0", "1", "2")
    assert runs.feature_names == ("x1", "x2")
    assert runs.input_mean is None
    assert runs.labelled.tolist() == [[8, 8, 8]] * 2
    for run in runs:
        train_samples = draw(EXPERIMENT, run.seed).dataset.train
        names = run.predict(train_samples.x)
        assert [int((names == name).sum()) for name in runs.label_names] == run.predicted.tolist()
        correct = run.confusion_matrix(train_samples.x, train_samples.y).trace()
        assert correct == round(24 * run.train_accuracy)


@keras_slowly
def test_the_labs_sigmoid_network_is_stuck(trainer: str):
    # Task 1.2 with sigmoid (LAB.md), shortened to a tenth of its updates: 50 % either way.
    experiment = Experiment(
        dataset=Polar(sigma=0.1),
        network=Network(
            hidden_layers=1,
            layer_width=5,
            activation="sigmoid",
            initializer=RandomNormal(mean=0.1, stddev=0.1),
        ),
        training=Training(optimizer=SGD(learning_rate=1.0), batch_size=16, epochs=2),
    )
    runs = train(experiment, trainer=trainer)
    assert runs.ending.tolist() == ["stuck"]
    assert runs.cause.tolist() == ["one_class"]
    assert runs.test_accuracy[0] == pytest.approx(0.5, abs=0.06)


@pytest.mark.parametrize("trainer", ["engine", "reference"])
def test_a_run_that_learns_is_finished(trainer: str):
    # Task 1.1 with batches of 16, shortened.
    training = Training(optimizer=SGD(learning_rate=1.0), batch_size=16, epochs=2)
    runs = train(Experiment(dataset="linear", training=training), trainer=trainer)
    assert runs.ending.tolist() == ["finished"]
    assert runs.train_accuracy[0] > 0.9


@pytest.mark.parametrize("trainer", [name for name in TRAINERS if name != "engine"])
def test_only_the_engine_leaves_validation_out(trainer: str):
    with pytest.raises(MlplabError, match=f"validate=False needs the engine.*'{trainer}'"):
        train(EXPERIMENT, trainer=trainer, validate=False)
