"""Compare all libraries that are installed and can express an experiment."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from mlplab.errors import MlplabError
from mlplab.parity.differences import TOLERANCES, Differences, train_beside_reference
from mlplab.parity.effects import Ledger, measure_effects
from mlplab.parity.libraries import LIBRARIES, Library
from mlplab.parity.mine import NAME, Mine, check_fits, train_mine
from mlplab.parity.worker import train_in_process
from mlplab.spec import Experiment
from mlplab.trial import Trial, draw

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, eq=False)
class Parity:
    """What libraries make of one trial.

    Attributes
    ----------
    trial : Trial
    updates : int
        Of the trial's, from the first on, that were compared.
    tolerance : float
    differences : list of Differences
        From the reference, of each library.
    left_out : list of str
        Sentences about libraries that are not compared, and why.
    mine : Mine or None
        Of a student's training step.
    ledger : Ledger or None
        Defaults that differ, and their effects.
    """

    trial: Trial
    updates: int
    tolerance: float
    differences: list[Differences]
    left_out: list[str] = field(default_factory=list)
    mine: Mine | None = None
    ledger: Ledger | None = None

    @property
    def columns(self) -> list[Differences]:
        """All differences, a student's last."""
        return self.differences + ([self.mine.differences] if self.mine else [])


def compare_libraries(
    experiment: Experiment,
    seed: int = 0,
    *,
    updates: int | None = None,
    tolerance: float | None = None,
    mine: Path | None = None,
    defaults: bool = True,
    libraries: tuple[Library, ...] = LIBRARIES,
    progress: Progress = lambda name, done, total: None,
) -> Parity:
    """Train one trial by the reference and by each library, and compare the weights after each update.

    Parameters
    ----------
    experiment : Experiment
        Trained in its own dtype; float64 tells a difference from rounding.
    seed : int
        Of samples, initial weights, shuffles and noise.
    updates : int, optional
        How many are compared; all if not given.
    tolerance : float, optional
        By default that of `TOLERANCES` for the dtype.
    mine : Path, optional
        A student's file.
    defaults : bool
        Whether the effects of other libraries' defaults are measured, over the whole training.
    libraries : tuple of Library
        Which are compared, where they can be.
    progress : callable
        Called with what is under way, its steps done, and its steps in all.

    Raises
    ------
    MlplabError
        If the experiment may stop early, or a number or the student's file cannot be used.

    Examples
    --------
    >>> from mlplab.parity.libraries import LIBRARIES
    >>> experiment = Experiment(dataset="linear", training={"dtype": "float64"})
    >>> found = compare_libraries(experiment, updates=5, defaults=False, libraries=LIBRARIES[:1])
    >>> [each.name for each in found.differences], found.differences[0].first_above(1e-12)
    (['engine'], None)
    """
    training = experiment.training
    for rule in ("early_stopping", "reduce_lr_on_plateau"):
        if getattr(training, rule) is not None:
            raise MlplabError(
                f"training.{rule} acts between epochs, and parity compares updates: leave it out of the "
                "experiment"
            )
    tolerance = TOLERANCES[training.dtype] if tolerance is None else tolerance
    if not (math.isfinite(tolerance) and tolerance > 0):
        raise MlplabError(f"the tolerance must be a number above 0, received {tolerance:g}")
    trial = draw(experiment, seed)
    if updates is not None and not 1 <= updates <= trial.updates:
        raise MlplabError(
            f"the number of updates must be from 1 to the {trial.updates:,} of the experiment, "
            f"received {updates}"
        )
    count = trial.updates if updates is None else updates
    if mine is not None:
        check_fits(trial)
    # The student's comes first: whoever waits for it has made a mistake in it, or in the path.
    found_mine = None
    if mine is not None:
        told = _told(progress, NAME, count)
        found_mine = train_mine(trial, mine, count, tolerance, told)
    differences, left_out = [], []
    for library in libraries:
        reason = _why_not(library, trial)
        if reason is not None:
            left_out.append(reason)
            continue
        told = _told(progress, library.name, count)
        if library.variables:
            differences.append(train_in_process(trial, library, count, told))
        else:
            begin = library.begin
            differences.append(train_beside_reference(trial, library.name, begin, count, told))
    ledger = None
    if defaults:
        ledger = measure_effects(trial, lambda done, total: progress("defaults", done, total))
    return Parity(trial, count, tolerance, differences, left_out, found_mine, ledger)


def _told(progress: Progress, name: str, count: int) -> Callable[[int], None]:
    return lambda done: progress(name, done, count)


def _why_not(library: Library, trial: Trial) -> str | None:
    """Return a sentence on why a library is left out; None if it is not."""
    if library.missing:
        return f"{library.name} is left out: {' and '.join(library.missing)} is not installed."
    part = library.cannot_express(trial)
    return None if part is None else f"{library.name} is left out: it cannot express {part}."
