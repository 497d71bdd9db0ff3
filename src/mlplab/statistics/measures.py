"""The numbers by which runs are judged: their units, and which way is better."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from mlplab.errors import MlplabError, shown, suggestion

PERCENTAGE_POINTS = "percentage points"
"""The unit of differences between fractions, such as accuracies."""

ONE_POINT = 0.01
"""The margin of accuracies: one percentage point. A network that is right 95 % of the time has, measured
on the lab's 1,024 test samples, a standard error of 0.7 points."""


@dataclass(frozen=True)
class Measure:
    """A number that every run has.

    Attributes
    ----------
    name : str
        As in `Runs`: `test_accuracy`.
    title : str
        In words: `test accuracy`.
    unit : str
        Of differences. `percentage points` means that the values are fractions from 0 to 1; nothing
        means that they are numbers without a unit.
    lower_is_better : bool
        As of losses.
    margin : float or None
        The smallest difference that is called meaningful unless another margin is given; None where
        none suits all experiments.
    on_training_samples : bool
        Whether it is measured on the training samples, and not on the test samples.
    """

    name: str
    title: str
    unit: str = ""
    lower_is_better: bool = False
    margin: float | None = None
    on_training_samples: bool = False

    def write(self, value: float) -> str:
        """Write a difference as a number in the measure's unit, without the unit.

        Examples
        --------
        >>> MEASURES["test_accuracy"].write(0.042), MEASURES["test_loss"].write(0.042)
        ('4.20', '0.042')
        """
        # Adding 0.0 turns -0.0 into 0.0.
        if self.unit == PERCENTAGE_POINTS:
            return f"{round(100 * value, 2) + 0.0:.2f}"
        return f"{value + 0.0:.3g}"

    def write_value(self, value: float) -> str:
        """Write a value, not a difference: accuracies in per cent, others as they are.

        Examples
        --------
        >>> MEASURES["test_accuracy"].write_value(0.9512), MEASURES["test_loss"].write_value(0.042)
        ('95.12 %', '0.0420')
        >>> MEASURES["test_loss"].write_value(2.1e-5)
        '2.1e-05'
        """
        if self.unit == PERCENTAGE_POINTS:
            return f"{100 * value:.2f} %"
        return f"{value:.4f}" if abs(value) >= 0.001 or value == 0 else f"{value:.1e}"


MEASURES: Mapping[str, Measure] = {
    measure.name: measure
    for measure in (
        Measure("test_accuracy", "test accuracy", PERCENTAGE_POINTS, margin=ONE_POINT),
        Measure("test_loss", "test loss", lower_is_better=True),
        Measure(
            "train_accuracy",
            "training accuracy",
            PERCENTAGE_POINTS,
            margin=ONE_POINT,
            on_training_samples=True,
        ),
        Measure("train_loss", "training loss", lower_is_better=True, on_training_samples=True),
    )
}
"""What may be asked of runs, by name."""


def find_measure(measure: str | Measure) -> Measure:
    """Return a measure by its name; a measure is returned as it is.

    Raises
    ------
    MlplabError
        If there is none of that name.

    Examples
    --------
    >>> find_measure("test_loss").title
    'test loss'
    """
    if isinstance(measure, Measure):
        return measure
    if not isinstance(measure, str):
        raise MlplabError(
            f"expected the name of a measure ({', '.join(MEASURES)}), received {shown(measure)}"
        )
    if measure not in MEASURES:
        raise MlplabError(f"unknown measure {shown(measure)}; {suggestion(measure, MEASURES)}")
    return MEASURES[measure]


def choose_margin(measure: Measure, margin: float | None) -> float:
    """Return the margin that was given, or else the measure's own.

    Raises
    ------
    MlplabError
        If it is not a finite number of 0 or above, or 1 or above where values are fractions; or if none
        was given and the measure has none.
    """
    if margin is None:
        if measure.margin is None:
            raise MlplabError(
                f"expected a margin, the smallest difference of {measure.title} that would mean "
                "anything, received none"
            )
        return measure.margin
    try:
        is_margin = 0 <= float(margin) < math.inf
    except (TypeError, ValueError):
        is_margin = False
    if not is_margin:
        raise MlplabError(f"expected a margin of 0 or above, received {shown(margin)}")
    if measure.unit == PERCENTAGE_POINTS and margin >= 1:
        raise MlplabError(
            f"expected a margin below 1 for {measure.title}, where 0.01 is one percentage point, "
            f"received {margin:g}"
        )
    return float(margin)
