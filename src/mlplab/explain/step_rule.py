"""The update of one weight as text: its gradient, and the optimizer's rule with its memory."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from mlplab.spec.formulas import briefly, filled
from mlplab.spec.optimizers.base import CLIPPING, CLIPPING_FORMULAS, DECAY_FORMULA
from mlplab.spec.regularizers import SLOPE_FORMULA
from mlplab.spec.symbols import MOST_TERMS, products, subscript, weight_symbol

if TYPE_CHECKING:
    from mlplab.explain.step import ParameterStep, Step


def update_lines(step: Step, place: tuple[int, int, int]) -> tuple[str, list[str]]:
    """Return a title, and the gradient and the move of one weight line by line.

    Parameters
    ----------
    step : Step
    place : (layer, neuron, input)
        Counted from 0; input -1 is the bias.
    """
    layer, j, source = place
    of_layer = step.layers[layer]
    if source < 0:
        part, name = of_layer.biases, f"b{subscript(j + 1)}"
        at: tuple[int, ...] = (j,)
        inputs = np.ones_like(of_layer.delta[:, j])
    else:
        part, name = of_layer.weights, weight_symbol(j + 1, source + 1)
        at, inputs = (j, source), of_layer.inputs[:, source]
    delta = of_layer.delta[:, j]
    gradient = briefly(float(part.gradient[at]))
    came = "1" if source < 0 else ("x" if layer == 0 else "h") + subscript(source + 1)
    pairs = list(zip(delta.tolist(), inputs.tolist(), strict=True))
    rule = f"δ{subscript(j + 1)} · {came}"
    over = f", summed over {len(pairs)} samples" if len(pairs) > 1 else ""
    gradients = [
        f"∂L/∂{name} = {rule}{over}",
        f"∂L/∂{name} = {products(pairs, MOST_TERMS)} = {gradient}",
    ]
    kind = step.experiment.training.optimizer.kind
    title = f"Gradient and update of {name} in layer {layer + 1}, by {kind}"
    return title, [*gradients, *rule_lines(step, part, at)]


def rule_lines(step: Step, part: ParameterStep, at: tuple[int, ...]) -> list[str]:
    """Return how one parameter moves: penalty, clipping, decay, and the optimizer's rule."""
    optimizer = step.experiment.training.optimizer
    gradient, penalised, taken = (
        float(each[at]) for each in (part.gradient, part.penalised, part.taken)
    )
    before, lines = float(part.before[at]), []
    regularizer = step.experiment.network.kernel_regularizer
    if regularizer is not None and len(at) == 2:
        l1, l2 = regularizer.strengths
        slope = filled(SLOPE_FORMULA, {"l1": l1, "l2": l2, "w": before})
        lines.append(f"g = ∂L/∂w + ∂P/∂w = {briefly(gradient)} + {slope} = {briefly(penalised)}")
    how, limit = optimizer.clipping
    if how:
        field = CLIPPING[how - 1]
        norm = clipped_norm(step, part, field)
        values = {"g": penalised, "c": limit, "‖g‖": norm}
        lines.append(f"g = {filled(CLIPPING_FORMULAS[field], values)} = {briefly(taken)} ({field})")
    values = rule_values(step, part, at)
    lines.append(f"w = {briefly(before)}, g = {briefly(taken)}{_named(values, optimizer)}")
    if optimizer.weight_decay > 0:
        decayed = before - step.step_sizes[-1] * before
        numbers = filled(DECAY_FORMULA.template, {"w": before, "ηλ": step.step_sizes[-1]})
        lines.append(f"{DECAY_FORMULA.plain} = {numbers} = {briefly(decayed)}")
        values["w"] = decayed
    for formula in optimizer.update_rule.lines:
        result = _result(step, part, at, formula.name)
        numbers = filled(formula.template, values)
        lines.append(f"{formula.plain} = {numbers} = {briefly(result)}")
        values[formula.name] = result
    return lines


def rule_values(step: Step, part: ParameterStep, at: tuple[int, ...]) -> dict[str, Any]:
    """Return what the names of the optimizer's rule stand for before the update."""
    optimizer = step.experiment.training.optimizer
    moments = [
        symbol for symbol in optimizer.moment_symbols if symbol in optimizer.update_rule.names
    ]
    return {
        **{symbol: getattr(optimizer, field) for symbol, field in optimizer.symbols.items()},
        **dict(zip(optimizer.step_size_symbols, step.step_sizes, strict=False)),
        **{m: float(a[at]) for m, a in zip(moments, part.moments_before, strict=True)},
        "w": float(part.before[at]),
        "g": float(part.taken[at]),
    }


def _result(step: Step, part: ParameterStep, at: tuple[int, ...], name: str) -> float:
    if name == "w":
        return float(part.after[at])
    optimizer = step.experiment.training.optimizer
    moments = [
        symbol for symbol in optimizer.moment_symbols if symbol in optimizer.update_rule.names
    ]
    return float(part.moments_after[moments.index(name)][at])


def _named(values: Mapping[str, float], optimizer: Any) -> str:
    names = [
        name for name in values if name not in ("w", "g") and name in optimizer.update_rule.names
    ]
    return "".join(f", {name} = {briefly(values[name])}" for name in names)


def clipped_norm(step: Step, part: ParameterStep, field: str) -> float:
    """Return the length of the gradient that is clipped together with a part."""
    arrays = [part.penalised]
    if field == "global_clipnorm":
        arrays = [each.penalised for layer in step.layers for each in (layer.weights, layer.biases)]
    return float(np.sqrt(sum(np.sum(np.square(a, dtype=np.float64)) for a in arrays)))
