"""Forms: a widget for each field of a part of the spec, and a menu of its kinds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import panel as pn

from mlplab.playground.assets import read_asset
from mlplab.playground.controls.menus import first_values, words
from mlplab.spec.part import Part

Values = dict[str, Any]
Changed = Callable[[], None]

WIDGET_STYLE = read_asset("widgets.css")


def widget(kind: Any, **options: Any) -> Any:
    """Return a widget of Panel's in the page's look."""
    options = {"sizing_mode": "stretch_width", "margin": 0, **options}
    return kind(stylesheets=[WIDGET_STYLE], **options)


def column(*parts: Any, margin: Any = 0, style: str = "") -> pn.Column:
    """Return parts below each other, as far apart as everywhere on the page."""
    every = ":host { gap: 8px; } .scroll-button { display: none !important; }"
    return pn.Column(
        *parts, stylesheets=[every + style], sizing_mode="stretch_width", margin=margin
    )


def pair(*widgets: Any) -> pn.Column:
    """Return widgets two and two beside each other."""
    return column(
        *widgets, style=":host { display: grid !important; grid-template-columns: 1fr 1fr; }"
    )


FORMAT = "0.[0000000000]"
"""Of a number in its field: as many digits as a large float has right, and no zero is added."""


class FloatInput(pn.widgets.FloatInput):
    """Panel's field for a number; its own raises at 1e20, which a browser sends without a point."""

    def _process_property_change(self, props: Values) -> Values:
        processed: Values = super()._process_property_change(_read_as(float, props))
        return processed


class IntInput(pn.widgets.IntInput):
    """Panel's field for a whole number; its own raises at 1e25, which a browser sends as a float."""

    def _process_property_change(self, props: Values) -> Values:
        processed: Values = super()._process_property_change(_read_as(int, props))
        return processed


def _read_as(kind: type[float], props: Values) -> Values:
    """Return what a browser says of a field, its numbers as they are meant."""
    read = {n: kind(props[n]) for n in ("value", "value_throttled") if props.get(n) is not None}
    return props | read


def number_widget(label: str, value: float | None) -> Any:
    """Return a field for a number."""
    return widget(FloatInput, label=label, value=value, format=FORMAT)


def field_widget(name: str, value: Any) -> Any:
    """Return the widget for a value of the spec, by its type; a list becomes a text with commas."""
    label = words(name)
    if isinstance(value, bool):
        return widget(pn.widgets.Checkbox, label=label, value=value, margin=(22, 0, 0, 0))
    if isinstance(value, int):
        return widget(IntInput, label=label, value=value)
    if isinstance(value, float) or value is None:
        return number_widget(label, value)
    return widget(pn.widgets.TextInput, label=label, value=", ".join(map(str, value)))


def field_value(entry: Any, example: Any) -> Any:
    """Return what a widget holds, as the spec wants it; what cannot be read is for the spec to refuse."""
    if isinstance(example, tuple):
        return [_number(word) for word in str(entry.value).split(",") if word.strip()]
    if isinstance(example, float) and isinstance(entry.value, int):
        return float(entry.value)
    return entry.value


def _number(word: str) -> Any:
    """Read a number; another word is returned as it is, for the spec to refuse.

    >>> _number(" 400"), _number("0.1"), _number("x")
    (400, 0.1, 'x')
    """
    for kind in (int, float):
        try:
            return kind(word)
        except ValueError:
            continue
    return word.strip()


class KindForm:
    """A menu of kinds, and below it the fields of the kind that is chosen.

    Parameters
    ----------
    label : str
        Above the menu.
    classes : mapping
        From a kind to its class.
    changed : callable
        Called after each change by the user, not after `show`.
    nested : mapping, optional
        Forms that take the place of a field, by its name.

    Attributes
    ----------
    menu : Select
    view : Column
        The form.
    fields : dict
        The widget of each field shown, by its name.
    """

    def __init__(
        self,
        label: str,
        classes: Mapping[str, type[Part]],
        changed: Changed,
        nested: Mapping[str, Any] | None = None,
    ) -> None:
        self._classes = classes
        self._changed = changed
        self._nested = nested or {}
        self._examples: Values = {}
        self._quiet = False
        self.fields: dict[str, Any] = {}
        options = {words(kind): kind for kind in classes}
        self.menu = widget(pn.widgets.Select, label=label, options=options)
        self._grid = pair()
        self.view = column(self.menu)
        self.menu.param.watch(self._kind_chosen, "value")

    def show(self, kind: str, values: Values) -> None:
        """Show a kind and its values."""
        self._quiet = True
        try:
            if self.menu.value != kind or not self.fields:
                self.menu.value = kind
                self._build(kind)
            for name, entry in self.fields.items():
                value = values[name]
                is_list = isinstance(value, tuple | list)
                entry.value = ", ".join(map(str, value)) if is_list else value
            for name, form in self._nested.items():
                form.show(values[name])
        finally:
            self._quiet = False

    @property
    def values(self) -> Values:
        """The kind and the values, as a table of the spec."""
        table: Values = {"kind": self.menu.value}
        for name, entry in self.fields.items():
            value = field_value(entry, self._examples[name])
            if value is not None:
                table[name] = value
        return table | {name: form.values for name, form in self._nested.items()}

    def _kind_chosen(self, event: Any) -> None:
        if not self._quiet:
            self._build(event.new)
            self._changed()

    def _build(self, kind: str) -> None:
        values = first_values(self._classes[kind])
        self._examples = {n: v for n, v in values.items() if n not in self._nested}
        self.fields = {name: field_widget(name, value) for name, value in self._examples.items()}
        for entry in self.fields.values():
            entry.param.watch(self._field_changed, "value")
        self._grid.objects = list(self.fields.values())
        nested = [form.view for form in self._nested.values()]
        self.view.objects = [self.menu, *nested, *([self._grid] if self.fields else [])]

    def _field_changed(self, event: Any) -> None:
        if not self._quiet:
            self._changed()


class RateForm:
    """A learning rate: a number, or a schedule with its fields.

    Parameters
    ----------
    schedules : mapping
        From a kind to its class.
    changed : callable
        Called after each change by the user.
    """

    CONSTANT = "constant"

    def __init__(self, schedules: Mapping[str, type[Part]], changed: Changed) -> None:
        self._classes = schedules
        self._changed = changed
        self._quiet = False
        self.rate = number_widget("learning rate", 0.1)
        self.rate.param.watch(self._number_changed, "value")
        self._schedule = KindForm("schedule", schedules, changed)
        self._schedule.menu.visible = False
        options = {self.CONSTANT: self.CONSTANT} | {words(kind): kind for kind in schedules}
        self.menu = widget(pn.widgets.Select, label="learning rate is", options=options)
        self.menu.param.watch(self._menu_chosen, "value")
        self.view = column(self.menu, self.rate, self._schedule.view)

    @property
    def fields(self) -> dict[str, Any]:
        """The widgets shown, by the names of their fields."""
        if self.menu.value == self.CONSTANT:
            return {"learning_rate": self.rate}
        return self._schedule.fields

    def show(self, rate: Any) -> None:
        """Show a number, or a table of a schedule."""
        self._quiet = True
        try:
            if isinstance(rate, Mapping):
                values = dict(rate)
                kind = values.pop("kind")
                self.menu.value = kind
                self._schedule.show(kind, values)
            else:
                self.menu.value = self.CONSTANT
                self.rate.value = float(rate)
            self._arrange()
        finally:
            self._quiet = False

    @property
    def values(self) -> Any:
        """A number, or a table of the spec."""
        if self.menu.value == self.CONSTANT:
            return self.rate.value
        return self._schedule.values

    def _arrange(self) -> None:
        constant = self.menu.value == self.CONSTANT
        self.rate.visible = constant
        self._schedule.view.visible = not constant

    def _menu_chosen(self, event: Any) -> None:
        if self._quiet:
            return
        if event.new != self.CONSTANT:
            self._schedule.show(event.new, first_values(self._classes[event.new]))
        self._arrange()
        self._changed()

    def _number_changed(self, event: Any) -> None:
        if not self._quiet:
            self._changed()
