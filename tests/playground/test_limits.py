"""The playground refuses what it cannot train or draw, by one sentence, and takes the rest."""

from __future__ import annotations

from typing import Any

import pytest

from mlplab.errors import MlplabError
from mlplab.playground.limits import check_limits
from mlplab.spec import Experiment
from mlplab.spec.datasets import planar_recipes


@pytest.mark.parametrize(
    ("dataset", "training", "sentence"),
    [
        ("noisy_sine", {}, "draws samples of two features, received noisy_sine: `mlplab train`"),
        ("friedman_1", {}, "draws samples of two features, received friedman_1: `mlplab train`"),
        (
            {"kind": "file", "path": "a.csv", "target": "y"},
            {"loss": "huber"},
            "takes own samples with classes, received targets: `mlplab train` takes both",
        ),
        (
            {"kind": "file", "path": "a.csv", "sample_weight": "w"},
            {},
            "trains with samples that weigh alike, received sample_weight: `mlplab train`",
        ),
        ("moons", {"dtype": "float64"}, "trains in float32, received float64: `mlplab train`"),
        (
            {"kind": "franke", "train_samples": 30_000},
            {},
            "takes at most 20,000 training points, received 30,000: `mlplab train` takes more",
        ),
    ],
)
def test_what_is_not_for_the_page_is_refused(dataset: Any, training: Any, sentence: str):
    with pytest.raises(MlplabError, match=f"the playground {sentence}"):
        check_limits(Experiment(dataset=dataset, training=training))


@pytest.mark.parametrize("loss", ["mean_squared_error", "mean_absolute_error", "huber"])
@pytest.mark.parametrize("kind", ["plane", "franke"])
def test_targets_over_the_plane_are_taken(kind: str, loss: str):
    check_limits(Experiment(dataset=kind, training={"loss": loss}))
    assert kind in planar_recipes()


def test_one_output_smoothed_labels_and_weights_of_classes_are_taken():
    training = {
        "loss": "binary_crossentropy",
        "label_smoothing": 0.1,
        "class_weight": {"0": 2.0},
    }
    check_limits(Experiment(dataset="moons", training=training))
