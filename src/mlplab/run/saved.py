"""Runs in a folder: written, and read back exactly."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from dataclasses import fields
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import numpy as np
from numpy.typing import NDArray

from mlplab.errors import MlplabError, in_a_line, shown
from mlplab.run.ending import OF_LABELS, OF_TARGETS, TEXT_TYPES, Cause, Ending
from mlplab.run.frames import SCALARS, columns_of
from mlplab.run.history import History
from mlplab.run.metric import metric_columns
from mlplab.run.tensor_file import damaged_file, list_of_text, read_tensors, tensor_bytes
from mlplab.spec import Experiment
from mlplab.staging import errors_named

if TYPE_CHECKING:
    from mlplab.run.runs import Runs

FILE = "runs.safetensors"
"""What `read_runs` reads; the other files are for people."""

FILES = ("experiment.toml", "runs.csv", FILE)
"""What `write_runs` writes."""

FORMAT = 1
"""Version of that file. A change that this code could not read needs the next one."""

_ARRAYS = (*(name for name in SCALARS if name not in TEXT_TYPES), "predicted", "labelled", "kept")
"""Attributes of `Runs`; a file calls a metric by its own name, such as `test_accuracy`."""

_INPUTS = ("input_mean", "input_scale")
_WHOLE = ("seed", "updates")


def write_runs(runs: Runs, folder: Path) -> None:
    """Write `FILES` to a folder that exists, such as a stage; `Runs.save` says what is in them.

    Raises
    ------
    OSError
        If a file cannot be written; its `filename` says which.
    """
    experiment = runs.experiment.located(Path.cwd()).to_toml()
    described, table, everything = (folder / name for name in FILES)
    with errors_named(described), described.open("w", encoding="utf-8") as text:
        text.write(experiment)
    with errors_named(table):
        _write_table(runs, table)
    # safetensors' own writer does not say which error of the system stopped it.
    with errors_named(everything), everything.open("wb") as file:
        file.write(_content(runs, experiment))


def _write_table(runs: Runs, path: Path) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        columns = columns_of(runs)
        writer.writerow(columns)
        writer.writerows(zip(*(column.tolist() for column in columns.values()), strict=True))


def _content(runs: Runs, experiment: str) -> bytes:
    called = metric_columns(runs.metric)
    tensors = {called.get(name, name): getattr(runs, name) for name in _ARRAYS}
    history = runs.history.arrays().items()
    tensors |= {f"history.{called.get(name, name)}": array for name, array in history}
    tensors |= {name: getattr(runs, name) for name in _INPUTS if getattr(runs, name) is not None}
    for layer, (weights, biases) in enumerate(zip(runs.weights, runs.biases, strict=True)):
        tensors |= {f"layer{layer}.weights": weights, f"layer{layer}.biases": biases}
    words = {
        "experiment": experiment,
        "trainer": runs.trainer,
        "label_names": json.dumps(runs.label_names),
        "feature_names": json.dumps(runs.feature_names),
        "resplit_ratio": json.dumps(runs.resplit_ratio),
        **({"target_names": json.dumps(runs.target_names)} if runs.target_names else {}),
        **{name: json.dumps(getattr(runs, name).tolist()) for name in TEXT_TYPES},
    }
    return tensor_bytes(tensors, words, FORMAT)


def read_runs(folder: Path) -> dict[str, Any]:
    """Read what `write_runs` wrote to a folder, as the fields of `Runs` by their names.

    Raises
    ------
    MlplabError
        If the folder holds no runs, or their file cannot be read, is damaged, or is of a newer format.
    """
    path = folder / FILE
    try:
        if folder.is_file():
            raise MlplabError(
                f"'{folder}' is a file: runs are loaded from the folder they were saved to"
            )
        if not path.is_file():
            raise MlplabError(f"'{folder}' holds no runs: there is no file '{path}'")
    except OSError as error:
        raise MlplabError(f"cannot read the runs in '{path}': {in_a_line(error)}") from error
    words, tensors = read_tensors(path, "runs", FORMAT)
    try:
        return _fields(words, tensors, path)
    except KeyError as error:
        raise no_runs(path, f"{error} is missing") from error
    except (json.JSONDecodeError, RecursionError) as error:
        raise no_runs(path, error) from error


def no_runs(path: Path, reason: object) -> MlplabError:
    """Return the error that says why a file is none of runs."""
    return damaged_file(path, "runs", reason)


def _fields(
    words: Mapping[str, str], tensors: Mapping[str, NDArray[Any]], path: Path
) -> dict[str, Any]:
    layers = range(sum(name.endswith(".weights") for name in tensors))
    experiment = Experiment.from_toml_text(words["experiment"], source=str(path))
    has_targets = experiment.dataset.has_targets
    labels = () if has_targets else _names(words, "label_names", path)
    targets = _names(words, "target_names", path) if has_targets else ()
    features = _names(words, "feature_names", path)
    sizes = experiment.layer_sizes(len(features), len(labels) or len(targets))
    metric = experiment.head.metric_name
    called = metric_columns(metric)
    in_file = {name: called[name] for name in ("train_metric", "test_metric")}
    for name in ("train_metric", "validation_metric"):
        in_file[f"history.{name}"] = f"history.{called[name]}"
    _check_arrays(tensors, in_file, sizes, len(labels), path)
    tensors = {**tensors, **{name: tensors[own] for name, own in in_file.items()}}
    history = {name: tensors[f"history.{name}"] for name in _of_history(tensors)}
    return {
        "experiment": experiment,
        "trainer": words["trainer"],
        "label_names": labels,
        "feature_names": features,
        "target_names": targets,
        "resplit_ratio": _ratio(words, path),
        "weights": tuple(tensors[f"layer{i}.weights"] for i in layers),
        "biases": tuple(tensors[f"layer{i}.biases"] for i in layers),
        "history": History(**history, metric=metric),
        **{name: tensors[name] for name in _ARRAYS},
        **{name: tensors.get(name) for name in _INPUTS},
        **_endings(words, has_targets, path),
    }


def _of_history(tensors: Mapping[str, NDArray[Any]]) -> list[str]:
    """Return the names of a history's arrays; of penalties only where there are some."""
    names = {f.name: f.default is not None for f in fields(History) if f.name != "metric"}
    return [name for name, needed in names.items() if needed or f"history.{name}" in tensors]


def _check_arrays(
    tensors: Mapping[str, NDArray[Any]],
    in_file: Mapping[str, str],
    sizes: tuple[int, ...],
    classes: int,
    path: Path,
) -> None:
    """Refuse arrays of another kind or shape than runs of a network of these sizes have.

    `in_file` says what a file calls an array, where that is not the name of the field.
    """
    wanted: dict[str, tuple[str, tuple[int, ...]]] = {
        "kept": ("i", ()),
        "predicted": ("i", (classes,)),
        "labelled": ("i", (classes or 1,)),
        **{
            name: ("i" if name in _WHOLE else "f", ()) for name in SCALARS if name not in TEXT_TYPES
        },
        **{name: ("f", (sizes[0],)) for name in _INPUTS if name in tensors},
    }
    epochs = tensors["history.train_loss"].shape[1:2]
    wanted |= {f"history.{name}": ("f", epochs or (1,)) for name in _of_history(tensors)}
    for layer, (inputs, outputs) in enumerate(pairwise(sizes)):
        wanted[f"layer{layer}.weights"] = ("f", (outputs, inputs))
        wanted[f"layer{layer}.biases"] = ("f", (outputs,))
    for field, (kind, shape) in wanted.items():
        name = in_file.get(field, field)
        array = tensors[name]
        if array.dtype.kind != kind or array.ndim != 1 + len(shape) or array.shape[1:] != shape:
            what = "whole numbers" if kind == "i" else "floating-point numbers"
            needed = f"(rows, {', '.join(map(str, shape))})" if shape else "(rows,)"
            raise no_runs(
                path,
                f"{name} must be {what} of shape {needed}, received {array.dtype} {array.shape}",
            )


def _names(words: Mapping[str, str], name: str, path: Path) -> tuple[str, ...]:
    texts = list_of_text(words, name, path, "runs")
    if not texts:
        raise no_runs(path, f"{name} must not be empty")
    return tuple(texts)


def _endings(
    words: Mapping[str, str], has_targets: bool, path: Path
) -> dict[str, NDArray[np.str_]]:
    """Return how runs ended and what ended them, after a check that there are such words."""
    of_others = OF_LABELS if has_targets else OF_TARGETS
    known = {"ending": get_args(Ending), "cause": set(get_args(Cause)) - of_others}
    found = {name: list_of_text(words, name, path, "runs") for name in TEXT_TYPES}
    for name, texts in found.items():
        for text in texts:
            if text not in known[name]:
                raise no_runs(
                    path, f"{name} must be one of those of such runs, received {shown(text)}"
                )
    return {name: np.array(texts, TEXT_TYPES[name]) for name, texts in found.items()}


def _ratio(words: Mapping[str, str], path: Path) -> float | None:
    found = json.loads(words["resplit_ratio"])
    if found is not None and not (type(found) in (int, float) and 0 < found < float("inf")):
        raise no_runs(path, f"resplit_ratio must be a number above 0, received {shown(found)}")
    return None if found is None else float(found)
