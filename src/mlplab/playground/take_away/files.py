"""Files to take away: the experiment, the network as programs and as weights, its figures, own points."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

from safetensors.numpy import save as as_safetensors

from mlplab.figures import classifier_figure, curves_figure
from mlplab.figures.file import rendered
from mlplab.playground.pictures.looks import network_of
from mlplab.playground.programs.keras_program import keras_program
from mlplab.playground.programs.numpy_program import numpy_program
from mlplab.playground.programs.provenance import Provenance
from mlplab.playground.session.session import Session
from mlplab.playground.take_away.link import write_link
from mlplab.spec import Experiment, SamplesFile

POINTS = "points.csv"


def experiment_toml(session: Session) -> str:
    """Return the experiment for `mlplab train`; own points are named as `POINTS` beside it."""
    return _portable(session.experiment).to_toml()


def _portable(experiment: Experiment) -> Experiment:
    """Return the experiment without a path of this machine."""
    if not isinstance(experiment.dataset, SamplesFile):
        return experiment
    return experiment.varied({"dataset": SamplesFile(path=POINTS)})


def weights_file(session: Session) -> bytes:
    """Return the network shown as a safetensors file, of `layer0.weights`, `layer0.biases` and so on."""
    moment = session.moment
    tensors: dict[str, Any] = {}
    for i, (w, b) in enumerate(zip(moment.weights, moment.biases, strict=True)):
        tensors |= {f"layer{i}.weights": w, f"layer{i}.biases": b}
    words = {
        "experiment": experiment_toml(session),
        "seed": str(session.seed),
        "updates": str(moment.step),
    }
    return bytes(as_safetensors(tensors, words))


def classifier_picture(session: Session, form: str) -> bytes:
    """Return the picture of the classes, with training and test points; `form` as `figures.FORMATS`."""
    moment = session.moment
    title = f"seed {session.seed}, after {moment.step:,} updates ({moment.epoch:,} epochs)"
    network = network_of(session.experiment, moment)
    return rendered(classifier_figure(network, session.stepper.trial.dataset, title), form)


def curves_picture(session: Session, form: str) -> bytes:
    """Return the learning curves as a picture; before the first epoch there are none."""
    title = f"seed {session.seed}, {session.epoch:,} epochs"
    loss = session.experiment.training.loss
    return rendered(curves_figure(session.history, title, loss), form)


def _code(program: Callable[..., str]) -> Callable[[Session], bytes]:
    def write(session: Session) -> bytes:
        points = session.stepper.trial.dataset.test.x[:3]
        return program(
            session.experiment, session.moment, Provenance(session.seed), points
        ).encode()

    return write


FILES: dict[str, Callable[[Session], bytes]] = {
    "experiment.toml": lambda session: experiment_toml(session).encode(),
    "network_numpy.py": _code(numpy_program),
    "network_keras.py": _code(keras_program),
    "weights.safetensors": weights_file,
    "classifier.png": lambda session: classifier_picture(session, "png"),
    "classifier.svg": lambda session: classifier_picture(session, "svg"),
    "curves.png": lambda session: curves_picture(session, "png"),
    "curves.svg": lambda session: curves_picture(session, "svg"),
    "session.txt": lambda session: write_link(session).encode(),
    POINTS: lambda session: ("" if session.own is None else session.own.to_csv() + "\n").encode(),
}
"""Every file by its name; it takes a session whose lock is held."""


def available_files(session: Session) -> list[str]:
    """Return the names of the files that there are: no curves before an epoch, no points but own ones."""
    hidden = set()
    if session.epoch == 0:
        hidden |= {"curves.png", "curves.svg"}
    if session.own is None:
        hidden.add(POINTS)
    return [name for name in FILES if name not in hidden]


def everything(session: Session) -> bytes:
    """Return all files in one zip archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in available_files(session):
            archive.writestr(name, FILES[name](session))
    return buffer.getvalue()
