"""Every optimizer, decayed and clipped or not: the engine follows the network from scratch.

Alone, in blocks and in parts it does so bit by bit alike. (SGD and Adam with all that an experiment may
say: `test_engine_kernels`.)
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlplab.engine import Stepper
from mlplab.errors import MlplabError
from mlplab.run import Run
from mlplab.spec import Experiment, Network, OptimizerSpec, Polar, Training
from mlplab.spec.optimizers.base import CLIPPING
from mlplab.training import train
from mlplab.trial import draw

FALLING = {
    "kind": "exponential_decay",
    "initial_learning_rate": 0.05,
    "decay_steps": 7,
    "decay_rate": 0.9,
    "staircase": True,
}

KINDS: dict[str, list[dict[str, Any]]] = {
    "sgd": [{"learning_rate": 0.3}, {"learning_rate": 0.3, "momentum": 0.6, "nesterov": True}],
    "adam": [{"learning_rate": 0.02, "beta_2": 0.99}],
    "adamw": [{"learning_rate": FALLING, "weight_decay": 0.1}],
    "nadam": [{"learning_rate": 0.02}, {"learning_rate": FALLING, "beta_1": 0.7}],
    "adagrad": [
        {"learning_rate": 0.1},
        {"learning_rate": FALLING, "initial_accumulator_value": 0.0, "epsilon": 1e-3},
    ],
    "rmsprop": [{"learning_rate": FALLING}, {"learning_rate": 0.01, "momentum": 0.4, "rho": 0.7}],
    "adadelta": [{"learning_rate": 1.0}, {"learning_rate": FALLING, "rho": 0.8, "epsilon": 0.01}],
    "lion": [{"learning_rate": 0.003}, {"learning_rate": 0.01, "beta_1": 0.4, "beta_2": 0.9}],
}
"""Of each kind one or two."""

BESIDES: list[dict[str, float]] = [
    {},
    {"weight_decay": 0.2},
    {"clipvalue": 0.004},
    {"clipnorm": 0.02},
    {"global_clipnorm": 0.03},
    {"weight_decay": 0.2, "global_clipnorm": 0.03},
]

CASES = [
    {"kind": kind, **fields, **besides}
    for kind, each in KINDS.items()
    for fields in each
    for besides in BESIDES
]


def experiment(optimizer: dict[str, Any], **training: Any) -> Experiment:
    """Describe a small training: ten updates an epoch, the last of them with 3 samples in place of 5."""
    described = {"optimizer": optimizer, "batch_size": 5, "epochs": 2} | training
    return Experiment(
        dataset=Polar(classes=3, sigma=0.05, train_per_class=16, test_per_class=4),
        network=Network(hidden_layers=2, layer_width=(5, 4), activation="tanh"),
        training=Training(**described),
    )


def parameters(run: Run) -> np.ndarray:
    return np.concatenate([p.ravel() for p in (*run.weights, *run.biases)])


def test_every_kind_and_every_way_to_clip_is_tried():
    assert set(KINDS) == set(OptimizerSpec.kinds)
    assert {name for each in BESIDES for name in each} == {"weight_decay", *CLIPPING}


@pytest.mark.parametrize(("dtype", "epochs"), [("float64", 20), ("float32", 2)])
def test_the_engine_follows_the_reference(dtype: str, epochs: int, tolerance: Any):
    experiments = [experiment(case, dtype=dtype, epochs=epochs) for case in CASES]
    near = getattr(tolerance, f"trajectory_{dtype}")
    comps = [runs[0] for runs in train(experiments, seed=3)]
    refs = [train(each, seed=3, trainer="reference")[0] for each in experiments]
    for case, ref, comp in zip(CASES, refs, comps, strict=True):
        assert ref.updates == comp.updates == 10 * epochs
        np.testing.assert_allclose(
            parameters(comp), parameters(ref), rtol=0, atol=near, err_msg=str(case)
        )
        np.testing.assert_allclose(
            comp.history.train_loss, ref.history.train_loss, rtol=0, atol=near, err_msg=str(case)
        )
    # Else what neither looks at would pass for followed.
    for i, run in enumerate(comps):
        for other in comps[i + 1 :]:
            assert np.abs(parameters(run) - parameters(other)).max() > 10 * near, CASES[i]


@st.composite
def members(draw: st.DrawFn) -> list[tuple[Experiment, int]]:
    """Networks that can stand in one block, each with numbers of its own."""
    kind = draw(st.sampled_from(list(KINDS)))
    fields = draw(st.sampled_from(KINDS[kind]))
    decays, way = draw(st.booleans()), draw(st.sampled_from([None, *CLIPPING]))
    widths = draw(st.lists(st.sampled_from([1, 3, 15, 16, 17]), min_size=1, max_size=2))
    shared = {
        "batch_size": draw(st.sampled_from([1, 5, 16, 37, 48])),
        "dtype": draw(st.sampled_from(["float32", "float64"])),
    }
    found = []
    for seed in range(draw(st.sampled_from([2, 16]))):
        own: dict[str, Any] = {"kind": kind, **fields}
        if decays:
            own["weight_decay"] = 0.1 + 0.05 * seed
        if way is not None:
            own[way] = {"clipvalue": 0.001, "clipnorm": 0.01, "global_clipnorm": 0.02}[way] * (
                1 + seed
            )
        base = experiment(own, **shared)
        network = {"network.hidden_layers": len(widths), "network.layer_width": widths}
        found.append((base.varied(network), seed))
    return found


@settings(max_examples=40)
@given(members())
def test_any_optimizer_is_the_same_in_a_block_alone_and_in_parts(
    populate: Any, same: Any, members: list[tuple[Experiment, int]]
):
    together, alone = (populate(members, how) for how in ("in blocks", "alone"))
    for one, other in zip(together, alone, strict=True):
        same(one, other)
    (spec, seed), run = members[-1], together[-1]
    stepper = Stepper(draw(spec, seed))
    while stepper.step < run.updates:
        stepper.train(min(3, run.updates - stepper.step))
    for a, b in zip(
        (*run.weights, *run.biases), (*stepper.network[0], *stepper.network[1]), strict=True
    ):
        assert a.tobytes() == b.tobytes()


def test_a_block_has_networks_with_and_without_a_limit_that_is_reached(populate: Any, same: Any):
    limits = (1e-6, 0.01, 1e6)
    members = [(experiment({"kind": "sgd", "clipnorm": limit}), 4) for limit in limits]
    plain = train(experiment({"kind": "sgd"}), seed=4)[0]
    runs = populate(members, "in blocks")
    for one, other in zip(runs, populate(members, "alone"), strict=True):
        same(one, other)
    moved = [np.abs(parameters(run) - parameters(plain)).max() for run in runs]
    assert moved[0] > moved[1] > moved[2] == 0


@pytest.mark.parametrize("together", [1, 3])
@pytest.mark.parametrize("way", CLIPPING)
def test_a_clipped_run_that_diverges_ends_where_the_references_does(way: str, together: int):
    spec = experiment({"kind": "sgd", "learning_rate": 1e38, way: 1.0}, epochs=4)
    ref = train(spec, together, seed=5, trainer="reference")
    comp = train(spec, together, seed=5)
    assert ref.ending.tolist() == comp.ending.tolist()
    assert ref.updates.tolist() == comp.updates.tolist()


def test_one_rate_beside_many_rows_is_counted_in_what_memory_it_takes():
    from mlplab.engine.jobs import Shape
    from mlplab.engine.memory import job_bytes
    from mlplab.trial import Trials

    def needed(optimizer: dict[str, Any]) -> int:
        spec = experiment(optimizer, epochs=100_000)
        return job_bytes(Shape.from_trials(Trials.from_seeds(spec, range(1))), 1)

    rates = 100_000 * 10 * (8 + 4)
    assert needed({"kind": "nadam"}) - needed({"kind": "adam"}) == 2 * rates
    assert needed({"kind": "adamw"}) - needed({"kind": "adam"}) == rates


@pytest.mark.parametrize(
    "other",
    [
        {"kind": "adam", "weight_decay": 0.1},
        {"kind": "adam", "clipnorm": 1.0},
        {"kind": "adam", "beta_1": 0.8},
        {"kind": "adamw"},
    ],
)
def test_a_stepper_refuses_another_optimizer_on_the_way(other: dict[str, Any]):
    stepper = Stepper(draw(experiment({"kind": "adam"}), 1))
    with pytest.raises(MlplabError, match="only learning rate, batch size and epochs"):
        stepper.change(experiment(other).training)
    stepper.change(experiment({"kind": "adam", "learning_rate": 0.5}, epochs=7).training)
