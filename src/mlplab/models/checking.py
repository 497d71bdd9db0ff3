"""What a model's parts must be, so that they fit together: checked when it is made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from mlplab.errors import MlplabError, shown
from mlplab.run.tensor_file import SURROGATE

if TYPE_CHECKING:
    from mlplab.models.model import Model


def check_arrays(model: Model) -> None:
    """Refuse arrays of which no network can be made."""
    arrays = (*model.weights, *model.biases)
    dtypes = {each.dtype for each in arrays}
    if len(dtypes) > 1 or not dtypes <= {np.dtype(np.float32), np.dtype(np.float64)}:
        found = ", ".join(sorted(map(str, dtypes)))
        raise MlplabError(f"weights and biases must all be float32 or float64, received {found}")
    model.network  # noqa: B018  # it checks shapes and activations
    for layer, (w, b) in enumerate(zip(model.weights, model.biases, strict=True), start=1):
        for what, array in (("weights", w), ("biases", b)):
            if not array.size:
                raise MlplabError(f"layer {layer} must have neurons and inputs, received none")
            if not np.isfinite(array).all():
                number = array[~np.isfinite(array)][0]
                raise MlplabError(f"{what} of layer {layer} must be finite, received {number}")


def answer_names(model: Model, outputs: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names of labels and of targets, one of which are none, after a check."""
    if model.output_activation == "linear":
        numbered = ("y",) if outputs == 1 else tuple(f"y{i + 1}" for i in range(outputs))
        kind, other, count = "target_names", "label_names", outputs
    else:
        count = 2 if model.output_activation == "sigmoid" else outputs
        kind, other, numbered = "label_names", "target_names", tuple(map(str, range(count)))
    if model.output_activation == "sigmoid" and outputs != 1:
        raise MlplabError(f"a sigmoid output is of two classes and one output, received {outputs}")
    if count < 2 and kind == "label_names":
        raise MlplabError(f"softmax is of two classes at least, received {outputs}")
    if getattr(model, other):
        answers = "targets" if kind == "target_names" else "classes"
        raise MlplabError(
            f"{other} do not apply to an output of {answers} ({model.output_activation}), "
            f"received {shown(list(getattr(model, other)))}"
        )
    names = tuple(getattr(model, kind)) or numbered
    check_names(kind, names, count)
    return (names, ()) if kind == "label_names" else ((), names)


def check_names(what: str, names: Sequence[object], count: int) -> None:
    """Refuse names that are no texts, are not as many as they must be, or do not differ."""
    texts = [name for name in names if isinstance(name, str) and name]
    if len(texts) != len(names) or len(set(texts)) != len(names) or len(names) != count:
        raise MlplabError(
            f"{what} must be {count} texts that differ, received {len(names)}: {shown(list(names))}"
        )
    if SURROGATE.search("".join(texts)):
        raise MlplabError(f"{what} must be of characters, received {list(names)!a}")


def check_scaling(model: Model, features: int) -> None:
    """Refuse means and scales that do not fit the features, or divide by zero."""
    mean, scale = model.input_mean, model.input_scale
    if (mean is None) != (scale is None):
        raise MlplabError("input_mean and input_scale belong together, received one of them")
    if mean is None or scale is None:
        return
    for name, array in (("input_mean", mean), ("input_scale", scale)):
        if array.dtype != np.float64 or array.shape != (features,):
            raise MlplabError(
                f"{name} must be float64 of shape ({features},), received {array.dtype} {array.shape}"
            )
    if not (np.isfinite(mean).all() and np.isfinite(scale).all() and (scale > 0).all()):
        raise MlplabError("input_mean must be finite, and input_scale finite and above 0")


def check_origin(model: Model) -> None:
    """Refuse an experiment of another network, and a seed that is none."""
    if model.seed is not None and (type(model.seed) is not int or not 0 <= model.seed <= 2**62):
        raise MlplabError(
            f"seed must be a whole number from 0 to 2^62, received {shown(model.seed)}"
        )
    if model.experiment is None:
        return
    experiment = model.experiment
    described = (
        experiment.layer_sizes(model.features, model.answers),
        experiment.network.activations,
        experiment.head.output.__name__,
    )
    found = model.layer_sizes, model.activations, model.output_activation
    for what, wanted, came in zip(
        ("layer sizes", "activations", "output"), described, found, strict=True
    ):
        if wanted != came:
            raise MlplabError(
                f"the experiment describes another network: {what} {shown(wanted)}, "
                f"received {shown(came)}"
            )
