"""A run is the same to the last bit, alone and in any company, in a block and alone, on any threads."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlplab.engine import Member, train_population
from mlplab.engine import jobs as engine_jobs
from mlplab.errors import MlplabError
from mlplab.run import History, Run
from mlplab.spec import SGD, Adam, Experiment, Linear, Network, Polar, Training
from mlplab.training import Interrupted, train, train_crossed

SMALL = Experiment(
    dataset=Polar(classes=3, train_per_class=13, test_per_class=5),
    network=Network(hidden_layers=1, layer_width=6, activation="tanh"),
    training=Training(optimizer=SGD(learning_rate=0.4, momentum=0.2), batch_size=8, epochs=3),
)


def assert_same(one: Run, other: Run) -> None:
    """Assert that two runs agree bit for bit, but for the time they took."""
    for a, b in zip((*one.weights, *one.biases), (*other.weights, *other.biases), strict=True):
        assert a.tobytes() == b.tobytes()
    for field in fields(History):
        assert (
            getattr(one.history, field.name).tobytes()
            == getattr(other.history, field.name).tobytes()
        )
    for name in ("train_loss", "train_accuracy", "test_loss", "test_accuracy", "updates", "ending"):
        assert getattr(one, name) == getattr(other, name)


def population(members: list[Member], threads: int = 2) -> list[Run]:
    runs: list[Run | None] = [None] * len(members)
    train_population(members, runs, threads, lambda done: None)
    return [run for run in runs if run is not None]


def only(worth: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every job be a block (worth 0), or every network train alone (worth infinite)."""
    monkeypatch.setattr(engine_jobs, "block_worth", lambda _: worth)


@settings(max_examples=40)
@given(
    sizes=st.lists(st.sampled_from([1, 2, 5, 15, 16, 17, 33]), max_size=3),
    classes=st.integers(2, 6),
    points=st.integers(1, 30),
    batch=st.sampled_from([1, 3, 15, 16, 17, 64, 65]),
    activation=st.sampled_from(
        ["linear", "relu", "leaky_relu", "sigmoid", "tanh", "elu", "softplus"]
    ),
    loss=st.sampled_from(["mean_squared_error", "categorical_crossentropy"]),
    optimizer=st.sampled_from(
        [SGD(learning_rate=0.3), SGD(learning_rate=0.2, momentum=0.5, nesterov=True), Adam()]
    ),
    dtype=st.sampled_from(["float32", "float64"]),
    count=st.integers(1, 5),
)
def test_a_block_and_a_network_alone_agree_to_the_last_bit(count: int, **how: Any):
    widths = tuple(how["sizes"])
    spec = Experiment(
        dataset=Polar(classes=how["classes"], train_per_class=how["points"], test_per_class=3),
        network=Network(
            hidden_layers=len(widths),
            layer_width=widths or None,
            activation=how["activation"] if widths else None,
        ),
        training=Training(
            loss=how["loss"],
            optimizer=how["optimizer"],
            batch_size=how["batch"],
            epochs=2,
            dtype=how["dtype"],
        ),
    )
    members = [Member(i, spec, i) for i in range(count)]
    with pytest.MonkeyPatch.context() as patch:
        only(0.0, patch)
        together = population(members)
        only(float("inf"), patch)
        alone = population(members)
    for one, other in zip(together, alone, strict=True):
        assert_same(one, other)


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_run_i_of_many_is_run_i_alone(threads: int):
    many = train(SMALL, 40, seed=5, threads=threads)
    for i in (0, 15, 16, 31, 39):
        assert_same(many[i], train(SMALL, seed=5 + i)[0])


def test_members_may_differ_in_anything_and_come_back_in_their_order():
    specs = [
        SMALL,
        SMALL.model_copy(update={"dataset": Linear(train_per_class=9, test_per_class=4)}),
        SMALL.model_copy(update={"network": Network()}),
        SMALL.model_copy(update={"training": Training(optimizer=Adam(), epochs=5)}),
        SMALL.model_copy(update={"training": Training(optimizer=SGD(learning_rate=0.1), epochs=3)}),
    ]
    together = train(specs, 3, seed=7)
    assert [runs.experiment for runs in together] == specs
    for spec, runs in zip(specs, together, strict=True):
        assert runs.seed.tolist() == [7, 8, 9]
        for i in range(3):
            assert_same(runs[i], train(spec, seed=7 + i)[0])


def test_a_run_that_diverges_touches_no_other():
    network = Network(hidden_layers=1, layer_width=6, activation="linear")
    calm = SMALL.model_copy(update={"network": network})
    rate = SGD(learning_rate=1e38, momentum=0.2)
    training = calm.training.model_copy(update={"optimizer": rate})
    wild = calm.model_copy(update={"training": training})
    runs = population([Member(i, wild if i == 3 else calm, i) for i in range(16)])
    assert runs[3].ending == "diverged"
    for i in (0, 2, 4, 15):
        assert_same(runs[i], train(calm, seed=i)[0])


def test_weights_are_kept_for_the_first_runs_only():
    runs = train(SMALL, 5, keep_weights=2)
    assert [len(w) for w in runs.weights] == [2, 2]
    assert runs[1].weights
    assert runs[2].weights == ()
    assert len(runs.test_loss) == 5


def test_an_interrupt_keeps_what_is_finished():
    def progress(done: int, total: int) -> None:
        if done >= 16 * 3:
            raise KeyboardInterrupt

    with pytest.raises(Interrupted) as interrupt:
        train(SMALL, 64, progress=progress, threads=1)
    [ended] = interrupt.value.runs
    assert ended is not None
    assert 1 <= len(ended) <= 64
    assert_same(ended[0], train(SMALL, seed=int(ended.seed[0]))[0])


def test_crossed_seeds_hold_and_vary_each_stream():
    runs = train_crossed(SMALL, seeds=2, seed=4)
    accuracy = runs.test_loss.reshape(2, 2, 2)
    # With all three seeds equal it is the plain run of that seed.
    assert accuracy[0, 0, 0] == train(SMALL, seed=4).test_loss[0]
    assert accuracy[1, 1, 1] == train(SMALL, seed=5).test_loss[0]
    assert len(np.unique(accuracy)) == 8


@pytest.mark.parametrize(
    ("how", "sentence"),
    [
        ({"threads": 0}, "threads must be at least 1, received 0"),
        ({"threads": 2, "trainer": "reference"}, "threads applies to the engine only"),
        ({"keep_weights": -1}, "keep_weights must be at least 0, received -1"),
    ],
)
def test_bad_numbers_are_refused(how: dict[str, Any], sentence: str):
    with pytest.raises(MlplabError, match=sentence):
        train(SMALL, **how)
