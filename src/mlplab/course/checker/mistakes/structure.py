"""Mistakes in the structure of a network: weights the wrong way round, misplaced biases, lost layers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from mlplab.course.checker.mistakes.mistake import Float
from mlplab.course.checker.mistakes.networks import MISTAKES, Net, Sum, feed, weighted

_TRANSPOSED = (
    "transposed-weights",
    "The weight matrix is used the wrong way round, transposed.",
    "W has shape (outputs, inputs). For a point as a column it is W @ h, for points as rows "
    "it is x @ W.T.",
    0.25,
)


@MISTAKES.entry(*_TRANSPOSED)
def _transposed(net: Net) -> Float | None:
    return feed(net, hidden_sum=lambda h, w, b: h @ w + b)


@MISTAKES.entry(*_TRANSPOSED)
def _transposed_hidden(net: Net) -> Float | None:
    return feed(net, hidden_sum=lambda h, w, b: h @ w + b, last_sum=weighted)


@MISTAKES.entry(*_TRANSPOSED)
def _transposed_last(net: Net) -> Float | None:
    return feed(net, last_sum=lambda h, w, b: h @ w + b)


@MISTAKES.entry(
    "elementwise-product",
    "W and h are multiplied number by number, not as matrices.",
    "In feedforward, use @ or np.matmul for the product of a matrix and a vector; * is something else.",
    credit=0.25,
)
def _elementwise(net: Net) -> Float | None:
    return feed(net, hidden_sum=lambda h, w, b: h * w + b)


def _enter_for_biases() -> None:
    """Enter biases that are treated in another way, in all layers, the hidden ones or the last."""
    ways: list[tuple[str, str, str, Sum]] = [
        ("missing-bias", "is missing", "+ b", lambda h, w, b: h @ w.T),
        ("subtracted-bias", "is subtracted", "+ b, with a plus", lambda h, w, b: h @ w.T - b),
        ("doubled-bias", "is added twice", "+ b once", lambda h, w, b: h @ w.T + 2 * b),
        (
            "first-bias-for-all",
            "of the first neuron is added to all neurons",
            "+ b with the whole vector b[l], and not its first number",
            lambda h, w, b: h @ w.T + b[0],
        ),
        (
            "summed-bias",
            "is summed up before it is added",
            "+ b with one number for each neuron, no sum",
            lambda h, w, b: h @ w.T + b.sum(),
        ),
        (
            "multiplied-bias",
            "is multiplied, not added",
            "+ b",
            lambda h, w, b: (h @ w.T) * b,
        ),
    ]
    for name, what, wanted, way in ways:
        for suffix, where, hidden_sum, last_sum in (
            ("", "", way, way),
            ("-in-hidden-layers", " of the hidden layers", way, weighted),
            ("-in-last-layer", " of the last layer", weighted, way),
        ):
            MISTAKES.entry(
                f"{name}{suffix}",
                f"The bias{where} {what}.",
                f"In feedforward, each layer computes W h {wanted}.",
                credit=0.5,
            )(
                lambda net, hidden_sum=hidden_sum, last_sum=last_sum: (  # type: ignore[misc]  # mypy infers no lambda with a default
                    feed(net, hidden_sum=hidden_sum, last_sum=last_sum)
                )
            )


_enter_for_biases()


@MISTAKES.entry(
    "bias-along-points",
    "The biases are added along the points, not along the neurons: each point gets the bias "
    "of another neuron.",
    "In feedforward with points as rows, b of shape (n, 1) must lie as a row: x @ W.T + b.T.",
    credit=0.5,
)
def _bias_along_points(net: Net) -> Float | None:
    return feed(net, hidden_sum=lambda h, w, b: h @ w.T + b[:, None])


def _enter_for_layers() -> None:
    """Enter wrong choices of layers: skipped, repeated, in another order."""
    choices: list[tuple[str, str, Callable[[int], list[int]]]] = [
        ("first-layer-skipped", "The first layer is left out.", lambda n: [*range(1, n)]),
        (
            "last-hidden-layer-skipped",
            "The last hidden layer is left out.",
            lambda n: [*range(n - 2), n - 1],
        ),
        ("second-layer-skipped", "The second layer is left out.", lambda n: [0, *range(2, n)]),
        ("last-layer-skipped", "The last layer is left out.", lambda n: [*range(n - 1)]),
        ("last-layer-twice", "The last layer is computed twice.", lambda n: [*range(n), n - 1]),
        (
            "last-hidden-layer-twice",
            "The last hidden layer is computed twice.",
            lambda n: [*range(n - 1), n - 2, n - 1],
        ),
        (
            "hidden-layers-skipped",
            "Only one hidden layer is computed, whatever their number.",
            lambda n: [0, n - 1],
        ),
        (
            "layers-reversed",
            "The layers are taken in the reverse order.",
            lambda n: [*range(n)][::-1],
        ),
    ]
    for name, what, choose in choices:
        MISTAKES.entry(
            name,
            what,
            "In feedforward, count the turns of the loop: l goes through all len(W) layers "
            "once, in order.",
            credit=0.25,
        )(lambda net, choose=choose: _with_layers(net, choose))  # type: ignore[misc]  # mypy infers no lambda with a default


def _with_layers(net: Net, choose: Callable[[int], list[int]]) -> Float | None:
    count = len(net.weights)
    layers = choose(count)
    if count < 2 or layers == [*range(count)] or not layers:
        return None
    weights = [net.weights[i] for i in layers]
    return feed(replace(net, weights=weights, biases=[net.biases[i] for i in layers]))


_enter_for_layers()


@MISTAKES.entry(
    "last-layer-skipped",
    "The last layer is left out.",
    "In feedforward, the last W and b belong to the output: W h + b once more, then softmax.",
    credit=0.25,
)
def _last_layer_missing(net: Net) -> Float | None:
    h = net.x
    for w, b in zip(net.weights[:-1], net.biases[:-1], strict=True):
        h = net.sigma(weighted(h, w, b))
    return h


@MISTAKES.entry(
    "same-weights-in-all-hidden-layers",
    "All hidden layers use the weights of one layer.",
    "In feedforward, the loop must take W[l] and b[l] of its own layer l.",
    credit=0.25,
)
def _same_weights(net: Net) -> Float | None:
    if len(net.weights) < 4:
        return None
    count = len(net.weights) - 3
    weights = [net.weights[0], *[net.weights[1]] * (count + 1), net.weights[-1]]
    return feed(replace(net, weights=weights))


_SHIFTED = (
    "biases-of-another-layer",
    "A layer adds the bias of another layer.",
    "In feedforward, W[l] and b[l] must have the same index.",
    0.5,
)


@MISTAKES.entry(*_SHIFTED)
def _first_bias_everywhere(net: Net) -> Float | None:
    if len(net.biases) < 2:
        return None
    return feed(replace(net, biases=[net.biases[0]] * len(net.biases)))


@MISTAKES.entry(*_SHIFTED)
def _first_bias_in_hidden_layers(net: Net) -> Float | None:
    if len(net.biases) < 2:
        return None
    return feed(replace(net, biases=[net.biases[0]] * (len(net.biases) - 1) + [net.biases[-1]]))


@MISTAKES.entry(*_SHIFTED)
def _bias_before(net: Net) -> Float | None:
    return feed(replace(net, biases=[*net.biases[-1:], *net.biases[:-1]]))


@MISTAKES.entry(*_SHIFTED)
def _bias_before_in_hidden_layers(net: Net) -> Float | None:
    if len(net.biases) < 2:
        return None
    return feed(replace(net, biases=[net.biases[-1], *net.biases[:-2], net.biases[-1]]))


@MISTAKES.entry(*_SHIFTED)
def _bias_after(net: Net) -> Float | None:
    return feed(replace(net, biases=[*net.biases[1:], *net.biases[:1]]))
