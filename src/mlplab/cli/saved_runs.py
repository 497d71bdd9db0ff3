"""The runs of a folder, where a command takes a folder of runs or an experiment to train."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from mlplab.errors import MlplabError

if TYPE_CHECKING:
    from mlplab.run import Runs


def saved_runs(source: Path, given: Mapping[str, object]) -> Runs | None:
    """Return the runs of a folder; None of anything else.

    Parameters
    ----------
    source : Path
    given : dict of str to object
        Options that say what to train, each with its value; None where it was not given.

    Raises
    ------
    MlplabError
        If such an option was given beside a folder, or the folder has no runs.
    """
    from mlplab.run import Runs

    if not source.is_dir():
        return None
    for option, value in given.items():
        if value is not None:
            raise MlplabError(
                f"{option} says what to train, and the runs of '{source}' are trained: name its "
                f"{source / 'experiment.toml'} instead"
            )
    runs = Runs.load(source)
    if not len(runs):
        raise MlplabError(f"there is no run in '{source}'")
    return runs
