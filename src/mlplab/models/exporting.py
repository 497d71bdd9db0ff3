"""Formats that a model is written in, by their names."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from mlplab.errors import MlplabError, suggestion
from mlplab.models.c_code import c_code, c_name
from mlplab.models.file import model_bytes
from mlplab.models.javascript_code import javascript_code
from mlplab.models.keras_file import keras_bytes
from mlplab.models.model import Model, as_model
from mlplab.models.numpy_code import numpy_code
from mlplab.models.onnx_file import onnx_bytes
from mlplab.models.state_dict import state_dict_bytes
from mlplab.staging import staged_file


class ExportFormat(NamedTuple):
    """A format.

    Attributes
    ----------
    suffix : str
        How a file's name ends if nothing else is said.
    about : str
        What the file is, for help texts.
    content : callable
        Returns what the file holds, given the model and the file's path.
    """

    suffix: str
    about: str
    content: Callable[[Model, Path], bytes]


def _numpy(model: Model, path: Path) -> bytes:
    return numpy_code(model).encode()


def _c(model: Model, path: Path) -> bytes:
    return c_code(model, c_name(path.stem)).encode()


def _javascript(model: Model, path: Path) -> bytes:
    return javascript_code(model).encode()


def _model(model: Model, path: Path) -> bytes:
    return model_bytes(model)


def _onnx(model: Model, path: Path) -> bytes:
    return onnx_bytes(model)


def _keras(model: Model, path: Path) -> bytes:
    return keras_bytes(model)


EXPORT_FORMATS: dict[str, ExportFormat] = {
    "model": ExportFormat(".safetensors", "mlplab's own file", _model),
    "keras": ExportFormat(".keras", "a model of Keras 3", _keras),
    "onnx": ExportFormat(".onnx", "ONNX", _onnx),
    "torch": ExportFormat("-state-dict.safetensors", "a state_dict of PyTorch", state_dict_bytes),
    "numpy": ExportFormat(".py", "Python that needs nothing but NumPy", _numpy),
    "c": ExportFormat(".h", "one header in C99", _c),
    "js": ExportFormat(".mjs", "a JavaScript module, for browsers and Node", _javascript),
}
"""Formats by the names that `export` and the command line take."""

OF_SKLEARN = ("sklearn", "scikit-learn")
"""What is asked for in vain, and is nearest to `keras`."""


def export_format(name: str) -> ExportFormat:
    """Return a format by its name.

    Raises
    ------
    MlplabError
        If there is none of this name.
    """
    if name in OF_SKLEARN:
        raise MlplabError(
            "scikit-learn keeps its networks as pickles, which are not written: in Python, "
            "mlplab.models.to_sklearn(mlplab.models.load(path)) gives one"
        )
    if name not in EXPORT_FORMATS:
        raise MlplabError(f"unknown format '{name}'; {suggestion(name, EXPORT_FORMATS)}")
    return EXPORT_FORMATS[name]


def export(model: object, path: str | Path, to: str) -> None:
    """Write a model in a format of others: whole, or if that fails, not at all.

    Parameters
    ----------
    model : Model, Run, or an estimator
    path : str or Path
    to : str
        A key of `EXPORT_FORMATS`.

    Raises
    ------
    MlplabError
        If the format is unknown, the model cannot be written in it, or the file cannot be written.
    MissingExtraError
        If the library whose format it is is not installed.
    """
    path = Path(path)
    content = export_format(to).content(as_model(model), path)
    with staged_file(path) as staged:
        staged.write_bytes(content)
