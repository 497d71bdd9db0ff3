"""Mistakes in `setup_model`: wrong numbers of hidden layers and of parameters; w and b are lists of arrays."""

from __future__ import annotations

from collections.abc import Sequence

from mlplab.course.checker.mistakes.mistake import Float, row

_LAYERS = "In setup_model, W has a matrix for each layer, the output layer too: hidden_layers = len(W) - 1."
_SIZE = "In setup_model, add up the sizes of all W[l] and all b[l]: W[l].size + b[l].size."


def _sizes(arrays: Sequence[Float]) -> int:
    return sum(array.size for array in arrays)


LAYERS = {
    "output-layer-counted": ("The output layer is counted as a hidden layer.", lambda s, w, b: len(w)),
    "input-layer-counted": ("Input and output are counted as hidden layers.", lambda s, w, b: len(w) + 1),
    "too-few-layers-counted": ("One hidden layer too few is counted.", lambda s, w, b: len(w) - 2),
    "neurons-in-place-of-layers": ("The rows of a matrix are counted, not the matrices.", lambda s, w, b: len(w[0])),
}  # fmt: skip

PARAMETERS = {
    "biases-not-counted": {"The biases are not counted.": lambda s, w, b: _sizes(w)},
    "weights-not-counted": {"One number is counted for each neuron, as many as there are biases.": lambda s, w, b: _sizes(b)},
    "last-layer-not-counted": {"The last layer is not counted.": lambda s, w, b: _sizes(w[:-1]) + _sizes(b[:-1])},
    "first-layer-not-counted": {"The first layer is not counted.": lambda s, w, b: _sizes(w[1:]) + _sizes(b[1:])},
    "only-last-layer-counted": {"Only the last layer is counted.": lambda s, w, b: _sizes(w[-1:]) + _sizes(b[-1:])},
    "only-first-layer-counted": {"Only the first layer is counted.": lambda s, w, b: _sizes(w[:1]) + _sizes(b[:1])},
    "last-bias-not-counted": {"The biases of the last layer are not counted.": lambda s, w, b: _sizes(w) + _sizes(b[:-1])},
    "matrices-counted": {
        "The matrices are counted, not the numbers in them.": lambda s, w, b: len(w),
        "The arrays are counted, not the numbers in them.": lambda s, w, b: 2 * len(w),
    },
    "rows-counted": {"The rows of the arrays are counted, not the numbers in them.": lambda s, w, b: sum(map(len, (*w, *b)))},
    "shapes-added": {
        "Rows and columns are added, where the number of entries is their product.": lambda s, w, b: (
            sum(sum(m.shape) for m in w) + sum(len(v) + 1 for v in b)
        ),
        "Rows and columns of W are added, where the number of entries is their product.": lambda s, w, b: (
            sum(sum(m.shape) for m in w) + _sizes(b)
        ),
    },
    "weights-summed": {
        "The values of weights and biases are added up; they should be counted.": lambda s, w, b: (
            sum(float(m.sum()) for m in (*w, *b))
        )
    },
    "biases-counted-once-a-layer": {"The bias counts as one number in each layer.": lambda s, w, b: _sizes(w) + len(b)},
    "counted-twice": {"All numbers are counted twice.": lambda s, w, b: 2 * (_sizes(w) + _sizes(b))},
}  # fmt: skip

ROWS = (
    *(
        row(name, what, _LAYERS, 0.25, hidden_layers=count)
        for name, (what, count) in LAYERS.items()
    ),
    *(
        row(name, "{}", _SIZE, 0.25, {what: {"parameters": count} for what, count in ways.items()})
        for name, ways in PARAMETERS.items()
    ),
)
