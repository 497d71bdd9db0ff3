"""What training leaves behind: a Run, and many of them as Runs, with a leading replication axis."""

from __future__ import annotations

import csv
import json
import operator
from collections.abc import Sequence
from dataclasses import dataclass, fields
from importlib.metadata import version
from itertools import takewhile
from pathlib import Path
from typing import Any, Literal, SupportsIndex, overload

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save as as_safetensors
from scipy.special import bdtrc

from mlplab.data import Dataset
from mlplab.errors import MlplabError, shown
from mlplab.spec import Experiment, SamplesFile

Float = NDArray[np.floating[Any]]
Float64 = NDArray[np.float64]
Ending = Literal["finished", "stuck", "diverged"]

FILE = "runs.safetensors"
"""What `Runs.save` writes and `Runs.load` reads."""

STUCK_LEVEL = 0.001
"""Level of the test by which a run counts as stuck."""


@dataclass(frozen=True, eq=False)
class History:
    """Loss and accuracy by epoch; shape (epochs,) for one run, (replications, epochs) for many.

    Training values are Keras's: the mean over an epoch's batches, weighted by their sizes, each taken
    before its update. Validation values are taken after the epoch. Accuracies are shares, 0 to 1.
    Epochs that a diverged run did not reach hold NaN.
    """

    train_loss: Float64
    train_accuracy: Float64
    validation_loss: Float64
    validation_accuracy: Float64


@dataclass(frozen=True, eq=False)
class Run:
    """One trained network, and how it came about.

    Attributes
    ----------
    experiment : Experiment
    trainer : str
    seed : int
    weights, biases : tuple of ndarray
        Final W, shape (outputs, inputs), and b, shape (outputs,), of each layer; empty where they were
        not kept.
    history : History
        Arrays of shape (epochs,).
    train_loss, train_accuracy, test_loss, test_accuracy : float
        Of the final weights, over all training or test points.
    updates : int
        Weight updates made.
    seconds : float
        Wall time of the training.
    ending : str
        `diverged` when a loss or weight is not finite; `stuck` when the training accuracy is no better
        than always answering the most common class; else `finished`.

    `mlplab.reference.MultilayerPerceptron.from_run(run)` is the trained network, and
    `mlplab.draw(run.experiment, run.seed)` what it was trained on.
    """

    experiment: Experiment
    trainer: str
    seed: int
    weights: tuple[Float, ...]
    biases: tuple[Float, ...]
    history: History
    train_loss: float
    train_accuracy: float
    test_loss: float
    test_accuracy: float
    updates: int
    seconds: float
    ending: Ending

    def __repr__(self) -> str:
        right = f"test accuracy {100 * self.test_accuracy:.2f} %"
        return f"<Run of seed {self.seed} by {self.trainer}: {self.ending}, {right}>"


def how_it_ended(
    dataset: Dataset, losses: Sequence[float], train_accuracy: float, parameters: Sequence[Float]
) -> Ending:
    """Judge how a run ended.

    Stuck is decided by a one-sided binomial test at level 0.001: among n training points, at least
    as many correct answers are that likely for a network that is right with the share of the most
    common class.
    """
    if not np.isfinite(losses).all() or not all(np.isfinite(p).all() for p in parameters):
        return "diverged"
    n = len(dataset.train)
    commonest = np.bincount(dataset.train.y).max() / n
    correct = round(train_accuracy * n)
    # bdtrc(k, n, p) is P(X > k); the test wants P(X >= correct).
    return "stuck" if bdtrc(correct - 1, n, commonest) > STUCK_LEVEL else "finished"


_SCALARS = (
    "seed",
    "ending",
    "train_loss",
    "train_accuracy",
    "test_loss",
    "test_accuracy",
    "updates",
    "seconds",
)


@dataclass(frozen=True, eq=False)
class Runs:
    """Many runs of one experiment by one trainer; every array has a leading replication axis.

    Attributes
    ----------
    experiment : Experiment
    trainer : str
    weights, biases : tuple of ndarray
        Of each layer, shape (kept, outputs, inputs) and (kept, outputs): those of the first runs, as
        many as `train` was asked to keep.
    history : History
        Arrays of shape (replications, epochs).
    seed, ending, train_loss, train_accuracy, test_loss, test_accuracy, updates, seconds : ndarray
        Shape (replications,); as in `Run`.

    `runs[i]` is run i as a `Run`, `runs[i:j]` are some of them as `Runs`; `len(runs)` is the number of
    replications.
    """

    experiment: Experiment
    trainer: str
    weights: tuple[Float, ...]
    biases: tuple[Float, ...]
    history: History
    seed: NDArray[np.int64]
    ending: NDArray[np.str_]
    train_loss: Float64
    train_accuracy: Float64
    test_loss: Float64
    test_accuracy: Float64
    updates: NDArray[np.int64]
    seconds: Float64

    @classmethod
    def from_runs(cls, runs: Sequence[Run]) -> Runs:
        """Stack runs of one experiment.

        Raises
        ------
        MlplabError
            If there is no run.
        """
        if not runs:
            raise MlplabError("Runs are one run at least, received none")
        first = runs[0]
        return cls(
            experiment=first.experiment,
            trainer=first.trainer,
            weights=_stack_layers([run.weights for run in runs]),
            biases=_stack_layers([run.biases for run in runs]),
            history=History(
                **{
                    f.name: np.stack([getattr(run.history, f.name) for run in runs])
                    for f in fields(History)
                }
            ),
            **{name: np.array([getattr(run, name) for run in runs]) for name in _SCALARS},
        )

    @property
    def resplit_ratio(self) -> float | None:
        """n_test / n_train where every run splits the same samples anew; None where it does not."""
        dataset = self.experiment.dataset
        if not isinstance(dataset, SamplesFile) or names_splits(Path(dataset.path)):
            return None
        return dataset.test_fraction / (1 - dataset.validation_fraction - dataset.test_fraction)

    def __len__(self) -> int:
        return len(self.seed)

    def __repr__(self) -> str:
        return f"<Runs: {len(self)} by {self.trainer}, seeds {self.seed[0]} to {self.seed[-1]}>"

    @overload
    def __getitem__(self, which: SupportsIndex) -> Run: ...

    @overload
    def __getitem__(self, which: slice) -> Runs: ...

    def __getitem__(self, which: SupportsIndex | slice) -> Run | Runs:
        places = range(len(self))
        if isinstance(which, slice):
            return self.from_runs([self[i] for i in places[which]])
        try:
            i = operator.index(which)
        except TypeError:
            came = shown(which)
            raise TypeError(f"runs[i] takes a whole number or a slice, received {came}") from None
        if not -len(self) <= i < len(self):
            raise IndexError(f"there is no run {i}: these are {len(self)}, counted from 0")
        # Counted from the end, a run would else be given the weights of the last that kept them.
        i = places[i]
        return Run(
            experiment=self.experiment,
            trainer=self.trainer,
            weights=tuple(w[i] for w in self.weights if i < len(w)),
            biases=tuple(b[i] for b in self.biases if i < len(b)),
            history=History(**{f.name: getattr(self.history, f.name)[i] for f in fields(History)}),
            **{name: getattr(self, name)[i].item() for name in _SCALARS},
        )

    def save(self, folder: str | Path) -> None:
        """Write the runs to a folder, which is made if need be.

        `experiment.toml` is the experiment; a relative path of own points, which in Python counts from
        the working directory, becomes an absolute one. `runs.csv` has a row for each run, for people and
        spreadsheets. `runs.safetensors` has everything, for `load`.

        Raises
        ------
        MlplabError
            If a file cannot be written.
        """
        folder = Path(folder)
        experiment = self.experiment.located(Path.cwd()).to_toml()
        try:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "experiment.toml").write_text(experiment, encoding="utf-8")
            self._write_table(folder / "runs.csv")
            (folder / FILE).write_bytes(self._content(experiment))
        except OSError as error:
            where = error.filename or folder
            raise MlplabError(f"cannot write the runs to '{where}': {error.strerror}") from error

    def _write_table(self, path: Path) -> None:
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(_SCALARS)
            columns = [getattr(self, name).tolist() for name in _SCALARS]
            writer.writerows(zip(*columns, strict=True))

    def _content(self, experiment: str) -> bytes:
        tensors = {n: getattr(self, n) for n in _SCALARS if n != "ending"}
        tensors |= {f"history.{f.name}": getattr(self.history, f.name) for f in fields(History)}
        for layer, (weights, biases) in enumerate(zip(self.weights, self.biases, strict=True)):
            tensors |= {f"layer{layer}.weights": weights, f"layer{layer}.biases": biases}
        words = {
            "experiment": experiment,
            "trainer": self.trainer,
            "ending": json.dumps(self.ending.tolist()),
            "mlplab": version("mlplab"),
        }
        contiguous = {name: np.ascontiguousarray(array) for name, array in tensors.items()}
        return bytes(as_safetensors(contiguous, words))

    @classmethod
    def load(cls, folder: str | Path) -> Runs:
        """Read back what `save` wrote to a folder.

        Raises
        ------
        MlplabError
            If the folder holds no runs, or their file cannot be read or is damaged.
        """
        path = Path(folder) / FILE
        if Path(folder).is_file():
            raise MlplabError(
                f"'{folder}' is a file: runs are loaded from the folder they were saved to"
            )
        if not path.is_file():
            raise MlplabError(f"'{folder}' holds no runs: there is no file '{path}'")
        try:
            with safe_open(path, framework="numpy") as file:
                words = file.metadata() or {}
                tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118  # no dict
        except (OSError, SafetensorError) as error:
            raise MlplabError(f"cannot read the runs in '{path}': {error}") from error
        layers = sum(name.endswith(".weights") for name in tensors)
        try:
            return cls(
                experiment=Experiment.from_toml_text(words["experiment"], source=str(path)),
                trainer=words["trainer"],
                ending=np.array(json.loads(words["ending"])),
                weights=tuple(tensors[f"layer{i}.weights"] for i in range(layers)),
                biases=tuple(tensors[f"layer{i}.biases"] for i in range(layers)),
                history=History(**{f.name: tensors[f"history.{f.name}"] for f in fields(History)}),
                **{name: tensors[name] for name in _SCALARS if name != "ending"},
            )
        except (KeyError, json.JSONDecodeError) as error:
            reason = f"{error} is missing" if isinstance(error, KeyError) else str(error)
            raise MlplabError(f"'{path}' holds no runs as mlplab saves them: {reason}") from error


def _stack_layers(of_runs: Sequence[tuple[Float, ...]]) -> tuple[Float, ...]:
    # Only the first runs may have weights: those of a later one would become theirs.
    kept = list(takewhile(bool, of_runs))
    return tuple(np.stack(layer) for layer in zip(*kept, strict=True))


def names_splits(path: Path) -> bool:
    """Tell whether a file of samples names their splits; provisional: the draw will record it."""
    if path.suffix == ".npz":
        with np.load(path) as archive:
            return "split" in archive
    header = path.read_text(encoding="utf-8").partition("\n")[0]
    return "split" in [name.strip() for name in header.split(",")]
