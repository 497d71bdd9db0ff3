"""The forms of the set-up say what they show: of the activation one for all layers, or one for each."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("panel")

from mlplab.playground.controls.layer_activations import FOR_EACH
from mlplab.playground.controls.menus import ACTIVATIONS
from mlplab.playground.controls.setup import Setup
from mlplab.playground.session.presets import PRESETS
from mlplab.spec import Experiment, Network

MIXED = Network(hidden_layers=3, layer_width=(5, 4, 3), activation=("tanh", "relu", "sigmoid"))


@pytest.fixture
def changes() -> list[Any]:
    """The activation that the forms said, at each change by the user."""
    return []


@pytest.fixture
def setup(changes: list[Any]) -> Setup:
    """The forms of a network with three kinds of layers."""
    made = Setup(lambda: changes.append(activation_of(made)))
    made.show(Experiment(dataset="polar", network=MIXED))
    return made


def activation_of(setup: Setup) -> Any:
    return setup.table["network"].get("activation")


def layer_menus(setup: Setup) -> list[tuple[str, str]]:
    return [(menu.label, menu.value) for menu in setup.activation.layer_menus]


@pytest.mark.parametrize("title", PRESETS)
def test_the_forms_say_what_they_show(title: str, setup: Setup, changes: list[Any]):
    setup.show(PRESETS[title])
    said = Experiment(**setup.table)
    assert said == PRESETS[title]
    assert changes == []


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_one_activation_has_one_menu(name: str, setup: Setup, changes: list[Any]):
    setup.show(Experiment(dataset="polar", network=MIXED.model_copy(update={"activation": name})))
    assert setup.activation.menu.value == name
    assert layer_menus(setup) == []
    assert activation_of(setup) == name
    assert changes == []


def test_an_activation_for_each_layer_has_a_menu_for_each(setup: Setup, changes: list[Any]):
    assert setup.activation.menu.value == FOR_EACH
    assert layer_menus(setup) == [("layer 1", "tanh"), ("layer 2", "relu"), ("layer 3", "sigmoid")]
    assert Experiment(**setup.table).network == MIXED
    assert changes == []
    setup.activation.layer_menus[1].value = "elu"
    assert changes == [("tanh", "elu", "sigmoid")]


def test_one_for_each_begins_with_the_one_chosen_before(setup: Setup, changes: list[Any]):
    setup.activation.menu.value = "softplus"
    setup.activation.menu.value = FOR_EACH
    assert [name for _, name in layer_menus(setup)] == ["softplus"] * 3
    assert changes == ["softplus", ("softplus",) * 3]


@pytest.mark.parametrize(
    ("widths", "wanted"),
    [
        ([5, 4, 3, 3], ("tanh", "relu", "sigmoid", "sigmoid")),
        ([5, 4], ("tanh", "relu")),
        ([9, 4, 3], ("tanh", "relu", "sigmoid")),
    ],
)
def test_a_layer_more_has_the_last_ones_activation(
    widths: list[int], wanted: tuple[str, ...], setup: Setup
):
    experiment = Experiment(**setup.with_widths(widths))
    assert experiment.network.activations == wanted
    setup.show(experiment)
    assert tuple(name for _, name in layer_menus(setup)) == wanted


def test_without_hidden_layers_the_choice_is_kept_for_the_next(setup: Setup):
    setup.show(Experiment(**setup.with_widths([])))
    assert not setup.activation.view.visible
    setup.show(Experiment(**setup.with_widths([4])))
    assert setup.activation.view.visible
    assert layer_menus(setup) == [("layer 1", "tanh")]


@pytest.mark.parametrize(
    ("sentence", "shown", "marked"),
    [
        ("network.activation: no such name", "activation: no such name", "menu"),
        ("network.activation.1: no such name", "activation of layer 2: no such name", "layer 2"),
    ],
)
def test_trouble_with_an_activation_is_told_beside_its_menu(
    sentence: str, shown: str, marked: str, setup: Setup
):
    setup.say_trouble(f"Experiment: {sentence}")
    assert shown in setup.troubles["network"].view.object
    menus = {"menu": setup.activation.menu}
    menus |= {menu.label: menu for menu in setup.activation.layer_menus}
    assert [name for name, menu in menus.items() if "wrong" in menu.css_classes] == [marked]
    setup.say_trouble("")
    assert not any("wrong" in menu.css_classes for menu in menus.values())


def test_menus_of_each_layer_stay_where_all_of_them_say_the_same(setup: Setup, changes: list[Any]):
    for menu in setup.activation.layer_menus:
        menu.value = "relu"
    setup.show(Experiment(**setup.table))
    assert setup.activation.menu.value == FOR_EACH
    assert layer_menus(setup) == [("layer 1", "relu"), ("layer 2", "relu"), ("layer 3", "relu")]
    setup.show(Experiment(dataset="polar", network=MIXED.varied({"activation": "tanh"})))
    assert (setup.activation.menu.value, layer_menus(setup)) == ("tanh", [])
