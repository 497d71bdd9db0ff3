"""An NPZ file of samples: arrays `x`, `y` and, if wanted, `split` and `feature_names`. Never pickled."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tokenize import TokenError
from typing import Any

import numpy as np
from numpy.lib.npyio import NpzFile
from numpy.typing import NDArray

from mlplab.errors import DataError, in_a_line, suggestion
from mlplab.zip_errors import ZIP_ERRORS

LABEL = "label"
"""What a description calls the labels if nothing is said; an NPZ file may call them `y`."""

_ERRORS: tuple[type[Exception], ...] = (*ZIP_ERRORS, TokenError)
"""Of a damaged file: where the header of an array is no Python, it has no tokens."""

_OWN = {"x", "y", "split", "feature_names"}
"""Arrays that a file has whatever its targets are called."""


def read_npz(
    path: Path,
    label: str,
    sample_weight: str | None = None,
    target: Sequence[str] | None = None,
) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any] | None, list[str] | None, NDArray[Any] | None]:
    """Return x, y, the splits, the features' names and the weights as the file has them.

    y are the labels. Of targets they are the arrays of their names, side by side, or, if the file has
    none of these, its array `y`. A name that every file may have, such as `y`, says nothing here.

    Raises
    ------
    DataError
        If the file cannot be read, or lacks x, the labels or weights that were asked for.
    """
    try:
        with path.open("rb") as file, NpzFile(file, allow_pickle=False) as archive:
            found = list(archive)
            labels = ["y" if label == LABEL and LABEL not in found else label]
            if target is not None:
                labels = list(target) if set(target) - _OWN & set(found) else ["y"]
            weights = () if sample_weight is None else (sample_weight,)
            wanted = ("x", *labels, "split", "feature_names", *weights)
            arrays = {name: archive[name] for name in wanted if name in found}
    except OSError as error:
        raise DataError(f"cannot read '{path}': {error.strerror or error}") from error
    except _ERRORS as error:
        why = in_a_line(error)
        raise DataError(f"{path} is not an NPZ file of plain arrays: {why}") from error
    for name in ("x", *labels, *weights):
        if name not in arrays:
            why = suggestion(name, found) if found else "it holds no arrays at all"
            raise DataError(f"{path}: array {name!r} is missing; {why}")
    names = arrays.get("feature_names")
    if names is not None and (names.ndim != 1 or names.dtype.kind != "U"):
        raise DataError(
            f"{path}: expected feature_names to be text of shape (features,), "
            f"received {names.dtype} of shape {names.shape}"
        )
    return (
        arrays["x"],
        _together([arrays[name] for name in labels], labels, path),
        arrays.get("split"),
        None if names is None else names.tolist(),
        None if sample_weight is None else arrays[sample_weight],
    )


def _together(arrays: Sequence[NDArray[Any]], names: Sequence[str], path: Path) -> NDArray[Any]:
    """Return one array as it is, and several as columns."""
    if len(arrays) == 1:
        return arrays[0]
    for name, array in zip(names, arrays, strict=True):
        if array.ndim != 1 or array.shape != arrays[0].shape:
            raise DataError(
                f"{path}: expected target {name!r} of shape (samples,), as many as {names[0]!r} has, "
                f"received {array.shape}"
            )
    return np.stack(arrays, axis=1)
