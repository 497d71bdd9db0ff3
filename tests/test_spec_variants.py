"""A variant of an experiment is validated as a new one is, and says where a change does not fit."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mlplab.errors import SpecError
from mlplab.spec import (
    SGD,
    Adam,
    EarlyStopping,
    Experiment,
    ExponentialDecay,
    GlorotUniform,
    HeNormal,
    Linear,
    Network,
    Polar,
    ReduceLROnPlateau,
    SamplesFile,
    Training,
)

BASE = Experiment(
    dataset=Polar(classes=5, sigma=0.05, train_per_class=64),
    network=Network(hidden_layers=2, layer_width=50, activation="relu", initializer=HeNormal()),
    training=Training(optimizer=SGD(learning_rate=0.05, momentum=0.3), batch_size=16, epochs=20),
)

DECAY = ExponentialDecay(initial_learning_rate=0.1, decay_steps=400, decay_rate=0.9)


def with_training(**values: Any) -> Experiment:
    training = {name: getattr(BASE.training, name) for name in Training.model_fields}
    return Experiment(
        dataset=BASE.dataset, network=BASE.network, training=Training(**(training | values))
    )


@pytest.mark.parametrize(
    ("changes", "training"),
    [
        ({"training.batch_size": 64}, {"batch_size": 64}),
        ({"training.batch_size": np.int32(64)}, {"batch_size": 64}),
        ({"training.batch_size": 64, "training.epochs": 3}, {"batch_size": 64, "epochs": 3}),
        (
            {"training.optimizer.nesterov": True},
            {"optimizer": SGD(learning_rate=0.05, momentum=0.3, nesterov=True)},
        ),
        # A path and tables without a kind say the same.
        (
            {"training": {"epochs": 3, "optimizer": {"momentum": np.float64(0.5)}}},
            {"epochs": 3, "optimizer": SGD(learning_rate=0.05, momentum=0.5)},
        ),
        # A part, its name, and a table with a kind are whole parts.
        ({"training.optimizer": Adam(beta_1=0.5)}, {"optimizer": Adam(beta_1=0.5)}),
        ({"training.optimizer": "adam"}, {"optimizer": Adam()}),
        ({"training.optimizer": np.str_("adam")}, {"optimizer": Adam()}),
        ({"training.optimizer": {"kind": "sgd"}}, {"optimizer": SGD()}),
        # In which others can be changed, whatever is named first.
        (
            {"training.optimizer.learning_rate": 0.5, "training.optimizer": "adam"},
            {"optimizer": Adam(learning_rate=0.5)},
        ),
        (
            {"training.optimizer.beta_1": 0.5, "training.optimizer": {"kind": "adam"}},
            {"optimizer": Adam(beta_1=0.5)},
        ),
        (
            {"training.optimizer.beta_1": 0.5, "training.optimizer": Adam(beta_2=0.5)},
            {"optimizer": Adam(beta_1=0.5, beta_2=0.5)},
        ),
        # A kind alone keeps what both kinds have.
        ({"training.optimizer.kind": "adam"}, {"optimizer": Adam(learning_rate=0.05)}),
        (
            {"training.optimizer.beta_1": 0.5, "training.optimizer.kind": "adam"},
            {"optimizer": Adam(learning_rate=0.05, beta_1=0.5)},
        ),
        # From a number to a schedule.
        (
            {"training.optimizer.learning_rate": DECAY},
            {"optimizer": SGD(learning_rate=DECAY, momentum=0.3)},
        ),
        (
            {
                "training.optimizer.learning_rate": "exponential_decay",
                "training.optimizer.learning_rate.initial_learning_rate": 0.1,
                "training.optimizer.learning_rate.decay_steps": 400,
                "training.optimizer.learning_rate.decay_rate": 0.9,
            },
            {"optimizer": SGD(learning_rate=DECAY, momentum=0.3)},
        ),
        # A part that was left out begins with its defaults.
        (
            {"training.early_stopping.patience": 3},
            {"early_stopping": EarlyStopping(patience=3)},
        ),
        (
            {"training": {"early_stopping": {"patience": 3, "min_delta": 0.1}}},
            {"early_stopping": EarlyStopping(patience=3, min_delta=0.1)},
        ),
        ({"training.reduce_lr_on_plateau": {}}, {"reduce_lr_on_plateau": ReduceLROnPlateau()}),
        ({"training.early_stopping": None}, {}),
        ({}, {}),
        ({"training": {}}, {}),
    ],
)
def test_a_variant_is_what_would_have_been_written(
    changes: dict[str, Any], training: dict[str, Any]
):
    before = BASE.to_toml()
    assert BASE.varied(changes) == with_training(**training)
    assert BASE.varied(dict(reversed(changes.items()))) == with_training(**training)
    assert BASE.model_copy(update=changes) == with_training(**training)
    assert BASE.to_toml() == before


def test_within_a_schedule():
    varied = with_training(optimizer=SGD(learning_rate=DECAY)).varied(
        {"training.optimizer.learning_rate.staircase": True}
    )
    assert varied.training.optimizer.learning_rate == ExponentialDecay(
        initial_learning_rate=0.1, decay_steps=400, decay_rate=0.9, staircase=True
    )
    again = varied.varied({"training.optimizer.learning_rate": 0.5})
    assert again.training.optimizer == SGD(learning_rate=0.5)


def test_every_part_has_variants():
    assert BASE.training.varied({"batch_size": 64}).batch_size == 64
    assert BASE.training.varied({"optimizer.momentum": 0.9}).optimizer.momentum == 0.9
    assert Linear(classes=3).varied({"sigma": 0.2}) == Linear(classes=3, sigma=0.2)
    assert DECAY.varied({"decay_steps": 5}).decay_steps == 5


def test_another_kind_of_dataset_keeps_what_both_have():
    moons = BASE.varied({"dataset.kind": "moons"}).dataset
    assert moons.to_table() == {
        "kind": "moons",
        "sigma": 0.05,
        "train_per_class": 64,
        "test_per_class": 512,
    }
    own = BASE.varied({"dataset": SamplesFile(path="own.csv")})
    assert own.varied({"dataset.path": Path("other.csv")}).dataset.path == "other.csv"


def test_the_tables_of_the_changes_stay_as_they_are():
    changes: dict[str, Any] = {"training.optimizer": {"kind": "adam"}}
    BASE.varied(changes | {"training.optimizer.beta_1": 0.5})
    assert changes == {"training.optimizer": {"kind": "adam"}}


# ---- Hidden layers -------------------------------------------------------------------------------


def test_one_width_stands_for_any_number_of_layers():
    assert BASE.varied({"network.hidden_layers": 3}).network.layer_widths == (50, 50, 50)
    each = Network(hidden_layers=2, layer_width=[50, 50], activation=["relu", "relu"])
    assert each.varied({"hidden_layers": 3}).layer_widths == (50, 50, 50)
    assert each.varied({"hidden_layers": 3}).activations == ("relu",) * 3


def test_a_list_of_widths_has_to_be_changed_with_the_number_of_layers():
    network = BASE.network.varied({"layer_width": [50, 20]})
    with pytest.raises(SpecError) as raised:
        network.varied({"hidden_layers": 3})
    assert str(raised.value) == (
        "Network: layer_width must be one number or 3 of them, one for each hidden layer, "
        "received [50, 20]"
    )
    wider = network.varied({"hidden_layers": 3, "layer_width": (50, 20, 10)})
    assert wider.layer_widths == (50, 20, 10)


def test_without_hidden_layers_width_and_activation_go_too():
    assert BASE.varied({"network.hidden_layers": 0}).network == Network(initializer=HeNormal())
    with pytest.raises(SpecError) as raised:
        BASE.varied({"network.hidden_layers": 0, "network.layer_width": 5})
    assert "layer_width does not apply to a network without hidden layers" in str(raised.value)


def test_the_first_hidden_layers_need_a_width_and_an_activation():
    plain = BASE.varied({"network": Network()})
    with pytest.raises(SpecError, match="network: layer_width is missing: hidden_layers=2 needs"):
        plain.varied({"network.hidden_layers": 2})
    changes = {"network": {"hidden_layers": 2, "layer_width": 50, "activation": "relu"}}
    assert plain.varied(changes).network == BASE.network.varied({"initializer": GlorotUniform()})


# ---- What is refused -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"activation": "sigmoid"},
            "Experiment: no field 'activation' here; did you mean 'network.activation'? "
            "(known: dataset, network, training)",
        ),
        (
            {"training.learning_rate": 0.1},
            "Experiment: training: no field 'learning_rate' here; did you mean "
            "'training.optimizer.learning_rate'? "
            f"(known: {', '.join(Training.model_fields)})",
        ),
        (
            {"training.optimizer.nestrov": True},
            "Experiment: training.optimizer: no field 'nestrov' in 'sgd'; did you mean 'nesterov'? "
            "(known: kind, learning_rate, momentum, nesterov, weight_decay, clipvalue, clipnorm, "
            "global_clipnorm)",
        ),
        (
            {"trainng.epochs": 3},
            "Experiment: no field 'trainng' here; did you mean 'training.epochs'? "
            "(known: dataset, network, training)",
        ),
        (
            {"trainng.epoch": 3},
            "Experiment: no field 'trainng' here; did you mean 'training'? "
            "(known: dataset, network, training)",
        ),
        ({"": 3}, "Experiment: no field '' here; known: dataset, network, training"),
        (
            {"training.optimizer.learning_rate.decay_steps": 3},
            "Experiment: training.optimizer.learning_rate is 0.05, which has no field "
            "'decay_steps': change it as a whole",
        ),
        (
            {"network.kernel_regularizer.l2": 0.1},
            "Experiment: network.kernel_regularizer is None, which has no field 'l2': change it as a "
            'whole, such as kernel_regularizer={kind = "…", l2 = …}',
        ),
        (
            {"training.class_weight.1": 5.0},
            "Experiment: training.class_weight is None, which has no field '1': change it as a whole, "
            'such as class_weight={"1" = …}',
        ),
        (
            {"network.layer_width.1": 3},
            "Experiment: network.layer_width is 50, which has no field '1': change it as a whole",
        ),
        (
            {"training.optimizer.kind": "adam", "training.optimizer.beta": 0.5},
            "Experiment: training.optimizer: no field 'beta' in 'adam'; did you mean 'beta_1'? "
            "(known: kind, learning_rate, beta_1, beta_2, epsilon, weight_decay, clipvalue, "
            "clipnorm, global_clipnorm)",
        ),
        (
            {"training.optimizer": "adam", "training.optimizer.momentum": 0.5},
            "Experiment: training.optimizer: no field 'momentum' in 'adam'; "
            "known: kind, learning_rate, beta_1, beta_2, epsilon, weight_decay, clipvalue, "
            "clipnorm, global_clipnorm",
        ),
        (
            {"training": {"epochs": 3}, "training.epochs": 4},
            "training.epochs is changed twice: to 3 and 4",
        ),
        ({"training": 5}, "Experiment: training: expected a table, received 5"),
        (
            {"training.batch_size": -4},
            "Experiment: training.batch_size: input should be greater than or equal to 1, "
            "received -4",
        ),
        (
            {"training.batch_size": "64"},
            "Experiment: training.batch_size: input should be a valid integer, received '64'",
        ),
        (
            {"training.optimizer.momentum": 0.0, "training.optimizer.nesterov": True},
            "Experiment: training.optimizer: nesterov needs momentum above 0, received momentum=0",
        ),
        ({3: 5}, "a path such as 'training.batch_size' was expected, received 3"),
        (
            "training.epochs",
            "changes must be a table of values by their paths, as in {'training.batch_size': 64}, "
            "received 'training.epochs'",
        ),
    ],
)
def test_what_does_not_fit_is_one_sentence(changes: Any, sentence: str):
    with pytest.raises(SpecError) as raised:
        BASE.varied(changes)
    assert str(raised.value) == sentence


def test_pydantics_ways_to_copy_validate_too():
    with pytest.raises(SpecError, match="batch_size: input should be greater than or equal to 1"):
        BASE.training.model_copy(update={"batch_size": -4})
    with pytest.raises(SpecError, match=r"no field 'activation' here; did you mean 'network\."):
        BASE.model_copy(update={"activation": "sigmoid"})
    with warnings.catch_warnings():  # pydantic's `copy` is an older name
        warnings.simplefilter("ignore", DeprecationWarning)
        with pytest.raises(SpecError, match="batch_size: input should be greater"):
            BASE.training.copy(update={"batch_size": -4})
