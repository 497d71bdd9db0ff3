"""Files of other libraries as models, told apart by how their names end."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from mlplab.errors import MlplabError, shown
from mlplab.models.answers import Answers
from mlplab.models.keras_file import read_keras
from mlplab.models.model import Model
from mlplab.models.state_dict import OF_TORCH, read_state_dict

_REFUSED = {
    ".onnx": "ONNX is written and not read: import what it was made from",
    ".h5": "this is Keras's older format: save the model as .keras",
    ".hdf5": "this is Keras's older format: save the model as .keras",
    ".pkl": "a pickle may execute anything: in Python, mlplab.models.from_sklearn(estimator) is the way",
    ".joblib": "it may execute anything: in Python, mlplab.models.from_sklearn(estimator) is the way",
}
"""Why some files are not read, by their endings."""


def import_file(
    path: str | Path,
    activations: Sequence[str] | str | None = None,
    answers: Answers | None = None,
) -> Model:
    """Read a file of another library; nothing of it is executed.

    Parameters
    ----------
    path : str or Path
        `.keras`; or a state_dict of PyTorch, `.safetensors`, `.pt` or `.pth`.
    activations : sequence of str, or str, optional
        Of a state_dict: of each hidden layer, or one name for all.
    answers : Answers, optional
        What the file does not say: names, and of a state_dict the output activation.

    Raises
    ------
    MlplabError
        If the file cannot be read, or is something else.
    MissingExtraError
        If a library that is needed is not installed.
    """
    path = Path(path)
    check_importable(path)
    suffix = path.suffix.lower()
    if suffix == ".keras":
        if activations is not None:
            raise MlplabError(
                f"activations do not apply to '{path}', which has its own, received "
                f"{shown(activations)}"
            )
        return read_keras(path, answers)
    return read_state_dict(path, () if activations is None else activations, answers)


def check_importable(path: Path) -> None:
    """Refuse a file of another library that is not read, by how its name ends.

    Raises
    ------
    MlplabError
    """
    suffix = path.suffix.lower()
    if suffix in _REFUSED:
        raise MlplabError(f"'{path}' cannot be imported: {_REFUSED[suffix]}")
    if suffix not in (".keras", ".safetensors", *OF_TORCH):
        raise MlplabError(
            f"'{path}' cannot be imported: .keras, .safetensors, .pt and .pth are read, received "
            f"'{path.suffix}'"
        )
