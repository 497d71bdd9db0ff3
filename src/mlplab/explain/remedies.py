"""What would help: single changes of an experiment, each trained from the same seeds, and compared."""

from __future__ import annotations

import html
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Literal, get_args

import numpy as np
from scipy.special import bdtr

from mlplab.data import Dataset
from mlplab.errors import whole_number
from mlplab.explain.changing import Change, changes
from mlplab.run import Runs
from mlplab.spec import Experiment
from mlplab.spec.experiment import check_experiment
from mlplab.statistics import (
    COMPARABLE,
    SIGNIFICANT,
    Comparison,
    Failures,
    compare_runs,
    count_failures,
    holm,
    outcomes,
)
from mlplab.training import Interrupted, train
from mlplab.trial import draw

Effect = Literal["rescues", "better", "same", "worse", "unclear"]
"""What a change does: fewer runs fail; or the metric is better, the same or worse; or it is not clear."""

LARGEST_WORK = 1e11
"""Samples times weights times epochs of all runs of a change: about half a minute of two cores. Where a
hundred runs are more, fewer are trained, but 30 at least, so that there can be a verdict."""

BEYOND = 4
"""A change with more than so many times the largest work is left out, unless it is one of the next."""

ALWAYS = 2
"""A change with at most so many times the work of the unchanged is always tried."""

TOLERATED = 0.05
"""Of mean absolute errors: the smallest difference that means anything, as a part of the unchanged."""


HEAD = ("change", "runs that fail", "metric", "effect")
"""What stands above the columns of `Remedies.rows`."""

COLUMNS = (
    "change",
    "runs",
    "stuck",
    "diverged",
    "failed_fraction",
    "failed_low",
    "failed_high",
    "p_failed",
    "difference",
    "difference_low",
    "difference_high",
    "p_difference",
    "effect",
)
"""What `Remedies.table` has of each change; fractions and differences with their 95 % intervals, p-values
as corrected."""


@dataclass(frozen=True)
class Remedy:
    """One change, and what it does.

    Attributes
    ----------
    change : Change
    failures : Failures
        Of its runs.
    comparison : Comparison
        Its metric on test samples against that of the unchanged experiment, by pairs of seeds; its
        `p_corrected` is corrected for all changes.
    p_fewer : float
        Of the hypothesis that as many seeds fail only with the change as only without it, corrected for
        all changes; 1 where that is not tested.
    effect : str
    """

    change: Change
    failures: Failures
    comparison: Comparison
    p_fewer: float
    effect: Effect


@dataclass(frozen=True)
class Remedies:
    """What changes of an experiment do.

    Attributes
    ----------
    experiment : Experiment
        Unchanged.
    seeds : tuple of int
        From which all were trained.
    failures : Failures
        Of the unchanged experiment's runs.
    metric : float
        The mean of the unchanged runs' metric on test samples; NaN if all diverged.
    tried : tuple of Remedy
        What rescues most is first, then what is better; what is worse comes last.
    left_out : tuple of str
        Changes that would take too long, or were not yet trained at an interrupt.
    interrupted : bool
    """

    experiment: Experiment
    seeds: tuple[int, ...]
    failures: Failures
    metric: float
    tried: tuple[Remedy, ...]
    left_out: tuple[str, ...] = ()
    interrupted: bool = False

    @property
    def helpful(self) -> tuple[Remedy, ...]:
        """The changes that rescue runs, or make them better."""
        return tuple(each for each in self.tried if each.effect in ("rescues", "better"))

    @property
    def headline(self) -> str:
        """What helps, in a sentence."""
        n = len(self.seeds)
        base = f"{failed(self.failures)} of {n} {'runs fail' if n != 1 else 'run fails'} as it is"
        if not self.helpful:
            few = f"; for a verdict there must be {COMPARABLE} seeds" if n < COMPARABLE else ""
            return f"{base}. None of {len(self.tried)} changes clearly helps{few}."
        first = self.helpful[0]
        help_ = "helps" if len(self.helpful) == 1 else "help"
        what = (
            f"{failed(first.failures)} of {n} fail"
            if first.effect == "rescues"
            else "the metric is better"
        )
        return (
            f"{base}. Of {len(self.tried)} changes {len(self.helpful)} clearly {help_}; with "
            f"{first.change.name} {what}."
        )

    def rows(self) -> list[tuple[str, str, str, str]]:
        """Return a row of texts for each change: what is set, failures, the metric, its effect."""
        return [
            (each.change.short, _failures(each.failures), _difference(each), each.effect)
            for each in self.tried
        ]

    def table(self) -> list[tuple[str | float | None, ...]]:
        """Return for each change what `COLUMNS` names, as numbers; None where all runs diverge."""
        found: list[tuple[str | float | None, ...]] = []
        for each in self.tried:
            failures, difference = each.failures, each.comparison.difference
            fraction = failures.fraction
            gained = (
                (None, None, None)
                if difference is None
                else (difference.value, difference.low, difference.high)
            )
            found.append(
                (
                    *(each.change.name, failures.runs, failures.stuck, failures.diverged),
                    *(fraction.value, fraction.low, fraction.high, each.p_fewer),
                    *(*gained, each.comparison.p_corrected, each.effect),
                )
            )
        return found

    def __repr__(self) -> str:
        return f"<Remedies: {self.headline}>"

    def __str__(self) -> str:
        rows = [HEAD, *self.rows()]
        widths = [max(len(row[i]) for row in rows) for i in range(4)]
        lines = [
            "  ".join(c.ljust(w) for c, w in zip(r, widths, strict=True)).rstrip() for r in rows
        ]
        return "\n".join([self.headline, "", *lines])

    def _repr_html_(self) -> str:
        def row(cells: tuple[str, ...], tag: str) -> str:
            return f"<tr>{''.join(f'<{tag}>{html.escape(c)}</{tag}>' for c in cells)}</tr>"

        head = row(HEAD, "th")
        body = "".join(row(cells, "td") for cells in self.rows())
        return f"<p>{html.escape(self.headline)}</p><table>{head}{body}</table>"


OnChange = Callable[[int, int], None]


def remedies(
    experiment: Experiment,
    replications: int = 100,
    seed: int = 0,
    *,
    data: Any = None,
    label: str | None = None,
    progress: OnChange | None = None,
) -> Remedies:
    """Try single changes of an experiment, each from the same seeds.

    A change rescues if fewer runs get stuck or diverge: by McNemar's exact test of the seeds that fail
    only with it or only without it. It is better or worse if `mlplab.statistics.compare_runs` says so of
    the metric on test samples. The p-values of both, of all changes, are corrected together (Holm 1979).
    What is not tested is not among them: fewer than 30 pairs, and failures of re-splits of one set of
    samples, which depend on each other.

    Parameters
    ----------
    experiment : Experiment
    replications, seed : int
        As in `mlplab.train`. Where a hundred runs of the experiment take long, fewer are trained, 30 at
        least; changes that take four times as long as that are left out.
    data, label
        Own samples, as in `mlplab.train`.
    progress : callable, optional
        Called with how many changes are trained, and how many there are.

    Raises
    ------
    As `mlplab.train`.

    Examples
    --------
    >>> zeros = Experiment(
    ...     dataset={"kind": "polar", "classes": 2, "sigma": 0.1, "train_per_class": 64},
    ...     network={"hidden_layers": 1, "layer_width": 5, "activation": "relu", "initializer": "zeros"},
    ...     training={"optimizer": {"kind": "sgd", "learning_rate": 1.0}, "batch_size": 4, "epochs": 20},
    ... )
    >>> tried = remedies(zeros, replications=30)
    >>> sorted(each.change.name for each in tried.helpful)
    ['network.initializer=glorot_uniform', 'network.initializer=he_normal']
    """
    check_experiment(experiment)
    replications = whole_number("replications", replications, least=1)
    tell = progress or (lambda done, total: None)
    dataset = draw(experiment, seed, data, label).dataset
    base = _work(experiment, dataset)
    fewer = min(replications, max(COMPARABLE, int(LARGEST_WORK / base)))
    limit = max(BEYOND * LARGEST_WORK, ALWAYS * fewer * base)
    proposed = changes(experiment)
    affordable = [c for c in proposed if fewer * _work(c.experiment, dataset) <= limit]

    def trained(each: Experiment) -> Runs:
        return train(each, fewer, seed, data=data, label=label, keep_weights=0, validate=False)

    unchanged = trained(experiment)
    found: list[Remedy] = []
    interrupted = False
    try:
        for number, change in enumerate(affordable):
            tell(number, len(affordable))
            found.append(_judged(change, trained(change.experiment), unchanged))
    except Interrupted:
        interrupted = True
    judged = [each.change for each in found]
    values = outcomes(unchanged)
    return Remedies(
        experiment=experiment,
        seeds=tuple(unchanged.seed.tolist()),
        failures=count_failures(unchanged),
        metric=float(np.nanmean(values)) if np.isfinite(values).any() else float("nan"),
        tried=_in_order(_corrected(found, count_failures(unchanged))),
        left_out=tuple(change.name for change in proposed if change not in judged),
        interrupted=interrupted,
    )


def _work(experiment: Experiment, dataset: Dataset) -> float:
    """Return samples times weights times epochs of a run on such a dataset."""
    sizes = experiment.layer_sizes(dataset.features, dataset.answers)
    weights = sum((inputs + 1) * outputs for inputs, outputs in pairwise(sizes))
    return float(len(dataset.train)) * weights * experiment.training.epochs


def _judged(change: Change, runs: Runs, unchanged: Runs) -> Remedy:
    """Compare the runs of a change with the unchanged ones; nothing is corrected yet."""
    failed, failed_before = (r.ending != "finished" for r in (runs, unchanged))
    only_with = int((failed & ~failed_before).sum())
    only_without = int((failed_before & ~failed).sum())
    comparison = compare_runs(runs, unchanged, margin=_margin(unchanged))
    is_tested = _are_failures_tested(comparison)
    return Remedy(
        change=change,
        failures=count_failures(runs),
        comparison=comparison,
        p_fewer=sign_test(only_with, only_without) if is_tested else 1.0,
        effect="unclear",
    )


def sign_test(one: int, other: int) -> float:
    """Return the two-sided p of so many differences in one and in the other direction, as of fair coins.

    It is scipy's `binomtest(one, one + other).pvalue`; to import that takes most of a second.

    >>> sign_test(0, 5), round(sign_test(3, 17), 6), sign_test(2, 2), sign_test(0, 0)
    (0.0625, 0.002577, 1.0, 1.0)
    """
    return min(1.0, 2 * float(bdtr(min(one, other), one + other, 0.5)))


def _are_failures_tested(comparison: Comparison) -> bool:
    """Return whether failures may be compared: re-splits of one set of samples depend on each other."""
    return comparison.resplit_ratio is None and comparison.pairs >= COMPARABLE


def _is_metric_tested(comparison: Comparison) -> bool:
    """Return whether the metric may have a verdict."""
    return comparison.pairs - comparison.left_out >= COMPARABLE


def _margin(unchanged: Runs) -> float | None:
    """Return the smallest difference that means anything; None where the measure has one itself."""
    if unchanged.metric != "mean_absolute_error":
        return None
    values = outcomes(unchanged)
    return TOLERATED * float(np.nanmean(values)) if np.isfinite(values).any() else 0.0


def _corrected(found: Sequence[Remedy], unchanged: Failures) -> list[Remedy]:
    """Correct the p-values of all that is tested together, and say what each change does."""
    compared = [each.comparison for each in found]
    p = np.array([[each.p_fewer, each.comparison.p_value] for each in found]).reshape(-1, 2)
    tested = np.array([[_are_failures_tested(c), _is_metric_tested(c)] for c in compared], bool)
    tested = tested.reshape(-1, 2)
    p[tested] = holm(p[tested])
    judged = []
    for each, (p_fewer, p_corrected) in zip(found, p.tolist(), strict=True):
        comparison = replace(each.comparison, p_corrected=p_corrected)
        effect = effect_of(failed(each.failures), failed(unchanged), p_fewer, comparison)
        judged.append(replace(each, p_fewer=p_fewer, comparison=comparison, effect=effect))
    return judged


def failed(failures: Failures) -> int:
    """Return how many runs failed, in either way."""
    return failures.stuck + failures.diverged


def effect_of(with_it: int, without: int, p_fewer: float, comparison: Comparison) -> Effect:
    """Say what a change does.

    Parameters
    ----------
    with_it, without : int
        Runs that fail with the change, and without it.
    p_fewer : float
        That their seeds are as many, corrected.
    comparison : Comparison
        Of the metric, corrected.
    """
    if p_fewer <= SIGNIFICANT and with_it != without:
        return "rescues" if with_it < without else "worse"
    verdict = comparison.verdict
    if verdict in ("better", "worse"):
        return verdict
    return "same" if verdict == "no meaningful difference" else "unclear"


def _in_order(found: Sequence[Remedy]) -> tuple[Remedy, ...]:
    """Put what helps first: by its effect, by the runs that fail, then by the metric."""

    def place(each: Remedy) -> tuple[int, int, float]:
        difference = each.comparison.difference
        gained = 0.0 if difference is None else difference.value
        sign = 1 if each.comparison.measure.lower_is_better else -1
        return get_args(Effect).index(each.effect), failed(each.failures), sign * gained

    return tuple(sorted(found, key=place))


def _failures(failures: Failures) -> str:
    """Write how many runs fail, with the interval."""
    low, high = (100 * end for end in (failures.fraction.low, failures.fraction.high))
    return f"{100 * failures.fraction.value:.0f} % ({low:.0f} to {high:.0f})"


def _difference(remedy: Remedy) -> str:
    """Write the difference of the metric, with its interval."""
    difference, measure = remedy.comparison.difference, remedy.comparison.measure
    if difference is None:
        return "nothing to compare"
    value, low, high = map(measure.write, (difference.value, difference.low, difference.high))
    if not math.isfinite(difference.low):
        return value
    sign = "+" if difference.value > 0 else ""
    return f"{sign}{value} ({low} to {high})"
