"""One update as text: each formula with its numbers filled in, and what was left out."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mlplab.errors import MlplabError, shown
from mlplab.explain.step_rule import update_lines
from mlplab.spec.activations import ACTIVATIONS
from mlplab.spec.formulas import Formula, briefly, filled
from mlplab.spec.heads import SMOOTHING
from mlplab.spec.symbols import MOST_TERMS, in_parentheses, products, subscript, tuple_of

if TYPE_CHECKING:
    from mlplab.explain.step import LayerStep, Step

Float = NDArray[np.floating[Any]]
Neurons = Sequence[tuple[int, int]]

MOST_NEURONS = 8
"""In each layer, of a network that is shown whole; and the outputs that are shown by default."""

MOST_LAYERS = 3
"""Of a network that is shown whole."""

SHOWN_LAYERS = 2
"""Of a deeper network: the first one, and so many at the end."""


def step_text(
    step: Step, neurons: Neurons | None, weight: tuple[int, int, int] | None, width: int
) -> str:
    """Return what `Step.text` does."""
    _check_arguments(neurons, weight, width)
    chosen = _chosen(step, neurons)
    place = _weight_place(step, weight)
    sections = [
        ("", _about(step)),
        *_forward(step, chosen),
        ("Loss", _loss(step)),
        *_backward(step, chosen),
        update_lines(step, place),
        ("Effect", _effect(step)),
    ]
    return "\n".join(
        "\n".join([*[title] * bool(title), *(_wrapped(line, width, bool(title)) for line in lines)])
        + "\n"
        for title, lines in sections
        if lines
    ).rstrip()


def _wrapped(line: str, width: int, indented: bool) -> str:
    before = "  " if indented else ""
    further = f"{before}    " if " = " in line else before
    return textwrap.fill(
        line,
        width,
        initial_indent=before,
        subsequent_indent=further,
        break_on_hyphens=False,
        break_long_words=False,
    )


# ---- What is shown -------------------------------------------------------------------------------


def _chosen(step: Step, neurons: Neurons | None) -> list[list[int]]:
    """Return the neurons of each layer that are shown, counted from 0."""
    sizes = [layer.z.shape[1] for layer in step.layers]
    if neurons is None:
        if len(sizes) <= MOST_LAYERS and max(sizes) <= MOST_NEURONS:
            return [list(range(size)) for size in sizes]
        largest = [[int(np.abs(layer.delta[0]).argmax())] for layer in step.layers]
        if len(sizes) > MOST_LAYERS:
            largest[1:-SHOWN_LAYERS] = [[] for _ in largest[1:-SHOWN_LAYERS]]
        return [*largest[:-1], list(range(sizes[-1])) if sizes[-1] <= MOST_NEURONS else largest[-1]]
    chosen: list[list[int]] = [[] for _ in sizes]
    for layer, neuron in neurons:
        _check_neuron(sizes, layer, neuron)
        if neuron - 1 not in chosen[layer - 1]:
            chosen[layer - 1].append(neuron - 1)
    return [sorted(each) for each in chosen]


def _check_arguments(neurons: object, weight: object, width: object) -> None:
    """Refuse what is of another form, before it is looked up."""
    are_places = isinstance(neurons, Sequence | np.ndarray) and all(
        _are_whole(place, 2) for place in neurons
    )
    if neurons is not None and not are_places:
        raise MlplabError(
            f"neurons must be pairs of whole numbers (layer, neuron), received {shown(neurons)}"
        )
    if weight is not None and not _are_whole(weight, 3):
        raise MlplabError(
            "weight must be three whole numbers (layer, neuron, input), received " + shown(weight)
        )
    if not _are_whole([width], 1) or width < 1:  # type: ignore[operator]  # a whole number by then
        raise MlplabError(f"width must be a whole number of at least 1, received {shown(width)}")


def _are_whole(numbers: object, count: int) -> bool:
    return (
        isinstance(numbers, Sequence | np.ndarray)
        and len(numbers) == count
        and all(isinstance(n, int | np.integer) and not isinstance(n, bool) for n in numbers)
    )


def _check_neuron(sizes: Sequence[int], layer: int, neuron: int) -> None:
    if not 1 <= layer <= len(sizes):
        raise MlplabError(f"there are layers 1 to {len(sizes)}, received layer {layer}")
    if not 1 <= neuron <= sizes[layer - 1]:
        raise MlplabError(
            f"layer {layer} has neurons 1 to {sizes[layer - 1]}, received neuron {neuron}"
        )


def _weight_place(step: Step, weight: tuple[int, int, int] | None) -> tuple[int, int, int]:
    """Return layer, neuron and input of the weight that is shown, from 0; input -1 is the bias."""
    if weight is not None:
        layer, neuron, source = weight
        _check_neuron([each.z.shape[1] for each in step.layers], layer, neuron)
        inputs = step.layers[layer - 1].inputs.shape[1]
        if not 0 <= source <= inputs:
            raise MlplabError(
                f"layer {layer} has inputs 1 to {inputs}, and 0 for the bias, received input {source}"
            )
        return layer - 1, neuron - 1, source - 1
    steepest = [np.abs(layer.weights.gradient) for layer in step.layers]
    if not any(each.any() for each in steepest):
        return _moved_most(step)
    layer = int(np.argmax([each.max() for each in steepest]))
    neuron, source = divmod(int(steepest[layer].argmax()), steepest[layer].shape[1])
    return layer, neuron, source


def _moved_most(step: Step) -> tuple[int, int, int]:
    """Return the parameter that the update moves most; of each layer, biases come after weights."""
    place, most = (0, 0, 0), 0.0
    for i, layer in enumerate(step.layers):
        for part in (layer.weights, layer.biases):
            moved = np.abs(part.after - part.before)
            if moved.max() > most:
                most, at = float(moved.max()), np.unravel_index(moved.argmax(), moved.shape)
                place = (i, int(at[0]), int(at[1]) if len(at) > 1 else -1)
    return place


def _left_out(shown: int, there: int) -> list[str]:
    hidden = there - shown
    if not hidden:
        return []
    other = "other " * bool(shown)
    return [f"({hidden} {other}neuron{'s' if hidden > 1 else ''} not shown)"]


def _layers_left_out(layers: Sequence[int]) -> list[tuple[str, list[str]]]:
    """Return what is said in the place of layers of which no neuron is shown, counted from 1."""
    if not layers:
        return []
    first, last = min(layers), max(layers)
    which = f"Layer {first}" if first == last else f"Layers {first} to {last}"
    return [("", [f"({which}: no neuron shown.)"])]


def _about(step: Step) -> list[str]:
    trial, n = step.trial, len(step.samples)
    sizes = "-".join(map(str, trial.layer_sizes))
    which = f"Update {step.update} of the training of seed {trial.seed}, in epoch {step.epoch}"
    number = int(step.samples[0])
    if step.point is not None:
        lines = [f"{which}, as training sample {number} alone would make it; network {sizes}."]
    else:
        of = "of 1 sample" if n == 1 else f"of {n} samples"
        lines = [
            f"{which}, as the training makes it, by a batch {of}; network {sizes}. "
            f"The numbers at the neurons are those of its first sample, number {number}."
        ]
    answer = trial.dataset.train.y[number]
    if trial.dataset.has_targets:
        answered = f"target {tuple_of(np.atleast_1d(answer))}"
    else:
        answered = f"class {trial.dataset.label_names[int(answer)]}"
    return [*lines, f"x = {tuple_of(step.x[0])}, {answered}"]


# ---- Forward -------------------------------------------------------------------------------------


def _forward(step: Step, chosen: Sequence[Sequence[int]]) -> list[tuple[str, list[str]]]:
    sections: list[tuple[str, list[str]]] = []
    last, skipped = len(step.layers), list[int]()
    if step.experiment.network.input_noise > 0:
        inputs = tuple_of(step.layers[0].inputs[0])
        sections.append(("Inputs", [f"with noise: x = {inputs}"]))
    for number, (layer, neurons) in enumerate(zip(step.layers, chosen, strict=True), start=1):
        if not neurons:
            skipped.append(number)
            continue
        sections += _layers_left_out(skipped)
        skipped.clear()
        lines: list[str] = []
        for j in neurons:
            lines.append(_weighted_sum(layer, j, "x" if number == 1 else "h"))
            lines.append(_passed_on(step, layer, j))
        left = _left_out(len(neurons), layer.z.shape[1])
        if layer.activation is None:
            output = Formula("p", step.trial.head.output_formula).plain
            weighted = f"z = Σ w·{'x' if last == 1 else 'h'} + b"
            title = f"Forward, layer {number} of {last}: outputs, {weighted}, {output}"
        else:
            formula = Formula("h", ACTIVATIONS[layer.activation].formula).plain
            title = f"Forward, layer {number} of {last}: {layer.activation}, {formula}"
        sections.append((title, [*lines, *left]))
    return [*sections, *_layers_left_out(skipped)]


def _weighted_sum(layer: LayerStep, j: int, of: str) -> str:
    bias = float(layer.biases.before[j])
    pairs = list(zip(layer.weights.before[j].tolist(), layer.inputs[0].tolist(), strict=True))
    total = briefly(float(layer.z[0, j]))
    sign = "-" if bias < 0 else "+"
    return (
        f"z{subscript(j + 1)} = {products(pairs, MOST_TERMS)} {sign} {briefly(abs(bias))} = {total}"
    )


def _passed_on(step: Step, layer: LayerStep, j: int) -> str:
    value, z = briefly(float(layer.h[0, j])), layer.z[0]
    if layer.activation is None:
        template = step.trial.head.output_formula
        numbers = filled(template, {"z": z.tolist()}, j, most=MOST_TERMS)
        return _comes_to(f"p{subscript(j + 1)}", numbers, value)
    numbers = _cases(filled(ACTIVATIONS[layer.activation].formula, {"z": float(z[j])}))
    if layer.mask is None:
        return _comes_to(f"h{subscript(j + 1)}", numbers, value)
    mask = briefly(float(layer.mask[0, j]))
    return f"h{subscript(j + 1)} = ({numbers}) · {mask} = {value} (dropout's mask is {mask})"


def _comes_to(name: str, numbers: str, value: str) -> str:
    """Write what numbers come to; once, if they are it already, as with a linear output."""
    return f"{name} = {value}" if numbers == value else f"{name} = {numbers} = {value}"


def _cases(numbers: str) -> str:
    """Put a formula with several cases in parentheses."""
    return f"({numbers})" if " if " in numbers else numbers


# ---- Loss ----------------------------------------------------------------------------------------


def _loss(step: Step) -> list[str]:
    head, n = step.trial.head, len(step.samples)
    outputs = step.y.shape[1]
    lines = []
    if head.label_smoothing > 0:
        classes = 2 if head.has_one_output else outputs
        plain = step.trial.targets(step.trial.dataset.train)[step.samples[0]]
        of = {"y": plain.tolist(), "s": head.label_smoothing, "K": classes}
        for k in range(min(outputs, MOST_TERMS)):
            value = briefly(float(step.y[0, k]))
            lines.append(f"y{subscript(k + 1)} = {filled(SMOOTHING.template, of, k)} = {value}")
    else:
        lines.append(f"y = {tuple_of(step.y[0])}")
    of_sample = _sample_loss(step)
    numbers = filled(head.loss.formula, _output_values(step), 0, most=MOST_TERMS)
    lines.append(Formula("ℓ", head.loss.formula).plain)
    lines.append(f"ℓ = {numbers} = {briefly(of_sample)}")
    weight = float(step.sample_weights[0])
    loss = briefly(step.loss_before)
    if n > 1:
        lines.append(
            f"L = the mean of w·ℓ over {n} samples = {loss}"
            if _weighs(step)
            else f"L = the mean of ℓ over {n} samples = {loss}"
        )
    elif weight != 1:
        lines.append(f"L = w · ℓ = {briefly(weight)} · {briefly(of_sample)} = {loss}")
    if step.experiment.network.kernel_regularizer is not None:
        lines.append(f"The regularizer adds P = {briefly(step.penalty_before)}.")
    return lines


def _weighs(step: Step) -> bool:
    return bool((step.sample_weights != 1).any())


def _sample_loss(step: Step) -> float:
    head = step.trial.head
    return head.loss.function(step.outputs_before[:1], step.y[:1])


def _output_values(step: Step) -> dict[str, Any]:
    """Return p, y, g and K of the first sample, for the head's templates; p as the loss takes it."""
    head, p, y = step.trial.head, step.outputs_before[:1], step.y[:1]
    within = head.loss.within
    kept = p if within is None else np.clip(p, *within)
    return {
        "p": kept[0].tolist(),
        "y": y[0].tolist(),
        "g": head.loss.derivative(p, y)[0].tolist(),
        "K": y.shape[1],
    }


# ---- Backward ------------------------------------------------------------------------------------


def _backward(step: Step, chosen: Sequence[Sequence[int]]) -> list[tuple[str, list[str]]]:
    last, skipped = len(step.layers), list[int]()
    sections: list[tuple[str, list[str]]] = []
    for i in range(last - 1, -1, -1):
        layer, neurons = step.layers[i], chosen[i]
        if not neurons:
            skipped.append(i + 1)
            continue
        sections += _layers_left_out(skipped)
        skipped.clear()
        if i == last - 1:
            back = Formula("∂ℓ/∂z", step.trial.head.backward_formula).plain
            title = f"Back, layer {last} of {last}: g = ∂ℓ/∂p, δ = ∂L/∂z, {back}"
            lines = [line for k in neurons for line in _output_delta(step, k)]
        else:
            title = f"Back, layer {i + 1} of {last}: δ = Σ w·δ of the next layer, times h'(z)"
            lines = [line for j in neurons for line in _hidden_delta(layer, step.layers[i + 1], j)]
        sections.append((title, [*lines, *_left_out(len(neurons), layer.z.shape[1])]))
    return [*sections, *_layers_left_out(skipped)]


def _output_delta(step: Step, k: int) -> list[str]:
    head, values, name = step.trial.head, _output_values(step), subscript(k + 1)
    delta = briefly(float(step.layers[-1].delta[0, k]))
    g = briefly(values["g"][k])
    within, p = head.loss.within, float(step.outputs_before[0, k])
    if within is not None and not within[0] < p < within[1]:
        slope = (
            f"g{name} = 0, since p is not between {briefly(within[0])} and 1 - {briefly(within[0])}"
        )
    else:
        slope = f"g{name} = {filled(head.loss.slope, values, k)} = {g}"
    numbers = filled(
        head.backward_formula,
        {**values, "p": step.outputs_before[0].tolist()},
        k,
        most=MOST_TERMS,
    )
    weight, n = float(step.sample_weights[0]), len(step.samples)
    times = f" · {briefly(weight)}" if weight != 1 else ""
    over = f" / {n}" if n > 1 else ""
    if times or over:
        numbers = f"({numbers}){times}{over}"
    return [slope, _comes_to(f"δ{name}", numbers, delta)]


def _hidden_delta(layer: LayerStep, above: LayerStep, j: int) -> list[str]:
    name = subscript(j + 1)
    pairs = list(zip(above.weights.before[:, j].tolist(), above.delta[0].tolist(), strict=True))
    activation = ACTIVATIONS[layer.activation or "linear"]
    z = layer.z[0, j : j + 1]
    slope = float(activation.derivative(z)[0])
    of = {"z": float(z[0]), "h": float(activation.function(z)[0])}
    mask = "" if layer.mask is None else f" · {briefly(float(layer.mask[0, j]))}"
    delta = briefly(float(layer.delta[0, j]))
    sentence = f"h'{name} = {_cases(filled(activation.slope, of))} = {briefly(slope)}"
    total = f"({products(pairs, MOST_TERMS)})"
    return [sentence, f"δ{name} = {total}{mask} · {in_parentheses(slope)} = {delta}"]


# ---- Effect --------------------------------------------------------------------------------------


def _effect(step: Step) -> list[str]:
    before, after = tuple_of(step.outputs_before[0]), tuple_of(step.outputs_after[0])
    lines = [f"p: {before} before, {after} after"]
    loss = f"L: {briefly(step.loss_before)} before, {briefly(step.loss_after)} after"
    if step.loss_after == step.loss_before:
        loss += " (the same)"
    elif briefly(step.loss_before) == briefly(step.loss_after):
        loss += f" (a difference of {briefly(step.loss_after - step.loss_before)})"
    lines.append(loss)
    if step.experiment.network.kernel_regularizer is not None:
        penalties = briefly(step.penalty_before), briefly(step.penalty_after)
        lines.append(f"P: {penalties[0]} before, {penalties[1]} after")
    moved = max(
        float(np.abs(part.after - part.before).max())
        for layer in step.layers
        for part in (layer.weights, layer.biases)
    )
    lines.append(f"The parameter that moved most moved by {briefly(moved)}.")
    return lines
