"""A trained map as one HTML page without a network: one hovers, reads, zooms and copies a window."""

from __future__ import annotations

import base64
import html
import json
import math
import re
import zlib
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.colors import Colormap
from numpy.typing import NDArray

from mlplab.errors import MlplabError
from mlplab.figures.heat_scale import colour_limits, failure_colours, value_colours
from mlplab.run import Float64
from mlplab.sweep.axis import Axis
from mlplab.sweep.cells import CellStatistics
from mlplab.sweep.figure import (
    is_fraction,
    map_note,
    map_title,
    published_place,
    with_unit,
    worst_is_open,
)
from mlplab.sweep.trained_map import TrainedMap

SCRIPTS = ("numbers.js", "axis.js", "view.js", "drawing.js", "page.js")

MEAN_BYTES, HALF_BYTES = 3, 2
"""Of the 32 bits of a number: a mean is off by 1 in 65,000 at most, half an interval by 1 in 250."""

_GREATEST = 3e38  # what a number of 32 bits holds, about


def write_page(
    trained: TrainedMap,
    path: Path,
    measure: str | None = None,
    title: str | None = None,
) -> None:
    """Write the page of `map_page` to a file.

    Raises
    ------
    MlplabError
        If the file cannot be written, or there is no such measure.
    """
    content = map_page(trained, measure, title)
    try:
        path.write_text(content, encoding="utf-8", newline="\n")
    except OSError as error:
        raise MlplabError(f"cannot write the page '{path}': {error.strerror}") from error


def map_page(trained: TrainedMap, measure: str | None = None, title: str | None = None) -> str:
    """Return a trained map as an HTML page.

    Everything is inside: style, script, and the numbers as compressed bytes. Of 512 × 512 cells it has
    some megabytes. Names of settings, values and datasets are text in it, whatever characters they have.

    Parameters
    ----------
    trained : TrainedMap
    measure : str, optional
        What it shows first, one of the map's `measures`; the others are in its menu. By default the
        metric on validation samples.
    title : str, optional
        By default what is varied, and on which dataset.

    Raises
    ------
    MlplabError
        If there is no such measure.
    """
    first = trained.find_measure(measure)
    measures, arrays = _numbers(trained)
    plan = trained.plan
    published = published_place(plan)
    packed = zlib.compress(b"".join(_planes(*array) for array in arrays.values()), 6)
    description = {
        "x": _axis(plan.x),
        "y": _axis(plan.y),
        "replications": plan.replications,
        "seed": plan.seed,
        "published": None if published is None else {"x": published[0], "y": published[1]},
        "measures": measures,
        "measure": first.name,
        "colours": {"values": _hex(value_colours()), "failures": _hex(failure_colours())},
        "arrays": [
            {"name": name, "kind": _kind(values), "width": width}
            for name, (values, width) in arrays.items()
        ],
    }
    parts = {
        "title": html.escape(title or map_title(plan)),
        "note": html.escape(map_note(trained, measure)),
        "style": _asset("page.css"),
        "description": _script_text(description),
        "numbers": base64.b64encode(packed).decode("ascii"),
        "script": '"use strict";\n' + "\n".join(_asset(name) for name in SCRIPTS),
    }
    # In one pass: what is put in is not searched.
    return re.sub(r"\{\{(\w+)\}\}", lambda found: parts[found[1]], _asset("page.html"))


def _numbers(
    trained: TrainedMap,
) -> tuple[list[dict[str, Any]], dict[str, tuple[NDArray[Any], int]]]:
    """Return what the page knows of each measure, and the arrays with the bytes that a cell takes."""
    size = max(1, (trained.plan.replications.bit_length() + 7) // 8)
    count = trained.trained
    arrays: dict[str, tuple[NDArray[Any], int]] = {"trained": (count, size)}
    for ending in ("stuck", "diverged"):
        number = np.nan_to_num(trained.fraction(ending)) * count
        arrays[ending] = (np.rint(number).astype(np.int64), size)
    measures = []
    for name in trained.measures:
        cells = trained.statistics(name)
        alike = trained.as_good_as_best(name)
        arrays[f"{name} count"] = (cells.count, size)
        arrays[f"{name} mean"] = (cells.mean, MEAN_BYTES)
        arrays[f"{name} half"] = (_half(cells), HALF_BYTES)
        if alike is not None:
            arrays[f"{name} alike"] = (alike.astype(np.int64), 1)
        best = trained.best(name)
        measures.append(
            _measure(cells)
            | {
                "best": None if best is None else {"x": best[1], "y": best[0]},
                "has_alike": alike is not None,
            }
        )
    return measures, arrays


def _measure(cells: CellStatistics) -> dict[str, Any]:
    measure = cells.measure
    width = cells.high - cells.low
    is_open = worst_is_open(measure)
    limits = colour_limits(cells.mean, measure.lower_is_better, is_open)
    widths = colour_limits(width, lower_is_better=True)
    return {
        "name": measure.name,
        "title": measure.title if is_fraction(measure) else with_unit(measure),
        "is_fraction": is_fraction(measure),
        "lower_is_better": measure.lower_is_better,
        "bounds": [end if math.isfinite(end) else None for end in measure.bounds],
        "limits": limits,
        "is_cut": _exceed(cells.mean, limits),
        "width_limits": [0.0, widths[1]],
        "width_is_cut": _exceed(width, widths),
    }


def _exceed(values: Float64, limits: tuple[float, float]) -> bool:
    """Tell whether some values lie beyond the colours' limits: only the worst ones do."""
    known = values[np.isfinite(values)]
    return bool(((known < limits[0]) | (known > limits[1])).any())


def _half(cells: CellStatistics) -> Float64:
    """Return half the interval's width before it is cut off at 0 and 1, as far as that matters."""
    half: Float64 = np.maximum(cells.high - cells.mean, cells.mean - cells.low)
    return half


def _kind(values: NDArray[Any]) -> str:
    return "float" if values.dtype.kind == "f" else "count"


def _planes(values: NDArray[Any], width: int) -> bytes:
    """Return an array's bytes, the uppermost of all cells first: alike ones side by side compress best.

    Of floats these are the upper bytes of 32-bit numbers, rounded; of counts the lower ones.
    """
    if _kind(values) == "float":
        bounded = np.where(np.isinf(values), values, np.clip(values, -_GREATEST, _GREATEST))
        bits = bounded.astype(np.float32).view(np.uint32)
        dropped = 8 * (4 - width)
        rounded = bits + np.uint32(1 << (dropped - 1))
        whole = np.where(np.isfinite(bounded), rounded, bits) >> np.uint32(dropped)
    else:
        whole = values.astype(np.uint32)
    rows = whole.ravel().astype(">u4").view(np.uint8).reshape(-1, 4)
    return np.ascontiguousarray(rows[:, 4 - width :].T).tobytes()


def _axis(axis: Axis) -> dict[str, Any]:
    numbers = [repr(value) for value in axis.values]
    return {
        "setting": axis.setting,
        "scale": axis.scale,
        "positions": axis.positions.tolist(),
        "labels": axis.labels if axis.scale == "list" else numbers,
    }


def _hex(colours: Colormap) -> str:
    """Return a table of colours as `rrggbb` after `rrggbb`."""
    table: NDArray[np.uint8] = colours(np.arange(colours.N), bytes=True)
    return table[:, :3].tobytes().hex()


def _script_text(value: Any) -> str:
    """Return JSON that no text in it can end the script element of."""
    text = json.dumps(value, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _asset(name: str) -> str:
    return files("mlplab.sweep").joinpath("assets", name).read_text(encoding="utf-8").strip()
