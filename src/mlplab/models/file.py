"""A model in a file: safetensors, with all that is not an array as texts in its header."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from mlplab.errors import MlplabError, in_a_line, shown
from mlplab.models.model import Model, as_model
from mlplab.run import Run, Runs
from mlplab.run.tensor_file import damaged_file, list_of_text, read_tensors, tensor_bytes
from mlplab.spec import Experiment
from mlplab.staging import staged_file

FORMAT = 1
"""Version of the file. A change that this code could not read needs the next one."""

KIND = "model"
"""What the header calls it, so that a file of runs is not taken for one."""

_NAMES = ("feature_names", "label_names", "target_names")
_INPUTS = ("input_mean", "input_scale")
MOST_LAYERS = 10_000
"""So many layers may a file have: more is no network, but would take its time to refuse."""


def save(model: object, path: str | Path) -> None:
    """Write a model to a file: whole, or if that fails, not at all.

    Parameters
    ----------
    model : Model, Run, or an estimator
        An estimator has `to_model()`.
    path : str or Path
        Such as `rings.safetensors`.

    Raises
    ------
    MlplabError
        If it is something else, has no weights, or the file cannot be written.

    Examples
    --------
    >>> import tempfile, numpy as np
    >>> model = Model((np.array([[-1.0, 0.0], [0.0, 1.0]]),), (np.array([1.0, 0.0]),))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save(model, f"{folder}/line.safetensors")
    ...     load(f"{folder}/line.safetensors")
    <Model: 2 features, softmax of 2 classes, 6 parameters>
    """
    content = model_bytes(as_model(model))
    with staged_file(Path(path)) as staged:
        staged.write_bytes(content)


def model_bytes(model: Model) -> bytes:
    """Return the content of a model's file."""
    tensors: dict[str, NDArray[Any]] = {}
    for layer, (weights, biases) in enumerate(zip(model.weights, model.biases, strict=True)):
        tensors |= {f"layer{layer}.weights": weights, f"layer{layer}.biases": biases}
    tensors |= {n: getattr(model, n) for n in _INPUTS if getattr(model, n) is not None}
    words = {
        "kind": KIND,
        "activations": json.dumps(model.activations),
        "output_activation": model.output_activation,
        **{name: json.dumps(getattr(model, name)) for name in _NAMES},
        "seed": json.dumps(model.seed),
    }
    if model.experiment is not None:
        words["experiment"] = model.experiment.located(Path.cwd()).to_toml()
    return tensor_bytes(tensors, words, FORMAT)


def load(path: str | Path, seed: int | None = None) -> Model:
    """Read a model from the file that `save` wrote, or from a folder of runs.

    Nothing of a file is executed.

    Parameters
    ----------
    path : str or Path
        A file; or a folder, as `Runs.save` and `mlplab train` write it.
    seed : int, optional
        Of the run that is meant, where a folder has several that kept their weights.

    Raises
    ------
    MlplabError
        If it cannot be read, is damaged, is something else, or there is no run of this seed.
    """
    path = Path(path)
    try:
        is_folder = path.is_dir()
    except OSError as error:
        raise MlplabError(f"cannot read the {KIND} in '{path}': {in_a_line(error)}") from error
    if is_folder:
        return Model.from_run(_run_of_seed(Runs.load(path), seed, path))
    if seed is not None:
        raise MlplabError(f"a seed chooses a run of a folder, and '{path}' is a file of one model")
    words, tensors = read_tensors(path, KIND, FORMAT)
    try:
        return Model(**_fields(words, tensors, path))
    except KeyError as error:
        raise damaged_file(path, KIND, f"{error} is missing") from error
    except MlplabError as error:
        if str(path) in str(error):
            raise
        raise damaged_file(path, KIND, error) from error
    except (ValueError, RecursionError) as error:  # of JSON, or of a number of too many digits
        raise damaged_file(path, KIND, error) from error


def _fields(
    words: Mapping[str, str], tensors: Mapping[str, NDArray[Any]], path: Path
) -> dict[str, Any]:
    if words.get("kind") != KIND:
        hint = ""
        if "history.train_loss" in tensors:
            hint = f"; it holds runs: name its folder, '{path.parent}'"
        raise damaged_file(path, KIND, f"its kind must be '{KIND}', received {_kind(words)}{hint}")
    count = sum(name.endswith(".weights") for name in tensors)
    if count > MOST_LAYERS:
        raise damaged_file(path, KIND, f"it has {count:,} layers, at most {MOST_LAYERS:,} are read")
    return {
        "weights": tuple(tensors[f"layer{i}.weights"] for i in range(count)),
        "biases": tuple(tensors[f"layer{i}.biases"] for i in range(count)),
        "activations": tuple(list_of_text(words, "activations", path, KIND)),
        "output_activation": words["output_activation"],
        **{name: tuple(list_of_text(words, name, path, KIND)) for name in _NAMES},
        **{name: tensors.get(name) for name in _INPUTS},
        "experiment": _experiment(words, path),
        "seed": json.loads(words["seed"]),
    }


def _kind(words: Mapping[str, str]) -> str:
    return shown(words["kind"]) if "kind" in words else "none"


def _experiment(words: Mapping[str, str], path: Path) -> Experiment | None:
    if "experiment" not in words:
        return None
    return Experiment.from_toml_text(words["experiment"], source=str(path))


def _run_of_seed(runs: Runs, seed: int | None, folder: Path) -> Run:
    """Return the run that is meant."""
    seeds = runs.seed[runs.kept].tolist()
    if not seeds:
        raise MlplabError(f"none of the runs in '{folder}' kept its weights")
    few = f"{', '.join(map(str, seeds[:10]))}{', …' if len(seeds) > 10 else ''}"
    if seed is None and len(seeds) > 1:
        raise MlplabError(
            f"'{folder}' has {len(seeds)} runs with weights: choose one by its seed ({few})"
        )
    if seed is not None and seed not in seeds:
        raise MlplabError(
            f"'{folder}' has no run of seed {seed} with weights: there are those of the seeds {few}"
        )
    return runs[int(runs.kept[0 if seed is None else seeds.index(seed)])]
