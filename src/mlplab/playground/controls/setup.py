"""The left column: what is trained, on what, and how; and what goes wrong with it, beside the field."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from typing import Any

import panel as pn

from mlplab.playground.controls.forms import (
    IntInput,
    KindForm,
    RateForm,
    Values,
    column,
    pair,
    widget,
)
from mlplab.playground.controls.layer_activations import ActivationForm
from mlplab.playground.controls.menus import (
    DATASETS,
    INITIALIZERS,
    LOSSES,
    OPTIMIZERS,
    SCHEDULES,
    words,
)
from mlplab.playground.session.stopping import STOP_RULES
from mlplab.spec import Experiment, SamplesFile

_SECTION = (10, 14, 0, 14)
"""Margins of a section."""


def heading(text: str) -> pn.pane.HTML:
    """Return the heading of a section."""
    style = "font-weight:650;font-size:14px;color:var(--ink)"
    return pn.pane.HTML(f'<div style="{style}">{text}</div>', margin=0, sizing_mode="stretch_width")


class Trouble:
    """A sentence below a section, there while something is wrong with it."""

    def __init__(self) -> None:
        self.view = pn.pane.HTML("", margin=0, sizing_mode="stretch_width", visible=False)

    def say(self, sentence: str) -> None:
        """Show a sentence; nothing for an empty one."""
        style = "color:var(--wrong);font-size:12.5px;line-height:1.35"
        self.view.object = f'<div role="alert" style="{style}">{html.escape(sentence)}</div>'
        self.view.visible = bool(sentence)


class Setup:
    """The forms of an experiment.

    Parameters
    ----------
    changed : callable
        Called after each change by the user.

    Attributes
    ----------
    view : Column
    stop_rule : Select
    own_buttons : Row
        For whoever handles own points to fill.
    """

    def __init__(self, changed: Callable[[], None]) -> None:
        self._changed = changed
        self._quiet = False
        self._own_path: str | None = None
        self.dataset = KindForm("dataset", DATASETS, self._tell)
        self.activation = ActivationForm(self._tell)
        self.initializer = KindForm("initial weights", INITIALIZERS, self._tell)
        self.loss = widget(
            pn.widgets.Select, label="loss", options={words(name): name for name in LOSSES}
        )
        self.rate = RateForm(SCHEDULES, self._tell)
        self.optimizer = KindForm(
            "optimizer", OPTIMIZERS, self._tell, nested={"learning_rate": self.rate}
        )
        self.batch_size = widget(IntInput, label="batch size", value=16)
        self.epochs = widget(IntInput, label="epochs", value=20)
        self.stop_rule = widget(pn.widgets.Select, label="stop", options=list(STOP_RULES))
        for entry in (self.loss, self.batch_size, self.epochs):
            entry.param.watch(lambda event: self._tell(), "value")
        self.troubles = {name: Trouble() for name in ("dataset", "network", "training")}
        self.own_buttons = column()
        self.take_away = column(margin=_SECTION)
        self._widths: tuple[int, ...] = ()
        self.view = column(
            column(
                heading("Data"),
                self.dataset.view,
                self.own_buttons,
                self.troubles["dataset"].view,
                margin=_SECTION,
            ),
            column(
                heading("Network"),
                self.activation.view,
                self.initializer.view,
                self.troubles["network"].view,
                margin=_SECTION,
            ),
            column(
                heading("Training"),
                self.loss,
                self.optimizer.view,
                pair(self.batch_size, self.epochs),
                self.stop_rule,
                self.troubles["training"].view,
                margin=_SECTION,
            ),
            self.take_away,
        )

    # ---- From an experiment ----------------------------------------------------------------------

    def show(self, experiment: Experiment) -> None:
        """Show an experiment."""
        table = experiment.model_dump()
        self._quiet = True
        try:
            dataset = table["dataset"]
            is_own = isinstance(experiment.dataset, SamplesFile)
            self._own_path = dataset["path"] if is_own else None
            self.dataset.view.visible = not is_own
            if not is_own:
                self.dataset.show(dataset.pop("kind"), dataset)
            network, training = table["network"], table["training"]
            self._widths = experiment.network.layer_widths
            self.activation.show(network["activation"], len(self._widths))
            self.initializer.show(network["initializer"].pop("kind"), network["initializer"])
            self.loss.value = training["loss"]
            optimizer = training["optimizer"]
            self.optimizer.show(optimizer.pop("kind"), optimizer)
            self.batch_size.value, self.epochs.value = training["batch_size"], training["epochs"]
            self._dtype = training["dtype"]
        finally:
            self._quiet = False
        self.say_trouble("")

    # ---- To an experiment ------------------------------------------------------------------------

    @property
    def table(self) -> Values:
        """What the forms say, as a table of the spec."""
        return self.with_widths(self._widths)

    def with_widths(self, widths: Sequence[int]) -> Values:
        """Return what the forms say, but for the neurons of each hidden layer."""
        network: Values = {
            "hidden_layers": len(widths),
            "initializer": self.initializer.values,
        }
        if widths:
            alike = len(set(widths)) == 1
            network |= {
                "layer_width": widths[0] if alike else tuple(widths),
                "activation": self.activation.values(len(widths)),
            }
        training = {
            "loss": self.loss.value,
            "optimizer": self.optimizer.values,
            "batch_size": self.batch_size.value,
            "epochs": self.epochs.value,
            "dtype": self._dtype,
        }
        own = self._own_path
        dataset = self.dataset.values if own is None else {"kind": "file", "path": own}
        return {"dataset": dataset, "network": network, "training": training}

    def leave_own_points(self) -> None:
        """Take the dataset from the menu again."""
        self._own_path = None
        self.dataset.view.visible = True

    # ---- Trouble ---------------------------------------------------------------------------------

    def say_trouble(self, sentence: str) -> None:
        """Show what is wrong below the section that it speaks of, and mark the field."""
        for trouble in self.troubles.values():
            trouble.say("")
        for entry in self._entries().values():
            if "wrong" in entry.css_classes:
                entry.css_classes = []
        if not sentence:
            return
        where, what = _place(sentence.replace("received None", "but the field is empty"))
        section = where.split(".")[0]
        self.troubles[section if section in self.troubles else "training"].say(what)
        entry = self._entries().get(_field(where))
        if entry is not None:
            entry.css_classes = ["wrong"]

    def _entries(self) -> dict[str, Any]:
        return {
            **self.dataset.fields,
            **self.initializer.fields,
            **self.optimizer.fields,
            **self.rate.fields,
            **self.activation.fields,
            "batch_size": self.batch_size,
            "epochs": self.epochs,
        }

    def _tell(self) -> None:
        if not self._quiet:
            self._changed()


def _place(sentence: str) -> tuple[str, str]:
    """Divide a message of the spec into where and what; nowhere, where it does not say.

    >>> _place("Experiment: dataset.sigma: input should be at least 0, received -1.0")
    ('dataset.sigma', 'sigma: input should be at least 0, received -1.0')
    >>> _place("the playground takes at most 10 classes, received 11")[0]
    'dataset'
    """
    parts = sentence.removeprefix("Experiment: ").split(": ", maxsplit=1)
    if len(parts) == 2 and parts[0].split(".")[0] in ("dataset", "network", "training"):
        return parts[0], f"{_called(_field(parts[0]))}: {parts[1]}"
    about = (
        "dataset"
        if any(word in sentence for word in ("points", "class"))
        else "network"
        if any(word in sentence for word in ("layer", "neurons", "weights"))
        else "training"
    )
    return about, sentence


def _field(where: str) -> str:
    """Return the last step of a place, of a list its name and which of its values.

    >>> _field("training.batch_size"), _field("network.activation.1")
    ('batch_size', 'activation.1')
    """
    steps = where.split(".")
    return ".".join(steps[-2:] if steps[-1].isdigit() else steps[-1:])


def _called(field: str) -> str:
    """Return what one calls a field, or one of its values.

    >>> _called("batch_size"), _called("activation.1"), _called("boundaries.0")
    ('batch size', 'activation of layer 2', 'boundaries, number 1')
    """
    name, _, place = field.partition(".")
    if not place:
        return words(name)
    number = int(place) + 1
    return (
        f"activation of layer {number}"
        if name == "activation"
        else f"{words(name)}, number {number}"
    )
