"""The noise of a training is the same for ever, and as random as it must be."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from mlplab.elementary import normal_quantile
from mlplab.noise import dropout_mask, dropout_threshold, noise_bits, normal_noise
from mlplab.spec import Experiment, Linear
from mlplab.streams import noise_key
from mlplab.trial import Trial, draw

LEVEL = 1e-4
"""Each test's probability of a false alarm, if its seed had been another."""

SIZES: dict[str, Any] = {
    "key": 7,
    "epoch": 3,
    "level": 1,
    "places": np.arange(3_000),
    "neurons": 80,
}


def bits(**changed: Any) -> NDArray[np.uint32]:
    return noise_bits(**{**SIZES, **changed})


# ---- What it is a function of ----------------------------------------------------------------


def test_noise_is_the_same_for_ever():
    found = noise_bits(key=2**64 - 1, epoch=5, level=2, places=np.array([0, 1000]), neurons=3)
    assert found.dtype == np.uint32
    assert found.tolist() == [
        [1307113972, 3015416581, 1506946080],
        [4106601596, 2445203080, 711365830],
    ]


def test_noise_by_pythons_whole_numbers():
    # The formulas of the module, one number at a time.
    def mix(z: int) -> int:
        z &= 2**64 - 1
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) % 2**64
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) % 2**64
        return z ^ (z >> 31)

    golden = 0x9E3779B97F4A7C15
    key, epoch, level, places = 987654321987654321, 4, 3, [0, 17, 2**31]
    for place, row in zip(
        places, noise_bits(key, epoch, level, np.array(places), 4).tolist(), strict=True
    ):
        word = mix(
            mix(mix(key + (epoch + 1) * golden) + (level + 1) * golden) + (place + 1) * golden
        )
        for j, found in enumerate(row):
            u = (word % 2**32 + (j + 1) * 0x9E3779B9) % 2**32
            u = ((u ^ (u >> 16)) * 0x7FEB352D + (word >> 32)) % 2**32
            u = ((u ^ (u >> 15)) * 0x846CA68B) % 2**32
            assert found == u ^ (u >> 16)


def test_noise_depends_on_nothing_but_place_and_neuron():
    whole = bits()
    some = np.array([2_999, 5, 5, 0])
    np.testing.assert_array_equal(bits(places=some), whole[some])
    np.testing.assert_array_equal(bits(neurons=9), whole[:, :9])


# ---- How random it is ------------------------------------------------------------------------


def test_bits_are_uniform():
    assert stats.kstest(bits().ravel() / 2**32, stats.uniform.cdf).pvalue > LEVEL
    ones = np.array([((bits() >> np.uint32(i)) & np.uint32(1)).mean() for i in range(32)])
    assert np.abs(ones - 0.5).max() < 4.5 * 0.5 / np.sqrt(bits().size)


SHIFTED: dict[str, Any] = {
    **{
        f"{lag} neurons": (bits()[:, lag:], bits()[:, :-lag]) for lag in (1, 2, 3, 5, 8, 13, 21, 34)
    },
    **{f"{lag} places": (bits()[lag:], bits()[:-lag]) for lag in (1, 2, 16, 32, 64)},
    "levels": (bits(level=1), bits(level=2)),
    "epochs": (bits(epoch=0), bits(epoch=1)),
    "keys": (bits(key=8), bits(key=9)),
    "keys that differ in their highest bit": (bits(key=8), bits(key=8 + 2**63)),
    "keys of neighbouring seeds": (bits(key=noise_key(0)), bits(key=noise_key(1))),
    "an epoch and a level": (bits(epoch=1, level=0), bits(epoch=0, level=1)),
}


@pytest.mark.parametrize("apart", SHIFTED)
@pytest.mark.parametrize("which", ["upper", "lower"])
def test_neighbours_are_independent(apart: str, which: str):
    # Pairs of five bits each: a table of 32 × 32 counts, all of them equal but for chance.
    shift = np.uint32(27 if which == "upper" else 0)
    a, b = (((x >> shift) & np.uint32(31)).ravel() for x in SHIFTED[apart])
    counts = np.bincount(32 * a + b, minlength=1024)
    assert stats.chisquare(counts).pvalue > LEVEL


@pytest.mark.parametrize("rate", [0.0, 0.1, 0.5, 0.99, 1 - 2.0**-53])
def test_so_many_neurons_are_left_out_as_the_rate_says(rate: float):
    mask = dropout_mask(bits(), rate, np.float64)
    left_out = (mask == 0).mean()
    assert abs(left_out - rate) <= 4 * np.sqrt(rate * (1 - rate) / mask.size)
    np.testing.assert_array_equal(np.unique(mask[mask != 0]), [1 / (1 - rate)][: int(left_out < 1)])
    assert 0 <= dropout_threshold(rate) < 2**32
    # What is left out of a sample varies as it would by coins of their own.
    of_samples, p = (mask == 0).sum(axis=1), rate
    if 0.01 < rate < 0.999:
        ratio = of_samples.var(ddof=1) / (80 * p * (1 - p))
        assert abs(ratio - 1) < 4 * np.sqrt(2 / len(mask)) * 1.5


def test_parities_of_three_neurons_are_fair():
    out = bits() < dropout_threshold(0.5)
    parity = out[:, :-2] ^ out[:, 1:-1] ^ out[:, 2:]
    assert abs(parity.mean() - 0.5) < 4 * 0.5 / np.sqrt(parity.size)


def test_noise_on_inputs_is_normal():
    z = normal_noise(bits(), 0.5, np.float64)
    assert stats.kstest(z.ravel(), stats.norm(scale=0.5).cdf).pvalue > LEVEL
    extremes = np.array([[0, 2**32 - 1]], np.uint32)
    low, high = normal_noise(extremes, 1.0, np.float64)[0].tolist()
    assert low == -high
    assert 6.2 < high < 6.4
    u = np.array([(12345 + 0.5) / 2**32])
    normal_quantile(u)
    assert normal_noise(np.array([[12345]], np.uint32), 0.25, np.float32)[0, 0] == np.float32(
        u[0] / 4
    )


# ---- Of a trial ------------------------------------------------------------------------------


def trial(dtype: str = "float32", **network: Any) -> Trial:
    layers = {"hidden_layers": 2, "layer_width": (5, 3), "activation": "relu"}
    experiment = Experiment(
        dataset=Linear(train_per_class=8, test_per_class=2),
        network={**layers, **network},
        training={"dtype": dtype},
    )
    return draw(experiment, seed=4)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_masks_of_a_trial_have_a_column_for_each_neuron(dtype: str):
    drawn, places = trial(dtype, dropout=(0.5, 0.25)), np.arange(6)
    for layer, (neurons, rate) in enumerate([(5, 0.5), (3, 0.25)]):
        mask = drawn.dropout_mask(2, places, layer)
        assert (mask.dtype, mask.shape) == (np.dtype(dtype), (6, neurons))
        wanted = noise_bits(drawn.noise_key, 2, layer + 1, places, neurons) >= rate * 2**32
        np.testing.assert_array_equal(mask, np.where(wanted, 1 / (1 - rate), 0).astype(dtype))


def test_noise_of_a_trial_has_a_column_for_each_feature():
    drawn, places = trial(input_noise=0.1), np.array([3, 0])
    noise = drawn.input_noise(1, places)
    assert (noise.dtype, noise.shape) == (np.dtype(np.float32), (2, 2))
    expected = normal_noise(noise_bits(drawn.noise_key, 1, 0, places, 2), 0.1, np.float32)
    np.testing.assert_array_equal(noise, expected)


def test_rates_share_what_they_are_drawn_from():
    # Who stays at a high rate stays at a low one: paired comparisons of rates are the sharper for it.
    low, high = (trial(dropout=rate).dropout_mask(0, np.arange(16), 0) for rate in (0.2, 0.6))
    assert (low[high > 0] > 0).all()
