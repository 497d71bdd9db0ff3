"""From an estimator's `solver` and learning rate to the optimizer and schedule of an experiment."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from mlplab.errors import SpecError, shown
from mlplab.spec import OptimizerSpec, Schedule
from mlplab.spec.schedules import PiecewiseConstantDecay

FIELDS = {
    "momentum": "momentum",
    "nesterovs_momentum": "nesterov",
    "beta_1": "beta_1",
    "beta_2": "beta_2",
    "epsilon": "epsilon",
    "weight_decay": "weight_decay",
    "clipvalue": "clipvalue",
    "clipnorm": "clipnorm",
    "global_clipnorm": "global_clipnorm",
}
"""Parameters of an estimator, and the optimizers' fields that they are."""

SKLEARN_SOLVERS = ("sgd", "adam")
"""Those of which scikit-learn's defaults hold; other solvers have Keras's."""

SMALLEST_RATE = 1e-6
"""A learning rate that is reduced is reduced no further than to this, as in scikit-learn."""

ADAPTIVE_FACTOR = 0.2
"""What `learning_rate="adaptive"` multiplies the rate by, as scikit-learn does."""


def optimizer_of(
    parameters: Mapping[str, Any],
    defaults: Mapping[str, Any],
    learning_rate: float | Schedule,
) -> OptimizerSpec:
    """Return the optimizer that an estimator's parameters say.

    Parameters
    ----------
    parameters, defaults : mapping
        All parameters of the estimator, and what they are by default.
    learning_rate : float or Schedule
        As `learning_rate_of` has it.

    Raises
    ------
    SpecError
        If a parameter that is not at its default does not apply to the solver.
    """
    solver = parameters["solver"]
    changed = [name for name in FIELDS if parameters[name] != defaults[name]]
    if isinstance(solver, OptimizerSpec):
        rates = ("learning_rate", "learning_rate_init")
        changed += [name for name in rates if parameters[name] != defaults[name]]
        if changed:
            refuse(
                changed[0], parameters, defaults, f"solver={shown(solver)}, which says it itself"
            )
        return solver
    kind = OptimizerSpec.kinds[solver]
    for name in changed:
        if FIELDS[name] not in kind.model_fields:
            refuse(name, parameters, defaults, f"solver={solver!r}")
    given = changed
    if solver in SKLEARN_SOLVERS:
        own = [name for name, field in FIELDS.items() if field in kind.model_fields]
        given = [name for name in own if parameters[name] is not None]
    fields = {FIELDS[name]: parameters[name] for name in given}
    if fields.get("momentum") == 0:
        fields.pop("nesterov", None)  # without momentum there is nothing to look ahead with
    optimizer: OptimizerSpec = kind(learning_rate=learning_rate, **fields)
    return optimizer


def refuse(
    name: str, parameters: Mapping[str, Any], defaults: Mapping[str, Any], where: str
) -> None:
    """Refuse a parameter that does not apply.

    Raises
    ------
    SpecError
        Always.
    """
    raise SpecError(
        f"{name} does not apply to {where}: leave it at its default, {shown(defaults[name])}, "
        f"received {name}={shown(parameters[name])}"
    )


def learning_rate_of(
    parameters: Mapping[str, Any],
    defaults: Mapping[str, Any],
    samples: int,
    updates_per_epoch: int,
    seen: int = 0,
    is_part: bool = False,
) -> float | Schedule:
    """Return the learning rate: a number, or a schedule of the update.

    `invscaling` is scikit-learn's: the first epoch has the rate η₀, and those after it have
    η₀ / (t + 1)^power_t, where t is how many samples were seen, those of earlier trainings that this one
    goes on from as well. Unlike in scikit-learn, it is so for every solver.

    Parameters
    ----------
    parameters, defaults : mapping
        As `optimizer_of`.
    samples, updates_per_epoch : int
        Of the training.
    seen : int
        Samples that were seen in trainings before.
    is_part : bool
        Whether one epoch is trained, by `partial_fit`, so that it is not the first if some were seen.

    Raises
    ------
    SpecError
        If a parameter that is not at its default does not apply.

    Examples
    --------
    >>> chosen = {"learning_rate": "invscaling", "learning_rate_init": 0.1, "power_t": 0.5, "max_iter": 3}
    >>> rate = learning_rate_of(chosen, chosen, samples=24, updates_per_epoch=2)
    >>> rate.boundaries, [round(value, 4) for value in rate.values]
    ((1, 3), [0.1, 0.02, 0.0143])
    """
    chosen, first = parameters["learning_rate"], float(parameters["learning_rate_init"])
    if chosen != "invscaling" and parameters["power_t"] != defaults["power_t"]:
        refuse("power_t", parameters, defaults, f"learning_rate={shown(chosen)}")
    if isinstance(chosen, Schedule):
        if parameters["learning_rate_init"] != defaults["learning_rate_init"]:
            where = f"learning_rate={shown(chosen)}, which says how it begins"
            refuse("learning_rate_init", parameters, defaults, where)
        return chosen
    if chosen != "invscaling":
        return first
    power, epochs = parameters["power_t"], parameters["max_iter"]
    if is_part or epochs == 1:
        return float(first / (seen + 1) ** power) if is_part else first
    return PiecewiseConstantDecay(
        boundaries=tuple(updates_per_epoch * epoch - 1 for epoch in range(1, epochs)),
        values=(first, *(first / (seen + samples * e + 1) ** power for e in range(1, epochs))),
    )


def reductions(learning_rate: float) -> int:
    """Return how often `adaptive` reduces a learning rate before it is small enough to end.

    >>> reductions(0.001), reductions(1e-6)
    (5, 0)
    """
    if learning_rate <= SMALLEST_RATE:
        return 0
    return math.ceil(math.log(SMALLEST_RATE / learning_rate) / math.log(ADAPTIVE_FACTOR))
