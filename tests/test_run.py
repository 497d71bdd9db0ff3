"""Runs keep what training left behind, and say truly how each run ended."""

from __future__ import annotations

import csv
import errno
import os
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save as as_safetensors
from scipy.stats import binomtest

from mlplab.data import Dataset, Split
from mlplab.errors import MlplabError, shown
from mlplab.run import STUCK_LEVEL, Ending, History, Run, Runs, how_it_ended
from mlplab.spec import Experiment, Network, Polar, SamplesFile, Training

EXPERIMENT = Experiment(
    dataset=Polar(classes=3),
    network=Network(hidden_layers=1, layer_width=4, activation="relu"),
    training=Training(epochs=5),
)
ENDINGS: tuple[Ending, ...] = ("finished", "diverged", "stuck")


def a_run(seed: int, ending: Ending, dtype: str = "float32") -> Run:
    """A run of numbers that no other run has; a diverged one stops after two of five epochs."""
    generator = np.random.default_rng(seed)
    curves = generator.random((4, 5))
    ends = generator.random(5)
    if ending == "diverged":
        curves[:, 2:] = np.nan
        ends[:4] = np.inf, 0.5, np.nan, 0.25
    return Run(
        experiment=EXPERIMENT,
        trainer="reference",
        seed=seed,
        weights=tuple(generator.normal(size=s).astype(dtype) for s in [(4, 2), (3, 4)]),
        biases=tuple(generator.normal(size=s).astype(dtype) for s in [(4,), (3,)]),
        history=History(*curves),
        train_loss=float(ends[0]),
        train_accuracy=float(ends[1]),
        test_loss=float(ends[2]),
        test_accuracy=float(ends[3]),
        updates=100 + seed,
        seconds=float(ends[4]),
        ending=ending,
    )


def some_runs(dtype: str = "float32") -> list[Run]:
    return [a_run(40 + i, ending, dtype) for i, ending in enumerate(ENDINGS)]


def assert_same(ours: Run | Runs, theirs: Run | Runs) -> None:
    """Assert that two records are equal in every field, NaN for NaN, and in every dtype."""
    assert type(ours) is type(theirs)
    for field in fields(ours):
        a, b = getattr(ours, field.name), getattr(theirs, field.name)
        if isinstance(a, History):
            a, b = ([getattr(h, f.name) for f in fields(History)] for h in (a, b))
        if not isinstance(a, list | tuple):
            a, b = [a], [b]
        for x, y in zip(a, b, strict=True):
            assert type(x) is type(y), field.name
            np.testing.assert_array_equal(x, y, err_msg=field.name)
            assert np.asarray(x).dtype == np.asarray(y).dtype, field.name


# ---- One and many ----------------------------------------------------------------------------


def test_runs_have_a_leading_replication_axis():
    runs = Runs.from_runs(some_runs())
    assert len(runs) == 3
    assert [w.shape for w in runs.weights] == [(3, 4, 2), (3, 3, 4)]
    assert [b.shape for b in runs.biases] == [(3, 4), (3, 3)]
    for field in fields(History):
        assert getattr(runs.history, field.name).shape == (3, 5)
    assert runs.seed.tolist() == [40, 41, 42]
    assert runs.ending.tolist() == list(ENDINGS)
    assert runs.updates.tolist() == [140, 141, 142]
    for name in ("train_loss", "train_accuracy", "test_loss", "test_accuracy", "seconds"):
        assert getattr(runs, name).shape == (3,)
        assert getattr(runs, name).dtype == np.float64


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("i", [0, 1, 2, -1])
def test_run_i_of_runs_is_run_i(i: int, dtype: str):
    assert_same(Runs.from_runs(some_runs(dtype))[i], some_runs(dtype)[i])


def test_runs_can_be_gone_through():
    runs = Runs.from_runs(some_runs())
    assert [run.seed for run in runs] == [40, 41, 42]
    for i in (3, -4):
        with pytest.raises(IndexError) as refused:
            runs[i]
        assert str(refused.value) == f"there is no run {i}: these are 3, counted from 0"


@pytest.mark.parametrize(
    "part", [slice(0, 2), slice(1, None), slice(-1, None), slice(None), slice(None, None, 2)]
)
def test_a_slice_of_runs_is_runs(part: slice):
    assert_same(Runs.from_runs(some_runs())[part], Runs.from_runs(some_runs()[part]))


def test_a_slice_keeps_the_weights_of_its_first_runs():
    runs = some_runs()
    weightless = Run(**{**vars(runs[2]), "weights": (), "biases": ()})
    kept = Runs.from_runs([*runs[:2], weightless])
    assert_same(kept[1:], Runs.from_runs([runs[1], weightless]))
    assert [w.shape for w in kept[1:].weights] == [(1, 4, 2), (1, 3, 4)]
    # Turned round, the first run has none, and must not be given those of another.
    turned = kept[::-1]
    assert turned.seed.tolist() == [42, 41, 40]
    assert turned[0].weights == turned[0].biases == ()


@pytest.mark.parametrize(
    "which", [1.0, "test_accuracy", None, (0, 1), [0], np.array([True, False, True])]
)
def test_runs_take_no_other_index(which: object):
    with pytest.raises(TypeError) as refused:
        Runs.from_runs(some_runs())[which]
    assert str(refused.value) == (
        f"runs[i] takes a whole number or a slice, received {shown(which)}"
    )


def test_no_runs_are_no_runs():
    for none in (lambda: Runs.from_runs([]), lambda: Runs.from_runs(some_runs())[3:]):
        with pytest.raises(MlplabError, match=r"^Runs are one run at least, received none$"):
            none()


@pytest.mark.parametrize("i", [2, -1])
def test_a_run_without_weights_is_not_given_those_of_another(i: int):
    runs = some_runs()
    last = Run(**{**vars(runs[2]), "weights": (), "biases": ()})
    assert_same(Runs.from_runs([*runs[:2], last])[i], last)
    assert_same(Runs.from_runs([*runs[:2], last])[-2], runs[1])


def test_runs_are_shown_in_a_line():
    runs = Runs.from_runs(some_runs())
    assert repr(runs) == "<Runs: 3 by reference, seeds 40 to 42>"
    assert repr(runs[1]) == "<Run of seed 41 by reference: diverged, test accuracy 25.00 %>"


# ---- Files -----------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_saved_runs_are_loaded_exactly(dtype: str, tmp_path: Path):
    runs = Runs.from_runs(some_runs(dtype))
    runs.save(tmp_path)
    assert_same(Runs.load(tmp_path), runs)


def test_one_run_is_saved_too(tmp_path: Path):
    runs = Runs.from_runs([a_run(7, "diverged")])
    runs.save(tmp_path)
    assert_same(Runs.load(tmp_path)[0], a_run(7, "diverged"))


def test_more_than_ten_layers_keep_their_order(tmp_path: Path):
    # As names, layer10 would stand before layer2.
    layers = tuple(np.full((1, 1), float(i), dtype=np.float32) for i in range(12))
    run = Run(**{**vars(a_run(1, "finished")), "weights": layers, "biases": layers})
    runs = Runs.from_runs([run, run])
    runs.save(tmp_path)
    assert_same(Runs.load(tmp_path), runs)


def test_runs_that_are_views_of_larger_arrays_are_saved_exactly(tmp_path: Path):
    runs = Runs.from_runs(some_runs())
    turned = tuple(np.asfortranarray(w) for w in runs.weights)
    Runs(**{**vars(runs), "weights": turned}).save(tmp_path)
    assert_same(Runs.load(tmp_path), runs)


def test_table_of_runs_has_a_header_and_a_row_for_each(tmp_path: Path):
    runs = Runs.from_runs(some_runs())
    runs.save(tmp_path)
    with (tmp_path / "runs.csv").open(newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    assert header == [
        "seed",
        "ending",
        "train_loss",
        "train_accuracy",
        "test_loss",
        "test_accuracy",
        "updates",
        "seconds",
    ]
    assert len(rows) == 3
    for row, run in zip(rows, some_runs(), strict=True):
        for name, text in zip(header, row, strict=True):
            value = getattr(run, name)
            # A number as written is the number, to the last bit.
            np.testing.assert_equal(type(value)(text), value)


def test_saved_experiment_is_the_experiment(tmp_path: Path):
    Runs.from_runs(some_runs()).save(tmp_path)
    assert Experiment.from_toml(tmp_path / "experiment.toml") == EXPERIMENT


def test_a_relative_points_path_counts_from_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    own = EXPERIMENT.model_copy(update={"dataset": SamplesFile(path="points.csv")})
    runs = Runs.from_runs([Run(**{**vars(a_run(1, "finished")), "experiment": own})])
    runs.save(tmp_path / "deep" / "runs")
    there = str(tmp_path / "points.csv")
    assert (
        Experiment.from_toml(tmp_path / "deep" / "runs" / "experiment.toml").dataset.path == there
    )
    monkeypatch.chdir(tmp_path / "deep")
    assert Runs.load(tmp_path / "deep" / "runs").experiment.dataset.path == there


def test_folders_may_be_named_by_text(tmp_path: Path):
    runs = Runs.from_runs(some_runs())
    runs.save(str(tmp_path / "new"))
    assert_same(Runs.load(str(tmp_path / "new")), runs)


@pytest.mark.parametrize("name", ["experiment.toml", "runs.csv", "runs.safetensors"])
def test_a_file_that_cannot_be_written_is_one_sentence(name: str, tmp_path: Path):
    (tmp_path / name).mkdir()
    with pytest.raises(MlplabError) as refused:
        Runs.from_runs(some_runs()).save(tmp_path)
    assert str(refused.value) == (
        f"cannot write the runs to '{tmp_path / name}': {os.strerror(errno.EISDIR)}"
    )


def test_a_folder_below_a_file_cannot_be_written(tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(MlplabError, match=r"^cannot write the runs to '.*file"):
        Runs.from_runs(some_runs()).save(tmp_path / "file" / "runs")


def test_a_folder_without_runs_is_one_sentence(tmp_path: Path):
    for folder in (tmp_path, tmp_path / "none"):
        with pytest.raises(MlplabError) as refused:
            Runs.load(folder)
        assert str(refused.value) == (
            f"'{folder}' holds no runs: there is no file '{folder / 'runs.safetensors'}'"
        )


def test_the_file_instead_of_its_folder_is_one_sentence(tmp_path: Path):
    Runs.from_runs(some_runs()).save(tmp_path)
    path = tmp_path / "runs.safetensors"
    with pytest.raises(MlplabError) as refused:
        Runs.load(path)
    assert str(refused.value) == (
        f"'{path}' is a file: runs are loaded from the folder they were saved to"
    )


def damaged(content: bytes) -> dict[str, bytes]:
    """Ways in which a file of runs may be spoilt."""
    return {
        "empty": b"",
        "cut": content[:-4],
        "cut in the header": content[:50],
        "text": b"seed,ending\n1,finished\n",
        "others": as_safetensors({"a": np.zeros(2)}),
        "no name of an array": content.replace(b"history.train_loss", b"history.train_lost"),
        "no experiment": content.replace(b'"experiment":', b'"experimint":'),
        "a bad experiment": content.replace(b"hidden_layers", b"hidden_lawyers"[:13]),
        "no ending": content.replace(b'"[', b'"}'),
    }


@pytest.mark.parametrize("how", damaged(b""))
def test_a_damaged_file_is_one_sentence(how: str, tmp_path: Path):
    Runs.from_runs(some_runs()).save(tmp_path)
    path = tmp_path / "runs.safetensors"
    content = damaged(path.read_bytes())[how]
    assert content != path.read_bytes()
    path.write_bytes(content)
    with pytest.raises(MlplabError) as refused:
        Runs.load(tmp_path)
    assert str(path) in str(refused.value)
    assert "\n" not in str(refused.value)


# ---- How it ended ----------------------------------------------------------------------------


def a_dataset(*counts: int) -> Dataset:
    """Training points of each class, all at the origin."""
    y = np.repeat(np.arange(len(counts)), counts)
    split = Split(np.zeros((len(y), 2)), y)
    return Dataset(split, split, split, tuple(map(str, range(len(counts)))))


GOOD = (np.ones((2, 2)), np.zeros(2))


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_loss_that_is_not_finite_means_diverged(bad: float):
    dataset = a_dataset(50, 50)
    assert how_it_ended(dataset, [0.3, 0.2], 1.0, GOOD) == "finished"
    assert how_it_ended(dataset, [0.3, bad], 1.0, GOOD) == "diverged"
    assert how_it_ended(dataset, [bad, 0.2], 1.0, GOOD) == "diverged"


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("which", [0, 1])
def test_a_weight_or_bias_that_is_not_finite_means_diverged(which: int, bad: float):
    parameters = [array.copy() for array in GOOD]
    parameters[which].flat[-1] = bad
    assert how_it_ended(a_dataset(50, 50), [0.3, 0.2], 1.0, parameters) == "diverged"


def test_diverged_says_more_than_stuck():
    assert how_it_ended(a_dataset(50, 50), [0.3], 0.5, GOOD) == "stuck"
    assert how_it_ended(a_dataset(50, 50), [np.nan], 0.5, GOOD) == "diverged"


def fewest_that_are_no_chance(n: int, share: float) -> int:
    """The fewest correct answers out of n at which the one-sided binomial test rejects."""
    low, high = 0, n
    while low < high:
        middle = (low + high) // 2
        p = binomtest(middle, n, share, alternative="greater").pvalue
        low, high = (low, middle) if p <= STUCK_LEVEL else (middle + 1, high)
    return low


@pytest.mark.parametrize("rounding", [np.float64, np.float32])
@pytest.mark.parametrize(
    "counts",
    [
        (512, 512),
        (512,) * 5,
        (32, 32),
        (900, 100),
        (5, 5, 5),
        (10, 0, 0, 30),
        (100_000, 100_000),
    ],
)
def test_stuck_is_a_one_sided_binomial_test(counts: tuple[int, ...], rounding: type):
    dataset = a_dataset(*counts)
    n = sum(counts)
    border = fewest_that_are_no_chance(n, max(counts) / n)
    assert max(counts) < border <= n
    for correct, wanted in [
        (0, "stuck"),
        (max(counts), "stuck"),
        (border - 1, "stuck"),
        (border, "finished"),
        (n, "finished"),
    ]:
        accuracy = float(rounding(correct / n))
        assert how_it_ended(dataset, [0.2], accuracy, GOOD) == wanted, correct


def test_so_few_points_that_even_all_right_may_be_chance():
    # Six of six at one half: 1/64 is more than 0.001. Ten of ten: 1/1024 is less.
    assert how_it_ended(a_dataset(3, 3), [0.0], 1.0, GOOD) == "stuck"
    assert how_it_ended(a_dataset(5, 5), [0.0], 1.0, GOOD) == "finished"
