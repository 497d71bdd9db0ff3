"""What the student's code is asked to do: one function for each kind of question.

Each returns plain data: what came back, or which error was raised. An error in one call leaves the
others alone.
"""

from __future__ import annotations

import ast
import contextlib
import importlib
import io
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

from .faults import describe_error
from .values import changed_names, copied, describe_value, numbers_by_name

MODULE = "mlp"
MOST_TEXT = 2**18
"""Characters of what `evaluate` prints that are passed on, the last ones."""

GRADIENT_METHODS = ("backpropagation", "backprop", "backward", "gradients", "gradient")


def load(folder: Path, file: str = f"{MODULE}.py") -> dict[str, Any]:
    """Import the student's file, and say which names are there."""
    name = file.removesuffix(".py")
    return _in_module(folder, lambda module: {"names": sorted(vars(module))}, name)


def call(folder: Path, file: str, code: str, drawn: list[dict[str, Any]]) -> dict[str, Any]:
    """Run lines with the names of the student's file; return what the last one gives.

    Parameters
    ----------
    folder : Path
    file : str
        The student's.
    code : str
        The last line is an expression.
    drawn : list of dict
        Values by the names that they have in the lines, which are run once for each.
    """
    *lines, last = ast.parse(code).body
    doing = compile(ast.Module(lines, []), "test", "exec")
    asking = compile(ast.Expression(getattr(last, "value")), "test", "eval")  # noqa: B009  # an expression's

    def run(module: ModuleType, values: dict[str, Any]) -> Any:
        names = {**vars(module), **copied(values)}
        exec(doing, names)  # noqa: S102  # what the teacher wrote
        return eval(asking, names)  # noqa: S307  # the same

    def ask(module: ModuleType) -> dict[str, Any]:
        return {"answers": [_attempt(folder, run, module, values) for values in drawn]}

    return _in_module(folder, ask, file.removesuffix(".py"))


def activation(folder: Path, calls: list[dict[str, Any]]) -> dict[str, Any]:
    """Call `activation(x, name)` for each of `calls`; say whether x is as before."""

    def ask(module: ModuleType) -> dict[str, Any]:
        answers = []
        for call in calls:
            x = call["x"].copy()
            answer = _attempt(folder, module.activation, x, call["name"])
            answers.append(answer | {"changed": changed_names({"x": call["x"]}, {"x": x})})
        return {"answers": answers}

    return _in_module(folder, ask)


def counts(folder: Path, networks: list[list[dict[str, Any]]]) -> dict[str, Any]:
    """Return `hidden_layers` and `N` of networks; those of one list are set up in turn on one object."""

    def ask(module: ModuleType) -> dict[str, Any]:
        answers = []
        for group in networks:
            made = _attempt_raw(folder, module.MLP, SimpleNamespace(**group[0]["dataset"]))
            for network in group:
                if "fault" not in made:
                    given = _attempt_raw(folder, _give_weights, made["value"], network)
                    made |= given if "fault" in given else {}
                if "fault" in made:
                    answers.append({"fault": made["fault"]})
                    continue
                names = ("hidden_layers", "N")
                answers.append({n: _attempt(folder, getattr, made["value"], n) for n in names})
        return {"answers": answers}

    return _in_module(folder, ask)


def feedforward(
    folder: Path,
    networks: list[dict[str, Any]],
    single_points: bool = False,
    second_call: bool = False,
) -> dict[str, Any]:
    """Call `feedforward(x)` of each network, one after the other in one process.

    Parameters
    ----------
    folder : Path
    networks : list of dict
        Each with its points `x`.
    single_points : bool
        Whether each point of the first network is asked for by itself too, of a network set up again.
    second_call : bool
        Whether to call a second time.
    """

    def one(module: ModuleType, network: dict[str, Any]) -> dict[str, Any]:
        given = copied(network)
        mlp = _set_up(module, given)
        began = time.process_time()
        answer = _attempt(folder, mlp.feedforward, given["x"])
        answer["seconds"] = time.process_time() - began
        if second_call:
            answer["second_call"] = _attempt(folder, mlp.feedforward, network["x"].copy())
        return answer | {"changed": changed_names(network, given)}

    def ask(module: ModuleType) -> dict[str, Any]:
        first, *others = networks
        answers = [one(module, first)]
        rows = range(len(first["x"]) if single_points else 0)
        points = [first | {"x": first["x"][i : i + 1]} for i in rows]
        singles = [_flattened(_attempt_raw(folder, one, module, point)) for point in points]
        answers += [_flattened(_attempt_raw(folder, one, module, network)) for network in others]
        return {
            "answers": answers,
            "single_points": singles,
            "reimported": _reimported(folder, one, others),
        }

    return _in_module(folder, ask)


def evaluate(folder: Path, networks: list[dict[str, Any]]) -> dict[str, Any]:
    """Call `evaluate()` of each network; return what it printed and returned, and all outputs."""
    # The same for all networks: a log goes on writing into the stream that it found first.
    printed, errors = io.StringIO(), io.StringIO()

    def one(module: ModuleType, network: dict[str, Any]) -> dict[str, Any]:
        given = copied(network)
        dataset = SimpleNamespace(**given["dataset"])
        mlp = _set_up(module, given, dataset)
        _quieten(mlp)
        for stream in (printed, errors):
            stream.seek(0)
            stream.truncate()
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(errors):
            returned = _attempt_raw(folder, mlp.evaluate)
        changed = changed_names(network["dataset"], vars(dataset))
        points = {name: network["dataset"][name] for name in ("x_train", "x_valid", "x_test")}
        copies = copied(points)
        found = {
            "printed": printed.getvalue()[-MOST_TEXT:],
            "printed_as_error": errors.getvalue()[-MOST_TEXT:],
            "changed": changed,
            "outputs": {name: _attempt(folder, mlp.feedforward, x) for name, x in copies.items()},
            "changed_by_feedforward": bool(changed_names(points, copies)),
        }
        if "fault" in returned:
            return found | returned
        return found | {"returned": numbers_by_name(returned["value"])}

    def ask(module: ModuleType) -> dict[str, Any]:
        first, *others = networks
        answers = [one(module, first)]
        answers += [_flattened(_attempt_raw(folder, one, module, network)) for network in others]
        return {"answers": answers, "reimported": _reimported(folder, one, others)}

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
    "call": call,
    "activation": activation,
    "counts": counts,
    "feedforward": feedforward,
    "evaluate": evaluate,
    "variables": variables,
    "gradients": gradients,
}


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


def _flattened(attempt: dict[str, Any]) -> dict[str, Any]:
    """Return the answer within an attempt, or its error."""
    flat: dict[str, Any] = attempt.get("value", attempt)
    return flat


def _reimported(
    folder: Path,
    call: Callable[[ModuleType, dict[str, Any]], dict[str, Any]],
    networks: list[dict[str, Any]],
) -> list[dict[str, Any]]:
    """Call for each network with the module imported again, in which nothing is kept from before."""
    return [
        _flattened(_attempt_raw(folder, lambda network: call(_import_again(), network), network))
        for network in networks
    ]


def _import_again() -> ModuleType:
    kept = sys.modules.pop(MODULE)
    try:
        return importlib.import_module(MODULE)
    finally:
        sys.modules[MODULE] = kept


def _set_up(
    module: ModuleType, network: dict[str, Any], dataset: SimpleNamespace | None = None
) -> Any:
    mlp = module.MLP(dataset or SimpleNamespace(**network["dataset"]))
    _give_weights(mlp, network)
    return mlp


def _give_weights(mlp: Any, network: dict[str, Any]) -> None:
    """Set a network up; where no activation is given, as task 3 does it: `setup_model(W, b)`."""
    given = (network["activation"],) if "activation" in network else ()
    mlp.setup_model(network["W"], network["b"], *given)


def _quieten(mlp: Any) -> None:
    """Let what `feedforward` prints vanish: it is not what `evaluate` says, and may be very much."""
    original = mlp.feedforward

    def feedforward(*arguments: Any, **named: Any) -> Any:
        with (
            open(os.devnull, "w", encoding="utf-8") as nowhere,
            contextlib.redirect_stdout(nowhere),
            contextlib.redirect_stderr(nowhere),
        ):
            return original(*arguments, **named)

    with contextlib.suppress(AttributeError):  # an object may have no room for it
        mlp.feedforward = feedforward
