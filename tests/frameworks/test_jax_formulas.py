"""The formulas of `mlplab.spec` give the same numbers by JAX as by NumPy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import numpy as np
import pytest
from numba import vectorize

from mlplab.errors import MlplabError
from mlplab.frameworks.jax.backend import full_precision
from mlplab.frameworks.jax.formulas import FormulaArray, by_jax, check_formulas, updated
from mlplab.frameworks.jax.noise import epoch_key_of, input_noise_of, masks_of
from mlplab.frameworks.jax.updating import clipped
from mlplab.noise import noise_bits, normal_noise
from mlplab.reference.clipping import clip
from mlplab.spec import ACTIVATIONS, HEADS, SGD, Experiment, Network, OptimizerSpec
from mlplab.spec.activations import Activation
from mlplab.spec.regression import REGRESSION_HEADS
from mlplab.training import train

Z = np.concatenate([np.linspace(-9, 9, 37), [-800.0, -90.0, 90.0]]).reshape(-1, 4)


def by_jit(function: Callable[..., Any], *arrays: Any) -> Any:
    """Compile a function of arrays as one program, and return what it gives as NumPy's arrays."""
    with full_precision():
        return jax.tree.map(np.asarray, jax.jit(function)(*arrays))


def test_activations_and_their_slopes(tolerance: Any):
    formulas = [(a.function, a.derivative) for a in ACTIVATIONS.values()]
    comp = by_jit(lambda z: [[by_jax(f)(z) for f in both] for both in formulas], Z)
    for name, both, ours in zip(ACTIVATIONS, formulas, comp, strict=True):
        with np.errstate(over="ignore"):
            for ref, number in zip((f(Z) for f in both), ours, strict=True):
                np.testing.assert_allclose(
                    number, ref, rtol=tolerance.float64, atol=tolerance.float64, err_msg=name
                )


def test_heads_losses_and_metrics(tolerance: Any):
    rng = np.random.default_rng(1)
    weight = rng.uniform(0, 2, (6, 1))
    for head in (*HEADS.values(), *REGRESSION_HEADS.values()):
        k = head.outputs(3)
        z = rng.normal(0, 2, (6, k))
        answers = (
            rng.normal(0, 2, (6, k)) if head.has_targets else np.arange(6) % (2 if k == 1 else 3)
        )
        y = head.targets(answers, 3, np.float64)

        def all_of(z: Any, y: Any, weight: Any, head: Any = head) -> Any:
            p = by_jax(head.output)(z)
            loss, metric = by_jax(head.mean_loss)(p, y, weight), by_jax(head.metric)(p, y)
            return p, loss, metric, by_jax(head.delta)(p, y, weight)

        p = head.output(z)
        ref = p, head.mean_loss(p, y, weight), head.metric(p, y), head.delta(p, y, weight)
        for ours, theirs in zip(by_jit(all_of, z, y, weight), ref, strict=True):
            np.testing.assert_allclose(ours, theirs, rtol=0, atol=tolerance.float64)


OPTIMIZERS = [
    *(kind() for kind in OptimizerSpec.kinds.values()),
    *(SGD(momentum=0.5, nesterov=nesterov) for nesterov in (False, True)),
]


def test_optimizers(tolerance: Any):
    rng = np.random.default_rng(2)
    w, gradients = rng.normal(0, 1, (3, 4)), rng.normal(0, 1, (3, 3, 4))

    def trained(w: Any, gradients: Any) -> Any:
        found = []
        for optimizer in OPTIMIZERS:
            of_update = optimizer.step_sizes(np.arange(3.0)).T
            moved, moments = w, tuple(jax.numpy.full_like(w, m) for m in optimizer.initial_moments)
            for gradient, sizes in zip(gradients, of_update, strict=True):
                moved, moments = updated(
                    optimizer, moved, gradient, jax.numpy.asarray(sizes), moments
                )
            found.append((moved, moments))
        return found

    for optimizer, (moved, moments) in zip(OPTIMIZERS, by_jit(trained, w, gradients), strict=True):
        ref, remembered = w.copy(), [np.full_like(w, m) for m in optimizer.initial_moments]
        for gradient, sizes in zip(gradients, optimizer.step_sizes(np.arange(3.0)).T, strict=True):
            optimizer.update(ref, gradient, sizes.tolist(), *remembered)
        assert np.abs(ref - w).max() > 1e-6  # the least is that of Adadelta
        for ours, theirs in zip((moved, *moments), (ref, *remembered), strict=True):
            np.testing.assert_allclose(ours, theirs, rtol=0, atol=tolerance.float64)


def test_clipping(tolerance: Any):
    rng = np.random.default_rng(3)
    gradients = [rng.normal(0, 2, (3, 4)), rng.normal(0, 0.1, 3)]
    ways = [SGD(**{name: 0.7}) for name in ("clipvalue", "clipnorm", "global_clipnorm")]
    comp = by_jit(lambda gradients: [clipped(way, gradients) for way in ways], gradients)
    for way, ours in zip(ways, comp, strict=True):
        for number, ref in zip(ours, clip(way, gradients), strict=True):
            np.testing.assert_allclose(number, ref, rtol=0, atol=tolerance.float64)


def test_masks_are_the_trials_bit_for_bit_and_its_noise_but_for_rounding(tolerance: Any):
    network = Network(
        hidden_layers=2, layer_width=(5, 3), activation="relu", dropout=(0.3, 0.6), input_noise=0.2
    )
    key, epoch, places = 2**63 + 17, 4, np.arange(3, 11)

    def drawn(key: Any, epoch: Any, places: Any) -> Any:
        of_epoch = epoch_key_of(key, epoch)
        noise = input_noise_of(network, of_epoch, places, 2, "float64")
        return masks_of(network, of_epoch, places, (5, 3), "float32"), noise

    masks, noise = by_jit(
        drawn, np.uint64(key), np.array([epoch], np.uint64), places.astype(np.uint64)
    )
    for level, (mask, rate, width) in enumerate(zip(masks, (0.3, 0.6), (5, 3), strict=True), 1):
        stays = noise_bits(key, epoch, level, places, width) >= int(rate * 2**32)
        assert mask.dtype == np.float32
        np.testing.assert_array_equal(mask, np.where(stays, np.float32(1 / (1 - rate)), 0))
    bits = noise_bits(key, epoch, 0, places, 2)
    np.testing.assert_allclose(
        noise, normal_noise(bits, 0.2, np.float64), rtol=0, atol=tolerance.float64
    )


@vectorize(["float64(float64)"])
def tanh(z: float) -> float:
    """Twice z: an elementwise function that has the name of one of NumPy's."""
    return 2 * z


@pytest.mark.parametrize(
    "function",
    [
        lambda z: np.array([max(0.0, float(number)) for number in z.ravel()]).reshape(z.shape),
        lambda z: z if z.sum() > 0 else -z,
        lambda z: z[z < 0],
        lambda z: np.mean(z, axis=1, out=z),
        lambda z: z.copy().sort() or z,
        lambda z: z[:, :2],
        tanh,
    ],
    ids=["numbers", "if", "those below 0", "out", "sorted in place", "other shape", "same name"],
)
def test_a_formula_that_needs_numbers_is_refused_by_the_name_of_its_part(
    monkeypatch: pytest.MonkeyPatch, function: Any
):
    monkeypatch.setitem(ACTIVATIONS, "own", Activation(function, np.ones_like, "{z}", "1"))
    check_formulas(["relu", "tanh"], SGD())
    named = "JAX cannot train with the activation 'own': its formula"
    with pytest.raises(MlplabError, match=named):
        check_formulas(["relu", "own"], SGD())
    experiment = Experiment(
        dataset="linear", network={"hidden_layers": 1, "layer_width": 2, "activation": "own"}
    )
    epochs: list[int] = []
    with pytest.raises(MlplabError, match=named):
        train(experiment, trainer="jax", progress=lambda done, total: epochs.append(done))
    assert epochs == []


def relu_by_mask(z: Any) -> Any:
    h = z.copy()
    h[z < 0] = 0
    h[np.sum(z, axis=1) > 9] = 1
    return h


@pytest.mark.parametrize(
    "function",
    [
        lambda z: np.stack([np.tanh(row) for row in z]),
        lambda z: np.exp(z.T).T,
        lambda z: z - z.mean(),
        lambda z: np.stack(list(z)),
        lambda z: z / np.linalg.norm(z, axis=1, keepdims=True),
        lambda z: z - np.maximum.reduce(z, axis=1, keepdims=True),
        lambda z: z - np.sum(z, axis=1, keepdims=True, where=z > 0),
        relu_by_mask,
    ],
    ids=["rows", "transposed", "mean", "list", "norm", "reduction", "option", "mask"],
)
def test_formulas_of_rows_and_transposed_arrays_are_numpys(function: Any, tolerance: Any):
    z = np.random.default_rng(3).normal(size=(3, 2))
    comp = by_jit(by_jax(function), z)
    np.testing.assert_allclose(comp, function(z), rtol=0, atol=tolerance.float64)


def test_truth_values_have_a_mean_in_float64():
    with full_precision():
        mean = by_jax(np.mean)(jax.numpy.array([True, False, False]))
        assert mean.dtype == np.float64
        assert float(mean) == 1 / 3


def test_what_is_written_in_place_keeps_its_type():
    with full_precision():
        array = FormulaArray(jax.numpy.ones(2, np.float32))
        array -= np.array([0.5, 0.25])
    assert array.array.dtype == np.float32
    assert array.array.tolist() == [0.5, 0.75]


def test_a_formula_array_is_written_to_in_place():
    with full_precision():
        array = FormulaArray(jax.numpy.ones(3))
        same = array
        array -= 0.25
        array[1:] = 5.0
    assert same.array.tolist() == [0.75, 5.0, 5.0]
