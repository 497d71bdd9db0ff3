"""`mlplab data`: kinds, files and experiments; the picture, the table, the exported points."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mlplab.cli.data import _listed, data, dataset_spec, describe
from mlplab.data import draw_dataset
from mlplab.errors import MlplabError
from mlplab.spec import (
    Circles,
    DatasetSpec,
    Friedman1,
    Linear,
    Plane,
    Polar,
    Recipe,
    SamplesFile,
    Spirals,
)

FEW = ("--train-per-class", 5, "--test-per-class", 3)


def write_own_points(path: Path) -> None:
    rows = [f"{i},{i * i},{'ab'[i % 3 == 0]}" for i in range(12)]
    path.write_text("\n".join(["x1,x2,label", *rows]))


def write_iris(path: Path) -> None:
    rows = [f"{i},{i % 5},{i / 10},{(i * i) % 7},{('oak', 'ash')[i % 2]}" for i in range(20)]
    path.write_text("\n".join(["a,b,c,d,species", *rows]))


def test_a_kind_alone_draws_a_picture_and_says_where(run: Callable[..., Any]) -> None:
    result = run("data", "polar", *FEW)
    assert result.exit_code == 0, result.output
    assert "polar, classes 2, sigma 0.1, seed 0" in result.stdout
    assert "wrote data/samples.png and .svg" in result.stdout
    assert Path("data/samples.png").read_bytes().startswith(b"\x89PNG")
    assert "<svg" in Path("data/samples.svg").read_text()
    assert sorted(path.name for path in Path("data").iterdir()) == ["samples.png", "samples.svg"]


def test_the_table_counts_the_points(run: Callable[..., Any], plain: Callable[[str], str]) -> None:
    table = plain(run("data", "polar", "--classes", 3, *FEW).stdout)
    assert "training 15 5 in each of 3" in table
    assert "validation 9 3 in each of 3" in table
    assert "test 9 3 in each of 3" in table


def test_the_table_names_the_classes_of_own_points(
    run: Callable[..., Any], plain: Callable[[str], str]
) -> None:
    write_own_points(Path("own.csv"))
    table = plain(run("data", "own.csv").stdout)
    assert "training 6 4 a 2 b validation 3 2 a 1 b test 3 2 a 1 b" in table


@pytest.mark.parametrize("name", ["own.csv", "new/own.npz", "own.NPZ", "own.parquet"])
def test_exported_points_are_the_drawn_ones(run: Callable[..., Any], name: str) -> None:
    result = run("data", "moons", *FEW, "--seed", 7, "--out", "pictures", "--export", name)
    assert result.exit_code == 0, result.output
    assert "all 22 samples" in result.stdout
    wanted = draw_dataset(dataset_spec("moons", {"train_per_class": 5, "test_per_class": 3}), 7)
    read = draw_dataset(SamplesFile(path=name), seed=0)
    for split in wanted.splits:
        np.testing.assert_array_equal(read.splits[split].x, wanted.splits[split].x)
        np.testing.assert_array_equal(read.splits[split].y, wanted.splits[split].y)


def test_a_file_of_many_features_is_shown(
    run: Callable[..., Any], plain: Callable[[str], str]
) -> None:
    write_iris(Path("iris.csv"))
    result = run("data", "iris.csv", "--label", "species", "--export", "again.parquet")
    page = plain(result.stdout)
    assert result.exit_code == 0, result.output
    assert "iris.csv, seed 0 4 features: a, b, c, d " in page
    assert "training 12 6 in each of 2" in page
    title = Path("data/samples.svg").read_text()
    assert "first two principal components of 4 features" in title
    read = [
        draw_dataset(SamplesFile(path=name, label="species"), seed=0)
        for name in ("iris.csv", "again.parquet")
    ]
    np.testing.assert_array_equal(read[0].test.x, read[1].test.x)


def test_features_of_a_file_are_chosen(
    run: Callable[..., Any], plain: Callable[[str], str], refused: Callable[..., str]
) -> None:
    write_iris(Path("iris.csv"))
    page = plain(run("data", "iris.csv", "--label", "species", "--features", "d, b").stdout)
    assert "2 features: d, b " in page
    assert "principal" not in Path("data/samples.svg").read_text()
    sentence = refused("data", "iris.csv", "--label", "species", "--features", "B,c")
    assert sentence.startswith("iris.csv: column 'B' is missing; did you mean 'b'?")
    assert "SamplesFile: features must differ" in refused("data", "iris.csv", "--features", "a,a")
    sentence = refused("data", "iris.csv")
    assert sentence.startswith("iris.csv: the label's column 'label' is missing; known: a, b")
    assert sentence.rstrip().endswith(
        "; name the column with --label, or with --target one of numbers to approximate"
    )
    assert "--label" not in refused("data", "iris.csv", "--label", "kind")


def test_a_name_with_a_comma_is_quoted() -> None:
    assert _listed('"height, cm", width') == ["height, cm", "width"]


def test_more_samples_than_memory_holds_are_refused_before_they_are_drawn(
    refused: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mlplab.memory.available_memory", lambda: 8_000_000_000)
    sentence = refused("data", "linear", "--classes", 100000)
    assert sentence == (
        "the samples and their picture need about 92 GB of memory, and 8 GB are available: "
        "ask for fewer classes, or fewer samples of each"
    )
    assert "need about 10^397 GB of memory" in refused("data", "linear", "--classes", 10**400)


@pytest.mark.parametrize(
    "kind", [name for name, kind in DatasetSpec.kinds.items() if issubclass(kind, Recipe)]
)
def test_every_kind_is_known_to_the_command_and_its_help(
    run: Callable[..., Any], plain: Callable[[str], str], kind: str
) -> None:
    assert dataset_spec(kind, {}).kind == kind
    assert dataset_spec(kind, {"sigma": 0.25}).sigma == 0.25
    assert describe(dataset_spec(kind, {})).startswith(kind)
    assert kind in plain(run("data", "--help").stdout)


@pytest.mark.parametrize(
    ("option", "kind"),
    [
        ("classes", Linear()),
        ("classes", Polar()),
        ("classes", Spirals()),
        ("sigma", Polar()),
        ("train_per_class", Polar()),
        ("test_per_class", Polar()),
        ("train_samples", Plane()),
        ("test_samples", Plane()),
        ("n_features", Friedman1()),
        ("factor", Circles()),
        ("turns", Spirals()),
    ],
)
def test_help_tells_the_defaults(
    run: Callable[..., Any], plain: Callable[[str], str], option: str, kind: Any
) -> None:
    page = plain(run("data", "--help").stdout)
    own = page[page.rindex(f"--{option.replace('_', '-')} ") :].split(" --")[0]
    assert f"{getattr(kind, option):g} if not given" in own


def test_an_experiment_gives_its_dataset() -> None:
    Path("a.toml").write_text('dataset = {kind = "polar", classes = 3}')
    assert dataset_spec("a.toml", {}) == Polar(classes=3)


@pytest.mark.parametrize(
    ("source", "option", "what"),
    [
        ("polar", "factor", "'polar'"),
        ("polar", "turns", "'polar'"),
        ("moons", "classes", "'moons'"),
        ("points.csv", "sigma", "samples from a file"),
        ("points.npz", "train_per_class", "samples from a file"),
        ("polar", "label", "'polar'"),
        ("polar", "target", "'polar'"),
        ("polar", "train_samples", "'polar'"),
        ("franke", "train_per_class", "'franke'"),
        ("franke", "n_features", "'franke'"),
        ("polar", "features", "'polar'"),
        ("a.toml", "label", r"an experiment file: change a\.toml itself"),
        ("a.toml", "classes", r"an experiment file: change a\.toml itself"),
    ],
)
def test_an_option_that_does_not_apply_is_named(source: str, option: str, what: str) -> None:
    flag = f"--{option.replace('_', '-')}"
    with pytest.raises(MlplabError, match=f"^{flag} does not apply to {what}$"):
        dataset_spec(source, {option: 3})


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["polr"], "did you mean 'polar'?"),
        (["file"], "'file' is neither a kind of dataset nor a .csv, .npz, .parquet or .toml file"),
        (["."], "'.' is neither a kind"),
        (["none.csv"], "cannot read 'none.csv': No such file or directory"),
        (["none.toml"], "cannot read the experiment 'none.toml': No such file or directory"),
        (["folder.csv"], "cannot read 'folder.csv': Is a directory"),
        (["nan.csv"], "nan.csv, line 2, column 'x2': expected a finite number, received 'nan'"),
        (
            ["polar", "--classes", "1"],
            "classes: input should be greater than or equal to 2, received 1",
        ),
        (["polar", "--sigma", "nan"], "sigma: input should be a finite number, received nan"),
        (["polar", "--seed", "-1"], "--seed must be a whole number from 0 to 2^62, received -1"),
        (["polar", "--seed", str(2**62 + 1)], "--seed must be a whole number from 0 to 2^62"),
        (["polar", "--out", "nan.csv"], "'nan.csv' is a file"),
        (["polar", "--out", "nan.csv/below"], "'nan.csv' is a file"),
        (
            ["polar", "--export", "a.txt"],
            "--export writes a .csv, .npz or .parquet file, received 'a.txt'",
        ),
        (["polar", "--export", "folder.csv"], "cannot write the file 'folder.csv': it is a folder"),
        (["polar", "--export", "nan.csv/a.csv"], "'nan.csv' is a file"),
        (["own.csv", "--export", "./own.csv"], "--export would overwrite 'own.csv'"),
    ],
)
def test_wrong_input_is_one_sentence(
    refused: Callable[..., str], arguments: list[str], sentence: str
) -> None:
    write_own_points(Path("own.csv"))
    Path("nan.csv").write_text("x1,x2,label\n1,nan,0\n")
    Path("folder.csv").mkdir()
    assert sentence in refused("data", *arguments)


@pytest.mark.usefixtures("undrawn_figures")
def test_the_examples_of_the_help_run(run: Callable[..., Any]) -> None:
    write_iris(Path("iris.csv"))
    examples = [line.split()[1:] for line in str(data.__doc__).splitlines() if " mlplab " in line]
    assert len(examples) == 4
    for example in examples:
        assert run(*example).exit_code == 0
