"""Samples with weights of their own, from every kind of file, from arrays and from DataFrames."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mlplab.data import Samples, write_samples
from mlplab.errors import DataError, MlplabError, SpecError
from mlplab.playground.limits import check_limits
from mlplab.spec import Experiment, FiniteSamples, SamplesFile
from mlplab.training import train
from mlplab.trial import draw

X = np.arange(24.0).reshape(12, 2)
Y = ["a", "b"] * 6
WEIGHT = np.arange(12) / 4
CONTENT = "95ee36b75656845c2699b0e79b51295fb9d4ab5b176d0c0db3d07d0f7c27501b"
"""Of X and Y alone; runs in stores know their samples by it."""


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    """The same samples in a file of each kind, with a column `w` of weights."""
    pandas = pytest.importorskip("pandas")
    pytest.importorskip("pyarrow")
    frame = pandas.DataFrame({"u": X[:, 0], "v": X[:, 1], "label": Y, "w": WEIGHT})
    frame.to_csv(tmp_path / "s.csv", index=False)
    frame.to_parquet(tmp_path / "s.parquet")
    np.savez(tmp_path / "s.npz", x=X, y=Y, w=WEIGHT, feature_names=np.array(["u", "v"]))
    return {kind: tmp_path / f"s.{kind}" for kind in ("csv", "parquet", "npz")}


@pytest.mark.parametrize("kind", ["csv", "parquet", "npz"])
def test_a_file_has_weights_where_its_description_says(kind: str, files: dict[str, Path]):
    spec = SamplesFile(path=files[kind], sample_weight="w")
    samples = Samples.from_file(spec)
    assert samples.feature_names == ("u", "v")
    assert samples.weight is not None
    np.testing.assert_array_equal(samples.weight, WEIGHT)
    arrays = Samples.from_arrays(X, Y, feature_names=("u", "v"), sample_weight=WEIGHT)
    assert samples.content == arrays.content
    assert samples.content != Samples.from_arrays(X, Y, feature_names=("u", "v")).content
    dataset = samples.split_by(spec, 1)
    for split in dataset.splits.values():
        assert split.weight is not None
        np.testing.assert_array_equal(split.weight, split.x[:, 0] / 8)


def test_without_a_word_of_weights_a_column_of_numbers_is_a_feature(files: dict[str, Path]):
    samples = Samples.from_file(SamplesFile(path=files["csv"]))
    assert samples.feature_names == ("u", "v", "w")
    assert samples.weight is None


def test_a_data_frame_has_weights_in_the_column_that_the_dataset_names():
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"u": X[:, 0], "v": X[:, 1], "kind": Y, "w": WEIGHT})
    experiment = Experiment(dataset={"kind": "arrays", "sample_weight": "w"})
    trial = draw(experiment, 3, frame, "kind")
    assert trial.dataset.feature_names == ("u", "v")
    weights = trial.training_weights
    assert weights is not None
    assert weights.dtype == np.float32
    np.testing.assert_array_equal(weights, trial.dataset.train.x[:, 0] / 8)


def test_weights_stay_with_their_samples_when_features_are_standardised_or_chosen():
    samples = Samples.from_arrays(X, Y, sample_weight=WEIGHT).choose(["x2"])
    experiment = Experiment(dataset={"kind": "arrays", "standardise": True})
    trial = draw(experiment, 3, samples)
    mean, scale = trial.dataset.mean, trial.dataset.scale
    assert mean is not None
    assert scale is not None
    train_split = trial.dataset.train
    assert train_split.weight is not None
    np.testing.assert_allclose(
        train_split.x * scale + mean - 1, train_split.weight[:, None] * 8, atol=1e-5
    )
    measured = trial.dataset.as_measured().train
    assert measured.weight is train_split.weight


def test_samples_without_weights_have_the_content_that_they_had():
    assert Samples.from_arrays(X, Y).content == CONTENT


@pytest.mark.parametrize(
    ("weight", "message"),
    [
        (
            [1.0, -1.0, *[1.0] * 10],
            r"row 1: a sample's weight must be .* from 0 on, received -1\.0",
        ),
        ([1.0] * 11 + [np.nan], r"row 11: .* finite number from 0 on, received nan"),
        ([np.inf] + [1.0] * 11, r"row 0: .* received inf"),
        ([0.0] * 12, "a sample must have a weight above 0, all of them have 0"),
        ([1.0] * 11, r"expected sample_weight to be real numbers of shape \(12,\), received"),
        (["heavy"] * 12, "expected sample_weight to be real numbers"),
    ],
)
def test_weights_that_cannot_be_used_are_refused_in_one_sentence(weight: Any, message: str):
    with pytest.raises(DataError, match=message):
        Samples.from_arrays(X, Y, sample_weight=weight)


def test_a_column_cannot_be_two_things(files: dict[str, Path]):
    with pytest.raises(DataError, match="'label' is the label and cannot be the samples' weight"):
        Samples.from_file(SamplesFile(path=files["csv"], sample_weight="label"))
    with pytest.raises(SpecError, match="'w' is the samples' weight and cannot be a feature"):
        SamplesFile(path=files["csv"], features=("u", "w"), sample_weight="w")
    with pytest.raises(DataError, match="column 'v2' is missing; did you mean 'v'"):
        Samples.from_file(SamplesFile(path=files["csv"], sample_weight="v2"))
    with pytest.raises(DataError, match="array 'weights' is missing"):
        Samples.from_file(SamplesFile(path=files["npz"], sample_weight="weights"))


def test_an_experiment_of_weighted_samples_refuses_those_without():
    experiment = Experiment(dataset={"kind": "arrays", "sample_weight": "w"})
    with pytest.raises(DataError, match=r"have weights \(sample_weight='w'\): hand them in, too"):
        train(experiment, data=(X, Y))


def test_how_weights_are_found_is_no_part_of_the_key(files: dict[str, Path]):
    keys = set()
    for kind, path in files.items():
        run = train(Experiment(dataset={"kind": "file", "path": str(path), "sample_weight": "w"}))
        keys.add(run.experiment.key)
        assert run.experiment.dataset.content, kind
    handed_in = Samples.from_arrays(X, Y, feature_names=("u", "v"), sample_weight=WEIGHT)
    keys.add(train(Experiment(dataset="arrays"), data=handed_in).experiment.key)
    assert len(keys) == 1


def test_a_description_without_weights_has_the_form_that_it_had():
    for kind in ("file", "arrays"):
        spec = FiniteSamples.kinds[kind]
        part = spec(path="a.csv") if kind == "file" else spec()
        assert "sample_weight" not in part.canonical()


@pytest.mark.parametrize("kind", ["csv", "npz", "parquet"])
def test_weights_are_written_and_read_back(kind: str, tmp_path: Path):
    if kind == "parquet":
        pytest.importorskip("pyarrow")
    samples = Samples.from_arrays(X, Y, sample_weight=WEIGHT)
    dataset = draw(Experiment(dataset="arrays", training={"dtype": "float64"}), 1, samples).dataset
    path = tmp_path / f"written.{kind}"
    write_samples(dataset, path)
    again = Samples.from_file(SamplesFile(path=path, sample_weight="sample_weight"))
    assert again.feature_names == ("x1", "x2")
    assert again.weight is not None
    np.testing.assert_array_equal(again.weight, again.x[:, 0] / 8)


def test_the_playground_refuses_weighted_samples(files: dict[str, Path]):
    spec = SamplesFile(path=files["csv"], sample_weight="w")
    with pytest.raises(MlplabError, match="samples that weigh alike, received sample_weight"):
        check_limits(Experiment(dataset=spec))
