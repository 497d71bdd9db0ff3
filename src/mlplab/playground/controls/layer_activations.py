"""The activation of the hidden layers: a menu for all of them, or one for each."""

from __future__ import annotations

from typing import Any

import panel as pn

from mlplab.playground.controls.forms import Changed, column, pair, widget
from mlplab.playground.controls.menus import ACTIVATIONS, words

FOR_EACH = "one for each layer"

_NAMES = {words(name): name for name in ACTIVATIONS}


class ActivationForm:
    """A menu of the activations; with `FOR_EACH` chosen in it, below it one for each hidden layer.

    Parameters
    ----------
    changed : callable
        Called after each change by the user, not after `show`.

    Attributes
    ----------
    menu : Select
    layer_menus : list of Select
        Those below it, first layer to last.
    view : Column
        The form; hidden while there is no hidden layer.
    """

    def __init__(self, changed: Changed) -> None:
        self._changed = changed
        self._quiet = False
        self._layers = 0
        self.menu = widget(
            pn.widgets.Select,
            label="activation of the hidden layers",
            options=_NAMES | {FOR_EACH: FOR_EACH},
        )
        self.menu.param.watch(self._menu_chosen, "value")
        self.layer_menus: list[Any] = []
        self._grid = pair()
        self.view = column(self.menu)

    @property
    def fields(self) -> dict[str, Any]:
        """The menus, by the places of which the spec's messages speak."""
        menus = {f"activation.{i}": menu for i, menu in enumerate(self.layer_menus)}
        return {"activation": self.menu, **menus}

    def show(self, activation: str | tuple[str, ...] | None, layers: int) -> None:
        """Show one name for all hidden layers, or one for each.

        Where one for each was chosen and all have this name, the menu of each layer stays.
        Without hidden layers nothing is shown, but what was chosen is kept for the next one.
        """
        self._layers = layers
        self.view.visible = layers > 0
        if activation is None:
            return
        self._quiet = True
        try:
            each = (activation,) * layers if isinstance(activation, str) else activation
            is_one = isinstance(activation, str) and self.values(layers) != each
            self.menu.value = activation if is_one else FOR_EACH
            self._build(() if is_one else each)
        finally:
            self._quiet = False

    def values(self, layers: int) -> str | tuple[str, ...]:
        """Return one name for all, or one for each of so many hidden layers.

        Layers more than there are menus have the last one's; of fewer, the first ones have theirs.
        """
        if self.menu.value != FOR_EACH:
            return str(self.menu.value)
        names = tuple(str(menu.value) for menu in self.layer_menus)
        return (names + names[-1:] * layers)[:layers]

    def _build(self, names: tuple[str, ...]) -> None:
        self.layer_menus = [
            widget(pn.widgets.Select, label=f"layer {i}", options=_NAMES, value=name)
            for i, name in enumerate(names, start=1)
        ]
        for menu in self.layer_menus:
            menu.param.watch(self._layer_chosen, "value")
        self._grid.objects = self.layer_menus
        self.view.objects = [self.menu, self._grid] if names else [self.menu]

    def _menu_chosen(self, event: Any) -> None:
        if not self._quiet:
            self._build((event.old,) * self._layers if event.new == FOR_EACH else ())
            self._changed()

    def _layer_chosen(self, event: Any) -> None:
        self._changed()
