"""Runs are saved whole or not at all, and loaded exactly."""

from __future__ import annotations

import csv
import errno
import json
import os
import shutil
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors import safe_open
from safetensors.numpy import save as as_safetensors

from mlplab.errors import MlplabError
from mlplab.run import Run, Runs
from mlplab.run.frames import SCALARS
from mlplab.spec import Experiment, SamplesFile

Make = Callable[..., Run]
MakeAll = Callable[..., list[Run]]
Same = Callable[[Run | Runs, Run | Runs], None]


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("kept", [(True, True, True), (False, True, False), (False, False)])
def test_saved_runs_are_loaded_exactly(
    some_runs: MakeAll, assert_same: Same, dtype: str, kept: tuple[bool, ...], tmp_path: Path
):
    runs = Runs.from_runs(some_runs(kept, dtype))
    for some in (runs, runs[::-1], runs[:1], runs[1:1]):
        some.save(tmp_path)
        assert_same(Runs.load(tmp_path), some)


def test_runs_without_standardising_are_loaded_exactly(
    a_run: Make, assert_same: Same, tmp_path: Path
):
    run = a_run(1, input_mean=None, input_scale=None, resplit_ratio=None)
    Runs.from_runs([run]).save(tmp_path)
    assert_same(Runs.load(tmp_path)[0], run)


def test_names_in_any_letters_are_loaded_exactly(a_run: Make, assert_same: Same, tmp_path: Path):
    run = a_run(1, label_names=("crème", '"', "猫"), feature_names=("länge", "a, b"))
    Runs.from_runs([run]).save(tmp_path)
    assert_same(Runs.load(tmp_path)[0], run)


def test_more_than_ten_layers_keep_their_order(a_run: Make, assert_same: Same, tmp_path: Path):
    # As names, layer10 would stand before layer2.
    network = {"hidden_layers": 11, "layer_width": 1, "activation": "relu"}
    sizes = (2, *[1] * 11, 3)
    run = a_run(
        1,
        experiment=Experiment(dataset="polar", network=network),
        weights=tuple(np.full((sizes[i + 1], sizes[i]), float(i)) for i in range(12)),
        biases=tuple(np.full(sizes[i + 1], float(i)) for i in range(12)),
    )
    runs = Runs.from_runs([run, run])
    runs.save(tmp_path)
    assert_same(Runs.load(tmp_path), runs)


def test_runs_that_are_views_of_larger_arrays_are_saved_exactly(
    some_runs: MakeAll, assert_same: Same, tmp_path: Path
):
    runs = Runs.from_runs(some_runs())
    turned = tuple(np.asfortranarray(w) for w in runs.weights)
    replace(runs, weights=turned).save(tmp_path)
    assert_same(Runs.load(tmp_path), runs)


def test_a_folder_may_be_moved(a_run: Make, assert_same: Same, tmp_path: Path):
    experiment = a_run(1).experiment
    elsewhere = SamplesFile(path=str(tmp_path / "gone" / "samples.csv"))
    own = experiment.model_copy(update={"dataset": elsewhere})
    runs = Runs.from_runs([a_run(1, experiment=own)])
    runs.save(tmp_path / "here" / "runs")
    shutil.move(tmp_path / "here", tmp_path / "there")
    assert_same(Runs.load(tmp_path / "there" / "runs"), runs)


def test_table_of_runs_has_a_header_and_a_row_for_each(some_runs: MakeAll, tmp_path: Path):
    runs = Runs.from_runs(some_runs())
    runs.save(tmp_path)
    with (tmp_path / "runs.csv").open(newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    assert header == [name.replace("metric", "accuracy") for name in SCALARS]
    assert len(rows) == 5
    for row, run in zip(rows, some_runs(), strict=True):
        for name, text in zip(header, row, strict=True):
            value = getattr(run, name)
            # A number as written is the number, to the last bit.
            np.testing.assert_equal(type(value)(text), value)


def test_saved_experiment_is_the_experiment(some_runs: MakeAll, tmp_path: Path):
    runs = Runs.from_runs(some_runs())
    runs.save(tmp_path)
    assert Experiment.from_toml(tmp_path / "experiment.toml") == runs.experiment


def test_a_relative_path_of_samples_counts_from_the_working_directory(
    a_run: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    experiment = a_run(1).experiment
    own = experiment.model_copy(update={"dataset": SamplesFile(path="samples.csv")})
    Runs.from_runs([a_run(1, experiment=own)]).save(tmp_path / "deep" / "runs")
    there = str(tmp_path / "samples.csv")
    saved = Experiment.from_toml(tmp_path / "deep" / "runs" / "experiment.toml").dataset
    assert isinstance(saved, SamplesFile)
    assert saved.path == there
    monkeypatch.chdir(tmp_path / "deep")
    loaded = Runs.load(tmp_path / "deep" / "runs").experiment.dataset
    assert isinstance(loaded, SamplesFile)
    assert loaded.path == there


def test_folders_may_be_named_by_text(some_runs: MakeAll, assert_same: Same, tmp_path: Path):
    runs = Runs.from_runs(some_runs())
    runs.save(str(tmp_path / "new"))
    assert_same(Runs.load(str(tmp_path / "new")), runs)


# ---- Whole or nothing --------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["experiment.toml", "runs.csv", "runs.safetensors"])
def test_a_folder_in_the_way_of_a_file_is_one_sentence(
    some_runs: MakeAll, name: str, tmp_path: Path
):
    (tmp_path / name).mkdir()
    with pytest.raises(MlplabError) as refused:
        Runs.from_runs(some_runs()).save(tmp_path)
    assert str(refused.value) == f"cannot write the file '{tmp_path / name}': it is a folder"
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_folder_below_a_file_cannot_be_written(some_runs: MakeAll, tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(MlplabError, match=r"^cannot write to the folder '.*runs': '.*file' is a"):
        Runs.from_runs(some_runs()).save(tmp_path / "file" / "runs")


@pytest.mark.parametrize("name", ["experiment.toml", "runs.csv", "runs.safetensors"])
def test_a_full_disk_leaves_the_files_as_they_were(
    some_runs: MakeAll, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    runs = Runs.from_runs(some_runs())
    runs[:2].save(tmp_path)
    before = contents(tmp_path)
    opened = Path.open

    def full(path: Path, *args: Any, **how: Any) -> Any:
        if path.name == name:
            with opened(path, "w") as half:
                half.write("half")
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return opened(path, *args, **how)

    for folder in (tmp_path, tmp_path / "new"):
        monkeypatch.setattr(Path, "open", full)
        with pytest.raises(MlplabError) as refused:
            runs.save(folder)
        monkeypatch.setattr(Path, "open", opened)
        assert str(refused.value) == (
            f"cannot write the file '{folder / name}': {os.strerror(errno.ENOSPC)}"
        )
    # No half of a file is left beside, and no folder.
    assert contents(tmp_path) == before


def test_an_interrupt_leaves_the_files_as_they_were(
    some_runs: MakeAll, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    runs = Runs.from_runs(some_runs())
    runs[:2].save(tmp_path)
    before = contents(tmp_path)

    def interrupted(number: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        runs.save(tmp_path)
    assert contents(tmp_path) == before


# ---- What is no folder of runs ----------------------------------------------------------------------


def test_a_folder_without_runs_is_one_sentence(tmp_path: Path):
    for folder in (tmp_path, tmp_path / "none"):
        with pytest.raises(MlplabError) as refused:
            Runs.load(folder)
        assert str(refused.value) == (
            f"'{folder}' holds no runs: there is no file '{folder / 'runs.safetensors'}'"
        )


def test_a_folder_that_the_system_refuses_to_look_at_is_one_sentence(tmp_path: Path):
    with pytest.raises(MlplabError, match=r"cannot read the runs in .*: .*File name too long"):
        Runs.load(tmp_path / ("x" * 300))


def test_the_file_instead_of_its_folder_is_one_sentence(some_runs: MakeAll, tmp_path: Path):
    Runs.from_runs(some_runs()).save(tmp_path)
    path = tmp_path / "runs.safetensors"
    with pytest.raises(MlplabError) as refused:
        Runs.load(path)
    assert str(refused.value) == (
        f"'{path}' is a file: runs are loaded from the folder they were saved to"
    )


def test_a_newer_format_is_refused(some_runs: MakeAll, tmp_path: Path):
    Runs.from_runs(some_runs()).save(tmp_path)
    path = tmp_path / "runs.safetensors"
    content = path.read_bytes()
    assert b'"format":"1"' in content
    path.write_bytes(content.replace(b'"format":"1"', b'"format":"2"'))
    with pytest.raises(MlplabError) as refused:
        Runs.load(tmp_path)
    assert str(refused.value).startswith(f"'{path}' was saved by a newer mlplab (")
    assert str(refused.value).endswith("): its format is 2, and this mlplab (0.1.0) reads up to 1")


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
        "no ending": content.replace(b'"[\\"finished', b'"}\\"finished'),
        "an ending too few": content.replace(b'\\"finished\\", ', b"               "),
        "no format": content.replace(b'"format":"1"', b'"format":"?"'),
    }


@pytest.mark.parametrize("how", damaged(b""))
def test_a_damaged_file_is_one_sentence(some_runs: MakeAll, how: str, tmp_path: Path):
    Runs.from_runs(some_runs()).save(tmp_path)
    path = tmp_path / "runs.safetensors"
    content = damaged(path.read_bytes())[how]
    assert content != path.read_bytes()
    path.write_bytes(content)
    with pytest.raises(MlplabError) as refused:
        Runs.load(tmp_path)
    assert str(path) in str(refused.value)
    assert "\n" not in str(refused.value)


FORGED = {
    "kept": lambda a: a.astype(np.float32),
    "seed": lambda a: a[:, None],
    "seconds": lambda a: np.zeros(()),
    "predicted": lambda a: a[:, :2],
    "history.train_loss": lambda a: a[..., None],
    "history.train_accuracy": lambda a: a[:, :3],
    "history.validation_loss": lambda a: a > 0,
    "input_scale": lambda a: a[:, :1],
    "layer0.weights": lambda a: a.transpose(0, 2, 1).copy(),
    "layer1.biases": lambda a: a.astype(np.int64),
}


@pytest.mark.parametrize("name", FORGED)
def test_an_array_of_another_form_is_one_sentence(some_runs: MakeAll, name: str, tmp_path: Path):
    Runs.from_runs(some_runs()).save(tmp_path)
    path = tmp_path / "runs.safetensors"
    words, arrays = content_of(path)
    path.write_bytes(as_safetensors({**arrays, name: FORGED[name](arrays[name])}, words))
    with pytest.raises(MlplabError, match=f"{name} must be .*numbers of shape .*, received"):
        Runs.load(tmp_path)


@pytest.mark.parametrize("value", ["null", "3", "{}", "[1, 2]", '["\\ud800", "b"]', "[" * 100_000])
@pytest.mark.parametrize("name", ["label_names", "feature_names", "ending", "resplit_ratio"])
def test_words_of_another_form_are_one_sentence(
    some_runs: MakeAll, name: str, value: str, tmp_path: Path
):
    if name == "resplit_ratio" and value in ("null", "3"):
        return  # may be so
    Runs.from_runs(some_runs()).save(tmp_path)
    path = tmp_path / "runs.safetensors"
    words, arrays = content_of(path)
    path.write_bytes(as_safetensors(arrays, {**words, name: value}))
    with pytest.raises(MlplabError, match="holds no runs as mlplab saves them"):
        Runs.load(tmp_path)


@pytest.mark.parametrize(
    ("name", "word"), [("ending", "paused"), ("cause", "boredom"), ("cause", "constant")]
)
def test_an_ending_that_such_runs_do_not_have_is_one_sentence(
    some_runs: MakeAll, name: str, word: str, tmp_path: Path
):
    runs = Runs.from_runs(some_runs())
    runs.save(tmp_path)
    path = tmp_path / "runs.safetensors"
    words, arrays = content_of(path)
    path.write_bytes(as_safetensors(arrays, {**words, name: json.dumps([word] * len(runs))}))
    with pytest.raises(MlplabError, match=f"{name} must be one .*, received '{word}'"):
        Runs.load(tmp_path)


def content_of(path: Path) -> tuple[dict[str, str], dict[str, np.ndarray]]:
    with safe_open(path, framework="numpy") as file:
        return file.metadata(), {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118  # no dict


def test_every_field_is_saved(some_runs: MakeAll, tmp_path: Path):
    """A new field of Runs must not come back with another value than it went."""
    runs = Runs.from_runs(some_runs())
    runs.save(tmp_path)
    loaded = Runs.load(tmp_path)
    for field in fields(Runs):
        assert getattr(runs, field.name) is not None
        assert getattr(loaded, field.name) is not None
