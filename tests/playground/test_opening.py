"""Whatever a user has of an experiment, the page begins with just that, or a sentence says why not."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mlplab.data import SPLITS
from mlplab.errors import DataError, MlplabError, SpecError
from mlplab.playground.limits import MOST_POINTS
from mlplab.playground.opening import Opened, open_experiment
from mlplab.playground.presets import FIRST, PRESETS
from mlplab.run import Runs
from mlplab.spec import Experiment
from mlplab.sweep.numbers import write_table
from mlplab.training import train
from mlplab.trial import draw

FEW = Experiment(
    dataset={"kind": "polar", "classes": 3, "train_per_class": 5, "test_per_class": 3},
    training={"epochs": 1},
)


@pytest.fixture(scope="module")
def runs() -> Runs:
    """Three runs, of seeds 7 to 9."""
    return train(FEW, 3, seed=7, trainer="reference")


def written(folder: Path, experiment: Experiment = FEW) -> Path:
    """Write an experiment to a folder, and return its file."""
    file = folder / "experiment.toml"
    file.write_text(experiment.to_toml(), encoding="utf-8")
    return file


def opened(source: Any, **options: Any) -> Opened:
    """Open what is there to be opened."""
    found = open_experiment(source, **options)
    assert found is not None
    return found


# ---- Experiments and runs ------------------------------------------------------------------------


def test_nothing_is_opened_where_nothing_is_asked_for():
    assert open_experiment(None) is None


def test_a_seed_alone_is_that_of_the_first_preset():
    assert open_experiment(None, seed=5) == Opened(PRESETS[FIRST], 5)


def test_an_experiment_and_its_file_are_opened_with_a_seed(tmp_path: Path):
    for source in (FEW, written(tmp_path), str(written(tmp_path)), tmp_path):
        assert opened(source) == Opened(FEW, 0)
        assert opened(source, seed=2**62) == Opened(FEW, 2**62)


def test_the_page_is_given_json_with_the_seed_as_text():
    assert json.loads(Opened(FEW, 2**62).to_json()) == {
        "experiment": FEW.model_dump(mode="json"),
        "seed": str(2**62),
        "stop_rule": "epochs",
    }


@pytest.mark.parametrize("saved", [False, True])
def test_a_run_is_opened_with_its_seed(saved: bool, runs: Runs, tmp_path: Path):
    source: Any = runs
    if saved:
        runs.save(tmp_path / "few-runs")
        source = tmp_path / "few-runs"
    assert opened(source) == Opened(FEW, 7)
    assert opened(source, run=2) == Opened(FEW, 9)
    assert opened(source, run=-1) == Opened(FEW, 9)
    assert opened(source, seed=1) == Opened(FEW, 1)


def test_one_run_is_opened_with_its_seed(runs: Runs):
    assert opened(runs[1]) == Opened(FEW, 8)
    assert opened(runs[1], seed=3) == Opened(FEW, 3)


def test_of_a_search_the_winner_is_opened(tmp_path: Path):
    written(tmp_path).rename(tmp_path / "winner.toml")
    assert opened(tmp_path) == Opened(FEW, 0)


def test_a_run_that_is_not_there_and_one_too_many_options(runs: Runs, tmp_path: Path):
    for options, sentence in (
        ({"run": 3}, "there is no run 3: expected one from 0 to 2"),
        ({"run": "0"}, "a run is a whole number, received '0'"),
        ({"run": 1, "seed": 2}, "a run has its own seed: expected a run or a seed, received both"),
        (
            {"cell": "1,2"},
            "a cell is chosen from a folder of `mlplab map`, received cell '1,2'",
        ),
    ):
        with pytest.raises(MlplabError, match=f"^{sentence}$"):
            open_experiment(runs, **options)  # type: ignore[arg-type]
    with pytest.raises(MlplabError, match="there are no runs to open"):
        open_experiment(runs[:0])
    for source in (FEW, runs[0], None, written(tmp_path)):
        with pytest.raises(
            MlplabError,
            match="a run is chosen from a folder of `mlplab train`, received run 0",
        ):
            open_experiment(source, run=0)
    with pytest.raises(MlplabError, match="a cell is chosen from a folder of"):
        open_experiment(written(tmp_path), cell="1,2")
    with pytest.raises(MlplabError, match="a seed must be a whole number from 0 to 2\\^62"):
        open_experiment(FEW, seed=-1)


def test_what_is_none_says_why(tmp_path: Path):
    with pytest.raises(MlplabError, match="holds no experiment: expected one that `mlplab train`"):
        open_experiment(tmp_path)
    for content, name in ((b"a = \xff", "bad.toml"), (b"x1,x2,label\n", "points.csv")):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(SpecError):
            open_experiment(tmp_path / name)
    (tmp_path / "runs.safetensors").write_bytes(b"nonsense")
    with pytest.raises(MlplabError, match="cannot read the runs in"):
        open_experiment(tmp_path)
    with pytest.raises(SpecError, match="an Experiment was expected, received 7"):
        open_experiment(7)  # type: ignore[arg-type]


def test_what_is_too_large_says_what():
    large = FEW.varied({"training.epochs": 10_001})
    with pytest.raises(MlplabError, match="at most 10,000 epochs, received 10,001"):
        open_experiment(large)


def test_a_loss_of_two_classes_smoothed_labels_and_weights_are_opened():
    training = {"loss": "binary_crossentropy", "label_smoothing": 0.1, "class_weight": {"1": 2.0}}
    experiment = FEW.varied({"dataset.classes": 2, "training": training})
    assert open_experiment(experiment).experiment == experiment


def test_what_the_page_cannot_compute_is_refused():
    with pytest.raises(MlplabError, match="trains in float32, received float64"):
        open_experiment(FEW.varied({"training.dtype": "float64"}))


# ---- Cells of a map ------------------------------------------------------------------------------

RATE, BATCH = "training.optimizer.learning_rate", "training.batch_size"
OPTIMIZER = "training.optimizer"

Table = Callable[..., Path]


@pytest.fixture(params=["csv", "parquet"])
def table(request: pytest.FixtureRequest, tmp_path: Path) -> Table:
    """A function that writes the folder of a map of two settings."""
    if request.param == "parquet":
        pytest.importorskip("pyarrow")

    def write(x: dict[str, list[Any]], y: dict[str, list[Any]]) -> Path:
        ((across, xs),), ((up, ys),) = x.items(), y.items()
        columns: dict[str, list[Any]] = {
            across: [each for _ in ys for each in xs],
            up: [each for each in ys for _ in xs],
            "runs": [4] * (len(xs) * len(ys)),
        }
        write_table(columns, tmp_path / f"cells.{request.param}")
        network = {"hidden_layers": 1, "layer_width": 3, "activation": "tanh"}
        written(tmp_path, FEW.varied({"network": network}))
        return tmp_path

    return write


def test_a_cell_is_opened_by_its_values(table: Table):
    folder = table({RATE: [0.001, 0.0012589254117941673, 1e-05]}, {BATCH: [1, 2, 16]})
    assert opened(folder).experiment.training.batch_size == FEW.training.batch_size
    for cell, rate, batch in (
        ("0.001,16", 0.001, 16),
        (" 1e-3 , 2.0", 0.001, 2),
        ("0.0012589254117941673,1", 0.0012589254117941673, 1),
        ("0.00125893,1", 0.0012589254117941673, 1),
        ("0.00001,1", 1e-05, 1),
    ):
        training = opened(folder, cell=cell, seed=4).experiment.training
        assert (training.optimizer.learning_rate, training.batch_size) == (rate, batch)
        assert type(training.batch_size) is int


def test_cells_of_words_lists_and_tables(table: Table):
    adam = '{"kind": "adam", "learning_rate": 0.5}'
    folder = table({"network.layer_width": ["[8]", "6"]}, {OPTIMIZER: ["sgd", adam]})
    found = opened(folder, cell="[8],sgd").experiment
    assert found.network.layer_widths == (8,)
    found = opened(folder, cell=f"6,{adam}").experiment
    assert found.network.layer_widths == (6,)
    assert found.training.optimizer.kind == "adam"
    assert found.training.optimizer.learning_rate == 0.5


@pytest.mark.parametrize("cell", ["", "1", "0.001", "0.001,3", "0.002,16", "16,0.001", "1,2,3"])
def test_a_cell_that_is_not_there_says_which_are(cell: str, table: Table):
    folder = table({RATE: [0.001, 0.01]}, {BATCH: [1, 16]})
    with pytest.raises(MlplabError) as caught:
        open_experiment(folder, cell=cell)
    assert str(caught.value) == (
        f"there is no cell '{cell}': expected X,Y with {RATE} one of 0.001, 0.01, and {BATCH} one of "
        "1, 16"
    )


def test_two_values_that_look_alike_are_told_apart(table: Table):
    folder = table({RATE: [0.12345671, 0.12345672]}, {BATCH: [1]})
    with pytest.raises(MlplabError, match="there is no cell"):
        open_experiment(folder, cell="0.123457,1")
    experiment = opened(folder, cell="0.12345672,1").experiment
    assert experiment.training.optimizer.learning_rate == 0.12345672


@pytest.mark.parametrize(
    "content", [b"", b"a,b,runs\n1\n", b"a,b\n1,2\n", b"\xff", b'"', b"a,b,runs"]
)
def test_a_damaged_table_of_cells(content: bytes, tmp_path: Path):
    written(tmp_path)
    (tmp_path / "cells.csv").write_bytes(content)
    with pytest.raises(MlplabError, match=r"cells\.csv'"):
        open_experiment(tmp_path, cell="1,2")


@pytest.mark.slow
def test_a_folder_that_mlplab_map_wrote(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    from mlplab.cli import main

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("mlplab.figures.save", lambda figure, stem: None)
    (tmp_path / "few.toml").write_text(FEW.to_toml())
    axes = "--x", f"{RATE}=log:0.001:1:4", "--y", f"{BATCH}=1,2"
    with pytest.raises(SystemExit) as ended:
        main(["map", "few.toml", *axes, "--replications", "1"])
    assert ended.value.code == 0
    training = opened(tmp_path / "few-map", cell="0.1,2").experiment.training
    assert (training.optimizer.learning_rate, training.batch_size) == (0.1, 2)


# ---- Own samples ---------------------------------------------------------------------------------


def own(folder: Path, text: str, **options: Any) -> Experiment:
    """Write samples, and return an experiment of them."""
    path = folder / "class of 26.csv"
    path.write_text(text, encoding="utf-8")
    dataset = {"kind": "file", "path": str(path), "label": "kind", **options}
    return Experiment(dataset=dataset)  # type: ignore[arg-type]


@pytest.mark.parametrize("split", [False, True])
@pytest.mark.parametrize("standardise", [False, True])
def test_own_samples_come_along_as_networks_learn_from_them(
    split: bool, standardise: bool, tmp_path: Path
):
    rows = [f"{i},{i / 3},{'ab'[i % 2]}" for i in range(12)]
    names = "length,width,kind"
    if split:
        names += ",split"
        rows = [f"{row},{('train', 'validation', 'test')[i // 4]}" for i, row in enumerate(rows)]
    text = "\n".join([names, *rows])
    experiment = own(tmp_path, text, standardise=standardise, test_fraction=0.25)
    found = opened(experiment, seed=3)
    page = json.loads(found.to_json())
    assert str(tmp_path) not in found.to_json()
    left, right, bottom, top = page["plane"]
    assert all(left < x1 < right and bottom < x2 < top for x1, x2, _, _ in page["points"])
    # As the page has them: samples of a file that names the splits.
    samples = "".join(f"{x1!r},{x2!r},{label},{name}\n" for x1, x2, label, name in page["points"])
    (tmp_path / "points.csv").write_text(f"x1,x2,label,split\n{samples}")
    again = found.experiment.varied({"dataset.path": str(tmp_path / "points.csv")})
    ref, comp = (draw(each, 3) for each in (experiment, again))
    assert comp.dataset.label_names == ref.dataset.label_names
    assert comp.shuffle_key == ref.shuffle_key
    for name in SPLITS:
        np.testing.assert_array_equal(comp.dataset.splits[name].x, ref.dataset.splits[name].x)
        np.testing.assert_array_equal(comp.dataset.splits[name].y, ref.dataset.splits[name].y)


def test_own_samples_that_the_page_cannot_show(tmp_path: Path):
    many = "".join(f"{i},{i},{'ab'[i % 2]}\n" for i in range(MOST_POINTS + 1))
    classes = "".join(f"{i},{i},{'abcdefghijk'[i % 11]}\n" for i in range(44))
    three = "".join(f"{i},{i},{i},{'ab'[i % 2]}\n" for i in range(12))
    far = "".join(f"{i},{-1e7 * i},{'ab'[i % 2]}\n" for i in range(12))
    for header, rows, sentence in (
        (
            "u,v",
            many,
            "takes at most 10,000 own points, received 10,001: `mlplab train` takes more",
        ),
        ("u,v", classes, "takes at most 10 classes, received 11"),
        ("u,v,w", three, "takes 2 features, received 3"),
        (
            "u,v",
            far,
            "a coordinate must lie between -1,000,000 and 1,000,000, received one of size 1.1e\\+08",
        ),
    ):
        experiment = own(tmp_path, f"{header},kind\n{rows}")
        with pytest.raises(MlplabError, match=f"class of 26.csv: .*{sentence}"):
            open_experiment(experiment)


def test_own_samples_that_are_gone_or_others(tmp_path: Path):
    rows = "".join(f"{i},{i},{'ab'[i % 2]}\n" for i in range(12))
    experiment = own(tmp_path, f"u,v,kind\n{rows}", content="0" * 64)
    with pytest.raises(DataError):
        open_experiment(experiment)
    (tmp_path / "class of 26.csv").unlink()
    with pytest.raises(DataError):
        open_experiment(experiment)


def test_arrays_cannot_come_along(runs: Runs):
    arrays = Experiment(dataset="arrays")
    for source in (arrays, dataclasses.replace(runs, experiment=arrays)):
        with pytest.raises(
            MlplabError, match="these were handed in as arrays: write them to a CSV"
        ):
            open_experiment(source)


def test_a_path_that_is_too_long_is_said() -> None:
    with pytest.raises(MlplabError, match="cannot read 'aaa"):
        open_experiment("a" * 5000)
