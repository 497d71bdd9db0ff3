"""Trials drawn as arrays are the trials drawn one by one, and the same for ever."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from mlplab.data import SPLITS
from mlplab.drawing import (
    draw_biases,
    draw_samples,
    draw_weights,
    noise_keys,
    packed_width,
    shuffle_keys,
)
from mlplab.spec import (
    Experiment,
    HeNormal,
    InitializerSpec,
    Linear,
    Network,
    RandomNormal,
    RandomUniform,
    Recipe,
    Spirals,
    Training,
    recipes,
)
from mlplab.streams import LARGEST_SEED, noise_key, shuffle_key
from mlplab.trial import draw

SEEDS = np.array([3, 0, 2**40, LARGEST_SEED], np.uint64)
SIZES = (2, 7, 7, 3)

every_recipe = pytest.mark.parametrize("kind", recipes())
every_initializer = pytest.mark.parametrize("kind", InitializerSpec.kinds)


def fingerprint(*arrays: NDArray[Any]) -> str:
    """A hash of the arrays' bits."""
    return sha256(b"".join(np.ascontiguousarray(a).tobytes() for a in arrays)).hexdigest()[:16]


# ---- The same for ever -----------------------------------------------------------------------

SAMPLES = {
    "linear": ("3f4a05a2822bbd2e", "6864bb9bec989256"),
    "polar": ("164a674ef3d1ab8f", "ac6046937abc63c5"),
    "moons": ("9dfd18f9f622a214", "82e42531b8621f9d"),
    "circles": ("c8c8feac523638db", "d66389d1b053bd97"),
    "spirals": ("4c483cc2600b2438", "c0086e37926ad870"),
    "xor": ("9246d455a39259df", "74165fc120c5cbc2"),
}
"""Hashes of the samples of seed 2024, in float32 and in float64."""

WEIGHTS = {
    "random_normal": ("75c845951e268495", "d14cfee03e38407e"),
    "random_uniform": ("af874b1c2af2ebc2", "7f6396f24088a4b5"),
    "truncated_normal": ("702450224c6d4ff1", "7f5a4d3a7509a5ce"),
    "glorot_normal": ("3edd717ee497cf44", "9bf4c378bdae4269"),
    "glorot_uniform": ("05ef1fb7eb25d071", "71def6678bf7f32e"),
    "he_normal": ("e1ce2f58fdabdb20", "8f78dce0c622b24b"),
    "he_uniform": ("c0726deb80feb111", "9a0dec6e083fe838"),
    "lecun_normal": ("962daf53a8d079bd", "8b7da7b652f95e60"),
    "lecun_uniform": ("e083be7f95e2f23d", "316ec7362c01d898"),
    "orthogonal": ("cde9092fbffee852", "ca57dd554c14901e"),
    "identity": ("b75a023281e1b698", "c4da5c40f7137e56"),
    "constant": ("d4957b5b5c11798a", "c4f70e1661125011"),
    "ones": ("e761a61ecddfab95", "fb2539f93f2dedeb"),
    "zeros": ("d4957b5b5c11798a", "c4f70e1661125011"),
}
"""Hashes of the weights of seed 2024 of a network of 2, 50, 50 and 3 neurons, likewise."""


@every_recipe
def test_samples_are_the_same_for_ever(kind: str):
    spec = Experiment(dataset=kind).dataset
    found = [
        fingerprint(*(part[0, :, :2] for part in draw_samples([spec], np.uint64([2024]), dtype)))
        for dtype in (np.float32, np.float64)
    ]
    assert tuple(found) == SAMPLES[kind]


@every_initializer
def test_weights_are_the_same_for_ever(kind: str):
    spec = Network(initializer=kind).initializer
    weights = draw_weights([spec], np.uint64([2024]), (2, 50, 50, 3))
    assert (fingerprint(weights.astype(np.float32)), fingerprint(weights)) == WEIGHTS[kind]


def test_biases_are_the_same_for_ever():
    biases = draw_biases([HeNormal()], np.uint64([2024]), (2, 50, 50, 3))
    assert fingerprint(biases) == "9860f4bc8dd42208"


# ---- Samples ---------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@every_recipe
def test_samples_are_packed_class_by_class(kind: str, dtype: Any):
    recipe = recipes()[kind](train_per_class=5, test_per_class=3)
    train, validation, test = draw_samples([recipe] * len(SEEDS), SEEDS, dtype)
    for samples, per_class in ((train, 5), (validation, 3), (test, 3)):
        assert samples.shape == (4, 2 * per_class, 4)
        assert samples.dtype == dtype
        assert np.isfinite(samples).all()
        np.testing.assert_array_equal(samples[..., 2], [np.repeat([0, 1], per_class)] * 4)
        assert not samples[..., 3].any()


@pytest.mark.parametrize(("features", "width"), [(1, 4), (2, 4), (3, 4), (4, 8), (7, 8), (8, 12)])
def test_a_packed_sample_has_a_multiple_of_four_numbers(features: int, width: int):
    assert packed_width(features) == width


@every_recipe
def test_a_trial_s_samples_are_the_same_alone_and_in_company(kind: str):
    # The others differ in noise.
    several = [
        recipes()[kind](sigma=0.1 * i, train_per_class=6, test_per_class=2) for i in range(4)
    ]
    together = draw_samples(several, SEEDS, np.float64)
    for i, recipe in enumerate(several):
        alone = draw_samples([recipe], SEEDS[i : i + 1], np.float64)
        for ours, theirs in zip(alone, together, strict=True):
            np.testing.assert_array_equal(ours[0], theirs[i])


@every_recipe
def test_draw_has_the_same_samples(kind: str):
    recipe = recipes()[kind](train_per_class=6, test_per_class=2)
    for dtype in ("float32", "float64"):
        experiment = Experiment(dataset=recipe, training=Training(dtype=dtype))
        packed = draw_samples([recipe] * len(SEEDS), SEEDS, dtype)
        for i, seed in enumerate(SEEDS):
            dataset = draw(experiment, 1, samples=seed).dataset
            for name, part in zip(SPLITS, packed, strict=True):
                np.testing.assert_array_equal(dataset.splits[name].x, part[i, :, :2])
                np.testing.assert_array_equal(dataset.splits[name].y, part[i, :, 2])


def test_every_class_of_many_has_its_own_samples():
    (train, *_) = draw_samples([Spirals(classes=5, train_per_class=4)], SEEDS[:1], np.float64)
    assert train[0, :, 2].tolist() == np.repeat(np.arange(5), 4).tolist()
    assert len(np.unique(train[0, :, :2])) == 5 * 4 * 2


# ---- Weights ---------------------------------------------------------------------------------


def layers_of(weights: NDArray[Any]) -> list[NDArray[Any]]:
    """W of each layer of a network of `SIZES`."""
    ends = [14, 63]
    shapes = [(7, 2), (7, 7), (3, 7)]
    return [w.reshape(s) for w, s in zip(np.split(weights, ends), shapes, strict=True)]


@pytest.mark.parametrize("shared", [False, True])
@every_initializer
def test_draw_has_the_same_weights(kind: str, shared: bool):
    initializer = InitializerSpec.kinds[kind](shared=shared)
    network = Network(hidden_layers=2, layer_width=7, activation="relu", initializer=initializer)
    drawn = draw_weights([initializer] * len(SEEDS), SEEDS, SIZES)
    for dtype in ("float32", "float64"):
        experiment = Experiment(
            dataset=Linear(classes=3, train_per_class=1, test_per_class=1),
            network=network,
            training=Training(dtype=dtype),
        )
        for seed, weights in zip(SEEDS, drawn, strict=True):
            trial = draw(experiment, 1, weights=seed)
            for ours, theirs in zip(trial.weights, layers_of(weights), strict=True):
                np.testing.assert_array_equal(ours, theirs.astype(dtype))


def test_a_trial_s_weights_are_the_same_alone_and_in_company():
    for several in (
        [RandomNormal(mean=0.1 * i, stddev=0.2 * i) for i in range(4)],
        [RandomUniform(minval=-0.1 * i, maxval=0.3) for i in range(4)],
    ):
        together = draw_weights(several, SEEDS, SIZES)
        for i, initializer in enumerate(several):
            alone = draw_weights([initializer], SEEDS[i : i + 1], SIZES)
            np.testing.assert_array_equal(alone[0], together[i])


def test_a_shared_initializer_gives_layers_of_one_shape_equal_weights_and_others_their_own():
    sizes = (7, 7, 7, 2, 7, 2)
    for shared in (True, False):
        (weights,) = draw_weights([HeNormal(shared=shared)], SEEDS[:1], sizes)
        square, other, wide, narrow, again = np.split(weights, [49, 98, 112, 126])
        assert np.array_equal(square, other) == shared
        assert np.array_equal(wide, again) == shared
        # 7 to 2 and 2 to 7 are two shapes, though of as many weights.
        assert len(np.unique([square[:14], wide, narrow])) == 3 * 14


def test_more_layers_or_classes_leave_shared_weights_as_they_are():
    of = [HeNormal(shared=True)]
    (few,) = draw_weights(of, SEEDS[:1], (7, 7, 2))
    (more_layers,) = draw_weights(of, SEEDS[:1], (7, 7, 7, 7, 2))
    (more_classes,) = draw_weights(of, SEEDS[:1], (7, 7, 9))
    np.testing.assert_array_equal(few[:49], more_layers[:49])
    np.testing.assert_array_equal(few[49:], more_layers[147:])
    np.testing.assert_array_equal(few[:49], more_classes[:49])


# ---- Biases ----------------------------------------------------------------------------------


@pytest.mark.parametrize("shared", [False, True])
@pytest.mark.parametrize("kind", ["he_normal", "constant", "zeros"])
def test_draw_has_the_same_biases(kind: str, shared: bool):
    initializer = InitializerSpec.kinds[kind](
        shared=shared, **{"value": 0.3} if kind == "constant" else {}
    )
    drawn = draw_biases([initializer] * len(SEEDS), SEEDS, SIZES)
    experiment = Experiment(
        dataset=Linear(classes=3, train_per_class=1, test_per_class=1),
        network=Network(
            hidden_layers=2, layer_width=7, activation="relu", bias_initializer=initializer
        ),
    )
    for seed, biases in zip(SEEDS, drawn, strict=True):
        trial = draw(experiment, 1, weights=seed)
        assert [b.shape for b in trial.biases] == [(7,), (7,), (3,)]
        np.testing.assert_array_equal(np.concatenate(trial.biases), biases.astype(np.float32))


def test_biases_leave_the_weights_as_they_are_and_are_none_of_their_numbers():
    network = Network(
        hidden_layers=2, layer_width=7, activation="relu", initializer="random_uniform"
    )
    plain, drawn = (
        draw(Experiment(dataset="linear", network=each), 1)
        for each in (network, network.varied({"bias_initializer": "random_uniform"}))
    )
    for a, b in zip(plain.weights, drawn.weights, strict=True):
        np.testing.assert_array_equal(a, b)
    weights, biases = (
        np.concatenate([p.ravel() for p in parts]) for parts in (drawn.weights, drawn.biases)
    )
    assert not np.isin(biases, weights).any()
    assert len(np.unique(biases)) == len(biases)
    assert not any(b.any() for b in plain.biases)


def test_a_shared_bias_initializer_gives_layers_of_one_size_equal_biases():
    of = [HeNormal(shared=True)]
    (biases,) = draw_biases(of, SEEDS[:1], (2, 7, 7, 3))
    np.testing.assert_array_equal(biases[:7], biases[7:14])
    assert not np.isin(biases[14:], biases[:14]).any()
    (more,) = draw_biases(of, SEEDS[:1], (2, 7, 7, 7, 5))
    np.testing.assert_array_equal(more[:14], biases[:14])


def test_a_trial_s_biases_are_the_same_alone_and_in_company():
    several = [RandomNormal(mean=0.1 * i, stddev=0.2 * i) for i in range(4)]
    together = draw_biases(several, SEEDS, SIZES)
    for i, initializer in enumerate(several):
        np.testing.assert_array_equal(
            draw_biases([initializer], SEEDS[i : i + 1], SIZES)[0], together[i]
        )


# ---- Shuffles and noise ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("keys_of", "key_of"), [(shuffle_keys, shuffle_key), (noise_keys, noise_key)]
)
def test_keys_are_those_of_the_streams(keys_of: Any, key_of: Any):
    keys = keys_of(SEEDS)
    assert keys.dtype == np.uint64
    assert keys.tolist() == [key_of(int(seed)) for seed in SEEDS]
    assert keys_of(SEEDS[:0]).size == 0


# ---- What all kinds share --------------------------------------------------------------------


def test_every_kind_has_its_hashes():
    assert set(SAMPLES) == set(recipes())
    assert set(WEIGHTS) == set(InitializerSpec.kinds)
    assert all(issubclass(kind, Recipe) for kind in recipes().values())
