"""What Python says of experiments, right and wrong ones: the page says the same of them.

`python -m tests.page.golden_spec` writes the file anew.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import ValidationError
from tests.page.random_experiments import (
    LARGEST_WHOLE,
    WRONG,
    chosen_kinds,
    misspelt,
    put,
    random_experiment,
    random_place,
    right_texts,
    wrong_texts,
)
from tests.page.toml_texts import TEXTS

from mlplab.errors import MlplabError, shown, suggestion
from mlplab.playground.limits import check_limits
from mlplab.report import EXPERIMENTS
from mlplab.spec import DatasetSpec, Experiment, InitializerSpec, OptimizerSpec, Schedule
from mlplab.spec.family import Family
from mlplab.spec.problems import problems
from mlplab.spec.toml_text import parse_toml
from mlplab.spec.variants import vary

FILE = Path(__file__).parents[2] / "page" / "tests" / "golden" / "spec.json"

Table = dict[str, Any]


def cases() -> dict[str, Any]:
    """Return all cases, by what is asked."""
    rng = np.random.default_rng(14)
    return {
        "toml": [
            _toml_case(text)
            for text in [
                *right_texts(rng),
                *(each.to_toml() for each in EXPERIMENTS.values()),
                *wrong_texts(rng),
                *TEXTS,
            ]
        ],
        "json": list(_json_cases(rng)),
        "varied": list(_variants(rng)),
        "shown": [[value, shown(value)] for value in _words()],
        "floats": [[value.hex(), repr(value)] for value in _floats(rng)],
        "suggestion": list(_suggestions(rng)),
        "limits": list(_limit_cases()),
    }


def text() -> str:
    """Return the cases as the file's text, one on each line."""
    groups = []
    for name, group in cases().items():
        lines = ",\n".join(
            json.dumps(case, allow_nan=False, separators=(",", ":")) for case in group
        )
        groups.append(f'"{name}": [\n{lines}\n]')
    whole = ",\n".join(groups)
    return f"{{\n{whole}\n}}\n"


# ---- What Python says ----------------------------------------------------------------------------


def _toml_case(toml: str) -> Table:
    """Return what reading a text of TOML gives: the experiment's own TOML, or what is wrong."""
    try:
        read = Experiment.model_validate(parse_toml(toml, "experiment"))
    except ValidationError as error:
        return {"toml": toml, **_wrong(error)}
    return {"toml": toml, "written": read.to_toml()}


def _wrong(error: ValidationError) -> Table:
    found = [[".".join(map(str, each.place)), each.message] for each in problems(error)]
    return {"problems": found}


def _json_cases(rng: np.random.Generator) -> Iterator[Table]:
    """Yield what validating JSON gives, with nulls, which TOML has not."""
    for i in range(36):
        table = random_experiment(rng, **chosen_kinds(i))
        if i >= 12:
            put(table, random_place(table, rng), None)
        try:
            read = Experiment.model_validate(json.loads(json.dumps(_without_whole_floats(table))))
        except ValidationError as error:
            yield {"json": _without_whole_floats(table), **_wrong(error)}
        else:
            yield {"json": _without_whole_floats(table), "experiment": read.model_dump(mode="json")}


def _variants(rng: np.random.Generator) -> Iterator[Table]:
    """Yield what Python makes of an experiment of which one field is changed."""
    families: dict[str, type[Family]] = {
        "dataset": DatasetSpec,
        "network.initializer": InitializerSpec,
        "network.bias_initializer": InitializerSpec,
        "training.optimizer": OptimizerSpec,
        "training.optimizer.learning_rate": Schedule,
    }
    for i in range(60):
        experiment = Experiment.model_validate(random_experiment(rng, **chosen_kinds(i)))
        kinds = {
            f"{path}.kind": kind
            for path, family in families.items()
            for kind in family.kinds
            if family is not Schedule
            or isinstance(experiment.training.optimizer.learning_rate, Schedule)
        }
        place = ".".join(random_place(experiment.to_table(), rng))
        changes = [
            (place, [0, 1, 3, 0.25, -1, "relu", [2, 3]][i % 7]),
            list(kinds.items())[rng.integers(len(kinds))],
            ("network.hidden_layers", i % 4),
        ]
        path, value = changes[i % 3]
        case = {"experiment": experiment.model_dump(mode="json"), "path": path, "value": value}
        try:
            variant = Experiment.model_validate(vary(experiment, {path: value}))
        except ValidationError as error:
            wrong = _wrong(error)
            # The page begins with examples there.
            if not path.endswith("kind") or "is missing" not in [m for _, m in wrong["problems"]]:
                yield case | wrong
        else:
            yield case | {"written": variant.to_toml()}


def _limit_cases() -> Iterator[Table]:
    ring = EXPERIMENTS["1.2-relu"]
    changes: list[Table] = [
        {},
        {"dataset.classes": 11},
        {"training.loss": "binary_crossentropy", "training.label_smoothing": 0.1},
        {"training.class_weight": {"1": 3.0}},
        {"dataset.train_per_class": 10_001},
        {"dataset.test_per_class": 5_001},
        {"network.hidden_layers": 13},
        {"network.layer_width": 129},
        {"network.hidden_layers": 12, "network.layer_width": 128},
        {"training.epochs": 10_001},
        {"training.epochs": 10_000, "training.batch_size": 1},
        {"dataset.train_per_class": LARGEST_WHOLE},
        {"network.hidden_layers": 3, "network.layer_width": (3, 200, 4)},
    ]
    for change in changes:
        experiment = ring.varied(change)
        message = None
        try:
            check_limits(experiment)
        except MlplabError as error:
            message = str(error)
        yield {"experiment": experiment.model_dump(mode="json"), "message": message}


# ---- Words and numbers ---------------------------------------------------------------------------


def _words() -> list[Any]:
    return [
        value for value in WRONG if not isinstance(value, float) and value not in (10**20, 10**400)
    ]


def _floats(rng: np.random.Generator) -> list[float]:
    edges = [
        0.0,
        -0.0,
        1.0,
        0.1,
        1e15,
        1e16,
        9999999999999998.0,
        1e-4,
        1e-5,
        9.999e-5,
        5e-324,
        1.7e308,
        1e22,
    ]
    edges += [123456789.0, 1e21, 2.0**53, 1e-7, 0.30000000000000004, math.inf, -math.inf, math.nan]
    return edges + [float(x) for x in rng.normal(size=20) * 10.0 ** rng.integers(-20, 25, 20)]


def _suggestions(rng: np.random.Generator) -> Iterator[list[Any]]:
    families: list[list[str]] = [
        list(f.kinds) for f in (DatasetSpec, InitializerSpec, OptimizerSpec, Schedule)
    ]
    for i in range(60):
        known = families[i % len(families)]
        word = known[rng.integers(len(known))]
        for _ in range(rng.integers(1, 4)):
            word = misspelt(word, rng) or "q"
        yield [word, known, suggestion(word, known)]
    yield ["", families[0], suggestion("", families[0])]


def _without_whole_floats(value: Any) -> Any:
    """Return a value as JSON of JavaScript has it: 2.0 is 2."""
    if isinstance(value, dict):
        return {name: _without_whole_floats(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_without_whole_floats(each) for each in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


if __name__ == "__main__":
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_text(text(), encoding="utf-8")
