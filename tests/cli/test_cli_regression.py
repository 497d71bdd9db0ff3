"""The command line of samples with targets: what `data` and `train` say and draw, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mlplab.cli.data import dataset_spec
from mlplab.data import draw_dataset
from mlplab.errors import MlplabError
from mlplab.run import Runs
from mlplab.spec import SamplesFile

SURFACE = """
dataset = {kind = "franke", train_samples = 32, test_samples = 16, sigma = 0.05}
[training]
loss = "mean_squared_error"
optimizer = {kind = "adam", learning_rate = 0.05}
batch_size = 8
epochs = 4
"""

FEW = ("--train-samples", 6, "--test-samples", 3)
BY_REFERENCE = ("--trainer", "reference")

undrawn = pytest.mark.usefixtures("undrawn_figures")


@pytest.fixture(autouse=True)
def _files(_in_an_empty_folder_and_80_columns: None) -> None:
    Path("surface.toml").write_text(SURFACE)
    rows = [f"{i},{i * i % 7},{i / 4 + 10},{i % 3}" for i in range(20)]
    Path("rents.csv").write_text("\n".join(["area,floor,rent,rooms", *rows]))


def test_the_table_has_each_target_s_mean_spread_and_range(
    run: Callable[..., Any], plain: Callable[[str], str]
) -> None:
    result = run("data", "rents.csv", "--target", "rent, rooms", "--export", "own.csv")
    assert (result.exit_code, result.stderr) == (0, "")
    said = plain(result.stdout)
    assert "rents.csv, seed 0 2 features: area, floor " in said
    dataset = draw_dataset(SamplesFile(path="rents.csv", target=("rent", "rooms")), seed=0)
    for split, samples in zip(("training", "validation", "test"), (12, 4, 4), strict=True):
        y = dataset.splits["train" if split == "training" else split].y  # type: ignore[index]
        rent, rooms = (
            " ".join(f"{number:.4g}" for number in (k.mean(), k.std(), k.min(), k.max()))
            for k in y.T
        )
        assert f"{split} {samples} rent {rent} rooms {rooms}" in said
    assert Path("data/samples.png").read_bytes().startswith(b"\x89PNG")
    again = draw_dataset(SamplesFile(path="own.csv", target=("rent", "rooms")), seed=5)
    np.testing.assert_array_equal(again.test.y, dataset.test.y)


@undrawn
def test_of_many_targets_the_first_ones_are_shown(
    run: Callable[..., Any], plain: Callable[[str], str]
) -> None:
    names = [f"t{k}" for k in range(12)]
    rows = [",".join(str(i + k) for k in range(13)) for i in range(20)]
    Path("many.csv").write_text("\n".join([",".join(["x", *names]), *rows]))
    said = plain(run("data", "many.csv", "--target", ",".join(names)).stdout)
    assert "1 feature: x; 12 targets, 2 not shown" in said
    assert " t9 " in said
    assert " t10 " not in said


@undrawn
@pytest.mark.parametrize("kind", ["noisy_sine", "plane", "franke", "friedman_1"])
def test_kinds_with_a_target_are_drawn(
    run: Callable[..., Any], plain: Callable[[str], str], kind: str
) -> None:
    result = run("data", kind, *FEW, "--sigma", 0.5)
    assert (result.exit_code, result.stderr) == (0, "")
    said = plain(result.stdout)
    assert said.startswith(f"{kind}, sigma 0.5, seed 0")
    assert "training 6 y " in said
    assert "test 3 y " in said


@undrawn
def test_features_of_friedman_s_problem_are_counted(run: Callable[..., Any]) -> None:
    said = run("data", "friedman_1", "--n-features", 5, *FEW).stdout
    assert "5 features: x1, x2, x3, x4, x5" in said


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["franke", "--train-per-class", 5], "--train-per-class does not apply to 'franke'"),
        (["polar", "--train-samples", 5], "--train-samples does not apply to 'polar'"),
        (["franke", "--target", "y"], "--target does not apply to 'franke'"),
        (
            ["franke", "--train-samples", 0],
            "train_samples: input should be greater than or equal to 1",
        ),
        (
            ["friedman_1", "--n-features", 4],
            "n_features: input should be greater than or equal to 5",
        ),
        (["friedman"], "did you mean 'friedman_1'?"),
        (["rents.csv", "--target", "prise"], "the target's column 'prise' is missing"),
        (["rents.csv", "--target", "rent,rent"], "targets must differ, received 'rent' twice"),
        (["rents.csv", "--target", ""], "target: tuple should have at least 1 item"),
        (
            ["rents.csv", "--target", "rent", "--label", "rooms"],
            "--label does not apply to samples with --target",
        ),
        (
            ["rents.csv", "--target", "rent", "--features", "rent"],
            "'rent' is a target and cannot be a feature",
        ),
        (["rents.csv", "--label", "rent"], "numbers to approximate are targets"),
        (["surface.toml", "--target", "rent"], "--target does not apply to an experiment file"),
    ],
)
def test_wrong_input_of_data_is_one_sentence(
    refused: Callable[..., str], arguments: list[str], sentence: str
) -> None:
    assert sentence in refused("data", *arguments)


def test_too_many_samples_are_not_told_of_classes(monkeypatch: pytest.MonkeyPatch) -> None:
    from mlplab.cli.data import _check_memory

    monkeypatch.setattr("mlplab.memory.available_memory", lambda: 10**9)
    with pytest.raises(MlplabError, match=r"ask for fewer samples$"):
        _check_memory(dataset_spec("franke", {"train_samples": 10**7}))


def test_training_leaves_a_surface_residuals_and_curves(
    run: Callable[..., Any], plain: Callable[[str], str]
) -> None:
    result = run("train", "surface.toml", *BY_REFERENCE, "--seed", 3)
    assert (result.exit_code, result.stderr) == (0, "")
    said = plain(result.stdout)
    assert sorted(path.name for path in Path("surface-runs").iterdir()) == [
        "curves.png",
        "curves.svg",
        "experiment.toml",
        "regression.png",
        "regression.svg",
        "residuals.png",
        "residuals.svg",
        "runs.csv",
        "runs.safetensors",
    ]
    assert (
        "surface-runs/regression.png and .svg what the network of seed 3 predicts over the plane"
        in said
    )
    assert "surface-runs/residuals.png and .svg seed 3: predicted and true, residuals" in said
    assert "surface-runs/curves.png and .svg loss and R by epoch, all runs" in said
    assert "test_r2" in Path("surface-runs/runs.csv").read_text()


def test_the_table_is_of_the_runs_metric(
    run: Callable[..., Any], plain: Callable[[str], str], undrawn_figures: None
) -> None:
    said = plain(run("train", "surface.toml", *BY_REFERENCE, "--seed", 3).stdout)
    [r2] = Runs.load(Path("surface-runs")).test_metric
    assert f"test R {r2:.4f} test loss " in said
    assert "accuracy" not in said


@undrawn
def test_own_targets_are_trained_and_their_error_is_in_their_unit(
    run: Callable[..., Any], plain: Callable[[str], str]
) -> None:
    Path("rents.toml").write_text(
        'dataset = {kind = "file", path = "rents.csv", target = "rent", features = ["area"]}\n'
        'training = {loss = "huber", epochs = 2}'
    )
    result = run("train", "rents.toml", *BY_REFERENCE, "--replications", 2)
    assert (result.exit_code, result.stderr) == (0, "")
    said = plain(result.stdout)
    assert "what the network of seed 0 predicts over its feature" in said
    assert "loss and mean absolute error by epoch, all runs" in said
    assert Runs.load(Path("rents-runs")).metric == "mean_absolute_error"


@undrawn
def test_more_than_two_features_have_no_surface(
    run: Callable[..., Any], plain: Callable[[str], str]
) -> None:
    dataset = "dataset={kind='friedman_1', train_samples=8, test_samples=4}"
    said = plain(run("train", "surface.toml", *BY_REFERENCE, "--set", dataset).stdout)
    assert "residuals.png" in said
    assert "regression.png" not in said


@undrawn
def test_pictures_of_earlier_runs_do_not_stay_beside_the_new_ones(run: Callable[..., Any]) -> None:
    folder = Path("surface-runs")
    folder.mkdir()
    for name in ("classifier.png", "classifier.svg", "regression.png", "notes.png"):
        (folder / name).write_text("")
    run("train", "surface.toml", *BY_REFERENCE)
    left = {path.name for path in folder.glob("*.*g")}
    assert left == {"regression.png", "notes.png"}
    run("train", "surface.toml", *BY_REFERENCE, "--set", "dataset=moons")
    assert {path.name for path in folder.glob("*.*g")} == {"notes.png"}


@undrawn
def test_what_is_stuck_is_said_of_targets(
    run: Callable[..., Any], plain: Callable[[str], str]
) -> None:
    result = run("train", "surface.toml", *BY_REFERENCE, "--set", "training.optimizer=lion")
    stuck = (
        "The run got stuck. Stuck: the training loss is no better than that of the best constant"
    )
    assert stuck in plain(result.stdout)
    assert "Hints at seed 0 (stuck): " in plain(result.stdout)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            "training.loss=categorical_crossentropy",
            "categorical_crossentropy is of classes, and the",
        ),
        ("dataset=polar & training.loss=huber", "the loss huber is of targets, and the samples"),
        ("training.early_stopping.monitor=val_accuracy", "cannot monitor the accuracy of targets"),
        (
            "training.class_weight={'0'=2.0}",
            "class_weight is of classes, and the samples have targets",
        ),
        ("training.label_smoothing=0.1", "label_smoothing needs a cross-entropy"),
        ("dataset.train_per_class=5", "no field 'train_per_class' in 'franke'"),
    ],
)
def test_what_is_of_classes_is_refused(
    refused: Callable[..., str], change: str, sentence: str
) -> None:
    changes = [part for each in change.split(" & ") for part in ("--set", each)]
    assert sentence in refused("train", "surface.toml", *BY_REFERENCE, *changes)


@pytest.mark.parametrize(
    ("dataset", "told"),
    [
        ('"noisy_sine"', "the playground draws samples of two features, received noisy_sine"),
        ('"friedman_1"', "the playground draws samples of two features, received friedman_1"),
        (
            '{kind = "file", path = "s.csv", target = "b"}',
            "own samples with classes, received targets",
        ),
    ],
)
def test_the_playground_has_targets_over_the_plane_only(
    refused: Callable[..., str], dataset: str, told: str
) -> None:
    Path("s.csv").write_text("a,b\n1,2.5\n3,4.5\n5,6.5\n")
    Path("other.toml").write_text(f"dataset = {dataset}\n")
    assert told in refused("play", "other.toml", "--no-open")
