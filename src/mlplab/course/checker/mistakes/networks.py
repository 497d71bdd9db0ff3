"""Mistakes in `feedforward`: which function acts where, how W and b are used, which layers and points."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from mlplab.course.checker.mistakes.activations import DIGITS
from mlplab.course.checker.mistakes.mistake import Change, Float, Way, row
from mlplab.course.checker.mistakes.solution import Network, Solution

_LAST = (
    "In feedforward, the hidden activation belongs to the hidden layers only, and softmax to the last "
    "layer only: loop over the hidden layers, and do the last layer after the loop."
)
_ONCE = "In feedforward, apply activation(z, self.activation) once in each hidden layer, and go on with its result."
_AXIS = (
    "In activation, softmax must sum over a point's classes: with points as rows that is axis=1 with "
    "keepdims=True; with each point as a column it is axis=0."
)
_ORIENTED = "W has shape (outputs, inputs). For a point as a column it is W @ h, for points as rows it is x @ W.T."
_TURNS = (
    "In feedforward, count the turns of the loop: l goes through all len(W) layers once, in order."
)
_POINTS = "In feedforward, the loop over the points goes from the first to the last: range(len(x))."
_RETURN = (
    "In feedforward, look at the indentation of return: it belongs after the loop over the points."
)
_PLACE = "In feedforward, the output of point i belongs into row i, and so into the loop over the points."
_COLUMN = (
    "In feedforward, a column of shape (K, 1) must become a row of K numbers: column.flatten()."
)
_CLASSES = "In feedforward, return the softmax itself; argmax belongs into evaluate."
_NUMBERS = "In feedforward, return the softmax as it is, in float64 or float32."


def _weighted_where(weighted: Callable[..., Float], first: bool) -> Callable[..., Float]:
    """Return hidden layers of which the first, or all others, have another weighted sum."""

    def hidden_layer(s: Solution, h: Float, w: Float, b: Float, net: Network) -> Float:
        if (w is net.weights[0]) is first:
            return s.hidden(weighted(s, h, s.matrix(w), b), net)
        return Solution.hidden_layer(s, h, w, b, net)

    return hidden_layer


def _only_layer(weighted: Callable[..., Float]) -> Callable[..., Float]:
    """Return last layers that have another weighted sum where they are the only one."""

    def last_layer(s: Solution, h: Float, w: Float, b: Float, net: Network) -> Float:
        if len(net.weights) == 1:
            return s.last(weighted(s, h, s.matrix_last(w), b), net)
        return Solution.last_layer(s, h, w, b, net)

    return last_layer


def _sums(weighted: Callable[..., Float]) -> dict[str, Change]:
    """Return another weighted sum, of (solution, h, w, b): in all layers, or only in some."""
    return {
        "": {"weighted": weighted, "weighted_last": weighted},
        " of the hidden layers": {"weighted": weighted},
        " of the last layer": {"weighted_last": weighted},
        " of the first layer": {"hidden_layer": _weighted_where(weighted, first=True)},
        " of the first layer, hidden or not": {
            "hidden_layer": _weighted_where(weighted, first=True),
            "last_layer": _only_layer(weighted),
        },
        " of the hidden layers after the first": {
            "hidden_layer": _weighted_where(weighted, first=False)
        },
    }


def _bias(
    name: str, what: str, wanted: str, weighted: Callable[..., Float], last: bool = True
) -> tuple[Way, ...]:
    """Return the row of biases that are treated in another way.

    Without `last`, not those of the last layer alone: there, one number for all neurons is as none.
    """
    look = f"In feedforward, each layer computes W h {wanted}."
    ways = _sums(weighted)
    if not last:
        del ways[" of the last layer"]
    return row(name, f"The bias{{}} {what}.", look, 0.5, ways)


def _no_bias() -> dict[str, Change]:
    """Return weighted sums without a bias."""
    ways = _sums(lambda s, h, w, b: s.product(h, w))
    last = ways.pop(" of the last layer")
    return {f"{where} is missing": change for where, change in ways.items()} | {
        " of the last layer is missing, or the same number is added to all its neurons, which softmax cancels": last,
    }


def _bias_after(s: Solution, h: Float, w: Float, b: Float, net: Network) -> Float:
    """Return what a hidden layer hands on that adds its bias after the activation."""
    return s.hidden(s.product(h, s.matrix(w)), net) + b


def _last_bias_after(s: Solution, h: Float, w: Float, b: Float, net: Network) -> Float:
    """Return the same of the last layer."""
    return s.last(s.product(h, s.matrix_last(w)), net) + b


def _last_as_hidden(s: Solution, h: Float, w: Float, b: Float, net: Network) -> Float:
    """Return what the last layer hands on that is computed as a hidden one."""
    return s.hidden_layer(h, w, b, net)


def _in_layer(
    number: int, compute: Callable[[Solution, Float], Float], others: bool = False
) -> Callable[..., Float]:
    """Return hidden layers of which one, by its number, or all others make something else of their sums."""

    def hidden_layer(s: Solution, h: Float, w: Float, b: Float, net: Network) -> Float:
        if (w is net.weights[number]) is not others:
            return compute(s, s.weighted(h, s.matrix(w), b))
        return Solution.hidden_layer(s, h, w, b, net)

    return hidden_layer


_FIXED: dict[str, Callable[[Solution, Float], Float]] = {
    "sigmoid": lambda s, z: s.sigmoid(z),
    "relu": lambda s, z: s.relu(z),
    "tanh": lambda s, z: np.tanh(z),
}
"""Activations that hidden layers may always have, whatever is chosen."""


def _first_alone(s: Solution, h: Float, w: Float, b: Float, net: Network) -> Float:
    """Return the output of a network that is left after its first layer, hidden or not."""
    layer = s.hidden_layer if len(net.weights) > 1 else partial(Solution.last_layer, s)
    return layer(h, w, b, net)


def _one_before(s: Solution, layer: int, count: int) -> int:
    """Return whose weights a layer has, if the last has those of the one before; -1 is the last too."""
    return layer if layer < count - 1 else count - 2


def _last_in_loop(s: Solution, net: Network) -> Float:
    """Return the outputs of a network whose last layer is computed after each hidden one."""
    h = s.points(net.x, net)
    for w, b in zip(net.weights[:-1], net.biases[:-1], strict=True):
        h = s.last_layer(s.hidden_layer(h, w, b, net), net.weights[-1], net.biases[-1], net)
    return s.output(h)


def _below_maximum(z: Float) -> Float:
    """Return sums with the largest of their row taken off, as softmax does against overflow."""
    return np.asarray(z - z.max(axis=1, keepdims=True))


def _layers(
    name: str, what: str, *choices: Callable[[int], list[int]], **more: Any
) -> tuple[Way, ...]:
    """Return the row of a wrong choice of layers, which may be made of their number in several ways."""
    ways = {str(i): {"layers": lambda s, n, c=choose: c(n)} for i, choose in enumerate(choices)}
    return row(name, what, _TURNS, 0.25, ways, **more)


def _kept(keep: Callable[[Any, int], Any]) -> Change:
    """Return outputs that are 0 but for points to keep, given their numbers and that of all classes."""
    return {"output": lambda s, p: np.where(keep(np.arange(len(p)), p.shape[-1])[:, None], p, 0)}


def _output(form: Callable[[Float], Any]) -> Change:
    return {"output": lambda s, p: form(p)}


def _both(s: Solution, z: Float, net: Network) -> Float:
    return s.over_classes(s.activated(z, net))


# fmt: off
ROWS = (
    # Which function acts where
    row("hidden-activation-missing",
        "The hidden layers have no activation: what they pass on is the weighted sum itself.", _ONCE, 0.25,
        hidden=lambda s, z, net: z),
    row("hidden-activation-ignored", "feedforward ignores self.activation: the {}.",
        "In feedforward, the name is the network's: activation(z, self.activation).", 0.5,
        {f"{which} always {have} {name}": change(name)
            for which, have, change in (
                ("hidden layers", "have", lambda name: {"hidden": lambda s, z, net: _FIXED[name](s, z)}),
                ("first hidden layer", "has", lambda name: {"hidden_layer": _in_layer(0, _FIXED[name])}),
                ("hidden layers after the first", "have",
                    lambda name: {"hidden_layer": _in_layer(0, _FIXED[name], others=True)}))
            for name in _FIXED}),
    row("hidden-activation-twice", "The hidden activation is applied twice in each layer.", _ONCE, 0.5,
        hidden=lambda s, z, net: s.activated(s.activated(z, net), net)),
    row("first-activation-missing", "The first hidden layer has no activation.", _ONCE, 0.5,
        hidden_layer=_in_layer(0, lambda s, z: z)),
    row("last-hidden-activation-missing", "The last hidden layer has no activation.", _ONCE, 0.5,
        hidden_layer=_in_layer(-2, lambda s, z: z)),
    row("hidden-activation-on-last-layer", "The last layer applies the hidden activation before softmax.",
        f"{_LAST} Check also hidden_layers: it is len(W) - 1.", 0.5, last=_both),
    row("hidden-activation-after-softmax", "The last layer applies the hidden activation after softmax.", _LAST,
        0.5, last=lambda s, z, net: s.activated(s.over_classes(z), net)),
    row("hidden-activation-in-place-of-softmax",
        "The last layer has the hidden activation where softmax belongs.", _LAST, 0.5,
        caused_by=("output-layer-counted", "input-layer-counted"), last=lambda s, z, net: s.activated(z, net)),
    row("softmax-missing", "The outputs are no probabilities: the softmax of the last layer is missing.",
        "In feedforward, apply activation(z, 'softmax') to the last layer's weighted sums.", 0.5,
        last=lambda s, z, net: z),
    row("another-function-in-place-of-softmax", "The last layer has {} where softmax belongs.",
        "In feedforward, apply activation(z, 'softmax') to the last layer's weighted sums.", 0.5,
        {"sigmoid": {"last": lambda s, z, net: s.sigmoid(z)}, "relu": {"last": lambda s, z, net: s.relu(z)}}),
    row("softmax-twice", "Softmax is applied twice to the last layer.",
        "In feedforward, apply it once: either in the loop's last turn or after the loop.", 0.5,
        last=lambda s, z, net: s.over_classes(s.over_classes(z))),
    row("softmax-in-every-layer", "Softmax acts in every layer.", "In feedforward, look at the indentation: "
        "the line with softmax belongs after the loop over the layers, not into it.", 0.5,
        {"after the hidden activation": {"hidden": _both}, "the last one too": {"hidden": _both, "last": _both}}),
    row("softmax-in-place-of-hidden-activation", "{} softmax where the chosen activation belongs.", _LAST, 0.5,
        {"The hidden layers have": {"hidden_name": lambda s, net: "softmax"},
            "The first hidden layer has": {"hidden_layer": _in_layer(0, lambda s, z: s.over_classes(z))}}),
    row("softmax-and-activation-exchanged",
        "The hidden layers have softmax, and the last one has the hidden activation: they are exchanged.", _LAST,
        0.5, hidden_name=lambda s, net: "softmax", last=lambda s, z, net: getattr(s, net.activation)(z)),
    row("softmax-on-last-hidden-layer", "The last hidden layer has softmax where its own activation belongs.",
        f"{_LAST} Check also hidden_layers: it is len(W) - 1.", 0.5, caused_by=("too-few-layers-counted",),
        hidden_layer=_in_layer(-2, lambda s, z: s.over_classes(z))),
    row("softmax-over-points", "Softmax sums over the points and not over the classes: the columns of the "
        "output sum to 1, not the rows.", _AXIS, 0.5,
        over_classes=lambda s, z: s.softmax(z, axis=0, keepdims=True)),
    row("softmax-over-everything",
        "Softmax sums over all points and classes together: the whole output sums to 1, not each row.", "In "
        "activation, softmax without an axis is right for one point only. For points as rows, sum with "
        "axis=1 and keepdims=True, or feed the points forward one by one.", 0.5,
        {"exp(x)": {"over_classes": lambda s, z: s.softmax(z)},
            "exp(x - max)": {"over_classes": lambda s, z: s.softmax(_below_maximum(z))}}),
    row("softmax-without-keepdims", "Softmax divides each row by the sums of other rows.",
        "In activation, sum with axis=1 and keepdims=True, so that the sums are a column beside the rows.", 0.5,
        {"exp(x)": {"over_classes": lambda s, z: s.softmax(z, axis=1)},
            "exp(x - max)": {"over_classes": lambda s, z: s.softmax(_below_maximum(z), axis=1)}}),
    row("softmax-of-ones", "The softmax returns 1 for every output: each is divided by itself.", _AXIS, 0.25,
        over_classes=lambda s, z: np.ones_like(z)),
    row("activation-before-bias", "The activation is applied before the bias is added{}.",
        "In feedforward, the bias belongs into the weighted sum: activation(W h + b), brackets included.", 0.5,
        {" in the hidden layers": {"hidden_layer": _bias_after},
            " in the last layer": {"last_layer": _last_bias_after},
            "": {"hidden_layer": _bias_after, "last_layer": _last_bias_after}}),
    row("activation-on-input", "The activation is applied to the points before the first layer.",
        "In feedforward, the first layer takes x as it is.", 0.5, points=lambda s, x, net: s.activated(x, net)),
    # How W and b are used
    row("transposed-weights", "The weight matrix{} is used the wrong way round, transposed.", _ORIENTED, 0.25,
        {"": {"matrix": lambda s, w: w.T, "matrix_last": lambda s, w: w.T},
            " of the hidden layers": {"matrix": lambda s, w: w.T},
            " of the last layer": {"matrix_last": lambda s, w: w.T}}),
    row("elementwise-product", "W and h are multiplied number by number, not as matrices.",
        "In feedforward, use @ or np.matmul for the product of a matrix and a vector; * is something else.",
        0.25, product=lambda s, h, w: h * w),
    row("weights-summed-over-outputs", "The rows of W are added up before they are multiplied.", _ORIENTED,
        0.25, product=lambda s, h, w: h @ w.sum(axis=0)[:, None]),
    row("missing-bias", "The bias{}.",
        "In feedforward, each layer computes W h + b, with one number of b for each neuron.", 0.5,
        _no_bias()),
    _bias("subtracted-bias", "is subtracted", "+ b, with a plus", lambda s, h, w, b: s.product(h, w) - b),
    _bias("doubled-bias", "is added twice", "+ b once", lambda s, h, w, b: s.product(h, w) + 2 * b),
    _bias("first-bias-for-all", "of the first neuron is added to all neurons",
        "+ b with the whole vector b[l], and not its first number", lambda s, h, w, b: s.product(h, w) + b[0],
        last=False),
    _bias("summed-bias", "is summed up before it is added", "+ b with one number for each neuron, no sum",
        lambda s, h, w, b: s.product(h, w) + b.sum(), last=False),
    _bias("averaged-bias", "is averaged before it is added", "+ b with one number for each neuron, no mean",
        lambda s, h, w, b: s.product(h, w) + b.mean(), last=False),
    _bias("multiplied-bias", "is multiplied, not added", "+ b", lambda s, h, w, b: s.product(h, w) * b),
    _bias("bias-before-product", "is added to the inputs, before the product", "+ b, the sum after the product",
        lambda s, h, w, b: s.product(h + b, w)),
    _bias("bias-along-points",
        "is added along the points, not along the neurons: each point gets the bias of another neuron",
        "+ b. With points as rows, b of shape (n, 1) must lie as a row: x @ W.T + b.T",
        lambda s, h, w, b: s.product(h, w) + b[:, None]),
    row("biases-of-another-layer", "A layer adds the bias of another layer{}.",
        "In feedforward, W[l] and b[l] must have the same index.", 0.5,
        {": all add that of the first": {"bias_of": lambda s, layer, n: 0},
            ": the hidden ones add that of the first": {"bias_of": lambda s, layer, n: layer if layer == n - 1 else 0},
            ": all add that of the last": {"bias_of": lambda s, layer, n: n - 1},
            ": each adds that of the one before": {"bias_of": lambda s, layer, n: (layer - 1) % n},
            ": each hidden one adds that of the one before":
                {"bias_of": lambda s, layer, n: layer if layer == n - 1 else (layer - 1) % n},
            ": each adds that of the next": {"bias_of": lambda s, layer, n: (layer + 1) % n},
            ": each hidden one adds that of the next": {"bias_of": lambda s, layer, n: min(layer + 1, n - 1)},
            ": the last adds that of the first": {"bias_of": lambda s, layer, n: 0 if layer == n - 1 else layer}}),
    # Which layers
    _layers("first-layer-skipped", "The first layer is left out.", lambda n: [*range(1, n - 1), n - 1],
        lambda n: [*range(1, n)]),
    _layers("last-hidden-layer-skipped", "The last hidden layer is left out.", lambda n: [*range(n - 2), n - 1],
        caused_by=("too-few-layers-counted",)),
    _layers("second-layer-skipped", "The second hidden layer is left out.",
        lambda n: [layer for layer in range(n) if layer != 1 or n == 2]),
    _layers("every-second-layer-skipped", "Every second hidden layer is left out.",
        lambda n: [*range(0, n - 1, 2), n - 1], lambda n: sorted({0, *range(1, n - 1, 2), n - 1})),
    _layers("last-layer-twice", "The last layer is computed twice.", lambda n: [*range(n), n - 1],
        caused_by=("output-layer-counted",)),
    _layers("last-hidden-layer-twice", "The last hidden layer is computed twice.",
        lambda n: [*range(n - 1), n - 2, n - 1]),
    _layers("first-layer-twice", "The first layer is computed twice.", lambda n: [0, *range(n)]),
    _layers("hidden-layers-skipped", "Only one hidden layer is computed, whatever their number.",
        lambda n: [0, n - 1], lambda n: sorted({0, n - 1})),
    row("layers-given-the-points", "{} x itself, not what the layer before hands on.",
        "In feedforward, start with h = x, and let each layer take h and give the next h: h = activation(W h + b).",
        0.25, {"Each layer is given": {"given": lambda s, h, x, is_last: x},
            "The hidden layers are given": {"given": lambda s, h, x, is_last: h if is_last else x}}),
    row("return-in-loop-over-layers", "feedforward returns after the first layer.",
        "In feedforward, look at the indentation of return: it belongs after the loop over the layers.", 0.25,
        layers=lambda s, n: [0], last_layer=_first_alone),
    _layers("layers-reversed", "The layers are taken in the reverse order.", lambda n: [*range(n)][::-1],
        lambda n: [*reversed(range(n - 1)), n - 1]),
    row("last-layer-skipped", "The last layer is left out.",
        "In feedforward, the last W and b belong to the output: W h + b once more, then softmax.", 0.25,
        {"but for softmax": {"layers": lambda s, n: range(n - 1)},
            "with softmax": {"layers": lambda s, n: range(n - 1), "last_layer": _last_as_hidden},
            "before softmax": {"layers": lambda s, n: range(n - 1), "last_layer": _last_as_hidden,
                "output": lambda s, p: s.over_classes(p)}}),
    row("last-layer-with-weights-before", "The last layer uses the W and b of the layer before it.",
        "In feedforward, the last layer has W[-1] and b[-1], which is W[hidden_layers], counted from 0.", 0.25,
        {"W and b": {"weight_of": _one_before, "bias_of": _one_before}, "W": {"weight_of": _one_before}}),
    row("last-layer-in-loop", "The last layer is computed inside the loop over the hidden layers, after each.",
        "In feedforward, look at the indentation: the lines of the last layer belong after that loop.", 0.25,
        feedforward=_last_in_loop),
    row("same-weights-in-all-hidden-layers", "All hidden layers but the first use the weights of one layer.",
        "In feedforward, the loop must take W[l] and b[l] of its own layer l.", 0.25,
        {"W and b": {"layers": lambda s, n: [min(layer, 1) for layer in range(n - 1)] + [n - 1]},
            "W": {"weight_of": lambda s, layer, n: layer if layer == n - 1 else min(layer, 1)}}),
    # Which points, and what is handed back
    row("coordinates-exchanged", "The two coordinates of the points are exchanged.",
        "In feedforward, the first number of a point is x1, the second is x2.", 0.5,
        points=lambda s, x, net: x[:, ::-1]),
    row("one-coordinate-twice", "Only the {} coordinate of a point is used, for both.",
        "In feedforward, the first number of a point is x1, the second is x2.", 0.5,
        {"first": {"points": lambda s, x, net: x[:, [0, 0]]},
            "second": {"points": lambda s, x, net: x[:, [1, 1]]}}),
    row("points-left-out", "{} has no output.", _POINTS, 0.5,
        {"The last point": _kept(lambda i, k: i < i[-1]), "The first point": _kept(lambda i, k: i > 0),
            "Every second point": _kept(lambda i, k: i % 2 == 0),
            "Each point after the first N_test": _kept(lambda i, k: i < len(i) // k),
            "Each point after the first K": _kept(lambda i, k: i < k),
            "The last point of those given": _output(lambda p: p[:-1]),
            "The first point of those given": _output(lambda p: p[1:]),
            "Every second point of those given": _output(lambda p: p[::2]),
            "The first point of the rows": _output(lambda p: np.concatenate([p[1:], p[:1] * 0]))}),
    row("only-first-point", "Only the first point has an output.", _RETURN, 0.25,
        {"others 0": _kept(lambda i, k: i == 0), "alone": _output(lambda p: p[0]),
            "as a row": _output(lambda p: p[:1])}),
    row("only-last-point", "Only the last point has an output.", _PLACE, 0.25,
        {"others 0": _kept(lambda i, k: i == i[-1]), "alone": _output(lambda p: p[-1]),
            "as a row": _output(lambda p: p[-1:]),
            "in the first row": _output(lambda p: np.concatenate([p[-1:], p[1:] * 0]))}),
    row("same-output-for-all", "All points have the output of the {} one.", _PLACE, 0.25,
        {"first": _output(lambda p: np.broadcast_to(p[0], p.shape)),
            "last": _output(lambda p: np.broadcast_to(p[-1], p.shape))}),
    row("points-reversed", "The outputs of the points come in the reverse order.", _PLACE, 0.5,
        output=lambda s, p: p[::-1]),
    row("outputs-of-zeros", "All outputs are 0.", "In feedforward, the array of zeros has not been filled, "
        "or holds whole numbers only: np.zeros((len(x), K)), then y[i] = ... for each point.", 0.0,
        output=lambda s, p: np.zeros_like(p)),
    row("outputs-transposed",
        "The output lies the wrong way round: a row for each class, and not for each point.",
        "In feedforward, return an array of shape (points, K): transpose it at the end.", 0.75,
        output=lambda s, p: p.T),
    row("extra-axis", "The numbers are right, but the output has an axis too many.", _COLUMN, 0.75,
        {"at the end": _output(lambda p: p[:, :, None]), "inside": _output(lambda p: p[:, None, :])}),
    row("outputs-in-one-row", "The numbers are right, but all stand in one row.",
        "In feedforward, return an array of shape (points, K), with a row for each point.", 0.75,
        output=lambda s, p: p.reshape(-1)),
    row("single-row-squeezed", "For one point, the output has lost its axis of points.",
        "In feedforward, the output has shape (points, K) for one point too: no squeeze at the end.", 0.5,
        output=lambda s, p: p.squeeze() if len(p) == 1 else p),
    row("classes-reversed", "The classes come out in the reverse order.",
        "In feedforward, row k of the last W is class k.", 0.5, output=lambda s, p: p[:, ::-1]),
    row("labels-returned", "feedforward returns the number of the class, not the probabilities.", _CLASSES, 0.5,
        {"": _output(lambda p: p.argmax(axis=1)), "column": _output(lambda p: p.argmax(axis=1)[:, None])}),
    row("one-hot-returned", "feedforward returns 1 for the largest output and 0 for the others.", _CLASSES, 0.5,
        output=lambda s, p: (p == p.max(axis=1, keepdims=True)) * 1.0),
    row("largest-output-returned", "feedforward returns only the largest output of each point.",
        "In feedforward, return all K outputs of each point.", 0.25, output=lambda s, p: p.max(axis=1)),
    row("outputs-rounded", "The outputs are rounded to {}.",
        f"{_NUMBERS[:-1]}: round only what is printed.", 0.5,
        {words: _output(partial(np.round, decimals=digits)) for words, digits in DIGITS.items()}),
    row("outputs-clipped", "The outputs are clipped: none is below {}.", _NUMBERS, 0.5,
        {f"{c:g} or above {1 - c:g}": _output(partial(np.clip, a_min=c, a_max=1 - c))
            for c in (0.001, 0.01, 0.05, 0.1, 0.2)}),
)
# fmt: on

SMALL = {"outputs-rounded", "outputs-clipped"}
CLEAR_OF = tuple(way for ways in ROWS for way in ways if way.mistake.name not in SMALL)
"""Ways to be seen clearly in a network of a test; those of `SMALL` may move the outputs by little."""
