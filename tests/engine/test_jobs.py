"""Who trains with whom: everyone once, only what is alike together, and no thread long idle."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlplab.engine import LANES, places_by_shape
from mlplab.engine.jobs import Shape, make_jobs
from mlplab.spec import (
    SGD,
    Adam,
    Arrays,
    Experiment,
    Linear,
    Network,
    Polar,
    Training,
    Zeros,
)
from mlplab.trial import Trials

SMALL = Experiment(
    dataset=Polar(classes=3, train_per_class=8, test_per_class=5),
    network=Network(hidden_layers=1, layer_width=4, activation="tanh"),
    training=Training(optimizer=SGD(learning_rate=0.5, momentum=0.2), batch_size=6, epochs=3),
)


def changed(part: str, **values: Any) -> Experiment:
    described = SMALL.model_dump()
    described[part] |= values
    return Experiment(**described)


def groups_of(*counts: tuple[Experiment, int]) -> list[Trials]:
    return [Trials.from_seeds(experiment, range(count)) for experiment, count in counts]


def shape_of(experiment: Experiment) -> Shape:
    return Shape.from_trials(Trials.from_seeds(experiment, [0]))


def sizes(groups: list[Trials], threads: int) -> list[int]:
    return [len(job) for job in make_jobs(groups, threads)]


# ---- What is alike -------------------------------------------------------------------------------

ALIKE = {
    "noise": changed("dataset", sigma=0.3),
    "a list of the same": changed("network", layer_width=(4,), activation=("tanh",)),
    "rate and momentum": changed(
        "training",
        optimizer=SGD(
            learning_rate={"kind": "cosine_decay", "initial_learning_rate": 1.0, "decay_steps": 9},
            momentum=0.9,
        ),
    ),
}

# Samples and weights of a job are drawn by one kernel, which the kind chooses.
DIFFERENT = {
    "classes": changed("dataset", classes=4),
    "training samples": changed("dataset", train_per_class=9),
    "test samples": changed("dataset", test_per_class=6),
    "kind of samples": SMALL.model_copy(
        update={"dataset": Linear(classes=3, train_per_class=8, test_per_class=5)}
    ),
    "initializer": changed("network", initializer=Zeros()),
    "biases": changed("network", bias_initializer="he_normal"),
    "shared biases": changed("network", bias_initializer={"kind": "zeros", "shared": True}),
    "shared initializer": changed("network", initializer={"kind": "zeros", "shared": True}),
    "width": changed("network", layer_width=5),
    "depth": changed("network", hidden_layers=2),
    "activation": changed("network", activation="relu"),
    "loss": changed("training", loss="categorical_crossentropy"),
    "no momentum": changed("training", optimizer=SGD(learning_rate=0.5)),
    "nesterov": changed("training", optimizer=SGD(learning_rate=0.5, momentum=0.2, nesterov=True)),
    "optimizer": changed("training", optimizer=Adam()),
    "batch size": changed("training", batch_size=7),
    "epochs": changed("training", epochs=4),
    "type of numbers": changed("training", dtype="float64"),
}


@pytest.mark.parametrize("what", ALIKE)
def test_what_each_network_has_of_its_own_does_not_part_a_block(what: str):
    assert shape_of(ALIKE[what]) == shape_of(SMALL)
    assert sizes(groups_of((SMALL, 8), (ALIKE[what], 8)), threads=1) == [16]


@pytest.mark.parametrize("what", DIFFERENT)
def test_what_a_block_has_in_common_parts_it(what: str):
    assert shape_of(DIFFERENT[what]) != shape_of(SMALL)


def test_the_order_of_activations_parts_a_block():
    one, other = (
        changed("network", hidden_layers=2, activation=names)
        for names in (("tanh", "relu"), ("relu", "tanh"))
    )
    assert shape_of(one) != shape_of(other)
    assert sizes(groups_of((one, 8), (other, 8)), threads=1) == [8, 8]


X = np.random.default_rng(0).normal(size=(30, 2))
Y = np.arange(30) % 3
OWN = Experiment(dataset=Arrays(), network=SMALL.network, training=SMALL.training)


def test_trials_of_one_finite_set_that_is_split_alike_are_alike():
    other = OWN.varied({"training.optimizer.learning_rate": 0.1})
    one, two = (Trials.from_seeds(e, range(8), (X, Y)) for e in (OWN, other))
    assert sizes([one, two], threads=1) == [16]


@pytest.mark.parametrize("what", ["samples", "split", "standardised", "recipe", "given"])
def test_what_is_drawn_otherwise_parts_a_block(what: str):
    one = Trials.from_seeds(OWN, [0], (X, Y))
    train, validation, test = one[0].dataset.splits.values()
    other = {
        "samples": Trials.from_seeds(OWN, [0], (X + 1, Y)),
        "split": Trials.from_seeds(
            OWN, [0], (X, Y, np.repeat(["train", "validation", "test"], (18, 6, 6)))
        ),
        "standardised": Trials.from_seeds(OWN.varied({"dataset.standardise": True}), [0], (X, Y)),
        "recipe": Trials.from_seeds(changed("dataset", train_per_class=6, test_per_class=2), [0]),
        "given": Trials.from_trials([one[0]]),
    }[what]
    assert [len(split) for split in (train, validation, test)] == [18, 6, 6]
    mine, theirs = Shape.from_trials(one), Shape.from_trials(other)
    assert (mine.counts, mine.sizes) == (theirs.counts, theirs.sizes)
    assert mine != theirs


# ---- How they are divided ------------------------------------------------------------------------


@given(
    counts=st.lists(
        st.tuples(
            st.sampled_from([SMALL, *ALIKE.values(), *DIFFERENT.values()]), st.integers(1, 40)
        ),
        min_size=1,
        max_size=6,
    ),
    threads=st.integers(1, 9),
)
def test_every_trial_is_trained_once_with_its_like(
    counts: list[tuple[Experiment, int]], threads: int
):
    groups = groups_of(*counts)
    jobs = make_jobs(groups, threads)
    trained = [
        each for job in jobs for each in zip(job.group.tolist(), job.row.tolist(), strict=True)
    ]
    assert sorted(trained) == [
        (g, row) for g, trials in enumerate(groups) for row in range(len(trials))
    ]
    for job in jobs:
        assert 1 <= len(job) <= LANES
        assert {Shape.from_trials(groups[g]) for g in job.group.tolist()} == {job.shape}


def test_full_blocks_train_together_and_a_few_that_are_left_alone():
    assert sizes(groups_of((SMALL, 35)), threads=2) == [16, 16, 1, 1, 1]
    assert sizes(groups_of((SMALL, 40)), threads=1) == [16, 16, 8]


def test_a_block_that_would_leave_threads_idle_is_divided_where_that_is_faster():
    assert shape_of(SMALL).block_worth == 3.5
    # One block for 4 threads: 16 / 4 networks alone take longer than it; for 5 threads they do not.
    assert sizes(groups_of((SMALL, 16)), threads=4) == [16]
    assert sizes(groups_of((SMALL, 16)), threads=5) == [1] * 16
    # Three blocks for two threads: the third.
    wide = changed("network", layer_width=50)
    assert sizes(groups_of((wide, 48)), threads=2) == [16, 16] + [1] * 16


def test_blocks_of_many_shapes_are_not_divided_for_the_sake_of_threads_that_are_busy():
    widths = [changed("network", layer_width=width) for width in range(1, 8)]
    assert sizes(groups_of(*((e, 16) for e in widths)), threads=7) == [16] * 7


def test_the_largest_blocks_come_first():
    longer = changed("training", epochs=50)
    wider = changed("network", layer_width=7)
    jobs = make_jobs(groups_of((SMALL, 16), (longer, 16), (wider, 16)), threads=1)
    assert [job.group[0] for job in jobs] == [1, 2, 0]


RULES: list[dict[str, Any]] = [
    {},
    {"early_stopping": {"patience": 2}},
    {"early_stopping": {"patience": 4}},
    {"early_stopping": {"patience": 2, "monitor": "val_accuracy"}},
    {"early_stopping": {"patience": 2, "restore_best_weights": True}},
    {"reduce_lr_on_plateau": {"patience": 2}},
    {"reduce_lr_on_plateau": {"patience": 2, "monitor": "val_accuracy"}},
    {"optimizer": {"kind": "sgd", "weight_decay": 0.1}},
    {"optimizer": {"kind": "sgd", "clipnorm": 1.0}},
    {"optimizer": {"kind": "sgd", "clipvalue": 1.0}},
    {"optimizer": "adam"},
    {"optimizer": "nadam"},
    {"class_weight": {"1": 2.0}},
    {"loss": "categorical_crossentropy"},
    {"loss": "categorical_crossentropy", "label_smoothing": 0.1},
]


def test_experiments_stand_in_one_table_if_their_networks_have_one_shape():
    # `places_by_shape` makes the shape of a few only: what it knows them by must tell all apart.
    plain = SMALL.varied({"training.optimizer": "sgd"})
    experiments = [plain.varied({"training": rules}) for rules in RULES]
    by_shape: dict[Shape, list[int]] = {}
    for place, experiment in enumerate(experiments):
        by_shape.setdefault(shape_of(experiment), []).append(place)
    assert [places.tolist() for places in places_by_shape(experiments)] == list(by_shape.values())
    assert len(by_shape) == len(RULES) - 1


def test_wide_networks_train_alone():
    wide = changed("network", layer_width=300)
    assert sizes(groups_of((wide, 20)), threads=1) == [1] * 20


@given(width=st.integers(1, 400), more=st.integers(1, 50))
def test_a_block_is_worth_the_less_the_wider_its_networks(width: int, more: int):
    narrow, wide = (
        shape_of(changed("network", layer_width=w)).block_worth for w in (width, width + more)
    )
    assert narrow <= wide
    double = changed("network", layer_width=width).model_dump()
    double["training"]["dtype"] = "float64"
    assert narrow <= shape_of(Experiment(**double)).block_worth
