"""A run is the same to the last bit, alone and in any company, in a block and alone, on any threads."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from itertools import product
from typing import Any, get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numba import types

from mlplab.engine import LANES, block, block_evaluation, single, single_evaluation
from mlplab.engine.drawn import draw_jobs
from mlplab.engine.jobs import Shape, make_jobs
from mlplab.engine.population import _kinds
from mlplab.engine.results import Results
from mlplab.engine.work import do_job
from mlplab.run import Run
from mlplab.spec import (
    ACTIVATIONS,
    HEADS,
    LOSSES,
    SGD,
    Adam,
    DtypeName,
    Experiment,
    Linear,
    Network,
    Polar,
    Training,
)
from mlplab.training import train, train_crossed
from mlplab.trial import Trials

Same = Callable[[Run, Run], None]
Populate = Callable[..., list[Run]]

# The others: `test_engine_optimizers`.
OPTIMIZERS: dict[str, Any] = {
    "sgd": SGD(learning_rate=0.3),
    "momentum": SGD(learning_rate=0.2, momentum=0.5),
    "nesterov": SGD(learning_rate=0.2, momentum=0.5, nesterov=True),
    "adam": Adam(learning_rate=0.01),
}

OF_SOFTMAX = [name for name, head in HEADS.items() if not head.has_one_output]

SMALL = Experiment(
    dataset=Polar(classes=3, train_per_class=13, test_per_class=5),
    network=Network(hidden_layers=1, layer_width=6, activation="tanh"),
    training=Training(optimizer=SGD(learning_rate=0.4, momentum=0.2), batch_size=8, epochs=3),
)


def changed(part: str, **values: Any) -> Experiment:
    described = SMALL.model_dump()
    described[part] |= values
    return Experiment(**described)


def experiment(
    widths: tuple[int, ...],
    activation: str | tuple[str, ...],
    classes: int | None = None,
    points: tuple[int, int] = (13, 5),
    **training: Any,
) -> Experiment:
    hidden = {"layer_width": widths, "activation": activation} if widths else {}
    has_one_output = HEADS[training.get("loss", "mean_squared_error")].has_one_output
    classes = 2 if has_one_output else classes or 3
    return Experiment(
        dataset=Polar(classes=classes, train_per_class=points[0], test_per_class=points[1]),
        network=Network(hidden_layers=len(widths), **hidden),
        training=Training(**training),
    )


# ---- In a block and alone ------------------------------------------------------------------------


@pytest.mark.parametrize(("activation", "dtype"), list(product(ACTIVATIONS, get_args(DtypeName))))
def test_every_activation_loss_and_optimizer_is_the_same_in_a_block_and_alone(
    activation: str, dtype: str, same: Same, populate: Populate
):
    specs = [
        experiment(
            (6, 17), activation, loss=loss, optimizer=optimizer, batch_size=8, epochs=3, dtype=dtype
        )
        for loss, optimizer in product(LOSSES, OPTIMIZERS.values())
    ]
    members = list(product(specs, range(3)))
    blocks, alone = populate(members, "in blocks"), populate(members, "alone")
    for one, other in zip(blocks, alone, strict=True):
        same(one, other)


WIDTHS = st.lists(st.sampled_from([1, 2, 15, 16, 17, 33, 50, 100]), max_size=3).map(tuple)


@st.composite
def layers(draw: st.DrawFn) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """Draw the widths of the hidden layers, and an activation for each."""
    widths = draw(WIDTHS)
    names = st.sampled_from(list(ACTIVATIONS))
    return widths, tuple(draw(names) for _ in widths)


@settings(max_examples=150)
@given(
    layers=layers(),
    classes=st.integers(2, 7),
    points=st.tuples(st.integers(1, 30), st.integers(1, 30)),
    batch_size=st.sampled_from([1, 2, 15, 16, 17, 31, 64, 65, 1000]),
    loss=st.sampled_from(list(LOSSES)),
    optimizer=st.sampled_from(list(OPTIMIZERS.values())),
    dtype=st.sampled_from(get_args(DtypeName)),
    count=st.integers(1, LANES),
)
def test_any_shape_is_the_same_in_a_block_and_alone(
    layers: Any, count: int, same: Same, populate: Populate, **how: Any
):
    spec = experiment(*layers, **how, epochs=2)
    members = Trials.from_seeds(spec, range(count))
    blocks, alone = populate(members, "in blocks"), populate(members, "alone")
    for one, other in zip(blocks, alone, strict=True):
        same(one, other)


def test_the_place_in_the_block_is_of_no_influence(same: Same, populate: Populate):
    alone = populate([(SMALL, 100)], "alone")[0]
    for place in range(LANES):
        seeds = [100 if i == place else i for i in range(LANES)]
        block = populate([(SMALL, seed) for seed in seeds], "in blocks")
        same(block[place], alone)


# ---- In any company ------------------------------------------------------------------------------

COMPANY = [
    SMALL,
    changed("dataset", sigma=0.4),
    changed("dataset", classes=5),
    SMALL.model_copy(update={"dataset": Linear(classes=3, train_per_class=13, test_per_class=5)}),
    SMALL.model_copy(update={"network": Network()}),
    changed("network", layer_width=50),
    changed("network", initializer="he_normal"),
    changed("network", bias_initializer={"kind": "constant", "value": 0.1}),
    changed("network", bias_initializer={"kind": "constant", "value": -0.4}),
    changed("network", bias_initializer={"kind": "he_uniform", "shared": True}),
    changed("network", activation="relu"),
    changed("network", activation="gelu"),
    changed("network", hidden_layers=2, activation=("mish", "relu")),
    changed("network", hidden_layers=2, activation=("tanh", "relu")),
    changed("network", hidden_layers=2, activation=("relu", "tanh")),
    changed("training", optimizer=SGD(learning_rate=0.1, momentum=0.9)),
    changed("training", optimizer=Adam()),
    changed("training", batch_size=5),
    changed("training", epochs=1),
    changed("training", loss="categorical_crossentropy"),
    changed("training", dtype="float64"),
]


@pytest.fixture(scope="module")
def by_themselves() -> dict[tuple[int, int], Run]:
    """The run of each of the company with each of five seeds, trained by a call of its own."""
    return {
        (i, seed): train(spec, seed=seed)[0] for i, spec in enumerate(COMPANY) for seed in range(5)
    }


@pytest.mark.parametrize("threads", [1, 2, 3])
@pytest.mark.parametrize("order", [0, 1])
def test_a_mixed_population_is_the_same_in_any_order_on_any_threads(
    threads: int, order: int, same: Same, populate: Populate, by_themselves: Any
):
    keys = list(by_themselves)
    shuffled = np.random.default_rng(order).permutation(len(keys))
    members = [(COMPANY[keys[i][0]], keys[i][1]) for i in shuffled]
    for place, run in enumerate(populate(members, threads=threads)):
        key = keys[shuffled[place]]
        assert run.experiment == COMPANY[key[0]]
        same(run, by_themselves[key])


def test_results_come_back_in_the_order_asked(same: Same, by_themselves: Any):
    together = train(COMPANY, 5, seed=0)
    assert [runs.experiment for runs in together] == COMPANY
    for i, runs in enumerate(together):
        assert runs.seed.tolist() == list(range(5))
        for seed in range(5):
            same(runs[seed], by_themselves[i, seed])


def test_run_i_of_a_thousand_is_run_i_alone(same: Same):
    many = train(SMALL, 1000, seed=5, keep_weights=1000)
    assert len(set(many.test_loss.tolist())) == 1000
    for i in (0, 15, 16, 500, 991, 992, 999):
        same(many[i], train(SMALL, seed=5 + i)[0])


def test_crossed_seeds_hold_and_vary_each_stream():
    losses = train_crossed(SMALL, seeds=2, seed=4).test_loss
    # With all three seeds equal it is the plain run of that seed.
    assert losses[0] == train(SMALL, seed=4).test_loss[0]
    assert losses[7] == train(SMALL, seed=5).test_loss[0]
    assert len(set(losses.tolist())) == 8


@pytest.mark.parametrize("how", ["in blocks", "alone"])
def test_runs_that_are_not_validated_are_the_same_but_for_that(how: str, populate: Populate):
    kept, spared = (
        populate(Trials.from_seeds(SMALL, range(3)), how, validate=validate)
        for validate in (True, False)
    )
    for run, other in zip(kept, spared, strict=True):
        assert (other.test_loss, other.updates) == (run.test_loss, run.updates)
        for a, b in zip((*run.weights, *run.biases), (*other.weights, *other.biases), strict=True):
            np.testing.assert_array_equal(b, a)
        np.testing.assert_array_equal(other.history.train_loss, run.history.train_loss)
        assert np.isfinite(run.history.validation_loss).all()
        assert np.isnan([other.history.validation_loss, other.history.validation_accuracy]).all()


# ---- Nothing leaks -------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", get_args(DtypeName))
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("loss", OF_SOFTMAX)  # a sigmoid that is at 0 or 1 pulls no more
def test_a_run_that_diverges_touches_no_other(
    dtype: str, optimizer: str, loss: str, same: Same, populate: Populate
):
    how = {"batch_size": 8, "epochs": 3, "loss": loss, "dtype": dtype}
    tame = experiment((6,), "relu", optimizer=OPTIMIZERS[optimizer], **how)
    rate = {"float32": 1e38, "float64": 1e308}[dtype]
    wild = experiment(
        (6,),
        "relu",
        optimizer=OPTIMIZERS[optimizer].model_copy(update={"learning_rate": rate}),
        **how,
    )
    members = [(wild if i in (0, 7) else tame, i) for i in range(LANES)]
    runs = populate(members, "in blocks")
    calm = populate(Trials.from_seeds(tame, range(LANES)), "in blocks")
    for i, run in enumerate(runs):
        if i in (0, 7):
            assert run.ending == "diverged"
            same(run, populate([(wild, i)], "alone")[0])
        else:
            assert run.ending != "diverged"
            same(run, calm[i])


@pytest.mark.parametrize("how", ["in blocks", "alone"])
def test_what_a_batch_leaves_behind_is_not_counted_with_the_next(how: str, populate: Populate):
    # Batches of 64 points and of 1. With a rate of 0 nothing moves, so that every epoch's loss is that
    # of the weights, if each point counts once.
    spec = experiment(
        (17,),
        "relu",
        classes=5,
        points=(13, 4),
        batch_size=64,
        epochs=3,
        optimizer=SGD(learning_rate=0.0),
        dtype="float64",
    )
    run = populate([(spec, 1), (spec, 2)], how)[0]
    np.testing.assert_allclose(run.history.train_loss, run.train_loss, rtol=1e-12)
    np.testing.assert_allclose(run.history.train_accuracy, run.train_accuracy, rtol=1e-12)


@pytest.mark.parametrize("together", [1, 5])
def test_what_memory_held_before_is_of_no_influence(together: int, same: Same):
    # In this thread, so that the kernel's arrays take the places of those filled with NaN.
    trials = Trials.from_seeds(SMALL, range(together))
    (job,) = make_jobs([trials], threads=1)
    trained = []
    for _ in range(2):
        results = Results(trials, job.shape, keep_weights=together)
        (drawn,) = draw_jobs([job], [trials])
        stop, done = np.zeros(1, np.uint8), np.zeros(1, np.int64)
        assert do_job(job, drawn, [results], stop, done, validate=True)
        trained.append(results.runs())
        held = [np.full(size, np.nan) for size in range(8, 8000, 16) for _ in range(3)]
        del held
    for one, other in zip(*trained, strict=True):
        same(one, other)


@pytest.mark.parametrize("replications", [1, 40])
def test_a_training_asks_for_its_shape_once_and_compiles_once_in_a_process(
    monkeypatch: pytest.MonkeyPatch, replications: int
):
    # Of a small network either takes as long as a part of its training.
    train(SMALL, replications)
    made = []
    make = Shape.from_trials
    monkeypatch.setattr(Shape, "from_trials", lambda trials: made.append(trials) or make(trials))
    monkeypatch.setattr("mlplab.engine.population.smallest_trials", None)
    train(SMALL, replications)
    assert len(made) == 1


def test_what_is_compiled_of_one_target_is_not_that_of_two():
    """Of two, a sample has more than one answer, for which kernels are compiled anew."""

    def kinds(targets: int) -> tuple[Any, ...]:
        names = [f"t{i}" for i in range(targets)]
        spec = Experiment(
            dataset={"kind": "arrays", "target": names}, training={"loss": "mean_absolute_error"}
        )
        trials = Trials.from_seeds(spec, [0], (np.zeros((6, 1)), np.zeros((6, targets))))
        return _kinds(Shape.from_trials(trials), trials.experiment)

    assert kinds(2) != kinds(1)
    assert kinds(2) == kinds(3)


def test_training_twice_gives_the_same(same: Same):
    first, second = train(SMALL, 20, seed=3), train(SMALL, 20, seed=3)
    for i in range(20):
        same(first[i], second[i])


# ---- One machine code ----------------------------------------------------------------------------


def test_kernels_are_compiled_once_for_each_type_of_numbers(by_themselves: Any):
    # Another type of an argument would compile a kernel anew, for half a minute.
    assert by_themselves
    train(changed("training", batch_size=10**30, epochs=2), 20)
    # A kernel that trains has two versions of each: with what networks have besides, and without.
    looks = block_evaluation.evaluate, single_evaluation.evaluate
    for kernel in (block.train, single.train, *looks):
        kinds = [(kind[0].dtype.name, types.none in kind) for kind in kernel.signatures]
        assert len(kinds) == len(set(kinds)), kernel
        assert {dtype for dtype, _ in kinds} <= {"float32", "float64"}


@pytest.mark.parametrize("training", [{}, {"epochs": 100_000}])
def test_nothing_of_a_training_stays_in_memory(training: dict[str, Any]):
    counts = {"train_per_class": 20, "test_per_class": 20}
    if not training:
        counts = {"train_per_class": 100_000, "test_per_class": 1}
    experiment = Experiment(
        dataset=Linear(**counts), training=Training(**{"epochs": 1, "batch_size": 40, **training})
    )
    other = experiment.varied({"training.optimizer.learning_rate": 0.125})
    train(experiment, validate=False)  # whatever is made only once
    tracemalloc.start()
    try:
        train(other, seed=1, validate=False)
        left, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most > 1e6
    assert left < 1e5
