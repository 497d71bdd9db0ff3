"""In which settings the experiments of a store differ: the columns that tell rows of an export apart."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from mlplab.spec import Experiment
from mlplab.store.filtering import RunFilter
from mlplab.store.store import Store

Settings = dict[str, Any]
"""Values by their paths: a number, a truth value, a text, or a list as JSON."""


def differing_settings(store: Store, chosen: RunFilter) -> tuple[list[str], dict[str, list[Any]]]:
    """Return the settings in which the experiments of runs differ, and their values by experiment.

    Returns
    -------
    names : list of str
        Paths in the canonical form, such as `training.batch_size`, in their order.
    values : dict
        By the experiment's key the value of each; None where an experiment has no such setting.
    """
    shared: dict[int, Settings] = {}
    # Of each experiment by its key: the id of what it shares with others, and what is its own.
    own: dict[str, tuple[int, Settings]] = {}
    for number, key, base, text in store.specs(chosen):
        changes = json.loads(text)
        if base is not None and base not in shared:
            shared[base] = flat_settings(store.experiment(base))
        if base is not None and _are_plain(changes, shared[base]):
            own[key] = base, {path: _whole(value) for path, value in changes.items()}
        else:
            shared[number] = flat_settings(store.experiment(number))
            own[key] = number, {}
    used = {number for number, _ in own.values()}
    names = {path for number in used for path in shared[number]}
    first = shared[next(iter(used))] if used else {}
    differ = {path for path in names if any(_of(shared[n], path) != _of(first, path) for n in used)}
    differ |= {path for _, changes in own.values() for path in changes}
    values = {
        key: {path: changes.get(path, shared[number].get(path)) for path in differ}
        for key, (number, changes) in own.items()
    }
    ordered = sorted(path for path in differ if len({row[path] for row in values.values()}) > 1)
    return ordered, {key: [row[path] for path in ordered] for key, row in values.items()}


def flat_settings(experiment: Experiment) -> Settings:
    """Return an experiment's canonical form as values by their paths.

    Examples
    --------
    >>> flat_settings(Experiment(dataset="linear"))["training.optimizer.learning_rate"]
    0.01
    """
    return _flat(experiment.canonical(), "")


def _flat(table: Mapping[str, Any], place: str) -> Settings:
    settings: Settings = {}
    for name, value in table.items():
        if isinstance(value, Mapping):
            settings |= _flat(value, f"{place}{name}.")
        else:
            settings[place + name] = json.dumps(value) if isinstance(value, list) else value
    return settings


def _are_plain(changes: Mapping[str, Any], base: Settings) -> bool:
    """Tell whether changes only put numbers in the places of numbers: they are then settings as they are.

    A sweep has a great many of these, and to make an experiment of each would take minutes.
    """
    return all(_is_number(value) and _is_number(base.get(path)) for path, value in changes.items())


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _whole(value: float) -> float:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _of(settings: Settings, path: str) -> tuple[str, Any]:
    """Return a value that True and 1 do not share."""
    value = settings.get(path)
    return type(value).__name__, value
