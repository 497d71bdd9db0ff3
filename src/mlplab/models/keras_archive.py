"""A `.keras` file as its description and its arrays: a zip of JSON and HDF5.

It is read without Keras, so that nothing of a file can be executed: Keras would look up classes and
functions by the names that the file says. Here names are texts, and those that are not known are refused.
"""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from mlplab.errors import MissingExtraError, MlplabError, in_a_line, shown
from mlplab.run.history import Float
from mlplab.zip_errors import ZIP_ERRORS

CONFIG, WEIGHTS = "config.json", "model.weights.h5"
MOST_CONFIG, MOST_WEIGHTS = 2**24, 2**30
"""Bytes that are read at most: a small zip can hold a huge file."""


def not_keras(path: Path, reason: object) -> MlplabError:
    """Return the error that says why a file is not read as Keras's."""
    return MlplabError(f"'{path}' cannot be read as a .keras file: {in_a_line(reason)}")


def read_archive(path: Path) -> tuple[dict[str, Any], bytes]:
    """Return the description of a model, and the content of its file of weights.

    Raises
    ------
    MlplabError
        If the file cannot be read, or is not as Keras 3 saves models.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            config = _member(archive, CONFIG, MOST_CONFIG, path)
            weights = _member(archive, WEIGHTS, MOST_WEIGHTS, path)
        found = json.loads(config)
    except ZIP_ERRORS as error:
        if isinstance(error, MlplabError):
            raise
        raise not_keras(path, error) from error
    if not isinstance(found, dict):
        raise not_keras(path, f"{CONFIG} must be a table, received {shown(found)}")
    return found, weights


def _member(archive: zipfile.ZipFile, name: str, most: int, path: Path) -> bytes:
    if name not in archive.namelist():
        raise not_keras(path, f"there is no {name} in it")
    size = archive.getinfo(name).file_size
    if size > most:
        raise not_keras(path, f"{name} has {size:,} bytes, at most {most:,} are read")
    return archive.read(name)


class KerasWeights:
    """The arrays of layers, from a file of weights.

    Raises
    ------
    MissingExtraError
        If h5py is not installed, which comes with Keras.
    MlplabError
        If the content is no HDF5.
    """

    def __init__(self, content: bytes, path: Path) -> None:
        try:
            import h5py
        except ImportError as error:
            needs = "reading a .keras file needs h5py, which comes with Keras"
            raise MissingExtraError(needs, "keras") from error
        self._h5py, self._path = h5py, path
        try:
            # From memory, with no file of its own that a link could lead from.
            self._file = h5py.File(h5py.h5f.open_file_image(content))
        except (OSError, ValueError, RuntimeError) as error:
            raise not_keras(path, error) from error

    def array(self, layer: str, number: int, shape: tuple[int | None, ...]) -> Float:
        """Return array `number` of a layer, as float32 or float64; None in its shape is any length.

        Raises
        ------
        MlplabError
            If it is not there, or is not a plain array of floating-point numbers of this shape.
        """
        name = f"layers/{layer}/vars/{number}"
        try:
            found = self._plain_dataset(name)
            lengths = zip(found.shape or (), shape, strict=False)
            fits = len(found.shape or ()) == len(shape) and all(w in (n, None) for n, w in lengths)
            if not fits or found.dtype.kind != "f":
                raise not_keras(
                    self._path,
                    f"{name} must be floating-point numbers of shape {shape}, "
                    f"received {found.dtype} {found.shape}",
                )
            array = np.asarray(found[()])
        except (OSError, KeyError, ValueError, RuntimeError, TypeError) as error:
            if isinstance(error, MlplabError):
                raise
            raise not_keras(self._path, f"{name}: {error}") from error
        return array.astype(np.float64 if array.dtype.itemsize > 4 else np.float32)

    def _plain_dataset(self, name: str) -> Any:
        """Return a dataset that lies in the file as it is: no link, and nothing compressed."""
        node: Any = self._file
        for part in name.split("/"):
            link = node.get(part, getlink=True) if isinstance(node, self._h5py.Group) else None
            if not isinstance(link, self._h5py.HardLink):
                raise not_keras(self._path, f"there is no {name} in {WEIGHTS}")
            node = node[part]
        if not isinstance(node, self._h5py.Dataset):
            raise not_keras(self._path, f"{name} is no array")
        # What is stored elsewhere, or may become larger than the file.
        if (
            node.chunks
            or node.is_virtual
            or node.external
            or node.id.get_storage_size() != node.nbytes
        ):
            raise not_keras(self._path, f"{name} is not stored as a plain array")
        return node
