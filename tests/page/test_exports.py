"""What the page exports is whole: programs answer as the network, files say what was trained and how.

The page opens a session, trains up to its updates in Node, and writes all its files.
"""

from __future__ import annotations

import ast
import base64
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import mlplab
from mlplab.engine import Stepper
from mlplab.spec import (
    ACTIVATIONS,
    SGD,
    Adam,
    EarlyStopping,
    Experiment,
    InitializerSpec,
    Network,
    Polar,
    ReduceLROnPlateau,
    SamplesFile,
    Schedule,
    Training,
)
from mlplab.spec.part import Part

ALONE = "cannot be made again from the seed alone"

X = np.random.default_rng(1).normal(size=(50, 2)).astype(np.float32)


def experiment(
    activation: Any = "relu", widths: tuple[int, ...] = (4, 3), **training: Any
) -> Experiment:
    hidden: dict[str, Any] = {"layer_width": widths, "activation": activation} if widths else {}
    how = {"optimizer": SGD(learning_rate=0.5), "batch_size": 8, "epochs": 6} | training
    return Experiment(
        dataset=Polar(train_per_class=20, test_per_class=20),
        network=Network(hidden_layers=len(widths), **hidden),
        training=Training(**how),
    )


def first_values(part: type[Part]) -> dict[str, Any]:
    """Return a value for each field of a kind but its kind: the default, or its example."""
    fields = {name: field for name, field in part.model_fields.items() if name != "kind"}
    return {
        name: field.examples[0] if field.is_required() and field.examples else field.default
        for name, field in fields.items()
    }


def of_mlplab(kinds: Any) -> list[str]:
    """Leave out kinds that another test has defined."""
    parts = {kind: getattr(part, "function", part) for kind, part in kinds.items()}
    return [kind for kind, part in parts.items() if part.__module__.startswith("mlplab.")]


SCHEDULES = {kind: Schedule.kinds[kind] for kind in of_mlplab(Schedule.kinds)}
RATES = {kind: part(**first_values(part)) for kind, part in SCHEDULES.items()}

MIXED = ("tanh", "relu", "sigmoid", "tanh")

PLAIN = experiment()
CHANGED = PLAIN.varied({"training.batch_size": 5, "training.optimizer.learning_rate": 0.125})
NUMBER = {"layer": 1, "output": 2, "source": 3, "value": 0.1}
BIAS = {"layer": 0, "output": 1, "source": None, "value": -2}

LABELS = ['say "b",\n{c} \\', "it's"]
PLACES = np.random.default_rng(3).normal(size=(24, 2)).tolist()
OF_CLASS = [0, 1] * 12
IN = ["train", "train", "validation", "test"] * 4 + ["train", "validation", "test", "test"] * 2
OWN = Experiment(
    dataset=SamplesFile(path="points.csv"), network=PLAIN.network, training=PLAIN.training
)

SESSIONS: dict[str, dict[str, Any]] = {
    "plain": {"experiment": PLAIN, "seed": "2", "updates": 30},
    "longer": {"experiment": PLAIN, "seed": "2", "updates": 42},
    "changed": {
        "experiment": PLAIN,
        "seed": "4611686018427387904",
        "updates": 20,
        "changes": [
            {"update": 0, **BIAS},
            {"update": 7, "training": CHANGED.training.model_dump(mode="json")},
            {"update": 13, **NUMBER},
        ],
    },
    "own points": {
        "experiment": OWN,
        "updates": 5,
        "points": [
            [*x, LABELS[k], split] for x, k, split in zip(PLACES, OF_CLASS, IN, strict=True)
        ],
        "plane": [-4, 4, -4, 4],
    },
    "stopping": {
        "experiment": experiment(
            early_stopping=EarlyStopping(patience=2, restore_best_weights=True),
            reduce_lr_on_plateau=ReduceLROnPlateau(monitor="accuracy", factor=0.5, patience=1),
        ),
        "seed": "2",
        "updates": 19,
    },
    "regularised": {
        "experiment": experiment("tanh", (4, 3)).varied(
            {
                "network.dropout": (0.25, 0.0),
                "network.input_noise": 0.5,
                "network.kernel_regularizer": {"kind": "l1_l2", "l1": 0.001, "l2": 0.002},
            }
        ),
        "seed": "2",
        "updates": 9,
    },
    "one output": {
        "experiment": experiment(
            MIXED, (5, 4, 4, 3), loss="binary_crossentropy", class_weight={"1": 2.5}
        ),
        "seed": "2",
        "updates": 9,
    },
    "smoothed": {
        "experiment": experiment(loss="categorical_crossentropy", label_smoothing=0.125),
        "seed": "2",
        "updates": 9,
    },
    "smoothed output": {
        "experiment": experiment("", (), loss="binary_crossentropy", label_smoothing=0.125),
        "updates": 9,
    },
    "mixed": {"experiment": experiment(MIXED, (5, 4, 4, 3)), "seed": "2", "updates": 9},
    **{
        f"{activation} {len(widths)}": {
            "experiment": experiment(activation, widths),
            "seed": "2",
            "updates": 9,
        }
        for activation in of_mlplab(ACTIVATIONS)
        for widths in ((5,), (4, 3))
    },
    "no layer": {"experiment": experiment("", ()), "updates": 9},
    **{
        f"{name} {kind}": {"experiment": experiment(optimizer=optimizer(learning_rate=rate))}
        for kind, rate in RATES.items()
        for name, optimizer in {"sgd": SGD, "adam": Adam}.items()
    },
    **{
        f"{kind} {shared}": {
            "experiment": PLAIN.varied(
                {
                    "network": Network(
                        hidden_layers=3,
                        layer_width=3,
                        activation="relu",
                        initializer=InitializerSpec.kinds[kind](
                            **first_values(InitializerSpec.kinds[kind]) | {"shared": shared}
                        ),
                    )
                }
            )
        }
        for kind in of_mlplab(InitializerSpec.kinds)
        for shared in (False, True)
    },
    "biases": {
        "experiment": PLAIN.varied(
            {
                "network.initializer.shared": True,
                "network.bias_initializer": {"kind": "constant", "value": 0.5},
            }
        ),
        "seed": "2",
        "updates": 9,
    },
}

Files = dict[str, bytes]


@pytest.fixture(scope="module")
def files(run_in_node: Callable[[str, bytes], bytes]) -> dict[str, Files]:
    """The files of each session, by their names; the Keras program's archive is opened."""
    sessions = [
        {**each, "experiment": each["experiment"].model_dump(mode="json")}
        for each in SESSIONS.values()
    ]
    written = json.loads(run_in_node("exported", json.dumps(sessions).encode()))
    found = {}
    for name, each in zip(SESSIONS, written, strict=True):
        found[name] = {path: base64.b64decode(content) for path, content in each.items()}
        with zipfile.ZipFile(io.BytesIO(found[name]["network_keras.zip"])) as archive:
            assert archive.testzip() is None
            assert archive.namelist() == ["network_keras.py", "points.csv"]
            assert archive.read("points.csv") == found[name]["points.csv"]
            found[name]["network_keras.py"] = archive.read("network_keras.py")
    return found


def trained(name: str, experiment: Experiment | None = None) -> Stepper:
    """Return the same network, by the native engine."""
    session = SESSIONS[name]
    experiment = experiment or session["experiment"]
    stepper = Stepper(mlplab.draw(experiment, int(session.get("seed", "0"))))
    for change in session.get("changes", []):
        stepper.train(change["update"] - stepper.step)
        if "training" in change:
            stepper.change(CHANGED.training)
        else:
            weights, biases = stepper.network
            layer, output, source = change["layer"], change["output"], change["source"]
            numbers = biases[layer] if source is None else weights[layer][:, source]
            numbers[output] = change["value"]
            stepper.replace(weights, biases)
    stepper.train(session.get("updates", 0) - stepper.step)
    return stepper


def run_program(text: bytes) -> dict[str, Any]:
    program: dict[str, Any] = {"__name__": "program", "__file__": "program.py"}
    exec(text.decode(), program)
    return program


def docstring_of(program: bytes) -> str:
    return str(ast.get_docstring(ast.parse(program)))


TRAINED = [
    name for name, session in SESSIONS.items() if "updates" in session and "points" not in session
]


# ---- Numbers -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", TRAINED)
def test_the_page_trains_up_to_a_session_as_the_engine_does(name: str, files: dict[str, Files]):
    weights, biases = trained(name).network
    program = run_program(files[name]["network_numpy.py"])
    file = json.loads(files[name]["weights.json"])
    for layer, w, b in zip(file["layers"], weights, biases, strict=True):
        assert np.array(layer["weights"], np.float32).tobytes() == w.tobytes()
        assert np.array(layer["biases"], np.float32).tobytes() == b.tobytes()
    for ours, theirs in zip((*weights, *biases), (*program["W"], *program["B"]), strict=True):
        assert ours.tobytes() == theirs.tobytes()


@pytest.mark.parametrize("name", TRAINED)
def test_the_numpy_program_answers_as_the_network(
    name: str, files: dict[str, Files], tolerance: Any
):
    program = run_program(files[name]["network_numpy.py"])
    ours = trained(name).outputs(X).T
    np.testing.assert_allclose(program["feedforward"](X), ours, rtol=0, atol=tolerance.float32)


def test_the_numpy_program_runs_by_itself(files: dict[str, Files], tmp_path: Path, tolerance: Any):
    path = tmp_path / "network.py"
    path.write_bytes(files["mixed"]["network_numpy.py"])
    command = [sys.executable, "-W", "error", path]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    printed = np.array(done.stdout.replace("[", " ").replace("]", " ").split(), float)
    stepper = trained("mixed")
    ours = stepper.outputs(stepper.trial.dataset.test.x[:3]).T
    np.testing.assert_allclose(printed, ours.ravel(), rtol=0, atol=tolerance.float32)


def test_one_output_is_said_to_be_that_of_the_second_class(files: dict[str, Files]):
    for program in ("network_numpy.py", "network_keras.py"):
        assert "3 (tanh), 1 output for 2 classes." in docstring_of(files["one output"][program])
    assert "probability of the second" in files["one output"]["network_keras.py"].decode()


def test_a_program_names_each_kind_of_layer_once(files: dict[str, Files]):
    text = files["mixed"]["network_numpy.py"].decode()
    for name in of_mlplab(ACTIVATIONS):
        assert text.count(f"def {name}(z):") == (name in MIXED)
    assert "ACTIVATIONS = [tanh, relu, sigmoid, tanh]" in text
    assert "hidden layers of 5 (tanh), 4 (relu), 4 (sigmoid), 3 (tanh)" in docstring_of(
        text.encode()
    )


# ---- Keras ---------------------------------------------------------------------------------------


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
    head = SESSIONS[name]["experiment"].training.head
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
    theirs = run_program(files[name]["network_keras.py"])["model"].predict(X, verbose=0)
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
    theirs = model.predict(X, verbose=0)
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
    before = program["model"].predict(x, verbose=0)
    exec("\n".join(hint), program)
    assert not np.array_equal(before, program["model"].predict(x, verbose=0))


# ---- How it came about ---------------------------------------------------------------------------


@pytest.mark.parametrize("program", ["network_numpy.py", "network_keras.py"])
def test_a_program_says_how_its_network_came_about(program: str, files: dict[str, Files]):
    said = docstring_of(files["plain"][program])
    assert "from seed 2: 30 updates, 6 whole epochs." in said
    assert ALONE not in said
    said = docstring_of(files["changed"][program])
    assert "begun with seed 4611686018427387904: 20 updates, 3 whole epochs." in said
    assert ALONE in said
    assert [line for line in said.splitlines() if line[:2] == "- "] == [
        "- update 0: bias to neuron 2 of layer 1 set to -2 by hand",
        "- update 7: learning rate 0.5 → 0.125, batch size 8 → 5",
        "- update 13: weight from 4 to neuron 3 of layer 2 set to 0.1 by hand",
    ]


def notes_of(content: bytes) -> list[str]:
    return [line[2:] for line in content.decode().splitlines() if line.startswith("# ")]


def test_the_experiment_trains_to_what_is_shown_or_says_why_not(files: dict[str, Files]):
    plain = files["plain"]["experiment.toml"]
    assert notes_of(plain) == ["From seed 2: mlplab train experiment.toml --seed 2"]
    spec = Experiment.from_toml_text(plain.decode())
    assert spec == PLAIN
    run = mlplab.train(spec, seed=2)[0]
    shown = json.loads(files["plain"]["weights.json"])["layers"]
    assert [np.array(each["weights"], np.float32).tolist() for each in shown] == [
        w.tolist() for w in run.weights
    ]
    assert notes_of(files["longer"]["experiment.toml"])[1] == (
        "That trains 6 epochs; the playground's network is that of 42 updates, 8 whole epochs."
    )
    changed = files["changed"]["experiment.toml"]
    assert Experiment.from_toml_text(changed.decode()) == PLAIN
    assert notes_of(changed)[1:] == [
        "That trains another network than the playground's, which was changed on the way:",
        "- update 0: bias to neuron 2 of layer 1 set to -2 by hand",
        "- update 7: learning rate 0.5 → 0.125, batch size 8 → 5",
        "- update 13: weight from 4 to neuron 3 of layer 2 set to 0.1 by hand",
    ]


def test_the_curves_are_those_of_the_run(files: dict[str, Files]):
    heading, *rows = files["plain"]["curves.csv"].decode().splitlines()
    assert heading == "epoch,train_loss,train_accuracy,validation_loss,validation_accuracy"
    history = trained("plain").history
    ours = zip(
        history.train_loss,
        history.train_accuracy,
        history.validation_loss,
        history.validation_accuracy,
        strict=True,
    )
    assert [[float(each) for each in row.split(",")[1:]] for row in rows] == [
        [float(each) for each in epoch] for epoch in ours
    ]


def test_the_curves_name_the_losses_with_penalty(files: dict[str, Files]):
    heading, *rows = files["regularised"]["curves.csv"].decode().splitlines()
    assert heading.endswith(",train_loss_with_penalty,validation_loss_with_penalty")
    history = trained("regularised").history
    with_penalty = history.train_loss_with_penalty, history.validation_loss_with_penalty
    assert [[float(each) for each in row.split(",")[5:]] for row in rows] == [
        [float(each) for each in epoch] for epoch in zip(*with_penalty, strict=True)
    ]


def test_own_points_stand_beside_the_experiment(files: dict[str, Files], tmp_path: Path):
    for name in ("experiment.toml", "points.csv"):
        (tmp_path / name).write_bytes(files["own points"][name])
    assert notes_of(files["own points"]["experiment.toml"])[-1] == (
        "Its samples are in points.csv, beside this file."
    )
    stepper = trained("own points", Experiment.from_toml(tmp_path / "experiment.toml"))
    program = run_program(files["own points"]["network_numpy.py"])
    for ours, theirs in zip(stepper.network[0], program["W"], strict=True):
        assert ours.tobytes() == theirs.tobytes()


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
