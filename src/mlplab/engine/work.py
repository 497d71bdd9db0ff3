"""One job: draw its trials, train them together or alone, and make runs of what comes out."""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mlplab.engine.jobs import Member
from mlplab.engine.layout import Layers, pack_samples
from mlplab.engine.prepared import laid_out, prepare
from mlplab.engine.single import predict_single
from mlplab.run import Float, History, Run, about_samples, count_predictions, how_it_ended
from mlplab.trial import Trial, draw

Float64 = NDArray[np.float64]


class Work:
    """A job under way: one member alone, or a block of several of one shape.

    Parameters
    ----------
    members : sequence of Member
        One, or up to LANES that `make_jobs` finds alike.
    stop : ndarray of uint8, shape (1,)
        Shared by all jobs; once it is not 0, the job ends without a result.
    """

    def __init__(self, members: Sequence[Member], stop: NDArray[np.uint8]) -> None:
        self.members = members
        self.stop = stop
        self._done = np.zeros(1, np.int64)

    @property
    def epochs_done(self) -> int:
        """Epochs done so far, of all members together."""
        return int(self._done[0]) * len(self.members)

    def train(self, runs: list[Run | None]) -> None:
        """Train the members and put their runs into their places; nothing if stopped before."""
        # A rate may outgrow float32; the run is then called diverged.
        with np.errstate(over="ignore", invalid="ignore"):
            trials = []
            for member in self.members:
                if self.stop[0]:
                    return
                trials.append(draw_trial(member))
            began = time.perf_counter()
            ready = prepare(trials)
            history = ready.train(self.stop, self._done, self.members[0].validate)
            scores = ready.evaluate(self.stop)
        if self.stop[0]:
            return
        seconds = (time.perf_counter() - began) / len(trials)
        for lane, (member, trial) in enumerate(zip(self.members, trials, strict=True)):
            run = _run_of(
                trial, ready.network(lane), history[:, :, lane], scores[:, :, lane], seconds
            )
            runs[member.index] = run if member.keep_weights else run.without_weights()


def draw_trial(member: Member) -> Trial:
    """Draw the trial of a member."""
    return draw(
        member.experiment,
        member.seed,
        samples=member.samples,
        weights=member.weights,
        shuffle=member.shuffle,
    )


def _run_of(
    trial: Trial,
    network: Layers,
    history: Float64,
    scores: Float64,
    seconds: float,
) -> Run:
    training = trial.experiment.training
    (train_loss, train_accuracy), (test_loss, test_accuracy) = scores.tolist()
    # A network has ended with the first epoch whose training loss is not finite.
    lost = np.flatnonzero(~np.isfinite(history[:, :2].sum(axis=1)))
    epochs = int(lost[0]) + 1 if len(lost) else training.epochs
    history = history.T.copy()
    history[:, epochs:] = np.nan
    weights, biases = network
    about = about_samples(trial.dataset)
    predicted = count_predictions(_outputs(trial, network))
    return Run(
        experiment=trial.experiment,
        trainer="engine",
        seed=trial.seed,
        weights=weights,
        biases=biases,
        history=History(*history),
        train_loss=train_loss,
        train_accuracy=train_accuracy,
        test_loss=test_loss,
        test_accuracy=test_accuracy,
        updates=trial.updates // training.epochs * epochs,
        seconds=seconds,
        predicted=predicted,
        **about,
        **how_it_ended(
            history[0, :epochs],
            train_loss,
            [*weights, *biases],
            train_accuracy,
            predicted,
            about["labelled"],
        ),
    )


def _outputs(trial: Trial, network: Layers) -> Float:
    """Return a trained network's outputs for the training samples, shape (samples, classes)."""
    x = trial.dataset.train.x
    layout, (sizes, begin, level, activations, _) = laid_out(trial, "single_begin")
    samples = pack_samples(x, np.zeros(len(x)), x.dtype)
    outputs = np.empty((trial.dataset.classes, len(x)), x.dtype)
    theta = layout.pack_single(network)
    predict_single(theta, sizes, begin, level, activations, samples, int(level[-1]), outputs)
    return outputs.T
