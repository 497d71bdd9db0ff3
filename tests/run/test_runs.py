"""Runs are arrays of many runs; an index chooses of them what NumPy chooses."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from dataclasses import fields, replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlplab.errors import MlplabError, shown
from mlplab.run import Run, Runs
from mlplab.spec import Training

Make = Callable[..., Run]
MakeAll = Callable[..., list[Run]]
Same = Callable[[Run | Runs, Run | Runs], None]

masks = st.lists(st.booleans(), min_size=1, max_size=6)


# ---- One and many ----------------------------------------------------------------------------


def test_runs_have_a_leading_replication_axis(some_runs: MakeAll):
    runs = Runs.from_runs(some_runs())
    assert len(runs) == 5
    assert [w.shape for w in runs.weights] == [(5, 4, 2), (5, 3, 4)]
    assert [b.shape for b in runs.biases] == [(5, 4), (5, 3)]
    assert runs.kept.tolist() == [0, 1, 2, 3, 4]
    for array in runs.history.arrays().values():
        assert array.shape == (5, 5)
    assert runs.predicted.shape == runs.labelled.shape == (5, 3)
    assert runs.input_mean is not None
    assert runs.input_mean.shape == (5, 2)
    assert runs.seed.tolist() == [40, 41, 42, 43, 44]
    assert runs.ending.tolist() == ["finished", "diverged", "stuck", "stuck", "diverged"]
    assert runs.cause.tolist() == ["", "loss", "one_class", "chance", "weights"]
    assert runs.updates.tolist() == [140, 141, 142, 143, 144]
    for name in ("train_loss", "train_accuracy", "test_loss", "test_accuracy", "seconds"):
        assert getattr(runs, name).shape == (5,)
        assert getattr(runs, name).dtype == np.float64


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@given(kept=masks)
def test_run_i_of_runs_is_run_i(some_runs: MakeAll, assert_same: Same, dtype: str, kept: Any):
    made = some_runs(kept, dtype)
    runs = Runs.from_runs(made)
    for i in range(-len(made), len(made)):
        assert_same(runs[i], made[i])


def test_runs_can_be_gone_through(some_runs: MakeAll):
    runs = Runs.from_runs(some_runs())
    assert [run.seed for run in runs] == [40, 41, 42, 43, 44]
    for i in (5, -6):
        with pytest.raises(IndexError) as refused:
            runs[i]
        assert str(refused.value) == f"there is no run {i}: these are 5, counted from 0"


def test_runs_are_shown_in_a_line(some_runs: MakeAll):
    runs = Runs.from_runs(some_runs())
    assert repr(runs) == "<Runs: 5 by reference, seeds 40 to 44>"
    assert repr(runs[:1]) == "<Runs: 1 by reference, seed 40>"
    assert repr(runs[[0, 3]]) == "<Runs: 2 by reference, seeds 40, …, 43>"
    assert repr(runs[1]) == "<Run of seed 41 by reference: diverged (loss), test accuracy 25.00 %>"
    assert repr(runs[0]).startswith("<Run of seed 40 by reference: finished, test accuracy ")


# ---- Indexing --------------------------------------------------------------------------------

bound = st.none() | st.integers(-8, 8)
step = st.none() | st.integers(-4, 4).filter(bool)


@st.composite
def indices(draw: st.DrawFn) -> tuple[list[bool], Any]:
    """Which of some runs keep weights, and a slice, a mask or whole numbers, as lists or arrays."""
    kept = draw(masks)
    n = len(kept)
    which: Any = draw(
        st.builds(slice, bound, bound, step)
        | st.lists(st.booleans(), min_size=n, max_size=n)
        | st.lists(st.integers(-n, n - 1), max_size=8)
    )
    if isinstance(which, list) and which and draw(st.booleans()):
        which = np.array(which)
    return kept, which


@given(indices())
def test_an_index_chooses_what_numpy_chooses(some_runs: MakeAll, assert_same: Same, drawn: Any):
    kept, which = drawn
    made = some_runs(kept)
    runs = Runs.from_runs(made)
    chosen = runs[which]
    assert isinstance(chosen, Runs)
    places = np.arange(len(made))[which]
    assert len(chosen) == len(places)
    # Of every field, weights too, each run is the one that NumPy chose.
    for i, place in enumerate(places.tolist()):
        assert_same(chosen[i], made[place])
    for name in ("seed", "ending", "cause", "predicted", "labelled", "test_loss", "updates"):
        np.testing.assert_array_equal(getattr(chosen, name), getattr(runs, name)[which])
    for name, array in chosen.history.arrays().items():
        np.testing.assert_array_equal(array, runs.history.arrays()[name][which])
    assert chosen.kept.tolist() == np.flatnonzero(np.array(kept)[which]).tolist()
    if len(places):
        assert_same(chosen, Runs.from_runs([made[i] for i in places]))


def test_runs_turned_round_keep_their_weights(some_runs: MakeAll):
    runs = Runs.from_runs(some_runs([True, True, False]))[::-1]
    assert runs.kept.tolist() == [1, 2]
    assert runs[0].weights == runs[0].biases == ()
    np.testing.assert_array_equal(runs.weights[0], [some_runs()[i].weights[0] for i in (1, 0)])


def test_finished_runs_are_chosen_by_their_ending(some_runs: MakeAll):
    runs = Runs.from_runs(some_runs())
    assert runs[runs.ending == "stuck"].seed.tolist() == [42, 43]
    assert runs[np.flatnonzero(runs.ending == "stuck")].seed.tolist() == [42, 43]


def test_runs_may_be_none(some_runs: MakeAll, assert_same: Same):
    runs = Runs.from_runs(some_runs())
    none = runs[3:3]
    assert (len(none), list(none), repr(none)) == (0, [], "<Runs: none by reference>")
    assert [w.shape for w in none.weights] == [(0, 4, 2), (0, 3, 4)]
    assert none.history.train_loss.shape == (0, 5)
    assert_same(none, runs[[]])
    assert_same(none, runs[runs.ending == "unknown"])
    assert_same(none[::-1], none)


@pytest.mark.parametrize("which", [1.0, "test_accuracy", None, (0, 1), True, [0.0], [[0]], ["a"]])
def test_runs_take_no_other_index(some_runs: MakeAll, which: Any):
    with pytest.raises(TypeError) as refused:
        Runs.from_runs(some_runs())[which]
    assert str(refused.value) == (
        "runs[i] takes a whole number, a slice, a mask or a list of whole numbers, "
        f"received {shown(which)}"
    )


@pytest.mark.parametrize(
    ("which", "sentence"),
    [
        ([True, False], "a mask of 5 runs has 5 values, received 2"),
        ([0, 5, 1], "there is no run 5: these are 5, counted from 0"),
        (np.array([-6]), "there is no run -6: these are 5, counted from 0"),
    ],
)
def test_an_index_out_of_range_is_one_sentence(some_runs: MakeAll, which: Any, sentence: str):
    with pytest.raises(IndexError) as refused:
        Runs.from_runs(some_runs())[which]
    assert str(refused.value) == sentence


# ---- Putting together --------------------------------------------------------------------------


@given(st.lists(st.lists(st.booleans(), max_size=3), min_size=1, max_size=3).filter(any))
def test_parts_become_one(some_runs: MakeAll, assert_same: Same, parts: Any):
    kept = [keeps for part in parts for keeps in part]
    whole = Runs.from_runs(some_runs(kept))
    ends = np.cumsum([0, *map(len, parts)])
    cut = [whole[a:b] for a, b in pairwise(ends)]
    assert_same(Runs.concatenate(cut), whole)


def test_parts_may_come_one_by_one(some_runs: MakeAll, assert_same: Same):
    whole = Runs.from_runs(some_runs([True, False]))
    assert_same(Runs.concatenate(iter([whole[:1], whole[1:]])), whole)


def test_only_runs_are_put_together(some_runs: MakeAll):
    runs = Runs.from_runs(some_runs([True, False]))
    with pytest.raises(MlplabError, match=r"from a list of Runs, received <Run of seed"):
        Runs.concatenate(runs)  # type: ignore[arg-type]


def test_no_runs_cannot_be_put_together():
    for none in (Runs.from_runs, Runs.concatenate):
        with pytest.raises(MlplabError, match=r"^Runs are one run at least, received none$"):
            none([])


def test_runs_that_keep_no_weights_have_layers_of_none(some_runs: MakeAll):
    runs = Runs.from_runs(some_runs([False, False]))
    assert [w.shape for w in runs.weights] == [(0, 4, 2), (0, 3, 4)]
    assert [b.shape for b in runs.biases] == [(0, 4), (0, 3)]
    assert runs.weights[0].dtype == np.float32


def test_runs_that_do_not_belong_together_are_refused(a_run: Make):
    run = a_run(40)
    longer = run.experiment.model_copy(update={"training": Training(epochs=7)})
    short = run.history.map(lambda array: array[:4])
    wide = tuple(np.ones((3, 3)) for _ in run.weights)
    differences: list[tuple[dict[str, Any], str]] = [
        (
            {"experiment": longer},
            "Runs are of one experiment, received some whose training.epochs is 5 "
            "and some whose is 7",
        ),
        ({"trainer": "keras"}, "Runs are alike in trainer, received 'reference' and 'keras'"),
        (
            {"label_names": ("1", "2", "3")},
            "Runs are alike in label names, received ('red', 'green', 'blue') and ('1', '2', '3')",
        ),
        (
            {"feature_names": ("x1", "mass")},
            "Runs are alike in feature names, received ('x1', 'x2') and ('x1', 'mass')",
        ),
        ({"resplit_ratio": None}, "Runs are alike in resplit ratio, received 0.25 and None"),
        (
            {"history": short},
            "Runs are alike in the shapes of their history, received (5,) and (4,)",
        ),
        (
            {"weights": wide},
            "Runs are alike in the shapes of their weights, "
            "received [(4, 2), (3, 4)] and [(3, 3), (3, 3)]",
        ),
        (
            {"input_mean": None, "input_scale": None},
            "Runs are alike in their inputs, received some standardised and some not",
        ),
    ]
    for changes, sentence in differences:
        with pytest.raises(MlplabError) as refused:
            Runs.from_runs([run, replace(a_run(41), **changes)])
        assert str(refused.value) == sentence


def test_arrays_of_other_lengths_are_refused(some_runs: MakeAll):
    runs = Runs.from_runs(some_runs())
    changes: list[tuple[dict[str, Any], str]] = [
        (
            {"updates": np.arange(4)},
            "updates must have a row for each of 5 runs, received shape (4,)",
        ),
        (
            {"history": replace(runs.history, validation_loss=np.ones((2, 5)))},
            "history.validation_loss must have a row for each of 5 runs, received shape (2, 5)",
        ),
        (
            {"kept": np.arange(4)},
            "input_mean must have a row for each of 4 runs in kept, received shape (5, 2)",
        ),
        (
            {"kept": np.array([0, 1, 3, 2, 4])},
            "kept must be places among 5 runs, each above the one before, received [0, 1, 3, 2, 4]",
        ),
    ]
    for change, sentence in changes:
        with pytest.raises(MlplabError) as refused:
            replace(runs, **change)
        assert str(refused.value) == sentence


# ---- Read-only -------------------------------------------------------------------------------

WAYS: dict[str, Callable[[Any], Any]] = {
    "made": lambda record: record,
    "pickled": lambda record: pickle.loads(pickle.dumps(record)),
    "copied": copy.copy,
    "copied deeply": copy.deepcopy,
}


@pytest.mark.parametrize("way", WAYS)
def test_runs_cannot_be_written(some_runs: MakeAll, assert_same: Same, way: str):
    runs = Runs.from_runs(some_runs())
    for made in (runs, runs[1:3], runs[0]):
        record = WAYS[way](made)
        assert_same(record, made)
        for field in fields(record):
            value = getattr(record, field.name)
            for array in value if isinstance(value, tuple) else (value,):
                if isinstance(array, np.ndarray):
                    assert not array.flags.writeable, field.name
        for array in record.history.arrays().values():
            assert not array.flags.writeable
