"""Which head an experiment has: the loss chooses it, among those of labels or those of targets."""

from __future__ import annotations

from dataclasses import replace

from mlplab.spec.heads import HEADS, Head
from mlplab.spec.regression import REGRESSION_HEADS

LOSS_NAMES = {**HEADS, **REGRESSION_HEADS}
"""All names of losses. The squared error has one head for labels, and another for targets."""


def head_of(loss: str, label_smoothing: float = 0.0, has_targets: bool = False) -> Head:
    """Return the head of a loss, which smooths labels.

    >>> head_of("huber", has_targets=True).metric_name
    'mean_absolute_error'
    """
    heads = REGRESSION_HEADS if has_targets else HEADS
    return replace(heads[loss], label_smoothing=label_smoothing)
