"""A safetensors file of ours: arrays by name, texts by name, and the version of its format.

Reading one executes nothing: safetensors is numbers and a header in JSON, and no pickle.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save as as_safetensors

from mlplab.errors import MlplabError, in_a_line, shown

_DTYPES = {"F64", "F32", "F16", "I64", "I32", "I16", "I8", "U64", "U32", "U16", "U8", "BOOL"}
"""Of those that safetensors has, the ones that NumPy has, too."""

SURROGATE = re.compile("[\ud800-\udfff]")
"""Half of a character, which JSON can hold and no file of text."""

_MOST_DIMENSIONS = 8
"""Of an array of ours; NumPy has at most 64."""

_SAVES = {"runs": "saves them", "model": "saves it"}
"""What mlplab does to what a file holds."""


def tensor_bytes(
    tensors: Mapping[str, NDArray[Any]], words: Mapping[str, str], file_format: int
) -> bytes:
    """Return a file's content: arrays, and texts with the format and the version of mlplab.

    Parameters
    ----------
    tensors : mapping of str to ndarray
    words : mapping of str to str
    file_format : int
        A change that earlier code could not read needs the next one.
    """
    contiguous = {name: np.ascontiguousarray(array) for name, array in tensors.items()}
    about = {"format": str(file_format), "mlplab": version("mlplab")}
    return bytes(as_safetensors(contiguous, {**about, **words}))


def read_tensors(
    path: Path, what: str, newest_format: int | None
) -> tuple[dict[str, str], dict[str, NDArray[Any]]]:
    """Return the texts and the arrays of a file.

    Parameters
    ----------
    path : Path
    what : str
        What the file is to hold, `runs` or `model`, for messages.
    newest_format : int or None
        The newest that can be read; None of a file that is not of mlplab, and has no format.

    Raises
    ------
    MlplabError
        If the file cannot be read, is no safetensors file, is damaged, or is of a newer format.
    """
    try:
        with safe_open(path, framework="numpy") as file:
            words: dict[str, str] = file.metadata() or {}
            if newest_format is not None:
                _check_format(words, path, what, newest_format)
            names = list(file.keys())
            for name in names:
                _check_array(name, file.get_slice(name), path, what)
            return words, {name: file.get_tensor(name) for name in names}
    except FileNotFoundError as error:
        # safetensors raises it with nothing but a text, which has the path again.
        reason = "No such file or directory"
        raise MlplabError(f"cannot read the {what} in '{path}': {reason}") from error
    except OSError as error:
        raise MlplabError(f"cannot read the {what} in '{path}': {in_a_line(error)}") from error
    except SafetensorError as error:
        raise MlplabError(
            f"cannot read the {what} in '{path}': it is no safetensors file, or is damaged "
            f"({in_a_line(error)})"
        ) from error


def _check_array(name: str, described: Any, path: Path, what: str) -> None:
    """Refuse an array that NumPy cannot hold."""
    dtype, dimensions = described.get_dtype(), len(described.get_shape())
    if dtype not in _DTYPES:
        raise damaged_file(path, what, f"{shown(name)} is of the type {dtype}")
    if dimensions > _MOST_DIMENSIONS:
        raise damaged_file(path, what, f"{shown(name)} has {dimensions} dimensions")


def damaged_file(path: Path, what: str, reason: object) -> MlplabError:
    """Return the error that says why a file does not hold what it is to hold."""
    return MlplabError(f"'{path}' holds no {what} as mlplab {_SAVES[what]}: {reason}")


def _check_format(words: Mapping[str, str], path: Path, what: str, newest: int) -> None:
    if "format" not in words:
        raise damaged_file(path, what, "it says no format, so that it may be of another library")
    found = words["format"]
    if not (found.isascii() and found.isdecimal() and len(found) < 10):
        raise damaged_file(
            path, what, f"its format must be a whole number, received {shown(found)}"
        )
    if int(found) > newest:
        raise MlplabError(
            f"'{path}' was saved by a newer mlplab ({words.get('mlplab', 'of unknown version')}): its "
            f"format is {found}, and this mlplab ({version('mlplab')}) reads up to {newest}"
        )


def list_of_text(words: Mapping[str, str], name: str, path: Path, what: str) -> list[str]:
    """Return a list of texts that stands in a file's texts as JSON.

    Raises
    ------
    MlplabError
        If it is something else.
    KeyError
        If there is none of this name.
    """
    found = json.loads(words[name])
    if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
        raise damaged_file(path, what, f"{name} must be a list of texts, received {shown(found)}")
    if SURROGATE.search("".join(found)):
        raise damaged_file(path, what, f"{name} must be of characters, received {found!a}")
    return found
