"""Class weights and label smoothing in an experiment: one way to say them, and what is refused."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest

from mlplab.errors import SpecError
from mlplab.spec import Experiment, Training
from mlplab.spec.class_weight import ClassWeights

PLAIN = Experiment(dataset="polar", training={"loss": "categorical_crossentropy"})


def test_an_experiment_without_them_has_the_form_and_the_key_that_it_had():
    assert Experiment(dataset="linear").key[:16] == "a21c0f8a6b00c7f1"
    assert not {"label_smoothing", "class_weight"} & PLAIN.canonical()["training"].keys()
    off = PLAIN.varied({"training.label_smoothing": 0.0, "training.class_weight": {"0": 1.0}})
    assert off == PLAIN
    assert off.key == PLAIN.key


def test_equal_weights_are_equal_tables_whatever_their_order():
    one = PLAIN.varied({"training.class_weight": {"1": 2, "0": 1.0}})
    other = PLAIN.varied({"training.class_weight": {"1": 2.0}})
    assert one == other
    assert hash(one) == hash(other)
    assert one.key == other.key != PLAIN.key
    assert one.canonical()["training"]["class_weight"] == {"1": 2}
    assert Experiment.from_toml_text(one.to_toml()) == one


def test_weights_cannot_be_changed_and_survive_a_copy_and_a_pickle():
    weights = PLAIN.varied({"training.class_weight": {"1": 2.0}}).training.class_weight
    assert isinstance(weights, ClassWeights)
    with pytest.raises(SpecError, match="class weights cannot be changed"):
        weights["0"] = 3.0
    with pytest.raises(SpecError, match="class weights cannot be changed"):
        weights.update({"0": 3.0})
    assert pickle.loads(pickle.dumps(weights)) == copy.deepcopy(weights) == weights


def test_a_variant_takes_the_table_as_a_whole_and_a_path_one_class():
    weighted = PLAIN.varied({"training": {"class_weight": {"0": 2.0, "1": 3.0}}})
    other = weighted.varied({"training.class_weight": {"1": 4.0}})
    assert other.training.class_weight == {"1": 4.0}
    assert weighted.varied({"training.class_weight.1": 4.0}).training.class_weight == {
        "0": 2.0,
        "1": 4.0,
    }
    assert weighted.varied({"training.class_weight": None}) == PLAIN
    named = Training(class_weight={"a.b": 2.0})
    assert named.varied({"class_weight": {"a.b": 3.0}}).class_weight == {"a.b": 3.0}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"training.class_weight": {"2": 2.0}}, "a weight for '2', which is no class"),
        ({"training.class_weight": {"0": -1.0}}, "class_weight.0: .* greater than or equal to 0"),
        ({"training.class_weight": {"0": float("nan")}}, "class_weight.0: .* finite number"),
        ({"training.class_weight": {0: 2.0}}, "class_weight.0.*valid string, received 0"),
        ({"training.class_weight": {"0": 0.0, "1": 0}}, "must leave a class with a weight above 0"),
        ({"training.class_weight": 3}, "class_weight: .* valid dictionary, received 3"),
        ({"training.label_smoothing": 1.0}, "label_smoothing: .* less than 1, received 1.0"),
        ({"training.label_smoothing": -0.1}, "label_smoothing: .* received -0.1"),
        (
            {"training.label_smoothing": 0.1, "training.loss": "mean_squared_error"},
            "label_smoothing needs a cross-entropy as loss, received label_smoothing=0.1",
        ),
        (
            {"dataset.classes": 3, "training.loss": "binary_crossentropy"},
            "the loss binary_crossentropy is of two classes, received 3",
        ),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(changes: dict[str, Any], message: str):
    with pytest.raises(SpecError, match=message):
        PLAIN.varied(changes)


def test_a_great_many_classes_are_not_listed():
    many = PLAIN.varied({"dataset.classes": 10**30, "training.class_weight": {"7": 2.0}})
    with pytest.raises(SpecError, match=r"'x', which is no class: the classes are '0', .*'19', …"):
        many.varied({"training.class_weight": {"x": 2.0}})
