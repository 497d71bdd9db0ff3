"""Samples of one's own, from arrays, a DataFrame or a file: trained by all, named, and pinned."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mlplab.data import Samples, samples
from mlplab.engine import LANES
from mlplab.engine.jobs import Shape
from mlplab.errors import DataError
from mlplab.reference import MultilayerPerceptron
from mlplab.run import Runs
from mlplab.spec import SGD, Arrays, Experiment, Network, SamplesFile, Training
from mlplab.training import stream, train, train_crossed
from mlplab.trial import Trials, draw

X = np.random.default_rng(3).normal(size=(60, 3)) * [1, 10, 0.1] + [0, 5, -2]
LABELS = np.array(["no", "perhaps", "yes"])[np.argsort(np.argsort(X @ [1.0, 0.1, 10.0])) // 20]
SPLIT = np.repeat(["train", "validation", "test"], 20)[np.random.default_rng(4).permutation(60)]

OWN = Experiment(
    dataset=Arrays(test_fraction=0.25),
    network=Network(hidden_layers=1, layer_width=4, activation="tanh"),
    training=Training(optimizer=SGD(learning_rate=0.2), batch_size=9, epochs=2, dtype="float64"),
)


def written(folder: Path) -> SamplesFile:
    """Write the samples to a file, and describe it."""
    rows = [
        f"{a!r},{b!r},{c!r},{label}" for (a, b, c), label in zip(X.tolist(), LABELS, strict=True)
    ]
    path = folder / "own.csv"
    path.write_text("\n".join(["width,height,depth,species", *rows]))
    return SamplesFile(path=str(path), label="species", test_fraction=0.25)


@pytest.fixture(params=["arrays", "frame", "samples", "file"])
def given(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Experiment, dict[str, Any]]:
    """An experiment and how the samples are handed in, in each of the forms."""
    names = ("width", "height", "depth")
    match request.param:
        case "arrays":
            return OWN, {"data": Samples.from_arrays(X, LABELS, feature_names=names)}
        case "frame":
            pandas = pytest.importorskip("pandas")
            frame = pandas.DataFrame({**dict(zip(names, X.T, strict=True)), "species": LABELS})
            return OWN, {"data": frame, "label": "species"}
        case "samples":
            return OWN, {"data": Samples.from_file(written(tmp_path))}
        case _:
            return OWN.varied({"dataset": written(tmp_path)}), {}


def parameters(runs: Runs, i: int) -> bytes:
    return b"".join(p[i].tobytes() for p in (*runs.weights, *runs.biases))


# ---- Names and content ---------------------------------------------------------------------------


@pytest.mark.parametrize("trainer", ["engine", "reference"])
def test_every_form_trains_the_same_runs_with_names(
    given: tuple[Experiment, dict[str, Any]], trainer: str
):
    experiment, data = given
    runs = train(experiment, 3, trainer=trainer, **data)
    assert runs.label_names == ("no", "perhaps", "yes")
    assert runs.feature_names == ("width", "height", "depth")
    assert runs.resplit_ratio == pytest.approx(15 / 33)
    assert runs.labelled.tolist() == [[11, 11, 11]] * 3
    pinned = Samples.from_arrays(X, LABELS, feature_names=runs.feature_names)
    assert runs.experiment.dataset.content == pinned.content
    assert runs.experiment.dataset.test_fraction == 0.25
    ref = train(OWN, 3, trainer=trainer, data=(X, LABELS))
    for i in range(3):
        assert parameters(runs, i) == parameters(ref, i)


def test_arrays_alone_have_numbered_features():
    runs = train(OWN, data=(X, LABELS))
    assert runs.feature_names == ("x1", "x2", "x3")
    assert set(runs[0].predict(X).tolist()) <= {"no", "perhaps", "yes"}


def test_samples_take_the_place_of_any_dataset():
    for dataset in ("polar", "arrays", SamplesFile(path="no.csv", test_fraction=0.25)):
        runs = train(OWN.varied({"dataset": dataset}), data=(X, LABELS))
        assert isinstance(runs.experiment.dataset, Arrays)
        assert runs.experiment.dataset.test_fraction == (0.2 if isinstance(dataset, str) else 0.25)


def test_a_run_can_be_drawn_again_from_the_same_samples_only(
    given: tuple[Experiment, dict[str, Any]],
):
    experiment, data = given
    runs = train(experiment, 2, seed=8, **data)
    again = draw(runs.experiment, 9, **data)
    assert parameters(train(again), 0) == parameters(runs, 1)


@pytest.mark.parametrize("trainer", ["engine", "reference"])
def test_a_run_on_a_file_says_so_and_is_drawn_again_from_it(tmp_path: Path, trainer: str):
    experiment = OWN.varied({"dataset": written(tmp_path)})
    run = train(experiment, seed=8, trainer=trainer)[0]
    assert run.experiment.dataset.kind == "file"
    np.testing.assert_array_equal(
        draw(run.experiment, 8).dataset.train.x, draw(experiment, 8).dataset.train.x
    )


def test_a_file_that_has_changed_is_refused(tmp_path: Path):
    file = written(tmp_path)
    runs = train(OWN.varied({"dataset": file}))
    header, first, second, *rest = Path(file.path).read_text().split("\n")
    Path(file.path).write_text("\n".join([header, second, first, *rest]))
    for again in (draw, train):
        with pytest.raises(DataError, match="these are not the samples that the experiment means"):
            again(runs.experiment, 0) if again is draw else again(runs.experiment)


def test_arrays_must_be_handed_in_again_and_be_the_same():
    runs = train(OWN, data=(X, LABELS))
    with pytest.raises(DataError, match=r"must be handed in: data=\(x, y\)"):
        draw(runs.experiment, 0)
    with pytest.raises(DataError, match="these are not the samples that the experiment means"):
        draw(runs.experiment, 0, (X[::-1], LABELS[::-1]))
    with pytest.raises(DataError, match="these are not the samples"):
        train(runs.experiment, data=(X, np.roll(LABELS, 1)))


def test_the_name_of_a_file_is_told_where_it_belongs():
    with pytest.raises(
        DataError, match=r"by the experiment: dataset=\{\"kind\": \"file\", \"path\": \"own.csv\"\}"
    ):
        train(OWN, data="own.csv")


# ---- Any number of features ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("trainer", "features", "dtype"),
    [
        *product(["engine"], [1, 3, 8], ["float64", "float32"]),
        pytest.param("keras", 8, "float64", marks=pytest.mark.slow),
    ],
)
def test_trainers_agree_on_any_number_of_features(
    trainer: str, features: int, dtype: str, tolerance: Any
):
    x = np.random.default_rng(features).normal(size=(40, features))
    y = x.sum(axis=1) > 0
    experiment = OWN.varied({"training.dtype": dtype})
    ref, comp = (train(experiment, 2, data=(x, y), trainer=name) for name in ("reference", trainer))
    near = getattr(tolerance, f"trajectory_{dtype}")
    for a, b in zip((*ref.weights, *ref.biases), (*comp.weights, *comp.biases), strict=True):
        assert a.dtype == b.dtype == dtype
        np.testing.assert_allclose(b, a, rtol=0, atol=near)
    assert ref.weights[0].shape == (2, 4, features)
    np.testing.assert_allclose(comp.test_loss, ref.test_loss, rtol=0, atol=near)
    np.testing.assert_array_equal(comp.predicted, ref.predicted)


# ---- Standardised --------------------------------------------------------------------------------


@pytest.mark.parametrize("split", [None, SPLIT], ids=["chosen", "given"])
@pytest.mark.parametrize("trainer", ["engine", "reference"])
def test_runs_take_raw_features_and_say_how_they_were_standardised(trainer: str, split: Any):
    data = (X, LABELS) if split is None else (X, LABELS, split)
    experiment = OWN.varied({"dataset.standardise": True})
    runs = train(experiment, LANES + 1, data=data, trainer=trainer, keep_weights=LANES)
    assert runs.input_mean.shape == runs.input_scale.shape == (LANES, 3)
    for i in (0, 1, LANES - 1):
        dataset, run = draw(runs.experiment, i, data).dataset, runs[i]
        np.testing.assert_array_equal(run.input_mean, dataset.mean)
        np.testing.assert_array_equal(run.input_scale, dataset.scale)
        np.testing.assert_allclose(dataset.train.x.mean(axis=0), 0, atol=1e-14)
        network = MultilayerPerceptron(run.weights, run.biases, ("tanh",))
        classes = network.feedforward((X - dataset.mean) / dataset.scale).argmax(axis=1)
        assert run.predict(X).tolist() == np.array(runs.label_names)[classes].tolist()
    if split is None:
        assert len(np.unique(runs.input_mean, axis=0)) == LANES


# ---- Shared and read once ------------------------------------------------------------------------


@pytest.mark.parametrize("standardise", [False, True])
@pytest.mark.parametrize("own", [False, True])
def test_splits_are_the_same_shared_in_a_block_and_one_by_one(
    own: bool, standardise: bool, monkeypatch: pytest.MonkeyPatch
):
    data = (X, LABELS, SPLIT) if own else (X, LABELS)
    experiment = OWN.varied({"dataset.standardise": standardise})
    monkeypatch.setattr(Shape, "block_worth", 0.0)
    block = train(experiment, LANES, data=data)
    for i in range(LANES):
        alone = train(draw(experiment, i, data))
        assert parameters(block, i) == parameters(alone, 0)
        for name in ("train_loss", "test_loss", "test_accuracy"):
            assert getattr(block, name)[i] == getattr(alone, name)[0]
        assert block.predicted[i].tolist() == alone.predicted[0].tolist()
        assert block.labelled[i].tolist() == alone.labelled[0].tolist()


def test_given_splits_lie_once_for_a_whole_block():
    from mlplab.engine import KernelTiming

    for split, copies in ((SPLIT, 1), (None, LANES)):
        trials = Trials.from_seeds(OWN, range(LANES), (X, LABELS, split)[: 2 + (split is not None)])
        (job,) = KernelTiming([trials], threads=1).prepared
        assert [len(part) for part in job.splits] == [copies] * 3


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the files that are read."""
    names: list[str] = []
    columns = samples.CsvColumns

    def counted(path: Path) -> Any:
        names.append(path.name)
        return columns(path)

    monkeypatch.setattr(samples, "CsvColumns", counted)
    return names


CALLS: dict[str, Callable[[Experiment], Any]] = {
    "many runs": lambda experiment: train(experiment, LANES + 3),
    "reference": lambda experiment: train(experiment, 3, trainer="reference"),
    "several experiments": lambda experiment: train(
        [experiment, experiment.varied({"training.epochs": 1})], 2
    ),
    "stream": lambda experiment: list(stream(experiment, 40)),
    "crossed": lambda experiment: train_crossed(experiment, seeds=2),
}


@pytest.mark.parametrize("call", CALLS)
def test_a_file_is_read_once_for_a_call(call: str, tmp_path: Path, read: list[str]):
    CALLS[call](OWN.varied({"dataset": written(tmp_path)}))
    assert read == ["own.csv"]


def test_arrays_are_looked_at_once_for_several_experiments(monkeypatch: pytest.MonkeyPatch):
    calls = []
    from_arrays = Samples.from_arrays
    monkeypatch.setattr(
        Samples,
        "from_arrays",
        lambda *given, **more: calls.append(len(given[0])) or from_arrays(*given, **more),
    )
    train([OWN, OWN.varied({"training.epochs": 1})], 2, data=(X, LABELS))
    # Another one, of six samples, is made to compile kernels with.
    assert calls.count(60) == 1


@pytest.mark.parametrize("dataset", [None, "polar"], ids=["own", "drawn"])
def test_crossed_runs_that_share_samples_are_those_that_draw_them_by_themselves(
    dataset: Any, tmp_path: Path
):
    experiment = OWN.varied({"dataset": dataset or written(tmp_path)})
    runs = train_crossed(experiment, seeds=3, seed=4)
    assert runs.seed.tolist() == np.repeat([4, 5, 6], 9).tolist()
    for i, (s, w, o) in enumerate(np.ndindex(3, 3, 3)):
        trial = draw(experiment, 4, samples=4 + s, weights=4 + w, shuffle=4 + o)
        alone = train(trial, validate=False)
        assert runs.test_loss[i] == alone.test_loss[0]
        assert runs.history.train_loss[i].tobytes() == alone.history.train_loss[0].tobytes()
