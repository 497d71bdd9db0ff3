"""A grid's cells are the variants that `varied` makes, with their keys, each combination once."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest

from mlplab.errors import SpecError
from mlplab.spec import Experiment, Grid, part
from mlplab.spec.experiment import Training
from mlplab.store import changes_text

BASE = Experiment(
    dataset="polar",
    network={"hidden_layers": 2, "layer_width": 5, "activation": "tanh"},
    training={"optimizer": {"kind": "sgd", "momentum": 0.3}},
)

SETTINGS: list[dict[str, list[Any]]] = [
    {"training.optimizer.learning_rate": [0.1, 1, 2.5], "training.batch_size": [8, 16]},
    {"training.optimizer.learning_rate": [0.1, 0.2], "training.optimizer.momentum": [0.0, 0.9]},
    {"training.optimizer": ["sgd", {"kind": "adam"}], "dataset.sigma": [0.05, 0.1]},
    {"training.optimizer.kind": ["sgd", "adam"], "training.optimizer.learning_rate": [0.01, 0.3]},
    {"network.initializer": ["he_normal", "zeros"], "network.activation": ["relu", "tanh"]},
    {"network.hidden_layers": [1, 2, 3], "network.layer_width": [4, [5, 5]][:1]},
    {"dataset": ["moons", {"kind": "linear", "sigma": 1.0}], "training.dtype": ["float64"]},
    {"training.epochs": [1, 2], "training.batch_size": [4, 8], "network.layer_width": [2, 3]},
    {"dataset.classes": [2, 3]},
]


@pytest.mark.parametrize("settings", SETTINGS, ids=" ".join)
def test_cells_are_what_varied_makes(settings: dict[str, list[Any]]) -> None:
    grid = Grid(BASE, settings)
    changes = [dict(zip(settings, values, strict=True)) for values in product(*settings.values())]
    cells = list(grid.cells(range(len(grid))))
    assert [grid.changes(i) for i in range(len(grid))] == changes
    assert [cell.experiment for cell in cells] == [BASE.varied(change) for change in changes]
    assert [cell.key for cell in cells] == [BASE.varied(change).key for change in changes]
    assert len({cell.key for cell in cells}) == len(grid)
    assert grid.changes_texts(np.arange(len(grid))) == list(map(changes_text, changes))
    assert not grid.refused()


def test_the_key_of_own_samples_does_not_have_their_path() -> None:
    own = Experiment(dataset={"kind": "file", "path": "a.csv", "content": "0" * 64})
    settings = {"dataset.test_fraction": [0.1, 0.2], "training.batch_size": [8, 16]}
    for i, cell in enumerate(Grid(own, settings).cells(range(4))):
        assert cell.key == own.varied(Grid(own, settings).changes(i)).key


def test_an_optimizer_that_does_not_fit_the_training_is_refused() -> None:
    reduced = BASE.varied({"training.reduce_lr_on_plateau": {}})
    schedule = {"kind": "exponential_decay", "initial_learning_rate": 0.1, "decay_steps": 9}
    rates = [0.01, schedule | {"decay_rate": 0.9}]
    grid = Grid(reduced, {"training.optimizer.learning_rate": rates})
    assert next(grid.cells([0])).experiment == reduced
    with pytest.raises(SpecError, match=r"^Training: reduce_lr_on_plateau needs a learning rate"):
        next(grid.cells([1]))


def test_parts_of_a_cell_that_do_not_fit_together_are_refused() -> None:
    polar = BASE.varied({"dataset": "polar", "training.loss": "binary_crossentropy"})
    grid = Grid(polar, {"dataset.classes": [2, 3]})
    cells = grid.cells(range(2))
    assert next(cells).experiment.dataset.classes == 2
    with pytest.raises(SpecError, match="binary_crossentropy is of two classes, received 3"):
        next(cells)


def test_a_cell_is_held_to_every_rule_by_which_its_parts_fit_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The same methods that see to it when a part is validated, also those of a later version."""
    asked: list[str] = []
    expected = [f"_{name}" for kind in (Training, Experiment) for name in kind.rules()]
    rules_of = part._rules_of

    def noted(kind: type[part.Part]) -> list[Any]:
        return [lambda each, rule=rule: asked.append(rule.__name__) for rule in rules_of(kind)]

    monkeypatch.setattr(part, "_rules_of", noted)
    next(Grid(BASE, {"training.optimizer.learning_rate": [0.1]}).cells([0]))
    assert asked == expected


def test_what_the_spec_refuses_is_named() -> None:
    settings = {
        "training.optimizer.momentum": [0.0, 0.5],
        "training.optimizer.nesterov": [False, True],
        "training.batch_size": [0, 4],
    }
    (momentum, why), (batch, why_batch) = Grid(BASE, settings).refused()
    assert momentum == {"training.optimizer.momentum": 0.0, "training.optimizer.nesterov": True}
    assert "nesterov" in why
    assert batch == {"training.batch_size": 0}
    assert "batch_size" in why_batch


def test_a_path_that_leads_nowhere_is_refused() -> None:
    with pytest.raises(SpecError, match=r"did you mean 'training\.batch_size'"):
        Grid(BASE, {"batch_size": [1]})


def test_an_experiment_without_a_key_is_refused() -> None:
    with pytest.raises(SpecError, match="content"):
        Grid(Experiment(dataset={"kind": "file", "path": "a.csv"}), {"training.epochs": [1]})
