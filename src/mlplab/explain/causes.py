"""What each cause is called, which numbers are its evidence, and the sentence that says it.

The page has the same sentences: they come from here by its table of the spec.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, get_args

from mlplab.run.metric import METRIC_WORDS
from mlplab.spec import MetricName

CauseCode = Literal[
    "constant_features",
    "constant_targets",
    "foreign_inputs",
    "foreign_targets",
    "equal_neurons",
    "saturated_from_the_start",
    "dead_from_the_start",
    "exploding",
    "linear",
    "vanishing",
    "other_loss",
    "overshoots",
    "oscillates",
    "saturated",
    "dead",
    "low_rate",
    "cooled",
    "few_updates",
    "imbalanced",
    "plateau",
    "few_epochs",
    "improves",
    "learned",
    "converged",
]
"""Why a run came out as it did; `improves`, `learned` and `converged` are of runs that learned."""

CODES: tuple[CauseCode, ...] = get_args(CauseCode)
"""In the order in which they are told, the likeliest first; `judging.judge` has a row for each."""

LEARNED: tuple[CauseCode, ...] = ("improves", "learned", "converged")
"""Codes of runs with which nothing is wrong."""

NumberKind = Literal["count", "number", "fraction", "score", "reference", "updates", "epochs"]
"""How a number is written.

`count`: as a whole one. `number`: with three digits. `fraction`: in percent. `score`: as the metric is.
`reference`: as what nearest neighbours have, infinite where samples are too few. `updates`, `epochs`:
with the noun.
"""

NOUNS: tuple[NumberKind, ...] = ("updates", "epochs")


@dataclass(frozen=True)
class CauseText:
    """A cause in words.

    Attributes
    ----------
    short : str
        As one names it in a list: what is wrong with runs.
    sentence : str
        With its numbers by name in braces; `metric` is what the metric is called.
    numbers : dict of str to str
        Their names, in the order in which `judging.judge` writes them, and how they are written.
    """

    short: str
    sentence: str
    numbers: dict[str, NumberKind]


CAUSES: dict[CauseCode, CauseText] = {
    "constant_features": CauseText(
        "features that do not vary",
        "No feature varies (training samples: {samples}), so that the network cannot tell samples apart.",
        {"samples": "count"},
    ),
    "constant_targets": CauseText(
        "targets that do not vary",
        "The targets do not vary (training samples: {samples}), so that there is but one number to "
        "learn; the training loss is {loss}.",
        {"samples": "count", "loss": "number"},
    ),
    "foreign_inputs": CauseText(
        "features of a foreign scale",
        "The features are of a foreign scale: their root mean square is up to {size}, the "
        "smallest standard deviation is {smallest} and the largest {largest}; initial weights are made "
        "for about 1.",
        {"size": "number", "smallest": "number", "largest": "number"},
    ),
    "foreign_targets": CauseText(
        "targets of a foreign scale",
        "The targets are of a foreign scale: their root mean square is up to {size}; initial weights "
        "and learning rates are made for about 1.",
        {"size": "number"},
    ),
    "equal_neurons": CauseText(
        "equal neurons",
        "All {width} neurons of hidden layer {layer} have the same weights: they began alike, get the"
        " same gradients and stay alike, so that the layer is worth one neuron.",
        {"width": "count", "layer": "count"},
    ),
    "saturated_from_the_start": CauseText(
        "neurons saturated from the start",
        "Saturated neurons in hidden layer {layer}: {count} of {width}, since before the first update. "
        "Their weights are so large that they stand on the flat ends of their activation, where hardly "
        "any gradient passes.",
        {"count": "count", "width": "count", "layer": "count"},
    ),
    "dead_from_the_start": CauseText(
        "neurons dead from the start",
        "Dead neurons in hidden layer {layer}: {count} of {width}, since before the first update. "
        "Their activation has no slope at any training sample, so that no gradient changes them.",
        {"count": "count", "width": "count", "layer": "count"},
    ),
    "exploding": CauseText(
        "signals that explode",
        "Signals explode on their way through the layers: before the first update, what the last "
        "hidden layer gives varies {forwards} times as much as the inputs, and on its way back the "
        "error becomes {backwards} times as large.",
        {"forwards": "number", "backwards": "number"},
    ),
    "linear": CauseText(
        "straight boundaries only",
        "The network is linear, since nothing in it bends, and draws straight boundaries only: its "
        "{metric} on the training samples has come to {score}, where {reference}.",
        {"score": "score", "reference": "reference"},
    ),
    "vanishing": CauseText(
        "gradients that vanish",
        "The gradient vanishes: at the end, ∂L/∂W of hidden layer {layer} is {times} times smaller "
        "than the error at the outputs; before the first update it was tiny, too.",
        {"layer": "count", "times": "count"},
    ),
    "other_loss": CauseText(
        "another loss that is trained",
        "What is trained is another loss: weights of classes or samples, or a penalty, are part of it. "
        "It has come from {begun} to {ended}, and the training loss itself has risen from {first} to "
        "{loss}.",
        {"begun": "number", "ended": "number", "first": "number", "loss": "number"},
    ),
    "overshoots": CauseText(
        "steps that overshoot",
        "The steps overshoot: the training loss was {first} before the first update and is {loss} at "
        "the end. The learning rate of {rate} is too high.",
        {"first": "number", "loss": "number", "rate": "number"},
    ),
    "oscillates": CauseText(
        "steps that jump to and fro",
        "The steps jump to and fro: the training loss, {loss} at the end, changes by {swing} from "
        "one measurement to the next and falls no further. The learning rate of {rate} is too high.",
        {"swing": "number", "loss": "number", "rate": "number"},
    ),
    "saturated": CauseText(
        "saturated neurons",
        "Saturated neurons in hidden layer {layer}: {count} of {width}, since epoch {epoch}. They stand "
        "on the flat ends of their activation, where hardly any gradient passes.",
        {"count": "count", "width": "count", "layer": "count", "epoch": "count"},
    ),
    "dead": CauseText(
        "dead neurons",
        "Dead neurons in hidden layer {layer}: {count} of {width}, since epoch {epoch}. Their "
        "activation has no slope at any training sample, so that no gradient changes them.",
        {"count": "count", "width": "count", "layer": "count", "epoch": "count"},
    ),
    "low_rate": CauseText(
        "a learning rate that is too low",
        "The learning rate of {rate} is too low: in {updates}, the weights went no further than {moved} "
        "of their size.",
        {"rate": "number", "moved": "fraction", "updates": "updates"},
    ),
    "cooled": CauseText(
        "a learning rate that became small",
        "The schedule has reduced the learning rate from {first} to {last}, before all was learned.",
        {"first": "number", "last": "number"},
    ),
    "few_updates": CauseText(
        "too few updates",
        "It was trained too shortly: after {updates} the training loss has come from {first} to {loss}, "
        "and where it goes is not yet known.",
        {"updates": "updates", "first": "number", "loss": "number"},
    ),
    "imbalanced": CauseText(
        "imbalanced classes",
        "{common} of {samples} training samples are of one class, and the network answers one class for "
        "{always} of them.",
        {"common": "count", "samples": "count", "always": "count"},
    ),
    "plateau": CauseText(
        "a loss that hardly falls",
        "The training loss hardly falls any more (at best {before} until epoch {epoch}, {lowest} since), "
        "and neither neurons, gradients nor steps show why: the network may be too small for these "
        "samples, or need many more epochs.",
        {"before": "number", "epoch": "count", "lowest": "number"},
    ),
    "few_epochs": CauseText(
        "too few epochs to tell",
        "Too little was seen to tell why: in {epochs}, the training loss has come from {first} to "
        "{loss}. After {least} epochs, more can be said.",
        {"epochs": "epochs", "first": "number", "loss": "number", "least": "count"},
    ),
    "improves": CauseText(
        "learned, and still improves",
        "Nothing is wrong: its {metric} on the training samples is {score}, where {reference}. The loss "
        "still falls (at best {before} until epoch {epoch}, {lowest} since): more epochs may help.",
        {
            "score": "score",
            "reference": "reference",
            "before": "number",
            "epoch": "count",
            "lowest": "number",
        },
    ),
    "learned": CauseText(
        "learned",
        "Nothing is wrong: its {metric} on the training samples is {score}, where {reference}. After "
        "{updates} in {epochs}, it is too early to tell whether more epochs would help.",
        {"score": "score", "reference": "reference", "updates": "updates", "epochs": "epochs"},
    ),
    "converged": CauseText(
        "learned, and has converged",
        "Nothing is wrong: its {metric} on the training samples is {score}, where {reference}, and the "
        "loss hardly falls any more (at best {before} until epoch {epoch}, {lowest} since).",
        {
            "score": "score",
            "reference": "reference",
            "before": "number",
            "epoch": "count",
            "lowest": "number",
        },
    ),
}


def write_number(value: float, kind: NumberKind, metric: MetricName = "accuracy") -> str:
    """Write a number as sentences have it.

    Examples
    --------
    >>> write_number(0.00036, "fraction"), write_number(123456.0, "count")
    ('0.036 %', '123,456')
    >>> [write_number(value, "number") for value in (2 / 3, 1e-7, 31000.0, float("inf"))]
    ['0.667', 'below 0.0001', '31,000', 'no longer a number']
    >>> write_number(1.0, "epochs"), write_number(8.0, "epochs"), write_number(0.9, "reference")
    ('1 epoch', '8 epochs', 'nearest neighbours have 90 %')
    """
    if kind in NOUNS:
        count = write_number(value, "count")
        return f"{count} {kind if count != '1' else kind[:-1]}"
    if kind == "reference":
        known = f"nearest neighbours have {write_number(value, 'score', metric)}"
        return (
            known
            if math.isfinite(value)
            else "a large enough network can meet all of so few samples, if no two are alike"
        )
    return _digits(value, kind, metric)


def _digits(value: float, kind: NumberKind, metric: MetricName) -> str:
    """Write a number without a word."""
    if not math.isfinite(value):
        return "no longer a number"
    if kind == "fraction" or (kind == "score" and metric == "accuracy"):
        return f"{_digits(100 * value, 'number', metric)} %"
    if kind == "count" or abs(value) >= 1000:
        return f"{math.floor(value + 0.5):,}" if abs(value) < 1e15 else "more than 10¹⁵"
    if 0 < abs(value) < 1e-4:
        return "below 0.0001"
    return f"{float(f'{value:.2e}'):.10g}"


def sentence_of(code: CauseCode, numbers: dict[str, float], metric: MetricName) -> str:
    """Return the sentence of a cause, with its numbers in it.

    Examples
    --------
    >>> sentence_of("dead", {"count": 4, "width": 5, "layer": 1, "epoch": 2}, "accuracy")[:54]
    'Dead neurons in hidden layer 1: 4 of 5, since epoch 2.'
    """
    text = CAUSES[code]
    written = {n: write_number(numbers[n], kind, metric) for n, kind in text.numbers.items()}
    return text.sentence.format(**written, metric=METRIC_WORDS[metric])
