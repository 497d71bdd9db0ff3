"""Why the worst runs of a task came out as they did, and what would help: computed, and told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from mlplab.explain import Explanation, Remedies, remedies, why
from mlplab.explain.causes import CAUSES
from mlplab.explain.changing import RATE
from mlplab.explain.remedies import HEAD
from mlplab.report.elements import Element, Paragraph, Table
from mlplab.report.reproduction import Task
from mlplab.report.wording import listing, loss, plural, single
from mlplab.run import Runs
from mlplab.spec import ExponentialDecay
from mlplab.statistics import COMPARABLE
from mlplab.training import train

ALL_LOOKED_AT = ("1.1-batch-512", "1.2-sigmoid")
"""Tasks of which the worst runs are looked at, whatever they came to, and single changes are tried."""

BAD_LOOKED_AT = "1.3"
"""The task of which only bad runs are looked at; changes of it would take minutes."""

MOST_LOOKED_AT = 3
"""Runs that are trained again: of task 1.3, each takes a second or two."""

FAR_BELOW = 0.05
"""A run is bad if its training accuracy is so far below the median of its task."""

EARLY = 0.3
"""After this fraction of the epochs, bad runs of task 1.3 are compared with the others."""

RARE = 0.25
"""A class that has less than this fraction of an equal share of the predictions is hardly predicted."""

MOST_CHANGES = 5
"""Rows of the table of what helps."""


def explain(task: Task, progress: Callable[[], None]) -> Task:
    """Return a task with what explains it, if it is one that is explained.

    Changes are tried from the first 30 seeds of the replications, where there are as many; of fewer
    there could be no verdict.

    Parameters
    ----------
    task : Task
    progress : callable
        Called while it takes its time, and may raise to end it.
    """
    runs = task.replicated
    if task.id in ALL_LOOKED_AT:
        explanation = why(runs, most=MOST_LOOKED_AT, progress=lambda *_: progress())
        if len(runs) < COMPARABLE:
            return replace(task, explanation=explanation)
        tried = remedies(
            task.experiment, COMPARABLE, int(runs.seed[0]), progress=lambda *_: progress()
        )
        return replace(task, explanation=explanation, remedies=tried)
    bad = int(far_below(runs).sum()) if task.id == BAD_LOOKED_AT else 0
    if not bad:
        return task
    most = min(bad, MOST_LOOKED_AT)
    explanation = why(runs, most=most, progress=lambda *_: progress())
    return replace(task, explanation=explanation, held=_hold_rate(task, explanation, progress))


def _hold_rate(task: Task, explanation: Explanation, progress: Callable[[], None]) -> Runs | None:
    """Train the runs that were looked at once more, without the decay of their learning rate."""
    rate = task.experiment.training.optimizer.learning_rate
    if not isinstance(rate, ExponentialDecay):
        return None
    held = task.experiment.varied({RATE: rate.initial_learning_rate})
    runs = []
    for run in explanation.runs:
        progress()
        runs.append(train(held, 1, run.seed, validate=False)[0])
    return Runs.from_runs(runs)


def far_below(runs: Runs) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Return which runs failed, or have a training accuracy far below the median, shape (runs,)."""
    accuracy = np.where(runs.ending == "diverged", np.nan, runs.train_accuracy)
    if np.isnan(accuracy).all():
        return np.ones(len(runs), bool)
    far = ~(accuracy >= np.nanmedian(accuracy) - FAR_BELOW)
    return np.asarray(far | (runs.ending != "finished"), bool)


def why_elements(task: Task | None) -> list[Element]:
    """Return what explains a task in its chapter: a paragraph, and a table of what helps."""
    if task is None or (task.explanation is None and task.id != BAD_LOOKED_AT):
        return []
    is_bad_only = task.id == BAD_LOOKED_AT
    said = [_how_many_are_bad(task)] if is_bad_only else []
    if task.explanation is not None:
        said.append(_what_was_seen(task, task.explanation))
    elements: list[Element] = [Paragraph(" ".join(said), "Why")]
    if is_bad_only:
        more = (_when_the_rate_is_held(task), _what_they_confuse(task), _what_sets_them_apart(task))
        if any(more):
            elements.append(Paragraph(" ".join(s for s in more if s)))
    if task.remedies is not None:
        elements += _what_helps(task, task.remedies)
    return elements


def _how_many_are_bad(task: Task) -> str:
    """Say how many runs are bad, and what that is."""
    runs = task.replicated
    if len(runs) == 1 and task.explanation is None:
        return f"A single run of {task.id} does not tell which runs are bad."
    bad = int(far_below(runs).sum())
    return (
        f"Of {task.id}, {bad if bad else 'none'} of {plural(len(runs), 'run')} failed or "
        f"{'have' if bad > 1 else 'has'} a training accuracy more than {100 * FAR_BELOW:.0f} percentage "
        "points below the median."
    )


def _what_was_seen(task: Task, explanation: Explanation) -> str:
    """Say what the runs show that were trained again, with the numbers of one of them for each cause."""
    looked_at = len(explanation.runs)
    if len(task.replicated) == 1:
        which = f"The run of {task.id} was"
    elif looked_at == len(task.replicated):
        which = f"All {looked_at} runs of {task.id} were"
    elif looked_at == 1:
        which = f"The worst run of {task.id} was"
    else:
        which = f"The {looked_at} worst runs of {task.id} were"
    wrong = explanation.failures
    counts = [f"{n} with {CAUSES[code].short}" for code, n in wrong.items()]
    learned = looked_at - sum(wrong.values())
    if learned:
        counts.append(f"{learned} that learned")
    found = f": {listing(counts)}" if looked_at > 1 else ""
    said = [f"{which} trained again and measured on the way{found}."]
    for code in explanation.counts:
        run = explanation.example(code)
        first, *others = (finding.sentence for finding in run.findings)
        said.append(" ".join([f"Seed {run.seed}: {first}", *others]))
    return " ".join(said)


def _when_the_rate_is_held(task: Task) -> str:
    """Say what the runs that were looked at come to if their learning rate does not fall."""
    if task.held is None:
        return ""
    rate = task.held.experiment.training.optimizer.learning_rate
    looked_at = np.flatnonzero(np.isin(task.replicated.seed, task.held.seed))
    before, after = (
        [single(runs[int(i)], runs[int(i)].train_accuracy) for i in places]
        for runs, places in ((task.replicated, looked_at), (task.held, range(len(task.held))))
    )
    return (
        f"Trained once more from the same {'seeds' if len(after) > 1 else 'seed'}, with the learning rate "
        f"held at {rate}: training accuracy {listing(after)}, before {listing(before)}."
    )


def _what_they_confuse(task: Task) -> str:
    """Say in how many bad runs a class is hardly predicted, and which."""
    runs = task.replicated
    predicted = runs.predicted[far_below(runs) & (runs.ending != "diverged")]
    if not len(predicted):
        return ""
    share = predicted.sum(axis=1, keepdims=True) / predicted.shape[1]
    is_rare = predicted < RARE * share
    rare = [f"class {k} in {n}" for k, n in enumerate(is_rare.sum(axis=0).tolist()) if n]
    if not rare:
        return ""
    return (
        f"In {int(is_rare.any(axis=1).sum())} of {plural(len(predicted), 'bad run')} a class has less than a "
        f"quarter of its share of the predictions ({listing(rare)}): its samples are taken for those of "
        "another."
    )


def _what_sets_them_apart(task: Task) -> str:
    """Compare the losses of bad runs with those of the others, early in their training.

    What is the same for all runs, such as a schedule, does not tell why some of them are bad.
    """
    runs = task.replicated
    bad = far_below(runs)
    is_known = runs.ending != "diverged"
    epoch = max(1, int(EARLY * task.experiment.training.epochs))
    losses = runs.history.train_loss[:, epoch - 1]
    of_bad, of_others = losses[bad & is_known], losses[~bad & is_known]
    if not len(of_bad) or not len(of_others):
        return ""
    behind, ahead = float(np.median(of_bad)), float(np.median(of_others))
    when = f"after epoch {epoch}, their median training loss was {loss(behind)}, that of the others {loss(ahead)}"
    if behind > ahead:
        return (
            "All seeds have the same settings, so these alone do not tell a bad run from another. The bad "
            f"ones were behind early: {when}."
        )
    return f"The bad runs were not behind early: {when}."


def _what_helps(task: Task, tried: Remedies) -> Sequence[Element]:
    """Return the changes that help, in a table; a sentence where none does."""
    n = len(tried.seeds)
    failing = tried.failures.stuck + tried.failures.diverged
    base = (
        f"Each of {plural(len(tried.tried), 'single change')} of {task.id} was trained from the first {n} "
        f"seeds, of which {failing} fail without a change"
    )
    shown = list(zip(tried.helpful, tried.rows(), strict=False))[:MOST_CHANGES]
    if not shown:
        return [Paragraph(f"{base}. None clearly helps.", "What would help")]
    first = "" if len(shown) == len(tried.helpful) else f"; the first {len(shown)} stand here"
    change, fails, _, effect = HEAD
    return [
        Paragraph(
            f"{base}. {len(tried.helpful)} of them clearly "
            f"{'help' if len(tried.helpful) > 1 else 'helps'}, after Holm's correction{first}.",
            "What would help",
        ),
        Table(
            f"Single changes that help {task.id}, with 95 % intervals. A change rescues if fewer runs "
            "fail; it is better if the test accuracy is, in percentage points against the same seeds "
            "without it.",
            (change.capitalize(), fails.capitalize(), "Test accuracy", effect.capitalize()),
            tuple((row[0].replace("_", "\\_"), *row[1:]) for _, row in shown),
        ),
    ]
