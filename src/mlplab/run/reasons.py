"""Why a run failed, in words: what ended it, and what may have caused that.

A run does not hold its samples. The hints are what can be told from its experiment, its history and its
updates; they are where to look first, no proof.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mlplab.run.history import Float64
from mlplab.spec import FiniteSamples

if TYPE_CHECKING:
    from mlplab.run.run import Run

FEW_UPDATES = 100
"""So few updates rarely move weights far from where they began."""

STILL_FALLING = 0.01
"""A training loss that fell by this fraction in the last epoch has not come to rest."""

HARDLY_MOVED = 0.02
"""A training loss that differs by less than this fraction between two epochs has hardly moved."""

LARGE_ERROR = 10
"""Own targets that are missed by more than this, on average, are likely to be large themselves."""


def reason_of(run: Run) -> str:
    """Return how a run ended and what ended it, in one sentence."""
    if not run.stopped_early:
        return _ending_of(run)
    return f"{_ending_of(run)}; {_stop_of(run)}"


def _stop_of(run: Run) -> str:
    sentence = f"stopped early at epoch {run.epochs}"
    rule = run.experiment.training.early_stopping
    if rule is not None and rule.restore_best_weights and run.best_epoch is not None:
        sentence += f", with the weights of epoch {run.best_epoch}"
    return sentence


def _ending_of(run: Run) -> str:
    n = int(run.labelled.sum())
    match run.cause:
        case "loss":
            return f"diverged: the training loss was not finite {_when(run)}"
        case "weights":
            return "diverged: a weight or bias is not finite"
        case "one_class":
            k = int(run.predicted.argmax())
            fraction = 100 * run.predicted[k] / run.predicted.sum()
            return (
                f"stuck: {fraction:.4g} % of the training samples are predicted to be of class "
                f"'{run.label_names[k]}', which {100 * run.labelled[k] / n:.4g} % have"
            )
        case "chance":
            k = int(run.labelled.argmax())
            return (
                f"stuck: {100 * run.train_accuracy:.4g} % of the training samples are right, no more "
                f"than luck or always predicting class '{run.label_names[k]}' would give "
                f"({100 * run.labelled[k] / n:.4g} % have it)"
            )
        case "constant":
            return (
                f"stuck: a training loss of {run.train_loss:.4g} is no better than that of the best "
                "constant answer"
            )
    return "finished"


def hints_of(run: Run) -> tuple[str, ...]:
    """Return what may have caused a run to fail, the likeliest first; nothing if it finished."""
    if run.ending == "finished":
        return ()
    hints = [_scale_of_inputs(run), _scale_of_targets(run)]
    if run.ending == "diverged":
        hints.append(f"the learning rate is too high: lower it ({_learning_rate(run)})")
    else:
        hints += [_too_few_updates(run), _learning_rate_of_a_stuck_run(run)]
    return tuple(hint for hint in hints if hint)


def _scale_of_inputs(run: Run) -> str:
    # What a recipe draws lies near 0 and 1. Of own samples only standardising is known.
    if isinstance(run.experiment.dataset, FiniteSamples) and run.input_mean is None:
        return (
            "the features were not standardised: large or uneven scales of inputs hinder training"
        )
    return ""


def _scale_of_targets(run: Run) -> str:
    # A run that diverged may have done so in its first epoch, and then nothing tells how large they are.
    if not (run.target_names and isinstance(run.experiment.dataset, FiniteSamples)):
        return ""
    error = np.sqrt(run.train_loss) if run.metric == "r2" else run.train_loss
    if run.ending == "stuck" and error < LARGE_ERROR:
        return ""
    return (
        "the targets may be too large: choose a unit in which they are about as large as 1, such as "
        "2.5 for 250,000"
    )


def _too_few_updates(run: Run) -> str:
    if run.stopped_early:
        return (
            f"early stopping ended the training after {run.epochs} of "
            f"{run.experiment.training.epochs} epochs: raise its patience or start_from_epoch"
        )
    loss = run.history.train_loss
    if run.updates < FEW_UPDATES:
        return f"{run.updates} updates are few: train for more epochs, or with smaller batches"
    if len(loss) > 1 and loss[-1] < (1 - STILL_FALLING) * loss[-2]:
        return "the training loss was still falling in the last epoch: train for more epochs"
    return ""


def _learning_rate_of_a_stuck_run(run: Run) -> str:
    loss = _losses(run)
    if len(loss) < 2:
        return ""
    if loss[-1] > (1 + HARDLY_MOVED) * loss[0]:
        return f"the training loss rose: lower the learning rate ({_learning_rate(run)})"
    if np.ptp(loss[(len(loss) - 1) // 2 :]) <= HARDLY_MOVED * loss[-1]:
        return (
            "the training loss hardly moved any more: try another learning rate "
            f"({_learning_rate(run)}), or if activations are saturated or dead, another activation or "
            "initializer"
        )
    return ""


def _losses(run: Run) -> Float64:
    """Return the training losses of the epochs that were reached."""
    return run.history.train_loss[: run.epochs] if run.stopped_early else run.history.train_loss


def _learning_rate(run: Run) -> str:
    rate = run.experiment.training.optimizer.learning_rate
    return f"it is {rate:g}" if isinstance(rate, float | int) else f"its schedule is {rate.kind}"


def _when(run: Run) -> str:
    lost = np.flatnonzero(~np.isfinite(_losses(run)))
    return f"in epoch {lost[0] + 1}" if len(lost) else "after the last epoch"
