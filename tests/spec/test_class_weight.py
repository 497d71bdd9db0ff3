"""Class weights and label smoothing in an experiment: one way to say them, and what is refused."""

from __future__ import annotations

import copy
import pickle
from pathlib import Path
from typing import Any

import pytest

from mlplab.errors import SpecError
from mlplab.spec import Adam, Experiment, Training
from mlplab.spec.class_weight import ClassWeights
from mlplab.trial import draw

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
        ({"training.class_weight": {"2": 1.0}}, "a weight for '2', which is no class"),
        ({"training.class_weight": {"b": 2.0, "2": 1.0}}, "a weight for '2', which is no class"),
        ({"training": Training(class_weight={"2": 1.0})}, "a weight for '2', which is no class"),
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


def test_a_weight_of_1_is_of_a_class_of_own_samples_too(tmp_path: Path):
    samples = [[0.0], [1.0], [0.1], [1.1], [0.2], [1.2]], ["a", "b"] * 3
    path = tmp_path / "own.csv"
    path.write_text("x,label\n0,a\n1,b\n0.1,a\n1.1,b\n0.2,a\n1.2,b\n")
    named = "[training]\nclass_weight = { a = 1.0, c = 1.0 }\n"
    from_file = Experiment.from_toml_text(
        f'dataset = {{ kind = "file", path = "own.csv" }}\n{named}', folder=tmp_path
    )
    arrays = Experiment(dataset="arrays", training={"class_weight": {"a": 1.0, "c": 1.0}})
    for experiment, data in ((from_file, None), (arrays, samples)):
        with pytest.raises(SpecError, match=r"a weight for 'c', which is no class: .* 'a', 'b'$"):
            draw(experiment, 0, data)
    off = draw(from_file.varied({"training.class_weight": {"a": 1.0}}), 0).experiment
    assert off == draw(from_file.varied({"training.class_weight": None}), 0).experiment


def test_which_classes_were_named_is_no_part_of_what_an_experiment_is():
    named, plain = Training(class_weight={"0": 1.0}), Training()
    assert named.named_classes == ("0",)
    assert named == plain
    assert hash(named) == hash(plain)
    assert named.model_dump() == plain.model_dump()
    assert repr(named) == repr(plain)
    for copied in (pickle.loads(pickle.dumps(named)), named.with_fitting({"optimizer": Adam()})):
        assert copied.named_classes == ("0",)


def test_a_great_many_classes_are_not_listed():
    many = PLAIN.varied({"dataset.classes": 10**30, "training.class_weight": {"7": 2.0}})
    with pytest.raises(SpecError, match=r"'x', which is no class: the classes are '0', .*'19', …"):
        many.varied({"training.class_weight": {"x": 2.0}})
