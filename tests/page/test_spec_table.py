"""What the page knows of experiments is what Python says now, also of kinds from outside."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
import pytest
from pydantic import Field, model_validator

from mlplab.playground.presets import PRESETS
from mlplab.playground.spec_table import spec_table, spec_text
from mlplab.spec import (
    ACTIVATIONS,
    Activation,
    ClassRecipe,
    DatasetSpec,
    Experiment,
    InitializerSpec,
    OptimizerSpec,
    Schedule,
)
from mlplab.spec.family import Family
from mlplab.spec.formulas import Formula, Rule
from mlplab.spec.schedules import LearningRate
from mlplab.spec.variants import field_names

FILE = Path(__file__).parents[2] / "page" / "src" / "spec" / "spec.json"

FAMILIES: dict[tuple[str, ...], type[Family]] = {
    ("dataset",): DatasetSpec,
    ("network", "initializer"): InitializerSpec,
    ("training", "optimizer"): OptimizerSpec,
}


def field(path: tuple[str, ...]) -> dict[str, Any]:
    """Return what the table says of a field."""
    schema = spec_table()["schema"]
    place = schema
    for step in path:
        place = place["properties"][step]
        if "$ref" in place:
            place = schema["$defs"][place["$ref"].rsplit("/")[-1]]
    return place


def kinds(family: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the kinds that the table has of a family, by their names."""
    return {each["properties"]["kind"]["const"]: each for each in family["oneOf"][1:]}


def test_the_file_is_what_python_says_now():
    assert FILE.read_text(encoding="utf-8") == spec_text()


# ---- Fields and kinds ----------------------------------------------------------------------------


@pytest.mark.parametrize("path", FAMILIES)
def test_a_family_has_its_kinds_with_all_fields_in_order(path: tuple[str, ...]):
    shown = kinds(field(path))
    assert list(shown) == list(FAMILIES[path].kinds)
    for name, kind in FAMILIES[path].kinds.items():
        assert list(shown[name]["properties"]) == field_names(kind)


def test_schedules_stand_where_a_rate_may_be_one():
    adam = kinds(field(("training", "optimizer")))["adam"]
    number, schedule = adam["properties"]["learning_rate"]["oneOf"]
    assert number == {"minimum": 0, "type": "number"}
    assert list(kinds(schedule)) == list(Schedule.kinds)
    assert schedule["oneOf"][0] == {"type": "string", "enum": []}  # each needs fields


def test_every_field_has_a_sentence_and_a_value_to_begin_with():
    def check(table: Any) -> None:
        if isinstance(table, list):
            for each in table:
                check(each)
        elif isinstance(table, dict):
            for name, each in table.get("properties", {}).items():
                assert each.get("description") or "$ref" in each, name
                needs_none = name in ("dataset", "path")
                assert "default" in each or "examples" in each or needs_none, name
            for each in table.values():
                check(each)

    check(spec_table()["schema"])


def test_bounds_defaults_and_names():
    assert field(("training",))["properties"]["dtype"]["enum"] == ["float32", "float64"]
    assert field(("network", "hidden_layers"))["maximum"] == 10_000
    circles = kinds(field(("dataset",)))["circles"]["properties"]
    assert circles["factor"] == {
        "type": "number",
        "minimum": 0,
        "exclusiveMaximum": 1,
        "default": 0.8,
        "description": "Radius of the inner circle.",
    }
    assert circles["train_per_class"]["type"] == "integer"
    one, each, none = field(("network", "activation"))["oneOf"]
    assert one["enum"] == each["items"]["enum"] == list(ACTIVATIONS)
    assert none == {"type": "null"}
    assert field(("network", "layer_width"))["examples"] == [8]


def test_presets_come_back():
    table = spec_table()
    presets = {title: Experiment.model_validate(each) for title, each in table["presets"].items()}
    assert presets == dict(PRESETS)
    assert table["first"] in PRESETS


# ---- Kinds from outside --------------------------------------------------------------------------


def define() -> SimpleNamespace:
    """Define a kind of each family, which nothing here draws or trains with."""

    class Halved(Schedule):
        """Half the rate after so many updates.

        Attributes
        ----------
        start : float
            Rate at first.
        every : int
            Updates between two halvings.
        """

        kind: Literal["halved"] = "halved"
        start: Annotated[float, Field(gt=0, le=8, examples=[0.5])]
        every: Annotated[int, Field(ge=2)] = 4

        @model_validator(mode="after")
        def _starts_below_every(self) -> Halved:
            if self.start > self.every:
                raise ValueError("start must not exceed every")
            return self

    class Signs(InitializerSpec):
        """Every weight is `size` or -`size`."""

        kind: Literal["signs"] = "signs"
        size: float = 0.5

    class Corners(ClassRecipe):
        """A cloud in each corner."""

        kind: Literal["corners"] = "corners"

    class BySign(OptimizerSpec):
        """By the sign of the gradient."""

        kind: Literal["by_sign"] = "by_sign"
        learning_rate: LearningRate = 0.5
        moments: ClassVar[tuple[str, ...]] = ()
        update_rules: ClassVar[tuple[Rule, ...]] = (Rule((Formula("w", "{w} - {η} · sign({g})"),)),)

    return SimpleNamespace(Halved=Halved, Signs=Signs, Corners=Corners, BySign=BySign)


def cube(z: Any) -> Any:
    return z**3


@pytest.fixture
def toys(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """The kinds, known while a test runs, with an activation."""
    for family in (Schedule, InitializerSpec, DatasetSpec, OptimizerSpec):
        monkeypatch.setattr(family, "kinds", dict(family.kinds))
    monkeypatch.setitem(ACTIVATIONS, "cube", Activation(cube, np.ones_like, "{z}³", "1"))
    return define()


def test_what_is_new_in_python_is_in_the_table(toys: SimpleNamespace):
    assert {"corners"} < kinds(field(("dataset",))).keys()
    assert {"signs"} < kinds(field(("network", "initializer"))).keys()
    assert field(("network", "activation"))["oneOf"][0]["enum"][-1] == "cube"
    assert "return z**3" in spec_table()["numpy_activations"]["cube"]
    by_sign = kinds(field(("training", "optimizer")))["by_sign"]
    assert by_sign["properties"]["learning_rate"]["default"] == 0.5
    halved = kinds(by_sign["properties"]["learning_rate"]["oneOf"][1])["halved"]
    assert halved["description"] == "Half the rate after so many updates."
    assert halved["properties"]["start"] == {
        "type": "number",
        "exclusiveMinimum": 0,
        "maximum": 8,
        "examples": [0.5],
        "description": "Rate at first.",
    }
    assert halved["required"] == ["start"]
    assert halved["x-rules"] == ["starts_below_every"]
