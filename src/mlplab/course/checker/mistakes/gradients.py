"""Mistakes in backpropagation: one step of it done in another way."""

from __future__ import annotations

from mlplab.course.checker.mistakes.mistake import row
from mlplab.course.checker.mistakes.solution import Solution

_SOFTMAX = "dL/dz_j = p_j (g_j - sum_k g_k p_k), with g = dL/dp."
_ENTROPY = (
    "p - y at the last layer is right for the cross-entropy only; for the mean squared error it is "
    "2 (p - y) / (nK), carried back through softmax."
)
_FACTOR = (
    "The loss is the mean over n points and K classes, so that its derivative is 2 (p - y) / (nK)."
)

FACTORS = {
    "the mean over points and classes is missing": lambda s, y: y.size,
    "the mean over the points is missing": lambda s, y: len(y),
    "the mean over the classes is missing": lambda s, y: y.shape[1],
    "the 2 of the square's derivative is missing": lambda s, y: 0.5,
    "the mean and the 2 are missing": lambda s, y: y.size / 2,
    "the 2 and the mean over the classes are missing": lambda s, y: y.shape[1] / 2,
}

# fmt: off
ROWS = (
    row("derivative-missing", "The slope of the hidden activation is missing.",
        "Going back through a layer, multiply by sigma'(z) of its weighted sums.", 0.5,
        slope=lambda s, z, h, net: 1.0),
    row("derivative-of-output", "The slope of the activation is taken at its output h, not at the weighted sum z.",
        "Keep z of each layer; sigma' is a function of z. For the sigmoid, sigma'(z) = h (1 - h).", 0.5,
        slope=lambda s, z, h, net: Solution.slope(s, h, s.activated(h, net), net)),
    row("softmax-derivative-missing",
        "The derivative of softmax is missing: the gradient by the outputs is taken for the one by the sums.",
        _SOFTMAX, 0.5, start=lambda s, p, y: 2 * (p - y) / p.size),
    row("softmax-derivative-diagonal",
        "The derivative of softmax is taken as p (1 - p), as if each output depended on its own sum only.",
        _SOFTMAX, 0.5, start=lambda s, p, y: 2 * (p - y) / p.size * p * (1 - p)),
    row("gradient-of-cross-entropy",
        "This is the gradient of the cross-entropy{}; the lab's loss is the mean squared error.", _ENTROPY, 0.5,
        {"": {"start": lambda s, p, y: (p - y) / len(p)},
            ", summed over the points": {"start": lambda s, p, y: p - y}}),
    row("transposed-on-the-way-back", "On the way back, W is used the wrong way round.",
        "For columns it is W.T @ delta, for rows delta @ W.", 0.5,
        back=lambda s, delta, w: delta @ (w.T if w.shape[0] == w.shape[1] else w)),
    row("gradient-with-wrong-sign", "All gradients have the wrong sign.",
        "The loss has (p - y)**2, and its derivative 2 (p - y).", 0.5, factor=lambda s, y: -1),
    row("gradient-scaled", "All gradients are off by one factor: {}.", _FACTOR, 0.75,
        {words: {"factor": factor} for words, factor in FACTORS.items()}),
)
# fmt: on
