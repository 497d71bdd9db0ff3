"""The loss landscape: its losses are the trainings' and the reference's, its planes what they say."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module

import numpy as np
import pytest

from mlplab import Experiment, MlplabError, draw, train
from mlplab.engine import Stepper
from mlplab.engine.evaluation import Evaluation, flattened, unflattened
from mlplab.explain import landscape
from mlplab.explain.plane import path_plane, principal_plane, random_plane
from mlplab.explain.projection import grid_axes
from mlplab.explain.training_paths import same_start, train_paths
from mlplab.reference import MultilayerPerceptron

RINGS = Experiment(
    dataset={"kind": "polar", "train_per_class": 50, "test_per_class": 40},
    network={"hidden_layers": 2, "layer_width": 4, "activation": "tanh"},
    training={"epochs": 6, "batch_size": 16, "optimizer": {"kind": "adam", "learning_rate": 0.02}},
)
DOUBLE = RINGS.varied({"training.dtype": "float64"})
PENALISED = RINGS.varied({"network.kernel_regularizer": {"kind": "l1_l2", "l1": 0.01, "l2": 0.02}})
FLAT = Experiment(
    dataset={"kind": "linear", "train_per_class": 50, "test_per_class": 40},
    training={"epochs": 6, "batch_size": 16, "dtype": "float64"},
)


@pytest.fixture(scope="module")
def rings():
    return landscape(RINGS, seed=3, grid=9)


def reference_loss(network, trial, split):
    experiment, samples = trial.experiment, trial.dataset.splits[split]
    layers = MultilayerPerceptron(*network, list(experiment.network.activations), experiment.head)
    output = layers.forward(samples.x).output
    return float(experiment.head.loss.function(output, trial.targets(samples)))


# ---- Along the path ------------------------------------------------------------------------------


@pytest.mark.parametrize("split", ["train", "validation", "test"])
def test_losses_along_the_path_are_the_steppers(split):
    found = landscape(RINGS, seed=3, grid=2, split=split, points=4)
    stepper = Stepper(draw(RINGS, seed=3))
    for point, step in enumerate(found.step.tolist()):
        stepper.train(step - stepper.step)
        assert found.path_loss[0, point] == pytest.approx(stepper.scores(split)[0], rel=1e-12)


def test_the_end_has_the_losses_of_the_run():
    run = train(RINGS, seed=3)[0]
    for split in ("train", "test"):
        found = landscape(RINGS, seed=3, grid=2, split=split)
        assert found.end_loss[0] == getattr(run, f"{split}_loss")
    assert np.array_equal(found.ends[0], flattened((run.weights, run.biases)))
    assert found.ending.tolist() == [run.ending]


def test_many_runs_are_those_of_train_where_the_trial_is_the_same():
    found = landscape(RINGS, seed=3, replications=5, grid=2, points=3)
    for i in range(5):
        trial = draw(RINGS, seed=3, shuffle=3 + i, noise=3 + i)
        (run,) = train(trial)
        assert np.array_equal(found.ends[i], flattened((run.weights, run.biases)))
        assert found.end_loss[i] == run.train_loss
    assert len({w.tobytes() for w in found.ends}) == 5
    assert (found.path[:, 0] == found.path[0, 0]).all()


def test_noise_is_each_runs_own():
    experiment = RINGS.varied({"network.dropout": 0.5})
    keys = [(t.shuffle_key, t.noise_key) for t in same_start(draw(experiment, 3), 4)]
    assert keys[0] == (draw(experiment, 3).shuffle_key, draw(experiment, 3).noise_key)
    assert len({k for k, _ in keys}) == len({k for _, k in keys}) == 4


def test_a_run_that_stops_early_has_its_best_weights_at_its_end():
    stops = {"patience": 1, "min_delta": 1.0, "restore_best_weights": True}
    experiment = RINGS.varied({"training.early_stopping": stops})
    run = train(experiment, seed=3)[0]
    found = landscape(experiment, seed=3, grid=2, points=13)
    assert run.stopped_early
    assert found.last[0] < 12
    assert np.array_equal(found.ends[0], flattened((run.weights, run.biases)))
    assert np.isnan(found.path[0, found.last[0] + 1 :]).all()
    assert np.isfinite(found.path[0, : found.last[0] + 1]).all()


def test_runs_that_diverge_are_left_out_of_the_plane(monkeypatch):
    usual = landscape(RINGS, seed=3, replications=3, grid=2, points=6)

    def diverging(*arguments):
        paths = train_paths(*arguments)
        weights = paths.weights.copy()
        weights[0, 1], weights[0, 2:] = 1e25, np.nan  # far off, and then no number
        return replace(paths, weights=weights)

    # The function has the module's name.
    monkeypatch.setattr(import_module("mlplab.explain.landscape"), "train_paths", diverging)
    found = landscape(RINGS, seed=3, replications=3, grid=2, points=6)
    assert found.ending.tolist() == ["diverged", *usual.ending[1:]]
    assert found.first == 1
    assert np.isnan(found.path[0, 2:]).all()
    assert np.isfinite(found.path[0, :2]).all()
    at = np.searchsorted(found.step, found.through)
    assert found.distance[1, at].max() < 1e-12
    assert np.abs(found.x).max() < 100
    assert np.isfinite(found.length_fraction[1:]).all()


def test_a_training_that_diverges_has_no_landscape():
    wild = {"kind": "sgd", "learning_rate": 1e30}
    experiment = RINGS.varied({"training.optimizer": wild, "network.activation": "linear"})
    with pytest.raises(
        MlplabError, match=r"the training of seed 3 diverged.*lower the learning rate"
    ):
        landscape(experiment, seed=3, grid=3)


# ---- On the plane --------------------------------------------------------------------------------


@pytest.mark.parametrize("plane", ["path", "principal", "random"])
@pytest.mark.parametrize("experiment", [DOUBLE, FLAT], ids=["deep", "flat"])
def test_the_grid_has_the_losses_of_the_reference(plane, experiment, tolerance):
    found = landscape(experiment, seed=1, grid=7, plane=plane, split="test")
    places = np.random.default_rng(0).integers(0, 7, (12, 2))
    for i, j in places:
        network = found.network(found.x[i], found.y[j])
        expected = reference_loss(network, found.trial, "test")
        assert found.loss[j, i] == pytest.approx(expected, abs=tolerance.float64)


def test_the_plane_has_the_networks_of_its_places(rings):
    parameters = rings.plane.networks(rings.path[0, :, 0], rings.path[0, :, 1])
    scores = Evaluation(rings.trial, "train").scores(
        parameters.shape[1], lambda a, b: parameters[:, a:b]
    )
    assert np.array_equal(scores.loss, rings.plane_loss[0])


def test_a_plane_through_three_points_passes_through_them(rings):
    at = np.searchsorted(rings.step, rings.through)
    assert rings.through[[0, 2]].tolist() == [0, rings.step[-1]]
    assert rings.distance[0, at].max() < 1e-12
    assert rings.path[0, 0] == pytest.approx([0, 0])
    assert rings.path[0, -1, 1] == pytest.approx(0, abs=1e-12)
    # To the rounding of the weights, which are float32.
    assert rings.plane_loss[0, at] == pytest.approx(rings.path_loss[0, at], abs=1e-6)
    assert rings.distance[0].max() > 1e-3


def test_points_that_are_chosen_are_met():
    found = landscape(RINGS, seed=3, grid=2, points=3, through=[5, 17, 30])
    assert found.through.tolist() == [5, 17, 30]
    assert found.distance[0, np.searchsorted(found.step, [5, 17, 30])].max() < 1e-12


def test_principal_directions_hold_most_of_the_variance(rings):
    principal = landscape(RINGS, seed=3, grid=2, plane="principal")
    away = landscape_weights(RINGS, 3, principal.step) - principal.ends[0].astype(np.float64)
    _, singular, directions = np.linalg.svd(away)
    held = np.linalg.norm(principal.path[0] - principal.path[0, -1], axis=1)
    assert (held**2).sum() == pytest.approx((singular[:2] ** 2).sum())
    assert np.abs(directions[:2] @ principal.plane.directions.T) == pytest.approx(
        np.eye(2), abs=1e-6
    )
    others = (rings.path[0] - rings.path[0, -1]) ** 2
    assert others.sum() < (held**2).sum()
    assert principal.path[0, 0, 0] < 0


def test_principal_directions_of_several_runs_begin_at_the_mean_of_their_ends():
    found = landscape(RINGS, seed=3, replications=3, grid=2, plane="principal")
    np.testing.assert_allclose(found.plane.origin, found.ends.mean(axis=0), rtol=0, atol=1e-6)
    assert np.ptp(found.ends, axis=0).max() > 1e-3


def test_the_grid_around_a_path_that_is_nearly_straight_is_a_quarter_as_high_as_wide():
    straight = np.array([[[0.0, 0.0], [2.0, 0.001], [4.0, 0.0]]])
    x, y = grid_axes("path", straight, grid=3)
    assert np.ptp(y) == pytest.approx(np.ptp(x) / 4)


def landscape_weights(experiment, seed, steps):
    stepper, found = Stepper(draw(experiment, seed)), []
    for step in steps.tolist():
        stepper.train(step - stepper.step)
        found.append(flattened(stepper.network))
    return np.array(found, np.float64)


def test_principal_directions_of_few_long_and_of_many_short_vectors():
    generator = np.random.default_rng(1)
    for points, parameters in ((5, 40), (40, 5)):
        scales = np.array([9.0, 4.0, *np.full(parameters - 2, 0.1)])
        weights = generator.normal(size=(points, parameters)) * scales
        plane = principal_plane(np.zeros(parameters), weights)
        _, _, expected = np.linalg.svd(weights)
        assert np.abs(plane.directions @ expected[:2].T) == pytest.approx(np.eye(2), abs=1e-9)


def test_fractions_by_hand():
    # A path of three moves in three dimensions; the plane is that of the first two.
    found = path_plane(np.zeros(3), np.array([3.0, 4.0, 0]), np.array([3.0, 0, 0]))
    assert found.directions.tolist() == [[1, 0, 0], [0, 1, 0]]
    assert found.coordinates(np.array([[1.0, 2.0, 7.0]])).tolist() == [[1, 2]]
    assert found.lengths(np.array([[3.0, 4.0]])).tolist() == [5]


def test_the_fractions_are_those_of_lengths_and_variances(rings):
    weights = landscape_weights(RINGS, 3, rings.step)
    near = rings.plane.networks(*rings.path[0].T).T

    def length(path):
        return np.linalg.norm(np.diff(path, axis=0), axis=1).sum()

    assert rings.length_fraction[0] == pytest.approx(length(near) / length(weights))
    variance = near.var(axis=0).sum() / weights.var(axis=0).sum()
    assert rings.variance_fraction[0] == pytest.approx(variance)
    assert 0 < rings.length_fraction[0] < 1
    assert rings.distance[0] == pytest.approx(np.linalg.norm(weights - near, axis=1))


def test_filters_are_normalised_by_hand():
    # Two inputs, one neuron of weights (3, 4), two outputs of weights 2 and 0.
    origin = flattened(
        (
            (np.array([[3.0, 4.0]]), np.array([[2.0], [0.0]])),
            (np.array([7.0]), np.array([8.0, 9.0])),
        )
    )
    plane = random_plane(origin, (2, 1, 2), seed=0)
    other = random_plane(origin, (2, 1, 2), seed=1)
    for direction in (*plane.directions, *other.directions):
        (first, second), biases = unflattened(direction, (2, 1, 2))
        assert np.linalg.norm(first) == pytest.approx(5)
        assert np.abs(second).ravel().tolist() == pytest.approx([2, 0])
        assert not np.concatenate(biases).any()
    assert len({tuple(d[:2]) for d in (*plane.directions, *other.directions)}) == 4


def test_a_random_plane_finds_its_places_though_its_directions_are_aslant():
    origin = np.array([3.0, 4.0, 7.0, 2.0, 0.0, 8.0, 9.0])
    plane = random_plane(origin, (2, 1, 2), seed=5)
    networks = plane.networks(np.array([0.5, -1.0]), np.array([0.25, 2.0])).T
    assert plane.coordinates(networks) == pytest.approx(np.array([[0.5, 0.25], [-1.0, 2.0]]))
    moved = np.array([[0.5, -2.0]])
    whole = plane.networks(*moved.T)[:, 0] - origin
    assert plane.lengths(moved)[0] == pytest.approx(np.linalg.norm(whole))


def test_penalties_stand_beside_losses():
    found = landscape(PENALISED, seed=2, grid=3)
    plain = landscape(RINGS, seed=2, grid=3)
    run = train(PENALISED, seed=2)[0]
    assert plain.penalty is plain.path_penalty is None
    assert found.path_penalty[0, -1] == pytest.approx(run.penalty, rel=1e-12)
    assert found.end_loss[0] == run.train_loss
    regularizer = PENALISED.network.kernel_regularizer
    weights, _ = found.network(found.x[2], found.y[1])
    assert found.penalty[1, 2] == pytest.approx(regularizer.of_layers(weights), rel=1e-12)


# ---- The same on any machine ---------------------------------------------------------------------


@pytest.mark.parametrize("plane", ["path", "principal", "random"])
def test_any_number_of_threads_gives_the_same(plane):
    one, three = (
        landscape(RINGS, seed=3, replications=3, plane=plane, grid=20, threads=threads)
        for threads in (1, 3)
    )
    for name in ("loss", "path", "path_loss", "plane_loss", "ends", "distance"):
        assert np.array_equal(getattr(one, name), getattr(three, name)), name


def test_losses_do_not_depend_on_the_block_that_a_network_stands_in():
    trial = draw(RINGS, 1)
    parameters = np.random.default_rng(2).normal(
        size=(flattened((trial.weights, trial.biases)).size, 37)
    )
    evaluation = Evaluation(trial, "test")
    together = evaluation.scores(37, lambda a, b: parameters[:, a:b])
    alone = [evaluation.scores(1, lambda a, b, i=i: parameters[:, [i]]).loss[0] for i in range(37)]
    assert together.loss.tolist() == alone
    assert (together.predicted.sum(axis=1) == 80).all()


def test_targets_and_weights_are_looked_at_as_runs_do():
    experiment = Experiment(
        dataset={"kind": "franke", "train_samples": 60, "test_samples": 30},
        network={"hidden_layers": 1, "layer_width": 4, "activation": "tanh"},
        training={"epochs": 3, "batch_size": 16, "loss": "huber"},
    )
    found, run = landscape(experiment, seed=1, grid=2, split="test"), train(experiment, seed=1)[0]
    assert found.end_loss[0] == run.test_loss
    assert found.ending[0] == run.ending
    weighted = RINGS.varied({"training.class_weight": {"1": 3.0}, "training.label_smoothing": 0.0})
    assert landscape(weighted, seed=1, grid=2).end_loss[0] == train(weighted, seed=1)[0].train_loss


def test_progress_tells_all_three_parts():
    told = []
    landscape(RINGS, seed=3, grid=9, progress=lambda *said: told.append(said))
    last = {what: (done, total) for what, done, total in told}
    assert list(last) == ["training", "loss along the path", "loss on the plane"]
    assert all(done == total for done, total in last.values())


# ---- What is refused -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ({"grid": 1}, r"grid must be a whole number from 2 to 1001, received 1"),
        ({"grid": 5000}, r"grid must be .* received 5000"),
        ({"grid": 2.5}, "received 2.5"),
        ({"replications": 0}, "replications must be a whole number from 1 on, received 0"),
        ({"plane": "paths"}, "unknown plane 'paths'; did you mean 'path'"),
        ({"split": "tests"}, "unknown split 'tests'; did you mean 'test'"),
        (
            {"through": [0, 5, 43]},
            r"three different updates from 0 to 42, .* received \[0, 5, 43\]",
        ),
        ({"through": [0, 5]}, r"three different updates .* received \[0, 5\]"),
        ({"through": [0, 5, 5]}, "three different updates"),
        ({"through": 5}, "three different updates .* received 5"),
        (
            {"through": [0, 1, 2], "plane": "random"},
            "through applies to a plane through the path only",
        ),
        ({"points": 1}, "points must be a whole number from 2 on, received 1"),
        ({"points": 2}, "needs three points of it, and there are two"),
        (
            {"points": 10**9},
            "1 × 1,000,000,000 points of paths, each of .* take fewer points or replications",
        ),
        (
            {"replications": 10**7},
            "10,000,000 × 2 points of paths, each of .* fewer points or replications",
        ),
        ({"plane": "random", "direction_seed": -1}, "the seed of the directions must be"),
        ({"direction_seed": 0}, "direction_seed applies to a random plane only, received"),
        ({"threads": 0}, "threads must be at least 1"),
    ],
)
def test_what_is_out_of_range_is_refused(wanted, words):
    with pytest.raises(MlplabError, match=words):
        landscape(RINGS, seed=3, **wanted)


def test_a_path_that_does_not_move_has_no_plane():
    still = RINGS.varied({"training.optimizer": {"kind": "sgd", "learning_rate": 1e-30}})
    with pytest.raises(MlplabError, match="did the training move any weight"):
        landscape(still, seed=3, grid=3)
    with pytest.raises(MlplabError, match="no principal plane"):
        landscape(still, seed=3, grid=3, plane="principal")
    assert landscape(still, seed=3, grid=3, plane="random").loss.shape == (3, 3)


def test_points_on_a_line_are_refused():
    with pytest.raises(MlplabError, match="three points lie on a line"):
        path_plane(np.zeros(4), np.full(4, 0.5), np.ones(4))


def test_a_network_of_zeros_has_no_filters():
    with pytest.raises(MlplabError, match="all weights are 0"):
        random_plane(np.zeros(6), (2, 2), seed=0)
