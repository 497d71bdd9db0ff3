"""A trial is the same for ever, and each of its four streams can be held alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import mlplab.trial
from mlplab.data import SPLITS, draw_dataset, write_samples
from mlplab.errors import MlplabError, SpecError, shown
from mlplab.spec import (
    SGD,
    Adam,
    Experiment,
    GlorotNormal,
    Linear,
    Network,
    Polar,
    RandomNormal,
    SamplesFile,
    Training,
)
from mlplab.streams import LARGEST_SEED, permutation, shuffle_key, stream, uniform
from mlplab.trial import Trial, draw

TASK_1_1 = Experiment(
    dataset=Linear(sigma=0.06),
    network=Network(initializer=RandomNormal(mean=0.1, stddev=0.1)),
    training=Training(optimizer=SGD(learning_rate=1.0), batch_size=16, epochs=4),
)
TASK_1_4 = Experiment(
    dataset=Polar(classes=5, sigma=0.05),
    network=Network(
        hidden_layers=10, layer_width=50, activation="relu", initializer=GlorotNormal()
    ),
    training=Training(optimizer=Adam(), batch_size=32, epochs=20),
)


def with_training(experiment: Experiment, **changes: Any) -> Experiment:
    training = experiment.training.model_copy(update=changes)
    return experiment.model_copy(update={"training": training})


def in_float64(experiment: Experiment) -> Experiment:
    return with_training(experiment, dtype="float64")


# ---- The same for ever -----------------------------------------------------------------------


def test_a_trial_of_task_1_1_is_the_same_for_ever():
    trial = draw(in_float64(TASK_1_1), seed=2024)
    expected = {
        "weights": (
            trial.weights[0],
            [
                [-0.03567939744184889, 0.10867377976032216],
                [0.04925052295250806, -0.043026220435087165],
            ],
        ),
        "training points": (
            trial.dataset.train.x[[0, -1]],
            [
                [0.43315678769779825, 0.38542068397129436],
                [0.6218085259271523, 0.7128256176614535],
            ],
        ),
        "test points": (
            trial.dataset.test.x[[0, -1]],
            [
                [0.4158269931277104, 0.4060281377528966],
                [0.7681553183314447, 0.6341486777524371],
            ],
        ),
    }
    for what, (drawn, wanted) in expected.items():
        np.testing.assert_allclose(drawn, wanted, rtol=1e-12, err_msg=what)
    assert trial.shuffle(0)[:6].tolist() == [686, 610, 529, 702, 706, 118]
    assert trial.shuffle(3)[-6:].tolist() == [838, 343, 646, 132, 64, 938]


def test_a_trial_of_task_1_4_is_the_same_for_ever():
    trial = draw(in_float64(TASK_1_4), seed=2024)
    expected = {
        "first weights": (
            trial.weights[0][:2],
            [
                [-0.2780274671242383, 0.018456576463669914],
                [-0.10756914381458019, -0.29141143541401066],
            ],
        ),
        "last weights": (trial.weights[-1][-1, -2:], [-0.2078613936297573, 0.3434110212498482]),
        "training points": (
            trial.dataset.train.x[[0, -1]],
            [
                [-0.06328979478765959, 0.05398469910741533],
                [-0.5994544625699194, -0.5255568587039957],
            ],
        ),
        "test points": (
            trial.dataset.test.x[[0, -1]],
            [
                [0.00870287464970923, 0.0003853883483301695],
                [-0.5116719279824601, 0.5444624088740624],
            ],
        ),
    }
    for what, (drawn, wanted) in expected.items():
        np.testing.assert_allclose(drawn, wanted, rtol=1e-12, err_msg=what)
    assert trial.shuffle(0)[:6].tolist() == [783, 570, 2368, 805, 2145, 1719]
    assert trial.shuffle(3)[-6:].tolist() == [2102, 861, 1619, 330, 160, 2347]


# ---- Shapes, dtypes, counts ------------------------------------------------------------------


def test_task_1_3_and_1_4_have_the_published_number_of_parameters():
    trial = draw(TASK_1_4, seed=1)
    assert [w.shape for w in trial.weights] == [(50, 2), *[(50, 50)] * 9, (5, 50)]
    assert [b.shape for b in trial.biases] == [*[(50,)] * 10, (5,)]
    assert sum(p.size for p in (*trial.weights, *trial.biases)) == 23_355


def test_without_hidden_layers_the_inputs_feed_the_classes():
    trial = draw(TASK_1_1, seed=1)
    assert [w.shape for w in trial.weights] == [(2, 2)]
    assert [b.shape for b in trial.biases] == [(2,)]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("experiment", [TASK_1_1, TASK_1_4])
def test_all_arrays_are_of_the_experiments_dtype(experiment: Experiment, dtype: str):
    trial = draw(with_training(experiment, dtype=dtype), seed=1)
    for array in (*trial.weights, *trial.biases, *[s.x for s in trial.dataset.splits.values()]):
        assert array.dtype == dtype


@pytest.mark.parametrize("experiment", [TASK_1_1, TASK_1_4])
def test_float32_trial_is_the_float64_trial_rounded(experiment: Experiment):
    single, double = draw(experiment, seed=5), draw(in_float64(experiment), seed=5)
    for ours, theirs in zip(single.weights, double.weights, strict=True):
        np.testing.assert_array_equal(ours, theirs.astype(np.float32))
    for name in SPLITS:
        ours, theirs = single.dataset.splits[name], double.dataset.splits[name]
        np.testing.assert_array_equal(ours.x, theirs.x.astype(np.float32))
        np.testing.assert_array_equal(ours.y, theirs.y)
    assert single.shuffle_key == double.shuffle_key


def test_biases_begin_at_zero():
    assert not any(b.any() for b in draw(TASK_1_4, seed=1).biases)


def assert_read_only(trial: Trial) -> None:
    points = [array for split in trial.dataset.splits.values() for array in (split.x, split.y)]
    for array in (*trial.weights, *trial.biases, *points):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_weights_biases_and_points_are_read_only(dtype: str, tmp_path: Path):
    assert_read_only(draw(with_training(TASK_1_4, dtype=dtype), seed=1))
    write_samples(draw_dataset(Linear(train_per_class=4), 1), tmp_path / "own.csv")
    own = TASK_1_1.model_copy(update={"dataset": SamplesFile(path=tmp_path / "own.csv")})
    assert_read_only(draw(with_training(own, dtype=dtype), seed=1))


def test_weights_come_from_the_initializer_layer_after_layer():
    trial = draw(in_float64(TASK_1_4), seed=6)
    generator = stream(6, "weights")
    for weights in trial.weights:
        wanted = uniform(generator, weights.size)
        fan_out, fan_in = weights.shape
        GlorotNormal.weights(wanted, fan_in, fan_out)
        np.testing.assert_array_equal(weights.ravel(), wanted)


@pytest.mark.parametrize(
    ("points_per_class", "classes", "batch_size", "epochs", "wanted"),
    [
        # Erratum 1: the report says 4 and 128, as if 512 were all points and not those of a class.
        (512, 2, 512, 4, 8),
        (512, 2, 16, 4, 256),
        (512, 5, 32, 100, 8_000),
        # The last batch is smaller: 10 points in batches of 4 are three updates.
        (5, 2, 4, 3, 9),
        (5, 2, 10, 3, 3),
        (5, 2, 1_000, 3, 3),
    ],
)
def test_updates_counts_every_batch_of_every_epoch(
    points_per_class: int, classes: int, batch_size: int, epochs: int, wanted: int
):
    experiment = Experiment(
        dataset=Polar(classes=classes, train_per_class=points_per_class),
        training=Training(batch_size=batch_size, epochs=epochs),
    )
    assert draw(experiment, seed=1).updates == wanted


def test_the_order_is_a_new_one_each_epoch():
    trial = draw(TASK_1_1, seed=9)
    orders = [tuple(trial.shuffle(epoch).tolist()) for epoch in range(4)]
    assert len(set(orders)) == 4
    for epoch, order in enumerate(orders):
        assert sorted(order) == list(range(1024))
        assert order == tuple(permutation(shuffle_key(9), epoch, 1024).tolist())


# ---- Streams ---------------------------------------------------------------------------------


def drawn(trial: Trial) -> dict[str, Any]:
    """What each stream gave, in a form to compare."""
    return {
        "samples": [split.x.tobytes() for split in trial.dataset.splits.values()],
        "weights": [w.tobytes() for w in trial.weights],
        "shuffle": trial.shuffle_key,
        "noise": trial.noise_key,
    }


def test_the_same_seed_gives_the_same_trial_and_another_another():
    first, again, other = (drawn(draw(TASK_1_4, seed)) for seed in (1, 1, 2))
    assert first == again
    for name in first:
        assert first[name] != other[name]


@pytest.mark.parametrize("held", ["samples", "weights", "shuffle", "noise"])
def test_a_held_stream_stays_while_the_others_vary(held: str):
    of_seed = [drawn(draw(TASK_1_1, seed)) for seed in range(3)]
    with_held = [drawn(draw(TASK_1_1, seed, **{held: 7})) for seed in range(3)]
    source = drawn(draw(TASK_1_1, 7))
    for seed in range(3):
        for name in source:
            wanted = source if name == held else of_seed[seed]
            assert with_held[seed][name] == wanted[name]


def test_a_held_stream_may_have_seed_zero():
    assert drawn(draw(TASK_1_1, 5, samples=0))["samples"] == drawn(draw(TASK_1_1, 0))["samples"]


def test_all_streams_held_leave_nothing_to_the_seed():
    held = {"samples": 1, "weights": 2, "shuffle": 3, "noise": 4}
    assert drawn(draw(TASK_1_1, 4, **held)) == drawn(draw(TASK_1_1, 5, **held))


def test_a_trial_remembers_its_seed_and_experiment():
    trial = draw(TASK_1_1, 4, samples=1)
    assert trial.seed == 4
    assert trial.experiment == TASK_1_1


@pytest.mark.parametrize("came", ["x.toml", Path("x.toml")])
def test_the_file_of_an_experiment_is_not_drawn_from(came: Any):
    with pytest.raises(SpecError) as refused:
        draw(came, seed=1)
    assert str(refused.value) == (
        f"an Experiment was expected, received {came!r}; Experiment.from_toml reads one from a file"
    )


@pytest.mark.parametrize("came", [None, [TASK_1_1], TASK_1_1.dataset])
def test_what_is_no_experiment_is_not_drawn_from(came: Any):
    with pytest.raises(SpecError) as refused:
        draw(came, seed=1)
    assert str(refused.value) == f"an Experiment was expected, received {shown(came)}"


@pytest.mark.parametrize("seed", [-3, 2**62 + 1, 1.5, "1"])
@pytest.mark.parametrize("held", ["samples", "weights", "shuffle", "noise"])
def test_seeds_out_of_range_are_refused(held: str, seed: Any):
    with pytest.raises(MlplabError) as raised:
        draw(TASK_1_1, 1, **{held: seed})
    assert str(raised.value) == (
        f"the seed of the {held} must be a whole number from 0 to 2^62, received {seed!r}"
    )
    with pytest.raises(MlplabError, match=r"^a seed must be a whole number .* to 2\^62, received"):
        draw(TASK_1_1, seed)


def test_the_largest_seed_can_be_drawn_from():
    assert draw(TASK_1_1, LARGEST_SEED).seed == LARGEST_SEED == 2**62
    assert draw(TASK_1_1, np.int64(7)).seed == 7


@pytest.mark.parametrize("held", ["samples", "weights", "shuffle", "noise"])
def test_seeds_are_checked_before_any_work(held: str, monkeypatch: pytest.MonkeyPatch):
    def work(*_: Any) -> None:
        pytest.fail("work was begun")

    monkeypatch.setattr(mlplab.trial, "draw_dataset", work)
    with pytest.raises(MlplabError, match=f"the seed of the {held}"):
        draw(TASK_1_1, 1, **{held: -1})


def test_a_trial_is_shown_in_a_line():
    trial = draw(TASK_1_1, 4)
    points = "<Dataset of 2 classes, 2 features: 1024 + 1024 + 1024 samples>"
    assert repr(trial) == f"<Trial of seed 4: {points}, network 2-2>"
    assert repr(trial.dataset) == points
    assert repr(trial.dataset.train) == "<Split of 1024 samples>"


# ---- Own points ------------------------------------------------------------------------------


def test_classes_of_a_points_file_decide_the_last_layer(tmp_path: Path):
    dataset = draw(in_float64(TASK_1_4), seed=3).dataset
    write_samples(dataset, tmp_path / "points.csv")
    experiment = Experiment(
        dataset=SamplesFile(path=tmp_path / "points.csv"),
        network=Network(hidden_layers=1, layer_width=4, activation="tanh"),
    )
    trial = draw(experiment, seed=1)
    assert [w.shape for w in trial.weights] == [(4, 2), (5, 4)]
    np.testing.assert_array_equal(
        trial.dataset.test.x, dataset.test.x.astype(experiment.training.dtype)
    )
