"""A network has a width and an activation for each hidden layer, said once for all or one by one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlplab.errors import SpecError
from mlplab.spec import ACTIVATIONS, Experiment, Network


@pytest.mark.parametrize(
    ("hidden", "widths", "activations"),
    [
        ({}, (), ()),
        ({"layer_width": 5, "activation": "tanh"}, (5,), ("tanh",)),
        ({"layer_width": 5, "activation": "tanh"}, (5, 5, 5), ("tanh", "tanh", "tanh")),
        ({"layer_width": (7, 3), "activation": "tanh"}, (7, 3), ("tanh", "tanh")),
        ({"layer_width": 5, "activation": ("tanh", "relu")}, (5, 5), ("tanh", "relu")),
        ({"layer_width": [7, 3], "activation": ["elu", "elu"]}, (7, 3), ("elu", "elu")),
    ],
)
def test_each_hidden_layer_has_a_width_and_an_activation(
    hidden: dict[str, Any], widths: tuple[int, ...], activations: tuple[str, ...]
):
    network = Network(hidden_layers=len(widths), **hidden)
    assert network.layer_widths == widths
    assert network.activations == activations


@given(
    layers=st.lists(
        st.tuples(st.integers(min_value=1), st.sampled_from(list(ACTIVATIONS))),
        min_size=1,
        max_size=6,
    )
)
def test_toml_round_trip_of_layers_of_any_kind_is_exact(layers: list[tuple[int, Any]]):
    widths, activations = zip(*layers, strict=True)
    network = Network(hidden_layers=len(layers), layer_width=widths, activation=activations)
    experiment = Experiment(dataset="polar", network=network)
    again = Experiment.from_toml_text(experiment.to_toml())
    assert again == experiment
    assert hash(again) == hash(experiment)
    assert again.network.activations == activations


def test_a_list_in_toml_has_a_name_for_each_hidden_layer():
    text = "dataset = 'polar'\n[network]\nhidden_layers = 2\nlayer_width = 4\n"
    experiment = Experiment.from_toml_text(text + 'activation = ["tanh", "relu"]')
    assert experiment.network.activation == ("tanh", "relu")
    assert 'activation = [\n    "tanh",\n    "relu",\n]' in experiment.to_toml()


def test_numpy_scalars_count_as_the_values_that_they_stand_for():
    wanted = Network(hidden_layers=2, layer_width=[3, 4], activation=["tanh", "relu"])
    assert wanted == Network(
        hidden_layers=np.int32(2),
        layer_width=[np.int64(3), np.int64(4)],
        activation=[np.str_("tanh"), np.str_("relu")],
    )
    one = Network(hidden_layers=1, layer_width=np.int64(3), activation=np.str_("relu"))
    assert one == Network(hidden_layers=1, layer_width=3, activation="relu")


@pytest.mark.parametrize("name", ["layer_width", "activation"])
@pytest.mark.parametrize("count", [0, 1, 3])
def test_a_list_needs_a_value_for_each_hidden_layer(name: str, count: int):
    one: Any = {"layer_width": 5, "activation": "relu"}
    values = [one[name]] * count
    with pytest.raises(SpecError) as raised:
        Network(hidden_layers=2, **(one | {name: values}))
    kind = {"layer_width": "number", "activation": "name"}[name]
    assert str(raised.value) == (
        f"Network: {name} must be one {kind} or 2 of them, one for each hidden layer, "
        f"received {values}"
    )


@pytest.mark.parametrize("name", ["layer_width", "activation"])
def test_an_empty_list_does_not_apply_without_hidden_layers_either(name: str):
    with pytest.raises(SpecError, match=f"{name} does not apply"):
        Network(**{name: []})


def test_equal_values_for_all_layers_are_one_value():
    one = Network(hidden_layers=2, layer_width=5, activation="relu")
    each = Network(hidden_layers=2, layer_width=[5, 5], activation=["relu", "relu"])
    assert (each.layer_width, each.activation) == (5, "relu")
    assert each == one
    single = Network(hidden_layers=1, layer_width=[5], activation=["relu"])
    assert single == one.varied({"hidden_layers": 1})
    mixed = Network(hidden_layers=2, layer_width=[5, 4], activation=["relu", "relu"])
    assert (mixed.layer_width, mixed.activation) == ((5, 4), "relu")


def test_sizes_go_from_the_features_to_the_classes():
    assert Network().layer_sizes(features=3, outputs=4) == (3, 4)
    network = Network(hidden_layers=2, layer_width=[50, 20], activation="relu")
    assert network.layer_sizes(features=2, outputs=5) == (2, 50, 20, 5)


def test_more_layers_than_ever_end_are_refused_in_one_sentence():
    deep = {"layer_width": 1, "activation": "relu"}
    assert len(Network(hidden_layers=10_000, **deep).layer_widths) == 10_000
    with pytest.raises(SpecError, match=r"hidden_layers: .* 10000, received 10000000$") as caught:
        Network(hidden_layers=10**7, **deep)
    assert "\n" not in str(caught.value)


# ---- Dropout and noise ---------------------------------------------------------------------------


def layers(**fields: Any) -> Network:
    return Network(hidden_layers=2, layer_width=5, activation="relu", **fields)


@pytest.mark.parametrize(
    ("dropout", "rates"),
    [(0.5, (0.5, 0.5)), ([0.1, 0.2], (0.1, 0.2)), ((0, 0.2), (0.0, 0.2)), (0, (0.0, 0.0))],
)
def test_each_hidden_layer_has_a_rate_of_dropout(dropout: Any, rates: tuple[float, ...]):
    network = layers(dropout=dropout)
    assert network.dropout_rates == rates
    experiment = Experiment(dataset="polar", network=network)
    assert Experiment.from_toml_text(experiment.to_toml()) == experiment


def test_no_dropout_and_no_noise_leave_the_canonical_form_as_it_was():
    plain = Experiment(dataset="polar", network=layers())
    assert not {"dropout", "input_noise"} & plain.canonical()["network"].keys()
    for nothing in (0, 0.0, [0, 0.0], None):
        assert plain.varied({"network.dropout": nothing}) == plain
    assert plain.varied({"network.dropout": [0.5, 0.5]}).network.dropout == 0.5
    noisy = plain.varied({"network.dropout": (0.5, 0.0), "network.input_noise": 1})
    form = noisy.canonical()["network"]
    assert (form["dropout"], form["input_noise"]) == ([0.5, 0.0], 1)
    assert noisy.key != plain.key
    assert Network().dropout_rates == ()


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"dropout": 1.0}, "dropout: input should be less than 1, received 1.0"),
        ({"dropout": -0.1}, "dropout: input should be greater than or equal to 0, received -0.1"),
        ({"dropout": [0.1, 1]}, "dropout.1: input should be less than 1, received 1"),
        ({"dropout": "half"}, "dropout: input should be a valid number, received 'half'"),
        (
            {"dropout": [0.1]},
            "dropout must be one rate or 2 of them, one for each hidden layer, received [0.1]",
        ),
        (
            {"input_noise": 1.5},
            "input_noise: input should be less than or equal to 1, received 1.5",
        ),
        (
            {"input_noise": -1},
            "input_noise: input should be greater than or equal to 0, received -1",
        ),
    ],
)
def test_what_is_no_rate_and_no_deviation_is_refused(fields: dict[str, Any], sentence: str):
    with pytest.raises(SpecError) as refused:
        layers(**fields)
    assert str(refused.value) == f"Network: {sentence}"


def test_dropout_does_not_apply_without_hidden_layers():
    with pytest.raises(SpecError, match=r"dropout does not apply .*, received dropout=0\.5"):
        Network(dropout=0.5)
    assert layers(dropout=0.5).varied({"hidden_layers": 0}) == Network()
