"""Which initializers fit the numbers of tasks 1.3 and 1.4: one for each layer, or one for all.

The source's listings of both tasks hand one initializer object to all layers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mlplab.report.experiments import SHARED_INITIALIZER
from mlplab.report.reproduction import Erratum, Task
from mlplab.report.wording import is_usual, listing, loss, percent, standing
from mlplab.run import Float64
from mlplab.statistics import COMPARABLE, finite, percentile_of

NEW, SHARED = "a new initializer for each layer", "one shared by all"

_FITS = {
    (True, True): "either way",
    (True, False): "new initializers only",
    (False, True): "a shared one only",
    (False, False): "neither way",
}
"""What a number fits, by whether it is usual with new initializers, and whether it is with a shared one."""


@dataclass(frozen=True, eq=False)
class _Number:
    """A published number of a task, and what the runs with new initializers and with a shared one have.

    `said` is the number in words; `new` and `shared` are NaN where a run diverged.
    """

    name: str
    said: str
    published: float
    new: Float64
    shared: Float64

    @property
    def is_known(self) -> bool:
        """Whether runs of both kinds have a value."""
        return bool(len(finite(self.new)) and len(finite(self.shared)))

    @property
    def fits(self) -> tuple[bool, bool]:
        """Whether it is usual with new initializers, and whether it is with a shared one."""
        return is_usual(self.published, self.new), is_usual(self.published, self.shared)

    @property
    def sentence(self) -> str:
        new, shared = (standing(self.published, values) for values in (self.new, self.shared))
        return (
            f"{self.name} {self.said}: {new} with {NEW}, {shared} with {SHARED}; "
            f"it fits {_FITS[self.fits]}."
        )


def find_fitting_initializers(tasks: Mapping[str, Task]) -> Erratum | None:
    """Place the published numbers among the runs with a new and with a shared initializer.

    Returns
    -------
    Erratum or None
        None unless a task was reproduced both ways.
    """
    numbers = {
        id: _numbers(tasks[id], tasks[shared])
        for id, shared in SHARED_INITIALIZER.items()
        if id in tasks and shared in tasks
    }
    if not numbers:
        return None
    many = len(numbers) > 1
    return Erratum(
        number=7,
        title="One initializer for all layers",
        claim=f"The listing{'s' * many} of {listing([*numbers])} make{'s' * (not many)} one initializer "
        "object, without a seed, for all layers.",
        evidence=(
            "Such an object of Keras 3 gives the same values at every call, so that all layers of one shape "
            "begin with equal weights: here the nine hidden matrices of 50 × 50. A new object for each layer, "
            "or its name as text, does not.",
            "A published number fits where it lies within the middle 90 % of the replications; of fewer than "
            f"{COMPARABLE}, within their range.",
            *(_placed(id, of_one) for id, of_one in numbers.items()),
            *_verdict([number for of_one in numbers.values() for number in of_one]),
        ),
        measured={
            f"percentile of the published {number.name.lower()} in {way}": _percentile(
                number, values
            )
            for id, of_one in numbers.items()
            for number in of_one
            for way, values in ((id, number.new), (SHARED_INITIALIZER[id], number.shared))
        },
    )


def _numbers(new: Task, shared: Task) -> list[_Number]:
    """Return the accuracy and the loss that were published of a task."""
    found = []
    accuracy, error = new.published.test_accuracy, new.published.test_loss
    if accuracy is not None:
        runs = new.test_accuracy, shared.test_accuracy
        found.append(_Number("Test accuracy", percent(accuracy), accuracy, *runs))
    if error is not None:
        found.append(_Number("Test loss", loss(error), error, new.test_loss, shared.test_loss))
    return found


def _placed(id: str, numbers: Sequence[_Number]) -> str:
    """Say where the published numbers of a task lie, and which initializers they fit."""
    if not all(number.is_known for number in numbers):
        return f"Of {id}, all runs of one kind diverged, so that nothing can be said to fit."
    fits = [number.fits for number in numbers]
    together = _FITS[all(new for new, _ in fits), all(shared for _, shared in fits)]
    sentences = " ".join(number.sentence for number in numbers)
    return f"*{id}.* {sentences} Together the two numbers fit {together}."


def _verdict(numbers: Sequence[_Number]) -> list[str]:
    """Say whether the published numbers tell one way from the other at all."""
    if not all(number.is_known for number in numbers):
        return []
    if any(new != shared for new, shared in (number.fits for number in numbers)):
        return []
    return ["So no published number tells one way from the other."]


def _percentile(number: _Number, values: Float64) -> float:
    percentile = percentile_of(number.published, values)
    return float("nan") if percentile is None else percentile
