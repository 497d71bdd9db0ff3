"""The numbers by which runs are judged: their units, and which way is better."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from mlplab.data import SPLIT_WORDS
from mlplab.errors import MlplabError, shown, suggestion
from mlplab.spec import MetricName

LARGE = 1e5
"""From where on values have no decimals that anyone reads; the page of a map does as well."""

PERCENTAGE_POINTS = "percentage points"
"""The unit of differences between fractions, such as accuracies."""

UNITS_OF_THE_TARGET = "units of the target"
"""The unit of mean absolute errors: that of the numbers that are learned, whatever it is."""

ONE_POINT = 0.01
"""The margin of accuracies: one percentage point. A network that is right 95 % of the time has, measured
on the lab's 1,024 test samples, a standard error of 0.7 points."""

R2_MARGIN = 0.01
"""The margin of R²: one hundredth of the variance of the target. A network with an R² of 0.9 has,
measured on the 512 test samples of the recipes, a standard error of 0.008: 2 R (1 - R²) / sqrt(n)."""


@dataclass(frozen=True)
class Measure:
    """A number that every run has.

    Attributes
    ----------
    name : str
        What tables call it: `test_accuracy`.
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
    metric : str or None
        Which metric it is of the runs that have it; None of what all runs have, such as losses.
    bounds : tuple of two float
        The least and the greatest value.
    """

    name: str
    title: str
    unit: str = ""
    lower_is_better: bool = False
    margin: float | None = None
    on_training_samples: bool = False
    metric: MetricName | None = None
    bounds: tuple[float, float] = (0.0, math.inf)

    @property
    def attribute(self) -> str:
        """What `Runs` and `Outcomes` call it.

        >>> MEASURES["test_r2"].attribute, MEASURES["test_loss"].attribute
        ('test_metric', 'test_loss')
        """
        return self.name if self.metric is None else f"{self.name.removesuffix(self.metric)}metric"

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
        >>> MEASURES["test_loss"].write_value(2.1e-5), MEASURES["test_loss"].write_value(2.1e6)
        ('2.1e-05', '2.1e+06')
        """
        if self.unit == PERCENTAGE_POINTS:
            return f"{100 * value:.2f} %"
        if abs(value) >= LARGE:
            return f"{value:.4g}"
        return f"{value:.4f}" if abs(value) >= 0.001 or value == 0 else f"{value:.1e}"


_KINDS: Mapping[str, Measure] = {
    kind.name: kind
    for kind in (
        Measure(
            *("accuracy", "accuracy", PERCENTAGE_POINTS),
            margin=ONE_POINT,
            metric="accuracy",
            bounds=(0.0, 1.0),
        ),
        Measure("r2", "R²", margin=R2_MARGIN, metric="r2", bounds=(-math.inf, 1.0)),
        Measure(
            *("mean_absolute_error", "mean absolute error", UNITS_OF_THE_TARGET),
            lower_is_better=True,
            metric="mean_absolute_error",
        ),
        Measure("loss", "loss", lower_is_better=True),
    )
}


def measure_on(split: str, kind: str) -> Measure:
    """Return a measure of a split: a metric by its name, or the `loss`.

    >>> measure_on("validation", "r2").title
    'validation R²'
    """
    found = _KINDS[kind]
    return replace(
        found,
        name=f"{split}_{kind}",
        title=f"{SPLIT_WORDS[split]} {found.title}",
        on_training_samples=split == "train",
    )


MEASURES: Mapping[str, Measure] = {
    f"{split}_{kind}": measure_on(split, kind) for split in ("test", "train") for kind in _KINDS
}
"""What may be asked of runs, by name; `measures_of` has those that runs of one metric have."""


def measures_of(metric: MetricName, among: Mapping[str, Measure] = MEASURES) -> dict[str, Measure]:
    """Return those of some measures that runs of a metric have, by name.

    >>> list(measures_of("r2"))
    ['test_r2', 'test_loss', 'train_r2', 'train_loss']
    """
    return {name: each for name, each in among.items() if each.metric in (None, metric)}


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


def choose_measure(measure: str | Measure | None, metric: MetricName) -> Measure:
    """Return the measure that was asked for of runs; by default their metric on test samples.

    Raises
    ------
    MlplabError
        If there is none of that name, or it is another metric than theirs.

    Examples
    --------
    >>> choose_measure(None, "r2").name
    'test_r2'
    """
    if measure is None:
        return MEASURES[f"test_{metric}"]
    return check_metric(find_measure(measure), metric)


def check_metric(
    measure: Measure, metric: MetricName, among: Mapping[str, Measure] = MEASURES
) -> Measure:
    """Return a measure, after a check that runs of a metric have it.

    Raises
    ------
    MlplabError
        With those of `among` that they have.
    """
    known = measures_of(metric, among)
    if measure.name not in known:
        raise MlplabError(
            f"runs whose metric is {metric} have no {measure.name}: known are {', '.join(known)}"
        )
    return measure


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
            unit = f" in {measure.unit}" if measure.unit else ""
            raise MlplabError(
                f"expected a margin{unit}, the smallest difference of {measure.title} that would mean "
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
