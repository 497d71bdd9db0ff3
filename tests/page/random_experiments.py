"""Experiments at random, by the JSON schema: of every kind, in three ways of writing, right and wrong."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from typing import Any

import numpy as np
import tomli_w
from pydantic import ValidationError

from mlplab.spec import (
    DatasetSpec,
    Experiment,
    InitializerSpec,
    OptimizerSpec,
    RegularizerSpec,
    Schedule,
)
from mlplab.spec.family import Family
from mlplab.spec.problems import problems

Table = dict[str, Any]

SCHEMA = Experiment.model_json_schema()

LARGEST_WHOLE = 2**53 - 1
"""Above it, the page has no whole numbers of its own."""


def right_texts(rng: np.random.Generator) -> Iterator[str]:
    """Yield texts of experiments that are right, in three ways of writing."""
    for i in range(60):
        table = random_experiment(rng, **chosen_kinds(i))
        yield (tomli_w.dumps, _dotted, _inline)[i % 3](table)


def chosen_kinds(i: int) -> dict[str, str]:
    """Return a kind of each family, so that all come in turn."""
    families: dict[str, type[Family]] = {
        "dataset": DatasetSpec,
        "initializer": InitializerSpec,
        "optimizer": OptimizerSpec,
        "schedule": Schedule,
    }
    return {name: list(family.kinds)[i % len(family.kinds)] for name, family in families.items()}


def random_experiment(rng: np.random.Generator, **kinds: str) -> Table:
    """Return the table of a valid experiment, some of its fields left out."""
    while True:
        table = _random_parts(rng, **kinds)
        try:
            Experiment.model_validate(table)
        except ValidationError:
            continue
        return table


def _random_parts(rng: np.random.Generator, **kinds: str) -> Table:
    """Return a table of valid parts, which may not fit together."""
    optimizer = _random_part(OptimizerSpec.kinds[kinds["optimizer"]], rng)
    if rng.random() < 0.6:
        optimizer["learning_rate"] = _random_part(Schedule.kinds[kinds["schedule"]], rng)
    layers = int(rng.integers(0, 4))
    network: Table = {"initializer": _random_part(InitializerSpec.kinds[kinds["initializer"]], rng)}
    if rng.random() < 0.3:
        kinds_of = list(RegularizerSpec.kinds.values())
        network["kernel_regularizer"] = _random_part(kinds_of[rng.integers(len(kinds_of))], rng)
    if rng.random() < 0.3:
        network["input_noise"] = float(rng.choice([0, 0.05, 0.5, 1]))
    if rng.random() < 0.3:
        kind = rng.choice([n for n, k in InitializerSpec.kinds.items() if not k.of_matrices])
        network["bias_initializer"] = _random_part(InitializerSpec.kinds[str(kind)], rng)
    if layers:
        names = SCHEMA["$defs"]["Network"]["properties"]["activation"]["oneOf"][0]["enum"]
        widths = [int(n) for n in rng.integers(1, 9, layers)]
        activations = [str(name) for name in rng.choice(names, layers)]
        rates = [float(rate) for rate in rng.choice([0, 0.1, 0.25, 0.5], layers)]
        if rng.random() < 0.3:
            network["dropout"] = rates if rng.random() < 0.5 else rates[0]
        network |= {
            "hidden_layers": layers,
            "layer_width": widths if rng.random() < 0.5 else widths[0],
            "activation": activations if rng.random() < 0.5 else activations[0],
        }
    training = _random_fields(SCHEMA["$defs"]["Training"], rng, without={"optimizer"})
    if isinstance(optimizer.get("learning_rate"), dict):
        training.pop("reduce_lr_on_plateau", None)  # it reduces a number
    return {
        "dataset": _random_part(DatasetSpec.kinds[kinds["dataset"]], rng),
        "network": network,
        "training": {**training, "optimizer": optimizer},
    }


@cache
def _schema_of(kind: type[Family]) -> Table:
    """Return the schema of a kind; a rate in it is a number."""
    schema = kind.model_json_schema()
    rate = schema["properties"].get("learning_rate")
    if rate is not None:
        schema["properties"]["learning_rate"] = {**rate["oneOf"][0], "default": 0.1}
    return schema


def _random_part(kind: type[Family], rng: np.random.Generator) -> Table:
    """Return a valid part of a kind."""
    schema = _schema_of(kind)
    while True:
        part = {
            "kind": schema["properties"]["kind"]["const"],
            **_random_fields(schema, rng, {"kind"}),
        }
        try:
            kind.model_validate(part)
        except ValidationError:
            continue
        return part


def _random_fields(schema: Table, rng: np.random.Generator, without: set[str]) -> Table:
    fields = {n: f for n, f in schema["properties"].items() if n not in without}
    required = schema.get("required", [])
    return {
        name: _random_value(field, rng)
        for name, field in fields.items()
        if name in required or rng.random() < 0.6
    }


def _random_value(field: Table, rng: np.random.Generator) -> Any:  # noqa: PLR0911  # a line for each type
    """Return a value within a field's bounds."""
    field = field["anyOf"][0] if "anyOf" in field else field
    if "$ref" in field:
        return _random_fields(SCHEMA["$defs"][field["$ref"].split("/")[-1]], rng, without=set())
    match field["type"]:
        case "array":
            items = [_random_value(field["items"], rng) for _ in range(rng.integers(1, 4))]
            return sorted(set(items))
        case "object":
            return {"1": float(rng.integers(0, 3)), "0": float(f"{rng.uniform(0.1, 5):.3g}")}
        case "boolean":
            return bool(rng.random() < 0.5)
        case "string" if "pattern" in field:
            return "a" * 64
        case "string":
            return str(rng.choice(field.get("enum", ["a b.csv", "x/y.npz", 'say "so"', "ä\\1"])))
    return _random_number(field, rng)


def _random_number(field: Table, rng: np.random.Generator) -> float:
    low: float = field.get("minimum", field.get("exclusiveMinimum", 0))
    if field["type"] == "integer":
        return int(low + rng.integers(0, 1000))
    high: float = field.get(
        "maximum", field.get("exclusiveMaximum", low + 10 ** int(rng.integers(0, 7)))
    )
    small = low + float(f"{10.0 ** -rng.integers(1, 9):g}")
    large = float(f"{rng.uniform(low, high):.{rng.integers(1, 18)}g}")
    return float(rng.choice([small, min(max(large, small), high * 0.999)]))


# ---- In the ways in which people write -----------------------------------------------------------


def _dotted(table: Table, path: str = "") -> str:
    lines = ["# all keys from the root\n"] if not path else []
    for name, value in table.items():
        whole = f"{path}{name}"
        if isinstance(value, dict):
            lines.append(_dotted(value, f"{whole}."))
        else:
            lines.append(f"{whole} = {_value(value)}  # {name}\n")
    return "".join(lines)


def _inline(table: Table) -> str:
    return "".join(f"{name} = {_value(value)}\n" for name, value in table.items())


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{name} = {_value(each)}' for name, each in value.items())} }}"
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, bool | str):
        return json.dumps(value, ensure_ascii=False)
    return f"{value:_}" if isinstance(value, int) else repr(value)


# ---- Experiments that are wrong ------------------------------------------------------------------

WRONG: list[Any] = [
    -1,
    0,
    1,
    7,
    2.0,
    2.5,
    -0.5,
    -1e-7,
    1e6 + 1,
    1e300,
    10**20,
    10**400,
    math.inf,
    -math.inf,
    math.nan,
    True,
    "",
    "abc",
    "1.5",
    "-3",
    "it's",
    'a "b"',
    "x" * 80,
    "tab\there\x01\u200bé😀",
    [],
    [1],
    [1, 2.5, "a"],
    [[0.5], {"a": True}],
    {},
    {"kind": "adma"},
    {"kind": 3},
    {"a": [1, 2]},
    "Sigmoid",
    "SGD",
    "he",
    "normal",
    "exponential",
]


def wrong_texts(rng: np.random.Generator) -> Iterator[str]:
    """Yield texts of experiments in which something was changed, added or left out."""
    made = 0
    while made < 180:
        table = random_experiment(rng, **chosen_kinds(made))
        for _ in range(rng.choice([1, 1, 2, 3])):
            place = random_place(table, rng)
            action = rng.random()
            if action < 0.75:
                put(table, place, deepcopy(WRONG[rng.integers(len(WRONG))]))
            elif action < 0.88:
                put(table, (*place[:-1], misspelt(place[-1], rng)), 1)
            else:
                _remove(table, place)
        try:
            Experiment.model_validate(table)
        except ValidationError as error:
            said = {each.place for each in problems(error)}
            if _too_large_to_count(table) <= said:
                made += 1
                yield tomli_w.dumps(table)


def _too_large_to_count(table: Table) -> set[tuple[str, ...]]:
    """Return where whole numbers stand that the page refuses, and Python only where they have a bound."""
    found = set()
    for place in _places(table):
        value: Any = table
        for step in place:
            value = value[step]
        if isinstance(value, int) and abs(value) > LARGEST_WHOLE:
            found.add(place)
    return found


def random_place(table: Table, rng: np.random.Generator) -> tuple[str, ...]:
    """Return the path of a field, of whatever depth."""
    places = list(_places(table))
    return places[rng.integers(len(places))]


def _places(table: Table) -> Iterator[tuple[str, ...]]:
    for name, value in table.items():
        yield (name,)
        if isinstance(value, dict):
            yield from ((name, *rest) for rest in _places(value))


def put(table: Table, place: tuple[str, ...], value: Any) -> None:
    for step in place[:-1]:
        table = table[step]
    table[place[-1]] = value


def _remove(table: Table, place: tuple[str, ...]) -> None:
    for step in place[:-1]:
        table = table[step]
    table.pop(place[-1], None)


def misspelt(word: str, rng: np.random.Generator) -> str:
    i = int(rng.integers(len(word)))
    return str(rng.choice([word[:i] + word[i + 1 :], word[:i] + "z" + word[i:], word.upper(), "q"]))
