"""What is small enough to be trained and drawn live; more is for `mlplab train`."""

from __future__ import annotations

from itertools import pairwise

from mlplab.batches import count_batches
from mlplab.errors import MlplabError
from mlplab.spec import Experiment, Recipe
from mlplab.spec.datasets import planar_recipes

LARGEST = {
    "classes": 10,
    "training points": 20_000,
    "validation and test points": 20_000,
    "hidden layers": 12,
    "neurons in a layer": 128,
    "weights and biases": 100_000,
    "epochs": 10_000,
    "updates": 10_000_000,
}
"""The most of each that the page takes."""

MOST_POINTS = 10_000
"""Own points."""

LARGEST_WORK = 3e10
"""Samples times weights times epochs of all runs of a change that might help, where Python has
`mlplab.explain.remedies.LARGEST_WORK`: a browser trains slower, and should take half a minute, too."""

LANDSCAPE = {"principal_points": 256, "path_numbers": 1 << 23}
"""The most of a loss landscape, where Python has `mlplab.explain.plane.MOST_POINTS` and
`mlplab.explain.training_paths.MOST_NUMBERS`: the page's principal directions take all products of two
points, step by step, and a browser's tab has less memory."""

FARTHEST = 1e6
"""Of an own point's coordinate from 0, as of the noise of drawn points."""


def check_limits(experiment: Experiment) -> None:
    """Refuse an experiment that is too large for the playground, or has what it does not train.

    Raises
    ------
    MlplabError
        With what is too large, and the most that there may be.

    Examples
    --------
    >>> check_limits(Experiment(dataset={"kind": "polar", "classes": 11}))
    Traceback (most recent call last):
        ...
    mlplab.errors.MlplabError: the playground takes at most 10 classes, received 11: `mlplab train` ...
    """
    network, training = experiment.network, experiment.training
    if training.dtype != "float32":
        raise MlplabError(
            f"the playground trains in float32, received {training.dtype}: `mlplab train` takes both"
        )
    dataset = experiment.dataset
    if dataset.has_targets and not isinstance(dataset, Recipe):
        raise MlplabError(
            "the playground takes own samples with classes, received targets: "
            "`mlplab train` takes both"
        )
    if isinstance(dataset, Recipe) and dataset.kind not in planar_recipes():
        raise MlplabError(
            f"the playground draws samples of two features, received {dataset.kind}: "
            "`mlplab train` takes others"
        )
    if getattr(dataset, "sample_weight", None) is not None:
        raise MlplabError(
            "the playground trains with samples that weigh alike, received sample_weight: "
            "`mlplab train` takes both"
        )
    classes, answers, train, validation, test = 2, 2, 1, 1, 0
    if isinstance(dataset, Recipe):  # own points are checked where they come in
        classes, (train, validation, test) = dataset.class_count, dataset.counts
        answers = classes or len(dataset.target_names)
    widths, outputs = network.layer_widths, experiment.head.outputs(answers)
    weights = sum((inputs + 1) * outputs for inputs, outputs in pairwise((2, *widths, outputs)))
    counts = {
        "classes": classes,
        "training points": train,
        "validation and test points": validation + test,
        "hidden layers": network.hidden_layers,
        "neurons in a layer": max(widths, default=0),
        "weights and biases": weights,
        "epochs": training.epochs,
        "updates": training.epochs * count_batches(train, training.batch_size),
    }
    for name, count in counts.items():
        if count > LARGEST[name]:
            raise MlplabError(
                f"the playground takes at most {LARGEST[name]:,} {name}, received {count:,}: "
                "`mlplab train` takes more"
            )
