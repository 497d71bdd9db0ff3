"""The Keras program that the page exports answers as the network, and describes the same training."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mlplab.spec import InitializerSpec

from .exported_sessions import (
    CHANGED,
    IN,
    LABELS,
    OF_CLASS,
    PLACES,
    RATES,
    SCHEDULES,
    SESSIONS,
    TRAINED,
    Files,
    X,
    of_mlplab,
    run_program,
    trained,
)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
def test_the_keras_program_says_how_to_train_with_its_callbacks(
    files: dict[str, Files], tmp_path: Path
):
    pytest.importorskip("keras")
    text = files["stopping"]["network_keras.py"].decode()
    called = [line[6:] for line in text.splitlines() if line.startswith("#     ")]
    (tmp_path / "points.csv").write_bytes(files["stopping"]["points.csv"])
    program: dict[str, Any] = {"__name__": "program", "__file__": str(tmp_path / "program.py")}
    exec("\n".join([text, *called]), program)
    assert len(program["model"].history.epoch) <= 6
    assert "EarlyStopping(monitor='val_loss', patience=2" in text
    assert "ReduceLROnPlateau(monitor='accuracy', factor=0.5, patience=1" in text


@pytest.mark.slow
@pytest.mark.parametrize("name", ["one output", "smoothed", "smoothed output"])
def test_the_keras_program_scores_with_the_same_loss_and_trains_with_the_same_weights(
    name: str, files: dict[str, Files], tmp_path: Path, tolerance: Any
):
    pytest.importorskip("keras")
    text = files[name]["network_keras.py"].decode()
    (tmp_path / "points.csv").write_bytes(files[name]["points.csv"])
    called = [line[6:] for line in text.splitlines() if line.startswith("#     ")]
    evaluate = next(line.strip() for line in text.splitlines() if "model.evaluate(" in line)
    lines = ['tx, ty = x, y = read_samples("test")', f"scores = {evaluate[6:-1]}", *called]
    program: dict[str, Any] = {"__name__": "program", "__file__": str(tmp_path / "program.py")}
    exec("\n".join([text, *lines]), program)
    head = SESSIONS[name]["experiment"].head
    y = head.targets(program["ty"], 2, np.float32)
    p = trained(name).outputs(program["tx"]).T[:, -y.shape[1] :]
    ours = {"loss": head.mean_loss(p, y), "accuracy": head.metric(p, y)}
    assert program["scores"] == pytest.approx(ours, abs=10 * tolerance.float32)
    assert np.isfinite(program["model"].history.history["loss"]).all()
    assert ("class_weight={0: 1.0, 1: 2.5}" in text) == (name == "one output")


@pytest.mark.slow
@pytest.mark.parametrize("name", TRAINED)
def test_the_keras_program_answers_as_the_network(
    name: str, files: dict[str, Files], tolerance: Any
):
    pytest.importorskip("keras")
    theirs = np.asarray(run_program(files[name]["network_keras.py"])["model"](X))
    ours = trained(name).outputs(X).T[:, -theirs.shape[1] :]  # one output is of the second class
    np.testing.assert_allclose(theirs, ours, rtol=0, atol=tolerance.float32)


@pytest.mark.slow
@pytest.mark.parametrize("kind", SCHEDULES)
@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_the_keras_program_compiles_with_the_same_optimizer(
    optimizer: str, kind: str, files: dict[str, Files]
):
    pytest.importorskip("keras")
    model = run_program(files[f"{optimizer} {kind}"]["network_keras.py"])["model"]
    assert type(model.optimizer).__name__.lower() == optimizer
    theirs = model.optimizer.get_config()["learning_rate"]["config"]
    for name, value in RATES[kind].model_dump(exclude={"kind"}).items():
        ours = list(value) if isinstance(value, tuple) else value
        assert theirs[name] == ours, name


def test_the_keras_program_has_the_beginning_of_biases_where_it_is_not_zero(
    files: dict[str, Files],
):
    text = files["biases"]["network_keras.py"].decode()
    assert text.count(
        "kernel_initializer=initializer, bias_initializer=keras.initializers.Constant(value=0.5)"
    ) == len(trained("biases").network[0])
    assert "bias_initializer" not in files["plain"]["network_keras.py"].decode()


@pytest.mark.slow
@pytest.mark.parametrize("shared", [False, True])
@pytest.mark.parametrize("kind", of_mlplab(InitializerSpec.kinds))
def test_the_keras_program_has_the_same_initializer_anew_or_shared(
    kind: str, shared: bool, files: dict[str, Files]
):
    keras = pytest.importorskip("keras")
    model = run_program(files[f"{kind} {shared}"]["network_keras.py"])["model"]
    made = [layer.kernel_initializer for layer in model.layers]
    spec = SESSIONS[f"{kind} {shared}"]["experiment"].network.initializer
    for each in made:
        assert type(each) is getattr(keras.initializers, kind)
        for name, value in spec.model_dump(exclude={"kind", "shared"}).items():
            # What the configuration of Keras's identity leaves out is its attribute.
            assert each.get_config().get(name, getattr(each, name, None)) == value
    if "seed" in made[0].get_config():  # it draws
        assert np.array_equal(made[1]((3, 3)), made[2]((3, 3))) == shared


@pytest.mark.slow
def test_the_keras_program_has_dropout_noise_and_the_penalty(files: dict[str, Files]):
    pytest.importorskip("keras")
    model = run_program(files["regularised"]["network_keras.py"])["model"]
    kinds = [type(layer).__name__ for layer in model.layers]
    assert kinds == ["GaussianNoise", "Dense", "Dropout", "Dense", "Dense"]
    assert (model.layers[0].stddev, model.layers[2].rate) == (0.5, 0.25)
    for layer in (model.layers[1], *model.layers[3:]):
        strengths = layer.kernel_regularizer.get_config()
        assert strengths == pytest.approx({"l1": 0.001, "l2": 0.002})
    theirs = np.asarray(model(X))
    np.testing.assert_allclose(theirs, trained("regularised").outputs(X).T, rtol=0, atol=1e-6)


@pytest.mark.slow
def test_the_keras_program_reads_its_points_and_trains(
    files: dict[str, Files], tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    pytest.importorskip("keras")
    (tmp_path / "points.csv").write_bytes(files["changed"]["points.csv"])
    text = files["changed"]["network_keras.py"].decode()
    path = str(tmp_path / "network_keras.py")
    program: dict[str, Any] = {"__name__": "__main__", "__file__": path}
    exec(text, program)
    assert "accuracy" in capsys.readouterr().out
    dataset = trained("changed").trial.dataset
    for split in ("train", "validation", "test"):
        x, y = program["read_samples"](split)
        ours = dataset.splits[split]
        assert x.tobytes() == ours.x.astype(np.float32).tobytes()
        assert y.tolist() == ours.y.tolist()
    assert "# with the settings of the end, not those that were changed on the way." in text
    hint = [line[6:] for line in text.splitlines() if line.startswith("#     ")]
    assert len(hint) == 2
    assert f"batch_size={CHANGED.training.batch_size}" in hint[1]
    before = np.asarray(program["model"](x))
    exec("\n".join(hint), program)
    assert not np.array_equal(before, np.asarray(program["model"](x)))


@pytest.mark.slow
def test_the_keras_program_reads_own_points_whatever_their_classes_are_called(
    files: dict[str, Files], tmp_path: Path
):
    pytest.importorskip("keras")
    (tmp_path / "points.csv").write_bytes(files["own points"]["points.csv"])
    program: dict[str, Any] = {"__name__": "program", "__file__": str(tmp_path / "program.py")}
    exec(files["own points"]["network_keras.py"].decode(), program)
    for split in ("train", "validation", "test"):
        x, y = program["read_samples"](split)
        mine = np.array(IN) == split
        assert x.tobytes() == np.array(PLACES)[mine].astype(np.float32).tobytes()
        assert [program["LABELS"][k] for k in y] == [LABELS[k] for k in np.array(OF_CLASS)[mine]]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["surface", "absolute error"])
def test_the_keras_program_scores_and_trains_a_target(
    name: str, files: dict[str, Files], tmp_path: Path, tolerance: Any
):
    pytest.importorskip("keras")
    text = files[name]["network_keras.py"].decode()
    (tmp_path / "points.csv").write_bytes(files[name]["points.csv"])
    called = [line[6:] for line in text.splitlines() if line.startswith("#     ")]
    evaluate = next(line.strip() for line in text.splitlines() if "model.evaluate(" in line)
    lines = ['tx, ty = x, y = read_samples("test")', f"scores = {evaluate[6:-1]}", *called]
    program: dict[str, Any] = {"__name__": "program", "__file__": str(tmp_path / "program.py")}
    exec("\n".join([text, *lines]), program)
    ours = trained(name).scores("test")
    assert list(program["scores"].values()) == pytest.approx(ours, abs=10 * tolerance.float32)
    assert np.isfinite(program["model"].history.history["loss"]).all()
