"""The table of two searches, and what is to be said about it."""

from __future__ import annotations

from mlplab.bench.tables import TextTable
from mlplab.bench.tuning import TunedTrial, Tuning
from mlplab.bench.tuning_compared import FreshRuns, TuningCompared
from mlplab.bench.wording import between, duration, percentage, times
from mlplab.report.wording import plural

THEIRS, AS_GOOD, OURS = "Optuna + Keras", "mlplab, as good", "mlplab"
"""The rows: each side's winner, and the candidate of mlplab that was first as good as the other one's."""


def tuning_table(part: TuningCompared) -> TextTable:
    """Return when each winner was found, what its search saw of it, and what fresh runs have."""
    rows = [(THEIRS, *_found(part.theirs.best, part.fresh_theirs), *_whole(part.theirs), "")]
    if part.as_good is not None and part.fresh_as_good is not None and part.ratio is not None:
        found = _found(part.as_good, part.fresh_as_good)
        rows.append((AS_GOOD, *found, "", "", times(part.ratio)))
    rows.append((OURS, *_found(part.ours.best, part.fresh_ours), *_whole(part.ours), ""))
    title = f"Tuning {part.plan.id}: {plural(part.plan.trials, 'candidate')} each"
    head = ("", "found after", "it saw", "fresh runs", "whole search", "trainings", "sooner by")
    return TextTable(title, head, tuple(rows))


def tuning_sentences(part: TuningCompared) -> list[str]:
    """Return what each search saw of its winner beside what fresh runs have, and who was sooner."""
    fresh, theirs, best = part.fresh_theirs, part.theirs.best, part.ours.best
    many = f"its {plural(best.trainings, 'run')}"
    interval = between(_accuracy(fresh.low), _accuracy(fresh.high))
    said = [
        f"Optuna and Keras saw a validation accuracy of {_accuracy(theirs.validation_accuracy)} of "
        f"their winner, in one training on one draw of samples; {part.plan.fresh_runs} fresh runs "
        f"have {_accuracy(fresh.mean)} on average ({interval}). mlplab saw "
        f"{_accuracy(best.validation_accuracy)} of its own, on average of {many}; fresh ones have "
        f"{_accuracy(part.fresh_ours.mean)}."
    ]
    if part.as_good is None or part.ratio is None:
        said.append(
            f"None of mlplab's {plural(part.plan.trials, 'candidate')} had {_accuracy(fresh.mean)} on "
            f"average of {many}: there is no ratio."
        )
    else:
        said.append(
            f"mlplab had a candidate with {_accuracy(fresh.mean)} or more on average of {many} after "
            f"{duration(part.as_good.seconds)}; Optuna and Keras took {times(part.ratio)} as long until "
            "their winner."
        )
    return said


def _found(trial: TunedTrial, fresh: FreshRuns) -> tuple[str, str, str]:
    return duration(trial.seconds), _accuracy(trial.validation_accuracy), _accuracy(fresh.mean)


def _whole(search: Tuning) -> tuple[str, str]:
    return duration(search.seconds), f"{search.trainings:,}"


def _accuracy(value: float) -> str:
    return percentage(value, places=1)
