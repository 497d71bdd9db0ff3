"""Runs put together: one after the other, after a check that they belong together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mlplab.errors import MlplabError, shown
from mlplab.run.ending import TEXT_TYPES
from mlplab.run.frames import SCALARS
from mlplab.run.history import Float64, History
from mlplab.run.run import Run
from mlplab.spec import Experiment

if TYPE_CHECKING:
    from mlplab.run.runs import Runs

SHARED = ("experiment", "trainer", "label_names", "feature_names", "resplit_ratio", "target_names")
"""Attributes of `Runs` that all runs have in common."""

OF_EACH = (*SCALARS, "predicted", "labelled")
"""Attributes of `Runs` that are arrays with a row for each run."""

INPUTS = ("input_mean", "input_scale")
"""Attributes of `Runs` with a row for each run in `kept`, or None."""


def of_one(run: Run) -> dict[str, Any]:
    """Return one run as the fields of `Runs`, by their names."""
    sizes = run.experiment.layer_sizes(len(run.feature_names), run.answers)
    dtype = run.experiment.training.dtype
    kept: dict[str, Any] = {
        "weights": tuple(w[None] for w in run.weights),
        "biases": tuple(b[None] for b in run.biases),
    }
    none = {
        "weights": tuple(np.empty((0, o, i), dtype) for i, o in pairwise(sizes)),
        "biases": tuple(np.empty((0, o), dtype) for o in sizes[1:]),
    }
    inputs = {name: getattr(run, name) for name in INPUTS}
    return {
        **{name: getattr(run, name) for name in SHARED},
        **(kept if run.weights else none),
        "kept": np.arange(1 if run.weights else 0),
        **{name: None if of is None else of[None] for name, of in inputs.items()},
        "history": run.history.map(lambda array: array[None]),
        **{name: np.array([getattr(run, name)], TEXT_TYPES.get(name)) for name in OF_EACH},
    }


def concatenated(parts: Sequence[Runs]) -> dict[str, Any]:
    """Return runs of several `Runs`, one after the other, as the fields of `Runs`.

    Raises
    ------
    MlplabError
        If there is no part, or they differ in experiment, trainer, labels, features or shapes.
    """
    if not parts:
        raise MlplabError("Runs are one run at least, received none")
    first, *others = parts
    for part in others:
        _check_alike(first, part)
    starts = np.cumsum([0, *map(len, parts[:-1])])
    return {
        **{name: getattr(first, name) for name in SHARED},
        "kept": np.concatenate([part.kept + at for part, at in zip(parts, starts, strict=True)]),
        **{name: _layers(parts, name) for name in ("weights", "biases")},
        **{name: _inputs(parts, name) for name in INPUTS},
        "history": History(
            **{
                name: np.concatenate([part.history.arrays()[name] for part in parts])
                for name in first.history.arrays()
            },
            metric=first.metric,
        ),
        **{name: np.concatenate([getattr(part, name) for part in parts]) for name in OF_EACH},
    }


def check_lengths(runs: Runs) -> None:
    """Check that all arrays of some runs have as many rows as there are runs, or runs in `kept`.

    Raises
    ------
    MlplabError
        If one has not.
    """
    n, kept = len(runs.seed), runs.kept.tolist()
    of_each = [(name, getattr(runs, name)) for name in OF_EACH]
    of_each += [(f"history.{name}", array) for name, array in runs.history.arrays().items()]
    of_kept = [(name, of) for name in INPUTS if (of := getattr(runs, name)) is not None]
    for name in ("weights", "biases"):
        of_kept += [(f"{name}[{i}]", array) for i, array in enumerate(getattr(runs, name))]
    for arrays, rows, what in ((of_each, n, "runs"), (of_kept, len(kept), "runs in kept")):
        for name, array in arrays:
            if not array.ndim or len(array) != rows:
                raise MlplabError(
                    f"{name} must have a row for each of {rows} {what}, received shape {array.shape}"
                )
    if kept != sorted({i for i in kept if 0 <= i < n}):
        raise MlplabError(
            f"kept must be places among {n} runs, each above the one before, received {shown(kept)}"
        )


def _check_alike(first: Runs, other: Runs) -> None:
    if other.experiment is not first.experiment and other.experiment != first.experiment:
        where, ours, theirs = next(_differences(first.experiment, other.experiment))
        raise MlplabError(
            "Runs are of one experiment, received some whose "
            f"{where} is {shown(ours)} and some whose is {shown(theirs)}"
        )
    for name in (*SHARED[1:], "history", "weights", "biases"):
        ours, theirs = _comparable(first, name), _comparable(other, name)
        if ours != theirs:
            of = "the shapes of their " if name in ("history", "weights", "biases") else ""
            raise MlplabError(
                f"Runs are alike in {of}{name.replace('_', ' ')}, "
                f"received {shown(ours)} and {shown(theirs)}"
            )


def _comparable(runs: Runs, name: str) -> Any:
    """Return a shared value, or the shape of each array's row."""
    value = getattr(runs, name)
    if isinstance(value, History):
        return value.train_loss.shape[1:]
    if name in ("weights", "biases"):
        return [array.shape[1:] for array in value]
    return value


def _differences(a: Experiment, b: Experiment) -> Iterator[tuple[str, Any, Any]]:
    """Yield each value in which two experiments differ: its name and both values."""

    def compare(a: Any, b: Any, name: str) -> Iterator[tuple[str, Any, Any]]:
        if isinstance(a, dict) and isinstance(b, dict):
            for key in {**a, **b}:
                yield from compare(a.get(key), b.get(key), f"{name}.{key}" if name else key)
        elif a != b:
            yield name, a, b

    yield from compare(a.model_dump(), b.model_dump(), "")


def _layers(parts: Sequence[Runs], name: str) -> tuple[NDArray[Any], ...]:
    of_parts = [getattr(part, name) for part in parts]
    return tuple(np.concatenate(layer) for layer in zip(*of_parts, strict=True))


def _inputs(parts: Sequence[Runs], name: str) -> Float64 | None:
    # A part without weights knows nothing of its inputs.
    of_parts = [getattr(part, name) for part in parts if len(part.kept)]
    known = [of for of in of_parts if of is not None]
    if not known:
        return None
    if len(known) < len(of_parts):
        raise MlplabError("Runs are alike in their inputs, received some standardised and some not")
    return np.concatenate(known)
