"""A run predicts from features as they were measured, and is judged as scikit-learn judges."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from mlplab.boundary import Extent, class_regions
from mlplab.errors import MlplabError
from mlplab.reference import MultilayerPerceptron
from mlplab.run import Run
from mlplab.spec import Experiment, Training

Make = Callable[..., Run]

# Class 0 where x1 is the larger feature, class 1 where x2 is; both after standardising.
W = np.array([[5.0, 0.0], [0.0, 5.0]], dtype=np.float32)
MEAN, SCALE = np.array([100.0, -3.0]), np.array([10.0, 0.5])
MEASURED = MEAN + SCALE * np.array([[1.0, 0.0], [0.0, 1.0], [2.0, 1.5], [-1.0, 0.5]])
PREDICTED = ["setosa", "virginica", "setosa", "virginica"]


@pytest.fixture
def run(a_run: Make) -> Run:
    """A run whose network is the one above."""
    return a_run(
        40,
        experiment=Experiment(dataset="linear", training=Training(epochs=5)),
        label_names=("setosa", "virginica"),
        feature_names=("length", "width"),
        weights=(W,),
        biases=(np.zeros(2, dtype=np.float32),),
        input_mean=MEAN,
        input_scale=SCALE,
        predicted=np.array([2, 2]),
        labelled=np.array([2, 2]),
    )


def test_predictions_are_label_names_of_measured_features(run: Run):
    assert run.predict(MEASURED).tolist() == PREDICTED
    assert run.predict(MEASURED.tolist()).tolist() == PREDICTED
    assert run.predict(MEASURED[:0]).tolist() == []
    standardised = (MEASURED - MEAN) / SCALE
    network = MultilayerPerceptron.from_run(run)
    np.testing.assert_array_equal(
        run.predict_proba(MEASURED), network.feedforward(standardised.astype(np.float32))
    )
    # Without standardising, features go in as they are.
    plain = replace(run, input_mean=None, input_scale=None)
    np.testing.assert_array_equal(
        plain.predict_proba(standardised), network.feedforward(standardised.astype(np.float32))
    )


def test_feedforward_takes_features_as_the_network_does(run: Run):
    standardised = (MEASURED - MEAN) / SCALE
    np.testing.assert_array_equal(run.feedforward(standardised), run.predict_proba(MEASURED))
    regions = class_regions(run, Extent(-1, 1, -1, 1), resolution=8)
    assert regions.classes[0].tolist() == [0] * 8  # where x2 is least
    assert regions.classes[-1, 0] == 1


def test_a_frame_s_columns_are_taken_by_name(run: Run):
    frame = pd.DataFrame({"width": MEASURED[:, 1], "colour": "red", "length": MEASURED[:, 0]})
    assert run.predict(frame).tolist() == PREDICTED
    with pytest.raises(MlplabError) as refused:
        run.predict(frame.rename(columns={"length": "lenght"}))
    assert str(refused.value) == (
        "x must have a column for each feature, 'length' is missing; "
        "did you mean 'lenght'? (known: width, colour, lenght)"
    )


@pytest.mark.parametrize("method", ["predict", "predict_proba", "feedforward"])
@pytest.mark.parametrize(
    ("x", "sentence"),
    [
        (
            [1.0, 2.0],
            "x must have shape (samples, 2), a column for each of length, width, received (2,); "
            "one sample is a row of its own, as in x[None, :]",
        ),
        (
            [[1.0, 2.0, 3.0]],
            "x must have shape (samples, 2), a column for each of length, width, received (1, 3)",
        ),
        (
            3.0,
            "x must have shape (samples, 2), a column for each of length, width, received ()",
        ),
        (
            [[1.0, 2.0], [np.nan, 0.0]],
            "features must be finite numbers, received nan in x[1, 0], the feature length",
        ),
        (
            [["a", "b"]],
            "x must hold numbers, of shape (samples, 2), received [['a', 'b']]",
        ),
        (
            [[1.0], [2.0, 3.0]],
            "x must hold numbers, of shape (samples, 2), received [[1.0], [2.0, 3.0]]",
        ),
    ],
)
def test_other_samples_are_one_sentence(run: Run, method: str, x: Any, sentence: str):
    with pytest.raises(MlplabError) as refused:
        getattr(run, method)(x)
    assert str(refused.value) == sentence


def test_a_run_without_weights_predicts_nothing(run: Run):
    with pytest.raises(MlplabError, match=r"^the run of seed 40 kept no weights$"):
        run.without_weights().predict(MEASURED)


def test_a_network_that_diverged_predicts_no_class(run: Run):
    lost = replace(run, weights=(np.full_like(W, np.inf),), ending="diverged", cause="weights")
    with pytest.raises(MlplabError) as refused:
        lost.predict(MEASURED)
    assert str(refused.value) == (
        "the run of seed 40 (diverged) predicts no class for 4 of 4 samples: "
        "for x[0] its outputs are not finite"
    )


# ---- Judged ------------------------------------------------------------------------------------


def test_the_confusion_matrix_has_a_row_for_each_label(run: Run):
    y = ["setosa", "setosa", "setosa", "virginica"]
    assert run.confusion_matrix(MEASURED, y).tolist() == [[2, 1], [0, 1]]
    np.testing.assert_array_equal(run.recall(MEASURED, y), [2 / 3, 1])


def test_numbers_are_classes_where_no_name_is_one(run: Run):
    assert run.confusion_matrix(MEASURED, [0, 0, 0, 1]).tolist() == [[2, 1], [0, 1]]


@pytest.mark.parametrize("y", [[10, 10, 10, 2], [10.0, 10.0, 10.0, 2.0], ["10", "10", "10", "2"]])
def test_numbers_are_labels_where_names_are_numbers(run: Run, y: Any):
    numbered = replace(run, label_names=("2", "10"))
    assert numbered.confusion_matrix(MEASURED, y).tolist() == [[0, 1], [2, 1]]


def test_a_class_without_samples_has_no_recall(run: Run):
    np.testing.assert_array_equal(run.recall(MEASURED, ["setosa"] * 4), [1 / 2, np.nan])
    assert run.confusion_matrix(MEASURED[:0], []).tolist() == [[0, 0], [0, 0]]


@pytest.mark.parametrize(
    ("y", "sentence"),
    [
        (["setosa"] * 3, "y must have shape (4,), a label a sample, received (3,)"),
        (
            ["setosa"] * 3 + ["Setosa"],
            "the label 'Setosa' in y is unknown; did you mean 'setosa'? (known: setosa, virginica)",
        ),
        ([0, 1, 2, 0], "the label 2 in y is unknown; known: setosa, virginica"),
        ([0, 1, -1, 0], "the label -1 in y is unknown; known: setosa, virginica"),
    ],
)
def test_other_labels_are_one_sentence(run: Run, y: Any, sentence: str):
    with pytest.raises(MlplabError) as refused:
        run.confusion_matrix(MEASURED, y)
    assert str(refused.value) == sentence
