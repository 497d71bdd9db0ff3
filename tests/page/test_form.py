"""The form of the set-up in a browser: what is entered is taken as it was meant, or stays and is said."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from tests.page.visit import LAB, Visit, same_network

import mlplab
from mlplab import Experiment
from mlplab.playground.presets import PRESETS

pytestmark = pytest.mark.slow

WRONG = ("", "1,5", "abc", "2.7", "1e9", "9" * 40)


def expect(locator: Any) -> Any:
    """Playwright's expectation of an element."""
    return pytest.importorskip("playwright.sync_api").expect(locator)


def field(v: Visit, label: str) -> Any:
    """The control with a label."""
    return v.page.locator(".setup, .controls").get_by_label(label, exact=True)


def enter(v: Visit, label: str, text: str) -> None:
    """Type into a field, and press Enter."""
    field(v, label).fill(text)
    field(v, label).press("Enter")


def said(v: Visit, label: str) -> Any:
    """What is said to be wrong with a field."""
    return v.page.locator(".field", has=v.page.get_by_label(label, exact=True)).locator(".error")


def test_what_is_wrong_stays_in_its_field_and_changes_nothing(visit: Callable[..., Visit]) -> None:
    v = visit()
    v.choose("preset", LAB["1.3"])
    v.press("+1 update")
    v.wait_for_tile("update", "1")
    for label, texts in {"classes": WRONG, "epochs": WRONG[:2], "seed": WRONG[-2:]}.items():
        for text in texts:
            enter(v, label, text)
            expect(said(v, label)).to_contain_text("received" if text else "the field is empty")
            expect(field(v, label)).to_have_value(text)
            expect(field(v, label)).to_have_attribute("aria-invalid", "true")
            sentence = re.compile(re.escape(said(v, label).inner_text()))
            expect(field(v, label)).to_have_accessible_description(sentence)
    enter(v, "momentum", "")
    expect(said(v, "momentum")).to_have_text("Expected a number, but the field is empty.")
    expect(field(v, "preset")).to_have_value(LAB["1.3"])
    assert v.tiles()["update"] == "1"
    assert v.page.locator(".confusion tbody tr").count() == 5
    enter(v, "classes", "4")
    expect(v.page.locator(".confusion tbody tr")).to_have_count(4)
    expect(said(v, "classes")).to_be_empty()
    expect(said(v, "epochs")).not_to_be_empty()
    v.choose("preset", LAB["1.2"])
    expect(v.page.locator("[aria-invalid=true]")).to_have_count(1)
    expect(field(v, "seed")).to_have_value(WRONG[-1])  # which is no part of a preset


def test_clicks_and_arrows_are_counted(visit: Callable[..., Visit]) -> None:
    v = visit()
    v.page.get_by_role("button", name="epochs: more").evaluate(
        """(button) => {
          for (let i = 0; i < 6; i++) button.click();
          const end = performance.now() + 100;
          while (performance.now() < end);
          button.click();
        }"""
    )
    expect(field(v, "epochs")).to_have_value("27")
    for key in ("ArrowDown", "ArrowDown", "ArrowUp"):
        field(v, "batch size").press(key)
    expect(field(v, "batch size")).to_have_value("8")
    # A field that is left does not move away what is pressed.
    field(v, "sigma").fill("0,2")
    v.page.get_by_role("button", name="train per class: more").hover()
    v.page.mouse.down()
    v.page.evaluate(
        "new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))"
    )
    v.page.mouse.up()
    expect(field(v, "train per class")).to_have_value("1024")
    expect(said(v, "sigma")).to_have_text(
        "Expected a number with a point, such as 0.2, received '0,2'."
    )


def test_a_set_up_made_by_the_form_is_trained_as_mlplab_train_does(
    visit: Callable[..., Visit],
) -> None:
    v = visit()
    for label, choice in {
        "dataset": "spirals",
        "initializer": "he_normal",
        "optimizer": "adam",
        "learning rate is": "cosine_decay",
        "loss": "categorical_crossentropy",
    }.items():
        field(v, label).select_option(choice)
    numbers = {"classes": "3", "turns": "0.5", "train per class": "96", "hidden layers": "2"}
    for label, text in (numbers | {"decay steps": "40", "batch size": "48", "epochs": "8"}).items():
        enter(v, label, text)
    for label in ("layer width", "activation"):
        field(v, f"{label} for each layer").check()
    enter(v, "layer width 1", "6")
    field(v, "activation 2").select_option("tanh")
    enter(v, "warmup steps", "5")
    expect(said(v, "warmup steps")).to_contain_text("needs both")
    enter(v, "warmup target", "0.2")
    expect(said(v, "warmup steps")).to_be_empty()
    expect(field(v, "preset")).to_have_value("own set-up")
    v.wait_for_tile("update", "0")
    v.play_to_the_end()
    experiment = Experiment.model_validate(
        {
            "dataset": {"kind": "spirals", "classes": 3, "turns": 0.5, "train_per_class": 96},
            "network": {
                "hidden_layers": 2,
                "layer_width": [6, 5],
                "activation": ["relu", "tanh"],
                "initializer": "he_normal",
            },
            "training": {
                "loss": "categorical_crossentropy",
                "optimizer": {
                    "kind": "adam",
                    "learning_rate": {
                        "kind": "cosine_decay",
                        "initial_learning_rate": 1.0,
                        "decay_steps": 40,
                        "warmup_target": 0.2,
                        "warmup_steps": 5,
                    },
                },
                "batch_size": 48,
                "epochs": 8,
            },
        }
    )
    assert same_network(v.weights(), mlplab.train(experiment, seed=0)[0])


def test_one_output_smoothed_labels_weights_and_a_penalty_are_trained_as_mlplab_train_does(
    visit: Callable[..., Visit],
) -> None:
    v = visit()
    v.choose("preset", LAB["1.2"])
    only = v.page.get_by_text("Label smoothing needs a cross-entropy as the loss.")
    expect(only).to_be_visible()
    assert "with penalty" not in v.tiles()
    field(v, "loss").select_option("binary_crossentropy")
    expect(only).to_have_count(0)
    enter(v, "label smoothing", "0.1")
    field(v, "class weight").check()
    enter(v, "weight of class 1", "3")
    field(v, "kernel regularizer").select_option("l2")
    enter(v, "classes", "3")
    expect(said(v, "classes")).to_have_text(
        "The loss binary crossentropy is of two classes, received 3: categorical crossentropy is of "
        "any number."
    )
    enter(v, "classes", "2")
    v.play_to_the_end()
    v.page.get_by_role("tab", name="Confusion").click()
    assert v.page.locator(".confusion tbody tr").count() == 2
    experiment = PRESETS[LAB["1.2"]].varied(
        {
            "network.kernel_regularizer": "l2",
            "training.loss": "binary_crossentropy",
            "training.label_smoothing": 0.1,
            "training.class_weight": {"1": 3.0},
        }
    )
    run = mlplab.train(experiment, seed=0)[0]
    assert same_network(v.weights(), run)
    tiles = v.tiles()
    assert tiles["acc. test"] == f"{100 * run.test_accuracy:.2f} %"
    assert run.penalty is not None
    shown = [float(tiles[name]) for name in ("loss, test", "with penalty")]
    assert shown == pytest.approx([run.test_loss, run.test_loss + run.penalty], abs=6e-5)
    expect(v.page.locator(".curves-legend")).to_contain_text("with penalty")
    expect(v.page.locator(".chart").first).to_have_accessible_name(
        re.compile("Loss without penalty after 20 epochs: .*; with penalty .* and ")
    )


NARROW_MENUS = """(menus) => menus.filter((menu) => {
  const text = document.createElement("span");
  text.style.position = "absolute";
  text.textContent = menu.selectedOptions[0].textContent;
  menu.parentElement.append(text);
  const { width } = text.getBoundingClientRect();
  text.remove();
  return width > menu.clientWidth - 26;
}).map((menu) => menu.value)"""
"""Menus that are narrower than the text of what is chosen."""


def test_an_error_and_every_menu_are_whole(visit: Callable[..., Visit]) -> None:
    v = visit()
    field(v, "learning rate is").select_option("piecewise_constant_decay")
    field(v, "loss").select_option("categorical_crossentropy")
    for width, height in ((1366, 768), (390, 844)):
        v.page.set_viewport_size({"width": width, "height": height})
        enter(v, "boundaries", "")
        enter(v, "boundaries", "10, 20, 30")
        expect(said(v, "boundaries")).to_have_text(
            "Values must be one more than boundaries, received 3 values and 3 boundaries."
        )
        expect(said(v, "boundaries")).to_be_in_viewport(ratio=1)
        assert v.page.locator(".setup select").evaluate_all(NARROW_MENUS) == []
