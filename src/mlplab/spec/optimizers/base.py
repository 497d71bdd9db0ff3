"""What all optimizers share: a learning rate, weight decay, and a gradient that may be clipped."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import Annotated, Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from mlplab.kernel import Kernel, entry, kernel
from mlplab.spec.canonical import AddedLater
from mlplab.spec.family import Family
from mlplab.spec.formulas import Formula, Rule
from mlplab.spec.schedules import LearningRate, learning_rates

Float = NDArray[np.floating[Any]]
Float64 = NDArray[np.float64]
Decay = Annotated[float, Field(ge=0, lt=1)]
"""How much of a running mean is kept."""
Epsilon = Annotated[float, Field(gt=0)]
Limit = Annotated[float, Field(gt=0, examples=[1.0])]

CLIPPING = ("clipvalue", "clipnorm", "global_clipnorm")
"""The fields that clip the gradient, of which one may be set."""


CLIPPING_FORMULAS = {
    "clipvalue": "min(max({g}, -{c}), {c})",
    "clipnorm": "{g} · min(1, {c} / {‖g‖})",
    "global_clipnorm": "{g} · min(1, {c} / {‖g‖})",
}
"""Templates of a gradient that is clipped, by the limit c and the norm of what is clipped together."""

DECAY_FORMULA = Formula("w", "{w} - {ηλ} · {w}")
"""How parameters decay before they move."""

FREE = 2
"""Place, among the numbers that scale an update, of the one that does not follow the learning rate.

Only Nadam has so many. All others are multiplied by what a learning rate is multiplied by in training.
"""


@kernel
def as_they_are(steps: Float64, sizes: Float64, *parameters: float) -> None:
    """Leave the learning rates as they are."""


class OptimizerSpec(Family):
    """How the parameters move.

    An update clips the gradient, if asked to. Then weights and biases decay, w ← w - η λ w, by the
    learning rate η as it is, whatever the optimizer makes of it. Then they move.

    Attributes
    ----------
    learning_rate : float or Schedule
        How far an update goes: one number, or a schedule of the update.
    weight_decay : float
        Fraction λ of each weight and bias, times the learning rate, that an update takes away; 0 is none.
    clipvalue : float, optional
        No number of the gradient goes beyond this size.
    clipnorm : float, optional
        The gradient of each layer's weights, and that of its biases, is no longer than this.
    global_clipnorm : float, optional
        The gradient of all weights and biases together is no longer than this.
    moments : tuple of str
        What it remembers of earlier gradients: so many arrays for each array of parameters.
    step_size_count : int
        Numbers that scale an update, without that of the weight decay.
    update_rules : tuple of Rule
        The formulas of one update, for each way in which it may be done; the first whose condition holds
        is taken. They read the weight w and its gradient g, the symbols of fields, moments and step
        sizes, and give w and the moments.
    symbols : dict of str to str
        Fields by the symbols that the rules have for them.
    moment_symbols, step_size_symbols : tuple of str
        The symbols of what it remembers, and of the numbers that scale an update.
    begins_with : dict of str to str
        Symbols of moments that do not begin at 0, and the fields that say where they begin.
    scale : Kernel
        The formula of these numbers: scale(steps, sizes, *parameters), all float64, turns the learning
        rates of some updates, which stand in sizes[0], into `sizes`, shape (step_size_count, n). steps,
        shape (n,), are how many updates were made before each. By default it leaves them as they are.
    """

    learning_rate: LearningRate
    weight_decay: Annotated[float, AddedLater(as_before=0.0), Field(ge=0)] = 0.0
    clipvalue: Annotated[Limit | None, AddedLater(as_before=None)] = None
    clipnorm: Annotated[Limit | None, AddedLater(as_before=None)] = None
    global_clipnorm: Annotated[Limit | None, AddedLater(as_before=None)] = None

    moments: ClassVar[tuple[str, ...]] = ()
    step_size_count: ClassVar[int] = 1
    update_rules: ClassVar[tuple[Rule, ...]]
    symbols: ClassVar[dict[str, str]] = {}
    moment_symbols: ClassVar[tuple[str, ...]] = ()
    begins_with: ClassVar[dict[str, str]] = {}
    step_size_symbols: ClassVar[tuple[str, ...]] = ("η",)
    scale: ClassVar[Kernel[..., None]] = as_they_are
    apart: ClassVar[frozenset[str]] = frozenset({"learning_rate", "weight_decay", *CLIPPING})

    @classmethod
    def __pydantic_init_subclass__(cls, **keywords: Any) -> None:
        """Refuse a kind that does not tell its formulas."""
        if cls._is_a_kind():
            cls._check_rules()
        super().__pydantic_init_subclass__(**keywords)

    @classmethod
    def _check_rules(cls) -> None:
        if not getattr(cls, "update_rules", ()):
            raise TypeError(f"{cls.__qualname__} needs `update_rules`: the formulas of one update")
        if len(cls.moment_symbols) != len(cls.moments):
            raise TypeError(f"{cls.__qualname__} needs a symbol for each of its moments")
        known = {"w", "g", *cls.symbols, *cls.moment_symbols, *cls.step_size_symbols}
        for rule in cls.update_rules:
            if unknown := rule.names - known:
                raise TypeError(
                    f"the rules of {cls.__qualname__} read {', '.join(sorted(unknown))}, "
                    f"which is none of {', '.join(sorted(known))}"
                )

    @property
    def update_rule(self) -> Rule:
        """The formulas of one update, in the way in which this optimizer does it."""
        return next(
            rule
            for rule in self.update_rules
            if all(getattr(self, name) == value for name, value in rule.when.items())
        )

    @property
    def used_moments(self) -> tuple[str, ...]:
        """Symbols of the moments that the update rule reads, in the order of `moment_symbols`."""
        return tuple(s for s in self.moment_symbols if s in self.update_rule.names)

    @model_validator(mode="after")
    def _clips_in_one_way(self) -> OptimizerSpec:
        came = [
            f"{name}={getattr(self, name)}" for name in CLIPPING if getattr(self, name) is not None
        ]
        if len(came) > 1:
            raise ValueError(
                f"one of {', '.join(CLIPPING)} can clip a gradient, received {' and '.join(came)}"
            )
        return self

    @property
    def clipping(self) -> tuple[int, float]:
        """How the gradient is clipped, 1 and the way's place in `CLIPPING`, and its limit; or (0, 0)."""
        limits = (self.clipvalue, self.clipnorm, self.global_clipnorm)
        for i, limit in enumerate(limits):
            if limit is not None:
                return 1 + i, limit
        return 0, 0.0

    @property
    def initial_moments(self) -> tuple[float, ...]:
        """What each of the moments begins with."""
        fields = (self.begins_with.get(symbol) for symbol in self.moment_symbols)
        return tuple([getattr(self, field) if field else 0.0 for field in fields])

    def step_sizes(self, steps: Float64) -> Float64:
        """Return what some updates scale their directions by.

        Parameters
        ----------
        steps : ndarray of float64, shape (n,)
            How many updates were made before.

        Returns
        -------
        ndarray of float64, shape (step_size_count, n); with weight decay, a row more
            The last row is then what parameters decay by, η λ.

        Examples
        --------
        >>> from mlplab.spec import SGD
        >>> SGD(learning_rate=0.5, weight_decay=0.25).step_sizes(np.array([0.0, 1.0])).tolist()
        [[0.5, 0.5], [0.125, 0.125]]
        """
        rates = learning_rates(self.learning_rate, steps)
        formula = type(self).scale
        if formula is as_they_are and self.weight_decay == 0:
            return rates[None]
        sizes = np.empty((self.step_size_count + (self.weight_decay > 0), len(steps)))
        fill = entry(fill_step_sizes, scale=formula)
        fill(steps, rates, self.weight_decay, self.parameters, sizes)
        return sizes

    @abstractmethod
    def update(self, w: Float, gradient: Float, sizes: Sequence[float], *moments: Float) -> None:
        """Move parameters by one update, in place, and their moments with them; all of one shape.

        `sizes` are the update's numbers of `step_sizes`.
        """


scale: Any = None
"""Stands for an optimizer's formula; `entry` puts it in this place."""


def fill_step_sizes(
    steps: Float64, rates: Float64, weight_decay: float, parameters: Any, sizes: Float64
) -> None:
    """Write what `OptimizerSpec.step_sizes` returns to `sizes`; steps and rates (n,)."""
    for i in range(len(steps)):
        sizes[0, i] = rates[i]
    scale(steps, sizes, *parameters)
    if weight_decay > 0:
        last = len(sizes) - 1
        for i in range(len(steps)):
            sizes[last, i] = rates[i] * weight_decay
