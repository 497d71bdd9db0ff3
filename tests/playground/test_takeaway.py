"""What is taken away is whole: programs run and give the same outputs, files say what was trained."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load

from mlplab.playground.controls.menus import ACTIVATIONS, INITIALIZERS, SCHEDULES, first_values
from mlplab.playground.programs.keras_program import keras_program
from mlplab.playground.programs.numpy_program import numpy_program, title_of
from mlplab.playground.programs.provenance import Provenance
from mlplab.playground.session.own_points import OwnPoints
from mlplab.playground.session.session import Session
from mlplab.playground.take_away.files import FILES, POINTS, available_files, everything
from mlplab.playground.take_away.link import read_link
from mlplab.spec import SGD, Adam, Experiment, Network, Polar, Training
from mlplab.training import train

MIXED = ("tanh", "relu", "sigmoid", "tanh")


def experiment(activation: Any = "relu", widths: tuple[int, ...] = (4, 3)) -> Experiment:
    hidden: dict[str, Any] = {"layer_width": widths, "activation": activation} if widths else {}
    return Experiment(
        dataset=Polar(train_per_class=20, test_per_class=20),
        network=Network(hidden_layers=len(widths), **hidden),
        training=Training(optimizer=SGD(learning_rate=0.5), batch_size=8, epochs=6),
    )


@pytest.fixture
def session() -> Iterator[Session]:
    made = Session(experiment(), seed=2)
    made.train_epoch()
    yield made
    made.close()


def own_points() -> OwnPoints:
    points = OwnPoints.none()
    for i in range(10):
        points = points.with_point(0.1 * i, 0.2, "a").with_point(0.1 * i, 0.8, "b")
    return points


# ---- NumPy ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("widths", [(5,), (4, 3), ()])
def test_the_numpy_program_answers_as_the_network(
    activation: str, widths: tuple[int, ...], tolerance: Any
):
    session = Session(experiment(activation, widths), seed=2)
    session.train_updates(9)
    program: dict[str, Any] = {"__name__": "program"}
    exec(numpy_program(session.experiment, session.now, Provenance(2), np.zeros((1, 2))), program)
    x = np.random.default_rng(1).normal(size=(50, 2)).astype(np.float32)
    ours = session.stepper.outputs(x).T
    np.testing.assert_allclose(program["feedforward"](x), ours, rtol=0, atol=tolerance.float32)
    for ours, theirs in zip(session.now.weights, program["W"], strict=True):
        assert ours.tobytes() == theirs.tobytes()
    session.close()


def test_the_numpy_program_runs_by_itself(session: Session, tmp_path: Path, tolerance: Any):
    path = tmp_path / "network.py"
    path.write_bytes(FILES["network_numpy.py"](session))
    done = subprocess.run(
        [sys.executable, "-W", "error", path],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    printed = np.array(done.stdout.replace("[", " ").replace("]", " ").split(), float)
    ours = session.stepper.outputs(session.stepper.trial.dataset.test.x[:3]).T
    np.testing.assert_allclose(printed, ours.ravel(), rtol=0, atol=tolerance.float32)


# ---- Keras ---------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_the_keras_program_answers_as_the_network(activation: str, tolerance: Any):
    pytest.importorskip("keras")
    session = Session(experiment(activation), seed=2)
    session.train_updates(9)
    program: dict[str, Any] = {"__name__": "program"}
    exec(keras_program(session.experiment, session.now, Provenance(2), np.zeros((1, 2))), program)
    x = np.random.default_rng(1).normal(size=(50, 2)).astype(np.float32)
    theirs = program["model"].predict(x, verbose=0)
    ours = session.stepper.outputs(x).T
    np.testing.assert_allclose(theirs, ours, rtol=0, atol=tolerance.float32)
    session.close()


@pytest.mark.parametrize("kind", SCHEDULES)
@pytest.mark.parametrize("optimizer", [SGD, Adam])
def test_the_keras_program_compiles_with_the_same_optimizer(kind: str, optimizer: type[Any]):
    pytest.importorskip("keras")
    rate = SCHEDULES[kind](**first_values(SCHEDULES[kind]))
    training = Training(optimizer=optimizer(learning_rate=rate))
    spec = experiment().model_copy(update={"training": training})
    session = Session(spec)
    program: dict[str, Any] = {"__name__": "program"}
    exec(keras_program(spec, session.now, Provenance(0), np.zeros((1, 2))), program)
    config = program["model"].optimizer.get_config()
    made = type(program["model"].optimizer).__name__
    assert made.lower() == spec.training.optimizer.kind
    theirs = config["learning_rate"]["config"]
    for name, value in rate.model_dump(exclude={"kind"}).items():
        ours = list(value) if isinstance(value, tuple) else value
        assert theirs[name] == ours, name
    session.close()


@pytest.mark.slow
@pytest.mark.parametrize("shared", [False, True])
@pytest.mark.parametrize("kind", INITIALIZERS)
def test_the_keras_program_has_the_same_initializer_anew_or_shared(kind: str, shared: bool):
    keras = pytest.importorskip("keras")
    values = first_values(INITIALIZERS[kind]) | {"shared": shared}
    initializer = INITIALIZERS[kind](**values)
    network = Network(hidden_layers=3, layer_width=3, activation="relu", initializer=initializer)
    spec = experiment().model_copy(update={"network": network})
    session = Session(spec)
    program: dict[str, Any] = {"__name__": "program"}
    exec(keras_program(spec, session.now, Provenance(0), np.zeros((1, 2))), program)
    made = [layer.kernel_initializer for layer in program["model"].layers]
    for each in made:
        assert type(each) is type(keras.initializers.get(kind))
        for name, value in initializer.model_dump(exclude={"kind", "shared"}).items():
            assert each.get_config()[name] == value
    if "seed" in made[0].get_config():  # it draws
        equal = np.array_equal(made[1]((3, 3)), made[2]((3, 3)))
        assert equal == shared
    session.close()


def test_the_programs_of_layers_of_different_activations_agree(tolerance: Any):
    pytest.importorskip("keras")
    session = Session(experiment(MIXED, (5, 4, 4, 3)), seed=2)
    session.train_updates(9)
    x = np.random.default_rng(1).normal(size=(50, 2)).astype(np.float32)
    programs: list[dict[str, Any]] = []
    for write in (numpy_program, keras_program):
        programs.append({"__name__": "program"})
        exec(write(session.experiment, session.now, Provenance(2), np.zeros((1, 2))), programs[-1])
    ours, theirs = programs[0]["feedforward"](x), programs[1]["model"].predict(x, verbose=0)
    engine = session.stepper.outputs(x).T
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=tolerance.float32)
    np.testing.assert_allclose(ours, engine, rtol=0, atol=tolerance.float32)
    session.close()


def test_a_program_names_each_kind_of_layer_once():
    session = Session(experiment(MIXED, (5, 4, 4, 3)))
    text = numpy_program(session.experiment, session.now, Provenance(0), np.zeros((1, 2)))
    for name in ACTIVATIONS:
        assert text.count(f"def {name}(z):") == (name in MIXED)
    assert "ACTIVATIONS = [tanh, relu, sigmoid, tanh]" in text
    wanted = "hidden layers of 5 (tanh), 4 (relu), 4 (sigmoid), 3 (tanh)"
    assert wanted in title_of(session.now, session.experiment)
    session.close()


def test_layers_of_one_activation_have_the_program_of_one():
    each, one = (Session(experiment(names)) for names in (("relu", "relu"), "relu"))
    texts = [
        numpy_program(s.experiment, s.now, Provenance(0), np.zeros((1, 2))) for s in (each, one)
    ]
    assert texts[0] == texts[1]
    assert "def activation(z):" in texts[0]
    for session in (each, one):
        session.close()


# ---- Files ---------------------------------------------------------------------------------------


def test_the_toml_trains_to_what_is_shown(session: Session):
    session.stop_rule = "after the epochs"
    while session.epoch < 6:
        session.train_epoch()
    spec = Experiment.from_toml_text(FILES["experiment.toml"](session).decode())
    run = train(spec, seed=2)[0]
    assert session.scores("test") == (run.test_loss, run.test_accuracy)


def test_the_weights_are_those_shown(session: Session):
    session.look_back(0)
    tensors = load(FILES["weights.safetensors"](session))
    for i, (w, b) in enumerate(zip(session.moment.weights, session.moment.biases, strict=True)):
        assert tensors[f"layer{i}.weights"].tobytes() == w.tobytes()
        assert tensors[f"layer{i}.biases"].tobytes() == b.tobytes()


@pytest.mark.parametrize("name", [name for name in FILES if name.endswith((".png", ".svg"))])
def test_figures_are_pictures(session: Session, name: str):
    content = FILES[name](session)
    assert content.startswith(b"\x89PNG" if name.endswith("png") else b"<?xml")
    assert len(content) > 5_000


def test_everything_is_there_and_own_points_stand_beside_the_experiment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    session = Session(experiment(), seed=2, own=own_points())
    assert "curves.png" not in available_files(session)
    session.train_epoch()
    archive = zipfile.ZipFile(io.BytesIO(everything(session)))
    assert set(archive.namelist()) == set(FILES)
    archive.extractall(tmp_path)
    spec = Experiment.from_toml(tmp_path / "experiment.toml")
    assert spec.dataset.path == str(tmp_path / POINTS)
    assert train(spec, seed=2)[0].history.train_loss[0] == session.history.train_loss[0]
    again = read_link((tmp_path / "session.txt").read_text())
    assert again.scores("test") == session.scores("test")
    session.close()


def test_drawn_points_are_not_offered_as_own(session: Session):
    assert POINTS not in available_files(session)
    assert set(available_files(session)) == set(FILES) - {POINTS}
