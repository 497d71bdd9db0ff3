"""Each side does the same work: so many updates, from the same weights, the same ones where it can."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mlplab.bench import PEERS, select_peers
from mlplab.bench.engine import own_file
from mlplab.bench.outcome import outcome_of
from mlplab.bench.sgemm import PRODUCTS, SIZE, Sgemm
from mlplab.bench.side import KERNELS, OWN_KERNELS, OWN_WHOLE_CALL, SGEMM, WHOLE_CALL, Side
from mlplab.bench.taken import Taken
from mlplab.bench.workload import Workload, lab_workload, whole_workload, workloads
from mlplab.errors import MlplabError
from mlplab.reference.training import train as train_by_reference
from mlplab.report.experiments import EXPERIMENTS
from mlplab.spec import SamplesFile
from mlplab.training import train
from mlplab.trial import draw

TRAINING = [KERNELS, WHOLE_CALL, OWN_KERNELS, OWN_WHOLE_CALL]
TRAINING += [side for side in PEERS.values() if not side.end_to_end]
OWN_ORDER = {"keras-fit", "keras-steps", "scikit-learn"}
"""These shuffle by themselves, so that they go another way."""


def installed(side: Side) -> None:
    if side.missing:
        pytest.skip(f"{side.missing} not installed")


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(OWN_ORDER))
def test_a_side_with_its_own_order_learns(
    name: str, tiny_workload: Callable[..., Workload]
) -> None:
    """The others follow the trial."""
    side = PEERS[name]
    installed(side)
    workload = tiny_workload(epochs=30)
    timed = side.load()(workload, threads=1)
    taken = timed.train()
    assert taken.seconds > 0
    assert taken.processor > 0
    outcome = timed.outcome()
    assert outcome is not None
    assert outcome.updates == 30 * 3
    assert outcome.loss_after < 0.8 * outcome.loss_before


@pytest.mark.slow
@pytest.mark.parametrize("side", TRAINING, ids=lambda side: side.name)
def test_a_side_starts_anew_and_follows_the_trial(
    side: Side, tiny_workload: Callable[..., Workload], tolerance: Any
) -> None:
    installed(side)
    workload = tiny_workload(epochs=2)
    timed = side.load()(workload, threads=1)
    outcomes = []
    for _ in range(2):
        taken = timed.train()
        assert taken.seconds > 0
        assert taken.processor > 0
        outcomes.append(timed.outcome())
    trial = draw(workload.experiment, seed=0)
    run = train_by_reference(trial)
    expected = outcome_of(trial, (run.weights, run.biases), run.updates)
    for outcome in outcomes:
        assert outcome is not None
        assert outcome.updates == expected.updates == 6
        assert outcome.loss_before == expected.loss_before
        if side.name not in OWN_ORDER:
            assert abs(outcome.loss_after - expected.loss_after) < tolerance.trajectory_float32
        assert outcome.loss_after != outcome.loss_before


def test_scikit_learn_does_not_stop_early() -> None:
    """It remembers its best loss; from 1.3's own weights it does not get there again in two epochs."""
    installed(PEERS["scikit-learn"])
    timed = PEERS["scikit-learn"].load()(lab_workload("1.3", 1, epochs=2), threads=1)
    for _ in range(4):
        timed.train()
        outcome = timed.outcome()
        assert outcome is not None
        assert outcome.updates == 2 * 80


@pytest.mark.parametrize(
    ("name", "networks"), [("engine", 3), ("whole", 3), ("jax-vmap", 3), ("numpy", 1)]
)
def test_a_side_says_how_many_networks_it_trains(
    name: str, networks: int, tiny_workload: Callable[..., Workload]
) -> None:
    side = {"engine": KERNELS, "whole": WHOLE_CALL, **PEERS}[name]
    installed(side)
    assert side.load()(tiny_workload(population=3), threads=1).networks == networks


@pytest.mark.slow
def test_every_network_of_vmap_is_its_own(
    tiny_workload: Callable[..., Workload], tolerance: Any
) -> None:
    installed(PEERS["jax-vmap"])
    workload = tiny_workload(population=3, epochs=2)
    timed: Any = PEERS["jax-vmap"].load()(workload, threads=1)
    timed.train()
    for seed in range(3):
        run = train_by_reference(draw(workload.experiment, seed))
        for layer, (w, b) in enumerate(timed.state[0]):
            np.testing.assert_allclose(w[seed].T, run.weights[layer], atol=1e-5)
            np.testing.assert_allclose(
                b[seed], run.biases[layer], atol=tolerance.trajectory_float32
            )
    losses = np.array([scores[:, 0] for scores in timed.history])
    assert losses.shape == (2, 3)
    assert losses[:, 0] == pytest.approx(
        train_by_reference(draw(workload.experiment, 0)).history.train_loss, abs=1e-6
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("id", "updates"),
    [("1.1-batch-16", 256), pytest.param("1.2-relu", 1280, marks=pytest.mark.slow)],
)
def test_a_users_own_jax_draws_and_trains_the_labs_networks(id: str, updates: int) -> None:
    installed(PEERS["jax-user"])
    workload = whole_workload(lab_workload(id, population=16, epochs=1))
    timed: Any = PEERS["jax-user"].load()(workload, threads=1)
    timed.train()
    assert timed.networks == 16
    outcome = timed.outcome()
    assert outcome.updates == updates
    assert outcome.loss_after < outcome.loss_before
    assert len({float(loss) for loss in timed.losses[:, 0, 0]}) == 16, "each has its own draws"
    ours = train(workload.experiment, 16).test_accuracy
    assert float(timed.accuracy.max()) == pytest.approx(ours.max(), abs=0.03)


def test_a_users_own_jax_refuses_what_it_does_not_train(
    tiny_workload: Callable[..., Workload],
) -> None:
    installed(PEERS["jax-user"])
    with pytest.raises(ValueError, match="does not train this"):
        PEERS["jax-user"].load()(tiny_workload(), threads=1)


def test_own_samples_are_the_same_for_all_networks(tiny_workload: Callable[..., Workload]) -> None:
    with own_file(tiny_workload().experiment) as experiment:
        first, second = (draw(experiment, seed) for seed in (0, 1))
    drawn = draw(tiny_workload().experiment, seed=0).dataset
    assert isinstance(experiment.dataset, SamplesFile)
    assert not Path(experiment.dataset.path).exists()
    for name, split in drawn.splits.items():
        for trial in (first, second):
            assert np.array_equal(trial.dataset.splits[name].x, split.x)
    assert not np.array_equal(first.weights[0], second.weights[0])


@pytest.mark.parametrize("name", ["jax-scan", "pytorch", "numpy"])
def test_loss_and_accuracy_are_counted_along_the_way(
    name: str, tiny_workload: Callable[..., Workload]
) -> None:
    installed(PEERS[name])
    workload = tiny_workload(epochs=2)
    timed: Any = PEERS[name].load()(workload, threads=1)
    timed.train()
    history = train_by_reference(draw(workload.experiment, 0)).history
    expected = np.stack([history.train_loss, history.train_accuracy], axis=1)
    np.testing.assert_allclose(np.array(timed.history), expected, atol=1e-6)


def test_sgemm_says_what_as_many_operations_take(
    tiny_workload: Callable[..., Workload], monkeypatch: pytest.MonkeyPatch
) -> None:
    workload = tiny_workload(population=4, epochs=5)
    monkeypatch.setattr("mlplab.bench.sgemm.time_of", lambda work: Taken(3.0, 6.0))
    taken = Sgemm(workload, threads=2).train()
    done = 2 * PRODUCTS * 2 * SIZE**3
    assert taken.seconds == pytest.approx(3.0 * 5 * workload.operations / done)
    assert taken.processor == pytest.approx(2 * taken.seconds)


@pytest.mark.parametrize(("population", "threads"), [(1, 1), (64, 2)])
def test_sgemm_uses_as_many_threads_as_the_engine_can(
    population: int, threads: int, tiny_workload: Callable[..., Workload]
) -> None:
    assert Sgemm(tiny_workload(population), threads=2).threads == threads


def test_operations_are_those_of_the_products(tiny_workload: Callable[..., Workload]) -> None:
    forward = 2 * 4 + 4 * 4 + 4 * 3
    for_weights, for_delta = forward, 4 * 4 + 4 * 3
    assert tiny_workload().operations == 2 * 21 * (forward + for_weights + for_delta)
    assert tiny_workload(epochs=9).operations == tiny_workload().operations


@pytest.mark.parametrize("quick", [False, True])
def test_the_comparisons_are_those_of_the_goals(quick: bool) -> None:
    goals = {work.name: dict(work.goals) for work in workloads(quick)}
    assert goals == {
        "1.3, population of 64": {
            "sgemm": 0.6,
            "keras-fit": 10,
            "jax-vmap": 5,
            "scikit-learn": 12,
            "pytorch": 20,
        },
        "1.2-relu, population of 1,024": {"keras-fit": 1000},
        "1.3, one network": {"keras-fit": 4},
    }
    assert all(set(names) <= {*PEERS, "sgemm"} for names in goals.values())


def test_a_lab_workload_is_the_labs_but_for_what_nobody_looks_at() -> None:
    experiment = lab_workload("1.3", population=64, epochs=5).experiment
    lab = EXPERIMENTS["1.3"]
    assert experiment.network == lab.network
    assert experiment.training == lab.training.model_copy(update={"epochs": 5})
    ours, theirs = (draw(e, seed=3).dataset.train.x for e in (experiment, lab))
    assert np.array_equal(ours, theirs)
    assert whole_workload(lab_workload("1.3", 64, 5)).experiment == lab


@pytest.mark.parametrize(
    "change",
    [
        {"training": {"optimizer": "adam"}},
        {"training": {"loss": "categorical_crossentropy"}},
        {"training": {"dtype": "float64"}},
        {"training": {"optimizer": {"kind": "sgd", "momentum": 0.5, "nesterov": True}}},
        {"network": {"activation": "tanh"}},
        {"network": {"layer_width": [4, 5]}},
        {"dataset": {"kind": "moons"}},
    ],
)
def test_what_the_peers_do_not_write_out_is_no_workload(
    change: dict[str, Any], tiny_workload: Callable[..., Workload]
) -> None:
    experiment = tiny_workload().experiment
    described = experiment.model_dump()
    for part, values in change.items():
        described[part] = values if part == "dataset" else described[part] | values
    with pytest.raises(ValueError, match="do not train this"):
        Workload("1.3", type(experiment)(**described), 1)


def test_peers_are_chosen_by_name_or_library() -> None:
    assert [side.name for side in select_peers(["pytorch", "keras"])] == [
        "keras-fit",
        "keras-steps",
        "keras-batch",
        "pytorch",
    ]
    assert select_peers(list(PEERS)) == list(PEERS.values())


def test_an_unknown_peer_is_one_sentence() -> None:
    with pytest.raises(MlplabError, match="unknown peer 'pytorsh'; did you mean 'pytorch'"):
        select_peers(["numpy", "pytorsh"])


def test_what_is_missing_is_named() -> None:
    side = Side("x", "X", "nowhere:X", "", needs=("numpy", "no_such_module_here"))
    assert side.missing == ["no_such_module_here"]
    assert SGEMM.missing == []


@pytest.mark.slow
def test_the_bench_imports_no_peer() -> None:
    code = (
        "import json, sys, mlplab.bench, mlplab.bench.report;print(json.dumps(sorted(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120
    )
    assert not {"keras", "jax", "torch", "sklearn"} & set(json.loads(done.stdout))
