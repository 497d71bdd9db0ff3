"""Predictions: a notebook shows what comes out only to those who have said what they expect."""

from __future__ import annotations

from collections.abc import Mapping
from types import EllipsisType

from mlplab.errors import MlplabError, shown


class PredictionError(MlplabError):
    """A prediction is missing, or is none. A notebook shows its sentence and no traceback."""

    def _render_traceback_(self) -> list[str]:
        # What IPython shows in a traceback's place, if an exception has it.
        return [str(self)]


def predict(accuracies: Mapping[str, float | EllipsisType]) -> dict[str, float]:
    """Take down which test accuracies are expected, before anything is trained.

    Parameters
    ----------
    accuracies : dict from str to float
        In per cent, by what each experiment is called; `...` is still to be filled in.

    Returns
    -------
    dict from str to float
        The same, as `show_runs` takes it.

    Raises
    ------
    PredictionError
        If a number is still missing, or is none from 0 to 100.

    Examples
    --------
    >>> predict({"batches of 512": 90, "batches of 16": 95})
    {'batches of 512': 90.0, 'batches of 16': 95.0}
    """
    found = {}
    for name, accuracy in accuracies.items():
        if accuracy is ...:
            raise PredictionError(
                f"Predict first: put a number in place of ... for '{name}', and run this cell again. "
                "A wrong prediction is as good as a right one."
            )
        is_number = isinstance(accuracy, int | float) and not isinstance(accuracy, bool)
        if not (is_number and 0 <= accuracy <= 100):
            raise PredictionError(
                f"An accuracy in per cent is a number from 0 to 100, received {shown(accuracy)} "
                f"for '{name}'."
            )
        found[name] = float(accuracy)
    return found
