"""Drawn points lie where the lab, or scikit-learn's published formula, puts them."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from mlplab.data import SPLITS, Dataset, Split, draw_dataset
from mlplab.errors import MlplabError, SpecError, shown
from mlplab.spec import (
    Circles,
    DatasetSpec,
    Experiment,
    Linear,
    Moons,
    Polar,
    Recipe,
    SamplesFile,
    Spirals,
    Xor,
    recipes,
)

KINDS = recipes()

LEVEL = 0.001
"""A distribution test at this level rejects a right generator for one seed in a thousand; the seeds
here are fixed, so that it either always passes or never.
"""


def points(spec: Recipe, k: int, seed: int = 5) -> np.ndarray:
    """The training points of class k."""
    train = draw_dataset(spec, seed).train
    return train.x[train.y == k]


def angle(x: np.ndarray) -> np.ndarray:
    """Angle of each point, from 0 to 2π."""
    return np.arctan2(x[:, 1], x[:, 0]) % (2 * np.pi)


def follows(sample: np.ndarray, distribution: stats.distributions.rv_frozen) -> bool:
    return stats.kstest(sample, distribution.cdf).pvalue > LEVEL


def are_uncorrelated(a: np.ndarray, b: np.ndarray) -> bool:
    # The correlation of n independent pairs has a standard deviation of about 1/√n.
    return abs(np.corrcoef(a, b)[0, 1]) < 4 / np.sqrt(len(a))


# ---- The lab's two ---------------------------------------------------------------------------


@pytest.mark.parametrize("classes", [2, 5])
@pytest.mark.parametrize("sigma", [0.06, 0.1])
def test_linear_clouds_have_the_labs_means_and_deviations(classes: int, sigma: float):
    n = 20_000
    spec = Linear(classes=classes, sigma=sigma, train_per_class=n)
    for k in range(classes):
        x = points(spec, k)
        # Four standard errors: σ/√n of a mean, σ/√(2n) of a standard deviation.
        np.testing.assert_allclose(
            x.mean(axis=0), (k + 1) / (classes + 1), rtol=0, atol=4 * sigma / np.sqrt(n)
        )
        np.testing.assert_allclose(x.std(axis=0), sigma, rtol=0, atol=4 * sigma / np.sqrt(2 * n))


def test_linear_coordinates_are_normal_and_independent():
    spec = Linear(classes=3, sigma=0.1, train_per_class=20_000)
    for k in range(3):
        x = points(spec, k)
        for coordinate in x.T:
            assert follows(coordinate, stats.norm((k + 1) / 4, 0.1))
        assert are_uncorrelated(*x.T)


@pytest.mark.parametrize(("classes", "sigma"), [(2, 0.1), (5, 0.05)])
def test_polar_rings_have_the_labs_radius_and_any_angle(classes: int, sigma: float):
    spec = Polar(classes=classes, sigma=sigma, train_per_class=20_000)
    for k in range(classes):
        x = points(spec, k)
        radius = np.hypot(*x.T)
        # |normal(mean, σ)| is σ times a folded normal of c = mean / σ.
        assert follows(radius, stats.foldnorm(k / classes / sigma, scale=sigma))
        assert follows(angle(x), stats.uniform(0, 2 * np.pi))
        assert are_uncorrelated(radius, angle(x))


# ---- Their geometry, without noise -----------------------------------------------------------


def test_moons_without_noise_are_scikit_learns():
    n = 37
    outer_x = np.cos(np.linspace(0, np.pi, n))
    outer_y = np.sin(np.linspace(0, np.pi, n))
    inner_x = 1 - np.cos(np.linspace(0, np.pi, n))
    inner_y = 1 - np.sin(np.linspace(0, np.pi, n)) - 0.5
    spec = Moons(sigma=0, train_per_class=n)
    np.testing.assert_allclose(points(spec, 0), np.c_[outer_x, outer_y], atol=1e-15)
    np.testing.assert_allclose(points(spec, 1), np.c_[inner_x, inner_y], atol=1e-15)


@pytest.mark.parametrize("factor", [0.8, 0.3, 0.0])
def test_circles_without_noise_are_scikit_learns(factor: float):
    n = 37
    t = np.linspace(0, 2 * np.pi, n, endpoint=False)
    spec = Circles(sigma=0, factor=factor, train_per_class=n)
    np.testing.assert_allclose(points(spec, 0), np.c_[np.cos(t), np.sin(t)], atol=1e-15)
    inner = np.c_[np.cos(t) * factor, np.sin(t) * factor]
    np.testing.assert_allclose(points(spec, 1), inner, atol=1e-15)


def test_xor_without_noise_is_scikit_learns():
    train = draw_dataset(Xor(sigma=0, train_per_class=20_000), seed=5).train
    np.testing.assert_array_equal(train.y, np.logical_xor(train.x[:, 0] > 0, train.x[:, 1] > 0))
    for k in (0, 1):
        for coordinate in train.x[train.y == k].T:
            assert follows(coordinate, stats.norm())
    # Over both classes the coordinates are independent; within one, their sizes are.
    assert are_uncorrelated(*train.x.T)
    assert are_uncorrelated(*np.abs(train.x[train.y == 0]).T)


@pytest.mark.parametrize(("classes", "turns"), [(2, 1.0), (3, 0.5), (5, 2.0)])
def test_spirals_without_noise_are_evenly_turned_arms(classes: int, turns: float):
    spec = Spirals(classes=classes, turns=turns, sigma=0, train_per_class=5_000)
    for k in range(classes):
        x = points(spec, k)
        radius = np.hypot(*x.T)
        assert follows(radius, stats.uniform())
        # Turned back by its own radius and class, every point lies on the positive x1 axis.
        turn = -2 * np.pi * (k / classes + turns * radius)
        back = (x[:, 0] + 1j * x[:, 1]) * np.exp(1j * turn)
        np.testing.assert_allclose(back, radius, rtol=0, atol=1e-14)


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"polar"}))
def test_noise_is_normal_in_both_coordinates(kind: str):
    # Without noise the same seed gives the same places. (A ring's noise lies in its radius: above.)
    noisy, still = [
        draw_dataset(KINDS[kind](sigma=sigma, train_per_class=10_000), seed=5).train.x
        for sigma in (0.2, 0.0)
    ]
    noise = noisy - still
    for coordinate in noise.T:
        assert follows(coordinate, stats.norm(0, 0.2))
    assert are_uncorrelated(*noise.T)
    assert are_uncorrelated(noise[1:, 0], noise[:-1, 0])


# ---- What all kinds share --------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_counts_are_per_class_in_each_split(kind: str):
    dataset = draw_dataset(KINDS[kind](train_per_class=7, test_per_class=4), seed=1)
    assert list(dataset.splits) == list(SPLITS) == ["train", "validation", "test"]
    assert dataset.label_names == ("0", "1")
    for name, n in {"train": 7, "validation": 4, "test": 4}.items():
        split = dataset.splits[name]
        assert len(split) == 2 * n
        assert split.x.shape == (2 * n, 2)
        assert split.x.dtype == np.float64
        assert split.y.dtype == np.int64
        assert np.bincount(split.y).tolist() == [n, n]
        assert np.isfinite(split.x).all()


@pytest.mark.parametrize("kind", ["linear", "polar", "spirals"])
def test_any_number_of_classes(kind: str):
    dataset = draw_dataset(KINDS[kind](classes=7, train_per_class=3, test_per_class=2), seed=1)
    assert dataset.classes == 7
    assert dataset.label_names == tuple("0123456")
    assert np.bincount(dataset.train.y).tolist() == [3] * 7


@pytest.mark.parametrize("kind", KINDS)
def test_splits_classes_and_seeds_are_drawn_apart(kind: str):
    spec = KINDS[kind](train_per_class=50, test_per_class=50)
    drawn = [
        split.x[split.y == k]
        for seed in (1, 2)
        for split in draw_dataset(spec, seed).splits.values()
        for k in (0, 1)
    ]
    coordinates = np.concatenate(drawn).ravel()
    assert len(np.unique(coordinates)) == len(coordinates) == 2 * 3 * 2 * 50 * 2


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_seed_gives_the_same_points(kind: str):
    once, again = draw_dataset(KINDS[kind](), seed=3), draw_dataset(KINDS[kind](), seed=3)
    for name in SPLITS:
        np.testing.assert_array_equal(once.splits[name].x, again.splits[name].x)


@pytest.mark.parametrize("kind", KINDS)
def test_more_training_points_leave_validation_and_test_points_as_they_are(kind: str):
    few = draw_dataset(KINDS[kind](train_per_class=8), seed=3)
    many = draw_dataset(KINDS[kind](train_per_class=600), seed=3)
    assert len(few.train) != len(many.train)
    for name in ("validation", "test"):
        np.testing.assert_array_equal(few.splits[name].x, many.splits[name].x)
        np.testing.assert_array_equal(few.splits[name].y, many.splits[name].y)


@pytest.mark.parametrize("seed", [-1, 2**62 + 1])
@pytest.mark.parametrize("kind", [*KINDS.values(), SamplesFile])
def test_a_seed_out_of_range_is_refused_for_every_kind(kind: type[DatasetSpec], seed: int):
    spec = kind(path="none.csv") if kind is SamplesFile else kind()
    with pytest.raises(MlplabError) as refused:
        draw_dataset(spec, seed)
    assert str(refused.value) == f"a seed must be a whole number from 0 to 2^62, received {seed}"


@pytest.mark.parametrize("came", ["polar", "points.csv", Polar, None, Experiment(dataset="polar")])
def test_what_is_no_dataset_is_refused(came: object):
    with pytest.raises(SpecError) as refused:
        draw_dataset(came, seed=1)
    assert str(refused.value) == (
        "a dataset of mlplab.spec was expected, such as Polar() or SamplesFile(path=...), "
        f"received {shown(came)}"
    )


# ---- The Dataset -----------------------------------------------------------------------------


def three_classes() -> Dataset:
    split = Split(np.array([[0.1, 1.0], [2.0, 3.0], [4.0, 5.0]]), np.array([2, 0, 1]))
    return Dataset(split, split, split, ("a", "b", "c"))


def test_one_hot_has_a_one_at_the_class():
    dataset = three_classes()
    wanted = [[0, 0, 1], [1, 0, 0], [0, 1, 0]]
    assert dataset.one_hot(dataset.train.y).tolist() == wanted
    # Also where a split, or what one passes, has not every class.
    assert dataset.one_hot(np.array([1, 1])).tolist() == [[0, 1, 0], [0, 1, 0]]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_astype_changes_coordinates_and_one_hot_but_no_labels(dtype: type[np.floating]):
    dataset = three_classes().astype(dtype)
    for split in dataset.splits.values():
        assert split.x.dtype == dtype
        np.testing.assert_array_equal(split.x, three_classes().train.x.astype(dtype))
        np.testing.assert_array_equal(split.y, three_classes().train.y)
    assert dataset.one_hot(dataset.train.y).dtype == dtype
    assert dataset.label_names == ("a", "b", "c")
