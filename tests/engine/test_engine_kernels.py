"""From one trial the engine follows the network from scratch, and Keras, for all that the spec allows.

In float64 for 200 updates; in float32 for the first twenty, since later rounding parts the paths. The
engine trains everything in one population, the reference each trial by itself.
"""

from __future__ import annotations

from itertools import combinations, product
from typing import Any

import numpy as np
import pytest

from mlplab.report import EXPERIMENTS
from mlplab.run import Run
from mlplab.spec import (
    ACTIVATIONS,
    HEADS,
    LOSSES,
    SGD,
    Adam,
    CosineDecay,
    CosineDecayRestarts,
    Experiment,
    ExponentialDecay,
    InitializerSpec,
    InverseTimeDecay,
    Linear,
    Network,
    PiecewiseConstantDecay,
    Polar,
    PolynomialDecay,
    SamplesFile,
    Schedule,
    Training,
    recipes,
)
from mlplab.training import train

SEED = 4

# Each schedule for a rate of about 1; required values, and some that are no defaults.
RATES: dict[str, Any] = {
    "number": 1.0,
    "exponential_decay": ExponentialDecay(
        initial_learning_rate=1.0, decay_steps=7, decay_rate=0.9, staircase=True
    ),
    "piecewise_constant_decay": PiecewiseConstantDecay(boundaries=(5, 50), values=(1.0, 0.5, 0.25)),
    "polynomial_decay": PolynomialDecay(
        initial_learning_rate=1.0, decay_steps=9, end_learning_rate=0.1, power=2.0, cycle=True
    ),
    "inverse_time_decay": InverseTimeDecay(
        initial_learning_rate=1.0, decay_steps=6, decay_rate=0.1
    ),
    "cosine_decay": CosineDecay(
        initial_learning_rate=0.1, decay_steps=90, warmup_target=1.0, warmup_steps=6
    ),
    "cosine_decay_restarts": CosineDecayRestarts(
        initial_learning_rate=1.0, first_decay_steps=8, m_mul=0.8
    ),
}

# The others: `test_engine_optimizers`.
OPTIMIZERS: dict[str, Any] = {
    "sgd": lambda rate: SGD(learning_rate=times(rate, 0.3)),
    "momentum": lambda rate: SGD(learning_rate=times(rate, 0.3), momentum=0.6),
    "nesterov": lambda rate: SGD(learning_rate=times(rate, 0.3), momentum=0.6, nesterov=True),
    "adam": lambda rate: Adam(learning_rate=times(rate, 0.02), beta_1=0.8, beta_2=0.99),
}

# Each of two families with each of the other: three losses and four optimizers take turns, so that they
# meet, too. All four families at once would be twelve times as many.
COMBINATIONS = [
    (activation, list(LOSSES)[(i + k) % 3], list(OPTIMIZERS)[(i + k) % 4], rate)
    for i, activation in enumerate(ACTIVATIONS)
    for k, rate in enumerate(RATES)
]
OF_SOFTMAX = [name for name, head in HEADS.items() if not head.has_one_output]


def times(rate: Any, factor: float) -> Any:
    """Multiply a learning rate, or all rates of a schedule."""
    if isinstance(rate, float):
        return rate * factor
    scaled = {
        name: tuple(v * factor for v in value) if isinstance(value, tuple) else value * factor
        for name, value in rate.model_dump(exclude_none=True).items()
        if name in ("initial_learning_rate", "end_learning_rate", "warmup_target", "values")
    }
    return rate.model_copy(update=scaled)


def experiment(
    activation: str, loss: str, optimizer: str, rate: str, dtype: str, epochs: int
) -> Experiment:
    """Describe a small training: ten updates an epoch, the last of them with 3 points in place of 5."""
    return Experiment(
        dataset=Polar(
            classes=2 if HEADS[loss].has_one_output else 3,
            sigma=0.05,
            train_per_class=24 if HEADS[loss].has_one_output else 16,
            test_per_class=4,
        ),
        network=Network(hidden_layers=2, layer_width=(5, 4), activation=activation),
        training=Training(
            loss=loss,
            optimizer=OPTIMIZERS[optimizer](RATES[rate]),
            batch_size=5,
            epochs=epochs,
            dtype=dtype,
        ),
    )


def test_every_name_is_tried_with_every_other():
    assert set(RATES) - {"number"} == set(Schedule.kinds)
    families = [ACTIVATIONS, LOSSES, OPTIMIZERS, RATES]
    of_family = list(zip(*COMBINATIONS, strict=True))
    for one, other in combinations(range(len(families)), 2):
        met = set(zip(of_family[one], of_family[other], strict=True))
        assert met == set(product(families[one], families[other]))


def assert_same_path(ref: Run, comp: Run, near: float) -> None:
    """Compare two runs of one trial: weights, losses and accuracies, all to one tolerance."""
    assert comp.trainer == "engine"
    assert (comp.seed, comp.updates, comp.ending) == (ref.seed, ref.updates, ref.ending)
    spec = str(comp.experiment)
    for a, b in zip((*ref.weights, *ref.biases), (*comp.weights, *comp.biases), strict=True):
        assert a.dtype == b.dtype
        np.testing.assert_allclose(b, a, rtol=0, atol=near, err_msg=spec)
    theirs = comp.history.arrays()
    assert theirs.keys() == ref.history.arrays().keys()
    for name, a in ref.history.arrays().items():
        np.testing.assert_allclose(theirs[name], a, rtol=0, atol=near, err_msg=name)
    for name in ("train_loss", "train_accuracy", "test_loss", "test_accuracy"):
        assert getattr(comp, name) == pytest.approx(getattr(ref, name), abs=near), name


TYPES = pytest.mark.parametrize(("dtype", "epochs"), [("float64", 20), ("float32", 2)])


@TYPES
def test_the_engine_follows_the_reference(dtype: str, epochs: int, tolerance: Any):
    experiments = [experiment(*names, dtype, epochs) for names in COMBINATIONS]
    near = getattr(tolerance, f"trajectory_{dtype}")
    for spec, runs in zip(experiments, train(experiments, seed=SEED), strict=True):
        ref = train(spec, seed=SEED, trainer="reference")[0]
        assert ref.updates == 10 * epochs
        assert_same_path(ref, runs[0], near)


@TYPES
def test_whatever_is_changed_changes_the_run(dtype: str, epochs: int, tolerance: Any):
    # Else a loss, say, that neither trainer looks at would pass for one that the engine follows.
    families = [ACTIVATIONS, LOSSES, OPTIMIZERS, RATES]
    apart = 10 * getattr(tolerance, f"trajectory_{dtype}")
    for one in ("mean_squared_error", "binary_crossentropy"):
        usual = ("tanh", one, "adam", "number")
        changed = {
            (*usual[:place], name, *usual[place + 1 :])
            for place, family in enumerate(families)
            for name in family
            # Networks of one shape; up to 6, where these sums stay, relu6 is relu, and gelu_tanh is made
            # to be near to gelu.
            if name not in ("relu6", "gelu_tanh")
            and (place != 1 or HEADS[name].has_one_output == HEADS[one].has_one_output)
        }
        found = train([experiment(*names, dtype, epochs) for names in changed], seed=SEED)
        runs = [of[0] for of in found]
        parameters = np.array(
            [np.concatenate([p.ravel() for p in (*run.weights, *run.biases)]) for run in runs]
        )
        for i, each in enumerate(parameters):
            nearest = np.abs(parameters[i + 1 :] - each).max(axis=1, initial=0)
            assert (nearest > apart).all(), runs[i].experiment


# ---- What else an experiment may say -------------------------------------------------------------


SHAPES: dict[str, Network] = {
    "no hidden layer": Network(),
    "one neuron": Network(hidden_layers=1, layer_width=1, activation="tanh"),
    "three layers": Network(hidden_layers=3, layer_width=(17, 1, 33), activation="elu"),
    "each activation": Network(
        hidden_layers=len(ACTIVATIONS), layer_width=6, activation=tuple(ACTIVATIONS)
    ),
    "each activation, last first": Network(
        hidden_layers=len(ACTIVATIONS), layer_width=17, activation=tuple(ACTIVATIONS)[::-1]
    ),
    "ten layers": Network(
        hidden_layers=10, layer_width=20, activation="relu", initializer="he_normal"
    ),
}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("batch_size", [1, 16, 65, 10**30])
def test_shapes_and_batch_sizes_follow_the_reference(shape: str, batch_size: int, tolerance: Any):
    spec = Experiment(
        dataset=Polar(classes=5, train_per_class=14, test_per_class=3),
        network=SHAPES[shape],
        training=Training(
            optimizer=SGD(learning_rate=0.1, momentum=0.5),
            batch_size=batch_size,
            epochs=3,
            dtype="float64",
        ),
    )
    for together in (1, 16):
        comp = train(spec, together, seed=SEED)[0]
        ref = train(spec, seed=SEED, trainer="reference")[0]
        assert_same_path(ref, comp, tolerance.trajectory_float64)


@pytest.mark.parametrize("initializer", InitializerSpec.kinds)
def test_every_initializer_follows_the_reference(initializer: str, tolerance: Any):
    spec = Experiment(
        dataset=Linear(train_per_class=8, test_per_class=3),
        network=Network(
            hidden_layers=1, layer_width=4, activation="sigmoid", initializer=initializer
        ),
        training=Training(optimizer=SGD(learning_rate=1.0), batch_size=5, dtype="float64"),
    )
    ref, comp = (train(spec, seed=SEED, trainer=name)[0] for name in ("reference", "engine"))
    assert_same_path(ref, comp, tolerance.trajectory_float64)


KINDS = [{"kind": kind, "train_per_class": 9, "test_per_class": 4} for kind in recipes()]


@pytest.mark.parametrize("dataset", KINDS, ids=lambda dataset: dataset["kind"])
def test_every_dataset_follows_the_reference(dataset: dict[str, Any], tolerance: Any):
    spec = Experiment(dataset=dataset, training=Training(batch_size=4, epochs=2, dtype="float64"))
    ref, comp = (train(spec, seed=SEED, trainer=name)[0] for name in ("reference", "engine"))
    assert_same_path(ref, comp, tolerance.trajectory_float64)


def test_own_points_follow_the_reference(tmp_path: Any, tolerance: Any):
    # Classes of different sizes, and splits that are another choice for every seed.
    generator = np.random.default_rng(1)
    labels = np.repeat(["a", "b", "c"], [7, 20, 12])
    np.savez(tmp_path / "own.npz", x=generator.normal(size=(39, 2)), y=labels)
    spec = Experiment(
        dataset=SamplesFile(path=str(tmp_path / "own.npz")),
        training=Training(batch_size=4, epochs=2, dtype="float64"),
    )
    ref, comp = (train(spec, 5, seed=SEED, trainer=name) for name in ("reference", "engine"))
    for i in range(5):
        assert_same_path(ref[i], comp[i], tolerance.trajectory_float64)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("loss", OF_SOFTMAX)  # a sigmoid that is at 0 or 1 pulls no more
@pytest.mark.parametrize("together", [1, 4])
def test_a_run_that_diverges_ends_where_the_references_does(dtype: str, loss: str, together: int):
    # A step of 1e38 takes float32 out of its range within an epoch or two; 1e308 takes float64.
    spec = Experiment(
        dataset=Polar(classes=3, train_per_class=8, test_per_class=5),
        network=Network(hidden_layers=1, layer_width=4, activation="relu"),
        training=Training(
            loss=loss,
            optimizer=SGD(learning_rate={"float32": 1e38, "float64": 1e308}[dtype]),
            batch_size=6,
            epochs=5,
            dtype=dtype,
        ),
    )
    ref = train(spec, together, seed=5, trainer="reference")
    comp = train(spec, together, seed=5)
    assert ref.ending.tolist() == comp.ending.tolist() == ["diverged"] * together
    assert ref.updates.tolist() == comp.updates.tolist()
    for a, b in zip(ref.history.arrays().values(), comp.history.arrays().values(), strict=True):
        np.testing.assert_array_equal(np.isfinite(a), np.isfinite(b))
    np.testing.assert_array_equal(ref.test_accuracy, comp.test_accuracy)


# ---- Keras ---------------------------------------------------------------------------------------


TASKS = ["1.2-relu", *(pytest.param(id, marks=pytest.mark.slow) for id in ("1.3", "1.4"))]


def shortened(id: str, dtype: str, epochs: int) -> Experiment:
    """A task of the lab with twenty batches an epoch."""
    task = EXPERIMENTS[id]
    per_class = 20 * task.training.batch_size // task.dataset.classes
    sizes = {"train_per_class": per_class, "test_per_class": per_class}
    return Experiment(
        dataset=task.dataset.model_copy(update=sizes),
        network=task.network,
        training=task.training.model_copy(update={"dtype": dtype, "epochs": epochs}),
    )


@pytest.mark.parametrize("id", TASKS)
def test_tasks_follow_keras_for_200_updates_in_float64(id: str, tolerance: Any):
    spec = shortened(id, "float64", epochs=10)
    ref, comp = (train(spec, seed=1, trainer=name)[0] for name in ("keras", "engine"))
    assert ref.updates == 200
    assert_same_path(ref, comp, tolerance.trajectory_float64)


@pytest.mark.slow
@pytest.mark.parametrize("id", TASKS)
def test_tasks_follow_keras_for_20_updates_in_float32(id: str, tolerance: Any):
    spec = shortened(id, "float32", epochs=1)
    ref, comp = (train(spec, seed=2, trainer=name)[0] for name in ("keras", "engine"))
    assert ref.updates == 20
    assert_same_path(ref, comp, tolerance.trajectory_float32)
