"""What a training came to, as a table and in plain words."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Callable
from typing import get_args

import numpy as np
import typer
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from mlplab.run import Ending, Float64, Outcomes, Runs
from mlplab.spec import MetricName
from mlplab.statistics import (
    MEASURES,
    Estimate,
    Measure,
    has_one_split,
    interquartile_mean,
    outcomes,
)
from mlplab.statistics.measures import measures_of

STATISTICS: dict[str, Callable[[Float64], float]] = {
    "mean": lambda values: values.mean(),
    "sd": lambda values: values.std(ddof=1),
    "min": lambda values: values.min(),
    "median": np.median,
    "max": lambda values: values.max(),
}

VERBS: dict[Ending, str] = {"finished": "finished", "stuck": "got stuck", "diverged": "diverged"}

STUCK_OF_CLASSES = (
    "of the training samples, nearly all are predicted to be of one class, or no more are right than the "
    "most common class or luck explains"
)
STUCK_OF_TARGETS = "the training loss is no better than that of the best constant answer"
DIVERGED = "a loss or a weight became infinite or not a number"


def print_summary(runs: Runs) -> None:
    """Print final losses and metrics, their typical value, how the runs ended, and what they took.

    Diverged runs are left out of the numbers, and a sentence says so. Losses are without penalty; where
    there is one, a sentence says how large it is.
    """
    _print(runs, runs.metric, [*typical(runs), *penalty_sentences(runs)])


def print_stored_summary(
    outcomes: Outcomes, metric: MetricName, resplit_ratio: float | None, one_split: bool
) -> None:
    """Print what `print_summary` prints, of runs whose outcomes alone are there.

    Parameters
    ----------
    outcomes : Outcomes
        Of one experiment.
    metric : str
        What its `test_metric` is.
    resplit_ratio : float or None
        As in `Runs`.
    one_split : bool
        Whether they share one split of the samples.
    """
    values = np.where(outcomes.ending != "diverged", outcomes.test_metric, np.nan)
    _print(outcomes, metric, _typical(values, metric, resplit_ratio, one_split))


def _print(runs: Runs | Outcomes, metric: MetricName, typical_sentences: list[str]) -> None:
    usable = runs.ending != "diverged"
    if usable.any():
        Console().print(summary_table(runs, metric, usable))
    stopped = stopping_sentences(runs) if isinstance(runs, Runs) else []
    hints = hint_sentences(runs) if isinstance(runs, Runs) else []
    endings = [*ending_sentences(runs.ending, metric), *hints, *stopped]
    for sentence in (*typical_sentences, *endings, effort(runs)):
        typer.echo(textwrap.fill(sentence, 80, break_on_hyphens=False))


def summary_table(runs: Runs | Outcomes, metric: MetricName, usable: NDArray[np.bool_]) -> Table:
    """Return final metrics and losses of the usable runs: their statistics, or one run's values."""
    table = Table("")
    single = np.count_nonzero(usable) == 1
    for name in (f"seed {runs.seed[usable][0]}",) if single else STATISTICS:
        table.add_column(name, justify="right")
    for measure in measures_of(metric).values():
        values = getattr(runs, measure.attribute)[usable]
        numbers = values if single else [of(values) for of in STATISTICS.values()]
        table.add_row(measure.title, *map(measure.write_value, numbers))
    return table


def typical(runs: Runs) -> list[str]:
    """Return the metric's interquartile mean on test samples, with its interval; of one run nothing."""
    return _typical(outcomes(runs), runs.metric, runs.resplit_ratio, has_one_split(runs))


def _typical(
    values: Float64, metric: MetricName, resplit_ratio: float | None, one_split: bool
) -> list[str]:
    measure = MEASURES[f"test_{metric}"]
    middle = interquartile_mean(values, measure=measure, resplit_ratio=resplit_ratio)
    interval = write_interval(middle, measure)
    if middle is None or not interval:
        return []
    value = measure.write_value(middle.value)
    title = f"{measure.title[0].upper()}{measure.title[1:]}"
    return [
        f"{title}: interquartile mean {value} (95 % interval {interval}).",
        *shared_samples(resplit_ratio, one_split),
    ]


def penalty_sentences(runs: Runs) -> list[str]:
    """Return what the penalty of the weights is, and the training loss with it; nothing without one.

    Of many runs both are means over those that kept their weights and did not diverge.
    """
    regularizer = runs.experiment.network.kernel_regularizer
    if regularizer is None or runs.penalty is None:
        return []
    known = np.isfinite(runs.penalty) & (runs.ending != "diverged")
    without = f"Losses are without the penalty of the weights ({regularizer.kind})"
    if not known.any():
        return [f"{without}."]
    write, penalty = MEASURES["train_loss"].write_value, runs.penalty[known]
    loss = write((runs.train_loss[known] + penalty).mean())
    count = np.count_nonzero(known)
    of = "" if count == 1 else f", both as means of {count} runs"
    return [f"{without}: it is {write(penalty.mean())}, and the training loss with it {loss}{of}."]


def write_interval(estimate: Estimate | None, measure: Measure) -> str:
    """Write the ends of an interval; nothing if there is none, as of a single run.

    Examples
    --------
    >>> write_interval(Estimate(0.9512, 0.9455, 0.956), MEASURES["test_accuracy"])
    '94.55 to 95.60 %'
    >>> write_interval(Estimate(0.0421, 0.0415, 0.043), MEASURES["test_loss"])
    '0.0415 to 0.0430'
    """
    if estimate is None or not math.isfinite(estimate.low):
        return ""
    low, high = measure.write_value(estimate.low), measure.write_value(estimate.high)
    return f"{low.removesuffix(' %')} to {high}"


def shared_samples(resplit_ratio: float | None, one_split: bool) -> list[str]:
    """Return, where runs share their samples, a sentence that says how far their interval reaches."""
    if resplit_ratio is not None:
        return [
            "All runs re-split one set of samples: the interval is corrected for what they have in "
            "common."
        ]
    if one_split:
        return [
            "All runs share one split of the samples: the interval is of further runs on it, and says "
            "nothing of other samples."
        ]
    return []


def ending_sentences(ending: NDArray[np.str_], metric: MetricName = "accuracy") -> list[str]:
    """Return how runs ended: a sentence for all, and one for each way that needs explaining.

    Examples
    --------
    >>> for sentence in ending_sentences(np.array(["finished", "finished", "diverged"])):
    ...     print(sentence)
    Of 3 runs, 2 finished, 1 diverged.
    Diverged: a loss or a weight became infinite or not a number; left out of the table.
    """
    n = len(ending)
    counts = {way: np.count_nonzero(ending == way) for way in get_args(Ending)}
    ways = {way: count for way, count in counts.items() if count}
    if len(ways) > 1:
        listing = ", ".join(f"{count} {VERBS[way]}" for way, count in ways.items())
        sentences = [f"Of {n} runs, {listing}."]
    else:
        sentences = [f"{'The run' if n == 1 else f'All {n} runs'} {VERBS[next(iter(ways))]}."]
    if "stuck" in ways:
        sentences.append(
            f"Stuck: {STUCK_OF_CLASSES if metric == 'accuracy' else STUCK_OF_TARGETS}."
        )
    if "diverged" in ways:
        left_out = "; left out of the table" if len(ways) > 1 else ""
        sentences.append(f"Diverged: {DIVERGED}{left_out}.")
    return sentences


def hint_sentences(runs: Runs) -> list[str]:
    """Return where to look first if runs failed: the hints of the first that got stuck, and diverged."""
    firsts = [(way, np.flatnonzero(runs.ending == way)[:1]) for way in ("stuck", "diverged")]
    hints = [(way, runs[int(i)].seed, runs[int(i)].hints) for way, first in firsts for i in first]
    return [
        f"Hints at seed {seed} ({way}): {'; '.join(said)}." for way, seed, said in hints if said
    ]


def stopping_sentences(runs: Runs) -> list[str]:
    """Return, where runs stopped early, a sentence that says how many, and at which epochs."""
    stopped = runs.stopped_early
    if not stopped.any():
        return []
    rule, epochs = runs.experiment.training.early_stopping, runs.epochs[stopped]
    least, most = int(epochs.min()), int(epochs.max())
    restores = rule is not None and rule.restore_best_weights
    if len(runs) == 1:
        of = f", with the weights of epoch {runs.best_epoch[0]}" if restores else ""
        return [f"It stopped early at epoch {most}{of}."]
    who = "all" if stopped.all() else f"{len(epochs)}"
    where = f"at epoch {most}" if least == most else f"at epochs {least} to {most}"
    middle = "" if least == most else f", half of them by epoch {int(np.median(epochs))}"
    of = ", each with the weights of its best epoch" if restores else ""
    return [f"Of {len(runs)} runs, {who} stopped early, {where}{middle}{of}."]


def effort(runs: Runs | Outcomes) -> str:
    """Return what the runs took: their updates, and the time of training.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> effort(SimpleNamespace(updates=np.array([80, 80]), seconds=np.array([1.0, 2.0])))
    '80 updates a run; training took 1.50 s a run, 3.00 s for all of them together.'
    """
    from mlplab.bench.wording import duration

    least, most = runs.updates.min(), runs.updates.max()
    updates = f"{most:,}" if least == most else f"{least:,} to {most:,}"
    seconds = duration(runs.seconds.mean())
    if len(runs.updates) == 1:
        return f"{updates} updates; training took {seconds}."
    in_all = duration(runs.seconds.sum())
    return f"{updates} updates a run; training took {seconds} a run, {in_all} for all of them together."
