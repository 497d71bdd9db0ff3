"""Mistakes in `setup_model`: wrong numbers of hidden layers and of parameters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mlplab.course.checker.mistakes.mistake import Float, Registry


@dataclass(frozen=True, eq=False)
class Counted:
    """Networks, each given by the weights and biases of its layers."""

    networks: Sequence[tuple[Sequence[Float], Sequence[Float]]]


HIDDEN_LAYERS: Registry[Counted] = Registry()
PARAMETERS: Registry[Counted] = Registry()

_LAYERS = (
    "In setup_model, W has a matrix for each layer, the output layer too: "
    "hidden_layers = len(W) - 1."
)
_SIZE = "In setup_model, add up the sizes of all W[l] and all b[l]: W[l].size + b[l].size."


def _enter() -> None:
    layers: list[tuple[str, str, Callable[[int], int]]] = [
        ("output-layer-counted", "The output layer is counted as a hidden layer.", lambda n: n),
        ("input-layer-counted", "Input and output are counted as hidden layers.", lambda n: n + 1),
        ("too-few-layers-counted", "One hidden layer too few is counted.", lambda n: n - 2),
    ]
    for name, what, count in layers:
        HIDDEN_LAYERS.entry(name, what, _LAYERS, credit=0.25)(
            lambda question, count=count: [count(len(w)) for w, _ in question.networks]  # type: ignore[misc]  # mypy infers no lambda with a default
        )
    ways: list[tuple[str, str, Callable[[Sequence[Float], Sequence[Float]], float]]] = [
        ("biases-not-counted", "The biases are not counted.", lambda w, b: _sizes(w)),
        ("weights-not-counted", "Only the biases are counted.", lambda w, b: _sizes(b)),
        (
            "last-layer-not-counted",
            "The last layer is not counted.",
            lambda w, b: _sizes(w[:-1]) + _sizes(b[:-1]),
        ),
        (
            "first-layer-not-counted",
            "The first layer is not counted.",
            lambda w, b: _sizes(w[1:]) + _sizes(b[1:]),
        ),
        (
            "only-last-layer-counted",
            "Only the last layer is counted.",
            lambda w, b: _sizes(w[-1:]) + _sizes(b[-1:]),
        ),
        (
            "only-first-layer-counted",
            "Only the first layer is counted.",
            lambda w, b: _sizes(w[:1]) + _sizes(b[:1]),
        ),
        (
            "last-bias-not-counted",
            "The biases of the last layer are not counted.",
            lambda w, b: _sizes(w) + _sizes(b[:-1]),
        ),
        ("matrices-counted", "The matrices are counted, not the numbers in them.", lambda w, b: len(w)),
        ("matrices-counted", "The arrays are counted, not the numbers in them.", lambda w, b: 2 * len(w)),
        (
            "rows-counted",
            "The rows of the matrices are counted, not the numbers in them.",
            lambda w, b: sum(len(m) for m in w) + sum(len(v) for v in b),
        ),
        (
            "rows-counted",
            "The neurons are counted, not their weights.",
            lambda w, b: sum(len(m) for m in w),
        ),
        (
            "shapes-added",
            "Rows and columns are added, where the number of entries is their product.",
            lambda w, b: sum(sum(m.shape) for m in w) + sum(len(v) + 1 for v in b),
        ),
        (
            "weights-summed",
            "The values of weights and biases are added up; they should be counted.",
            lambda w, b: sum(float(m.sum()) for m in [*w, *b]),
        ),
        (
            "biases-counted-once-a-layer",
            "The bias counts as one number in each layer.",
            lambda w, b: _sizes(w) + len(b),
        ),
    ]  # fmt: skip
    for name, what, way in ways:
        PARAMETERS.entry(name, what, _SIZE, credit=0.25)(
            lambda question, way=way: [way(w, b) for w, b in question.networks]  # type: ignore[misc]  # mypy infers no lambda with a default
        )


def _sizes(arrays: Sequence[Float]) -> int:
    return sum(array.size for array in arrays)


_enter()
