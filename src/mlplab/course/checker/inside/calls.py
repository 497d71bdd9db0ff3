"""What the student's code is asked to do: one function for each kind of question.

Each returns plain data: what came back, or which error was raised. An error in one call leaves the
others alone.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import os
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np

from .faults import describe_error
from .messages import NUMBERS

MODULE = "mlp"
LARGEST = 2**22
"""Bytes of an array that is passed on; right answers have some thousand."""

MOST_TEXT = 2**18
"""Characters of what `evaluate` prints that are passed on, the last ones."""

GRADIENT_METHODS = ("backpropagation", "backprop", "backward", "gradients", "gradient")


def load(folder: Path) -> dict[str, Any]:
    """Import the student's file, and say whether the two names of the lab are there."""
    return _in_module(folder, lambda module: {"names": sorted(vars(module))})


def activation(folder: Path, calls: list[dict[str, Any]]) -> dict[str, Any]:
    """Call `activation(x, name)` for each of `calls`."""

    def ask(module: ModuleType) -> dict[str, Any]:
        answers = [_attempt(folder, module.activation, call["x"], call["name"]) for call in calls]
        return {"answers": answers}

    return _in_module(folder, ask)


def counts(folder: Path, networks: list[dict[str, Any]]) -> dict[str, Any]:
    """Set up each network, and return its `hidden_layers` and its `N`."""

    def ask(module: ModuleType) -> dict[str, Any]:
        answers = []
        for network in networks:
            ready = _attempt_raw(folder, _set_up, module, network)
            if "fault" in ready:
                answers.append(ready)
                continue
            answers.append(
                {
                    name: _attempt(folder, getattr, ready["value"], name)
                    for name in ("hidden_layers", "N")
                }
            )
        return {"answers": answers}

    return _in_module(folder, ask)


def feedforward(
    folder: Path, network: dict[str, Any], points: list[np.ndarray[Any, Any]]
) -> dict[str, Any]:
    """Call `feedforward(x)` for each x; return the network's and the points' arrays afterwards, too."""

    def ask(module: ModuleType) -> dict[str, Any]:
        mlp = _set_up(module, network)
        answers, seconds = [], []
        for x in points:
            began = time.perf_counter()
            answers.append(_attempt(folder, mlp.feedforward, x))
            seconds.append(time.perf_counter() - began)
        after = {"points": points, "W": network["W"], "b": network["b"]}
        return {"answers": answers, "after": after, "seconds": seconds}

    return _in_module(folder, ask)


def evaluate(folder: Path, network: dict[str, Any]) -> dict[str, Any]:
    """Call `evaluate()`; return what it printed and returned, and the outputs on all points."""

    def ask(module: ModuleType) -> dict[str, Any]:
        mlp = _set_up(module, network)
        printed = io.StringIO()
        _quieten(mlp)
        with contextlib.redirect_stdout(printed):
            returned = _attempt_raw(folder, mlp.evaluate)
        outputs = {
            name: _attempt(folder, mlp.feedforward, network["dataset"][name])
            for name in ("x_train", "x_valid", "x_test")
        }
        found = {"printed": printed.getvalue()[-MOST_TEXT:], "outputs": outputs}
        if "fault" in returned:
            return found | returned
        return found | {"returned": _numbers_by_name(returned["value"])}

    return _in_module(folder, ask)


def variables(folder: Path, names: list[str]) -> dict[str, Any]:
    """Return the values of variables: of `task3.py` where it is there, else of the student's module."""
    module = "task3" if (folder / "task3.py").is_file() else MODULE

    def ask(module: ModuleType) -> dict[str, Any]:
        there = [name for name in names if hasattr(module, name)]
        return {name: describe_value(getattr(module, name)) for name in there}

    return _in_module(folder, ask, module)


def gradients(folder: Path, network: dict[str, Any], x: Any, y: Any) -> dict[str, Any]:
    """Call the student's backpropagation with points and one-hot labels, where there is one.

    It is a method of `MLP` with one of the `GRADIENT_METHODS`' names, which returns two lists: dL/dW and
    dL/db of each layer.
    """

    def ask(module: ModuleType) -> dict[str, Any]:
        network_class = getattr(module, "MLP", None)
        found = [name for name in GRADIENT_METHODS if hasattr(network_class, name)]
        if not found:
            return {"method": None}
        mlp = _set_up(module, network)
        answer = _attempt_raw(folder, getattr(mlp, found[0]), x, y)
        if "fault" in answer:
            return answer | {"method": found[0]}
        value = answer["value"]
        if not isinstance(value, tuple | list) or len(value) != 2:
            return {"method": found[0], "other": describe_value(value)}
        weights, biases = ([describe_value(part) for part in parts] for parts in value)
        return {"method": found[0], "weights": weights, "biases": biases}

    return _in_module(folder, ask)


ACTIONS: dict[str, Callable[..., dict[str, Any]]] = {
    "load": load,
    "activation": activation,
    "counts": counts,
    "feedforward": feedforward,
    "evaluate": evaluate,
    "variables": variables,
    "gradients": gradients,
}


def describe_value(value: Any) -> dict[str, Any]:
    """Return numbers as an array, and of anything else what it is.

    Examples
    --------
    >>> describe_value([[1, 2]]), describe_value(None), describe_value("0.5")
    ({'array': array([[1, 2]])}, {'other': 'None'}, {'other': 'str'})
    """
    if value is Ellipsis or value is NotImplemented:
        return {"fault": {"kind": "unwritten", "type": repr(value), "message": ""}}
    if value is None or isinstance(value, str | bytes | dict | set):
        return {"other": "None" if value is None else type(value).__name__}
    try:
        array = np.asarray(value)
        if array.dtype == object:
            array = array.astype(float)
    except (TypeError, ValueError, OverflowError):
        return {"other": f"{type(value).__name__} of unequal or other things"}
    if array.dtype.kind not in NUMBERS or array.nbytes > LARGEST:
        return {"other": f"array of {array.dtype}, shape {array.shape}"}
    exotic = array.dtype.kind == "f" and array.dtype.itemsize not in (4, 8)
    return {"array": array.astype(float) if exotic else array}


def _in_module(
    folder: Path, ask: Callable[[ModuleType], dict[str, Any]], name: str = MODULE
) -> dict[str, Any]:
    """Import the student's module and ask; an error on the way is the answer."""
    try:
        module = importlib.import_module(name)
    except BaseException as error:  # noqa: BLE001  # whatever a student's file raises, sys.exit too
        return {"fault": describe_error(error, folder) | {"when": "import"}}
    try:
        return ask(module)
    except BaseException as error:  # noqa: BLE001  # the same
        return {"fault": describe_error(error, folder)}


def _attempt_raw(folder: Path, call: Callable[..., Any], *arguments: Any) -> dict[str, Any]:
    try:
        return {"value": call(*arguments)}
    except BaseException as error:  # noqa: BLE001  # the same
        return {"fault": describe_error(error, folder)}


def _attempt(folder: Path, call: Callable[..., Any], *arguments: Any) -> dict[str, Any]:
    answer = _attempt_raw(folder, call, *arguments)
    return answer if "fault" in answer else describe_value(answer["value"])


def _set_up(module: ModuleType, network: dict[str, Any]) -> Any:
    mlp = module.MLP(SimpleNamespace(**network["dataset"]))
    mlp.setup_model(network["W"], network["b"], network["activation"])
    return mlp


def _quieten(mlp: Any) -> None:
    """Let what `feedforward` prints vanish: it is not what `evaluate` says, and may be very much."""
    original = mlp.feedforward

    def feedforward(*arguments: Any, **named: Any) -> Any:
        with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere):
            return original(*arguments, **named)

    with contextlib.suppress(AttributeError):  # an object may have no room for it
        mlp.feedforward = feedforward


def _numbers_by_name(value: Any) -> list[list[Any]]:
    """Return the numbers that `evaluate` returned, each with the words by which it can be found.

    Examples
    --------
    >>> _numbers_by_name({"train": {"loss": 0.5}}), _numbers_by_name((0.5, [0.9]))
    ([['train loss', 0.5]], [['', 0.5], ['', 0.9]])
    """
    if isinstance(value, dict):
        pairs = [
            (f"{key} {name}".strip(), number)
            for key, part in value.items()
            for name, number in _numbers_by_name(part)
        ]
        return [[name, number] for name, number in pairs]
    if isinstance(value, tuple | list):
        return [pair for part in value for pair in _numbers_by_name(part)]
    array = describe_value(value).get("array", np.zeros(0))
    return [["", float(number)] for number in array.reshape(-1)[:100]]
