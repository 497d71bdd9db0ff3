"""Weights as PyTorch calls them, a `state_dict` of linear layers: in safetensors, or by torch."""

from __future__ import annotations

import io
import pickle
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save as as_safetensors

from mlplab.errors import MlplabError, in_a_line, shown
from mlplab.models.answers import Answers
from mlplab.models.file import KIND
from mlplab.models.model import Model
from mlplab.run.history import Float
from mlplab.run.tensor_file import read_tensors

OF_TORCH = (".pt", ".pth")
"""How files end that torch itself writes and reads; `weights_only` keeps these pickles from executing."""


def state_dict_bytes(model: Model, path: Path) -> bytes:
    """Return a state_dict as `nn.Sequential(Linear, activation, Linear, …)` loads it.

    It has no place for the scaling of features: where there is one, it is worked into the first layer,
    which then takes features as they were measured: W' = W / scale, b' = b - W' mean.

    Parameters
    ----------
    model : Model
    path : Path
        Ends in `.pt` or `.pth`: as torch saves it; else in safetensors, which needs no torch.

    Raises
    ------
    MlplabError
        If torch is needed and not installed, or weights with the scaling in them are not finite.
    """
    weights, biases = list(model.weights), list(model.biases)
    if model.input_mean is not None and model.input_scale is not None:
        with np.errstate(over="ignore", invalid="ignore"):
            first = weights[0] / model.input_scale
            weights[0] = first.astype(model.dtype)
            biases[0] = (biases[0] - first @ model.input_mean).astype(model.dtype)
        if not (np.isfinite(weights[0]).all() and np.isfinite(biases[0]).all()):
            raise MlplabError(
                "a state_dict has no place for the scaling of features, and weights that were divided "
                f"by it are too large for {model.dtype}"
            )
    arrays: dict[str, Float] = {}
    for i, (w, b) in enumerate(zip(weights, biases, strict=True)):
        arrays |= {f"{2 * i}.weight": np.ascontiguousarray(w), f"{2 * i}.bias": b}
    if path.suffix.lower() not in OF_TORCH:
        return bytes(as_safetensors(arrays))
    torch = _torch("writing")
    content = io.BytesIO()
    torch.save({name: torch.from_numpy(array.copy()) for name, array in arrays.items()}, content)
    return content.getvalue()


def read_state_dict(
    path: str | Path, activations: Sequence[str] | str, answers: Answers | None = None
) -> Model:
    """Read the linear layers of a state_dict.

    Parameters
    ----------
    path : str or Path
        Of `.pt` and `.pth`, torch reads weights only; all else is read as safetensors.
    activations : sequence of str, or str
        Of each hidden layer, or one name for all: a state_dict does not say them.
    answers : Answers
        With the output activation, which it does not say either.

    Raises
    ------
    MlplabError
        If the file cannot be read, holds something else than linear layers that fit together, or torch
        is needed and not installed.
    """
    path, answers = Path(path), answers or Answers()
    found = _of_torch(path) if path.suffix.lower() in OF_TORCH else _of_safetensors(path)
    weights, biases = _layers(found, path)
    hidden = [activations] * (len(weights) - 1) if isinstance(activations, str) else activations
    if len(hidden) != len(weights) - 1:
        raise not_read(
            path,
            f"it has {len(weights) - 1} hidden layers, and each needs an activation, received "
            f"{shown(list(hidden))}: say one for all or one for each (`mlplab import`: --activation)",
        )
    if answers.output_activation is None:
        raise not_read(
            path,
            "the output activation is not in the file: say softmax, sigmoid or linear "
            "(`mlplab import`: --output)",
        )
    try:
        return answers.model(weights, biases, [*hidden, "linear"])
    except MlplabError as error:
        raise not_read(path, error) from error


def not_read(path: Path, reason: object) -> MlplabError:
    """Return the error that says why a file is not read as a state_dict."""
    return MlplabError(f"'{path}' cannot be read as a state_dict: {in_a_line(reason)}")


def _of_safetensors(path: Path) -> dict[str, NDArray[Any]]:
    """Return the arrays in the order of their names, in which numbers count as numbers."""
    words, arrays = read_tensors(path, "model", None)
    if words.get("kind") == KIND:
        raise not_read(path, "it is a model of mlplab already")

    def order(name: str) -> list[tuple[bool, int, str]]:
        parts = re.split(r"(\d{1,15})", name)
        return [(part.isdecimal(), int(part) if part.isdecimal() else 0, part) for part in parts]

    return {name: arrays[name] for name in sorted(arrays, key=order)}


def _of_torch(path: Path) -> dict[str, NDArray[Any]]:
    torch = _torch("reading")
    try:
        found = torch.load(path, map_location="cpu", weights_only=True)
    # What torch raises of files that are damaged, or ask for more than weights.
    except (
        *(OSError, EOFError, ValueError, RuntimeError, KeyError, TypeError, AttributeError),
        *(IndexError, AssertionError, pickle.UnpicklingError),
    ) as error:
        raise not_read(path, error) from error
    if not isinstance(found, Mapping):
        raise not_read(path, f"a table of arrays was expected, received {shown(type(found))}")
    arrays = {}
    for name, tensor in found.items():
        if not isinstance(name, str) or not isinstance(tensor, torch.Tensor):
            raise not_read(path, f"a table of arrays was expected, received {shown(name)} in it")
        if tensor.layout != torch.strided or tensor.dtype not in (
            *(torch.float16, torch.float32, torch.float64),
        ):
            raise not_read(path, f"{shown(name)} must be of floating-point numbers")
        arrays[name] = tensor.detach().numpy()
    return arrays


def _torch(what: str) -> Any:
    try:
        import torch
    except ImportError as error:
        raise MlplabError(
            f"{what} .pt needs torch, which is not installed: install it, or keep the state_dict in "
            "safetensors (safetensors.torch.save_file)"
        ) from error
    return torch


def _layers(
    arrays: Mapping[str, NDArray[Any]], path: Path
) -> tuple[tuple[Float, ...], tuple[Float, ...]]:
    """Return W and b of each layer; a layer without biases has zeros."""
    weights: dict[str, Float] = {}
    biases: dict[str, Float] = {}
    for name, array in arrays.items():
        layer, _, kind = name.rpartition(".")
        if array.dtype.kind != "f" or (kind, array.ndim) not in (("weight", 2), ("bias", 1)):
            raise not_read(
                path,
                f"{shown(name)}, {array.dtype} of shape {array.shape}, is no weight (outputs, inputs) "
                "and no bias (outputs,) of a linear layer",
            )
        (weights if kind == "weight" else biases)[layer] = array.astype(
            np.float64 if array.dtype == np.float64 else np.float32
        )
    for layer in biases.keys() - weights.keys():
        raise not_read(path, f"the layer {shown(layer)} has a bias and no weight")
    if not weights:
        raise not_read(path, "there is no layer in it")
    inputs = None
    for layer, w in weights.items():
        if inputs not in (None, w.shape[1]):
            raise not_read(
                path,
                f"the layer {shown(layer)} takes {w.shape[1]} numbers, and the one before it gives "
                f"{inputs}: layers are read in the order {', '.join(map(shown, weights))}",
            )
        inputs = w.shape[0]
    zeros = {layer: np.zeros(len(w), w.dtype) for layer, w in weights.items()}
    return tuple(weights.values()), tuple(biases.get(layer, zeros[layer]) for layer in weights)
