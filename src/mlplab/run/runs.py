"""Many runs of one experiment by one trainer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, SupportsIndex, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mlplab.errors import MlplabError, shown
from mlplab.read_only import ReadOnly
from mlplab.run.epochs import best_epochs, epochs_trained, stopped_early
from mlplab.run.frames import SCALARS, frame_of, history_frame_of
from mlplab.run.history import Float, Float64, History
from mlplab.run.indexing import chosen
from mlplab.run.metric import WithAccuracy
from mlplab.run.run import Run
from mlplab.run.saved import FILE, FILES, no_runs, read_runs, write_runs
from mlplab.run.stacking import INPUTS, OF_EACH, SHARED, check_lengths, concatenated, of_one
from mlplab.spec import Experiment, MetricName
from mlplab.staging import staged

if TYPE_CHECKING:
    from pandas import DataFrame


@dataclass(frozen=True, eq=False)
class Runs(WithAccuracy, ReadOnly):
    """Many runs of one experiment by one trainer; every array has a leading replication axis.

    Attributes
    ----------
    experiment : Experiment
    trainer : str
    label_names, feature_names, target_names : tuple of str
    resplit_ratio : float or None
        These six hold for all runs, as in `Run`.
    kept : ndarray of int64, shape (kept,)
        The runs that kept their weights, as places among these runs, rising.
    weights, biases : tuple of ndarray
        Of each layer, shape (kept, outputs, inputs) and (kept, outputs): those of the runs in `kept`.
    input_mean, input_scale : ndarray of float64, shape (kept, features), or None
        Of the runs in `kept`; None where features were not standardised, or no run kept its weights.
    history : History
        Arrays of shape (replications, epochs).
    predicted, labelled : ndarray of int64, shape (replications, classes)
        As in `Run`.
    seed, ending, cause, train_loss, train_metric, test_loss, test_metric, updates, seconds : ndarray
        Shape (replications,); as in `Run`, of which there are `train_accuracy` and `test_accuracy`, too.

    `len(runs)` is the number of replications, and may be 0. `runs[i]` is run i as a `Run`. A slice, a
    mask or whole numbers choose some as `Runs`, as NumPy does: `runs[i:j]`, `runs[[3, 1]]`,
    `runs[runs.ending == "finished"]`. All arrays are read-only.
    """

    experiment: Experiment
    trainer: str
    label_names: tuple[str, ...]
    feature_names: tuple[str, ...]
    kept: NDArray[np.int64]
    weights: tuple[Float, ...]
    biases: tuple[Float, ...]
    input_mean: Float64 | None
    input_scale: Float64 | None
    history: History
    seed: NDArray[np.int64]
    ending: NDArray[np.str_]
    cause: NDArray[np.str_]
    predicted: NDArray[np.int64]
    labelled: NDArray[np.int64]
    train_loss: Float64
    train_metric: Float64
    test_loss: Float64
    test_metric: Float64
    updates: NDArray[np.int64]
    seconds: Float64
    resplit_ratio: float | None = None
    target_names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        super().__post_init__()
        check_lengths(self)

    @classmethod
    def from_runs(cls, runs: Sequence[Run]) -> Runs:
        """Stack runs of one experiment by one trainer.

        Raises
        ------
        MlplabError
            If there is no run, or they differ in experiment, trainer, labels, features or shapes.
        """
        return cls.concatenate([cls(**of_one(run)) for run in runs])

    @classmethod
    def concatenate(cls, parts: Iterable[Runs]) -> Runs:
        """Put runs of one experiment by one trainer one after the other.

        Raises
        ------
        MlplabError
            If there is no part, one is no Runs, or they differ in experiment, trainer, labels, features
            or shapes.
        """
        parts = list(parts)
        for part in parts:
            if not isinstance(part, Runs):
                raise MlplabError(
                    f"Runs are put together from a list of Runs, received {shown(part)}"
                )
        return cls(**concatenated(parts))

    def __len__(self) -> int:
        return len(self.seed)

    def __repr__(self) -> str:
        if not len(self):
            return f"<Runs: none by {self.trainer}>"
        first, last = self.seed[0], self.seed[-1]
        if len(self) == 1:
            seeds = f"seed {first}"
        elif np.array_equal(self.seed, np.arange(first, first + len(self))):
            seeds = f"seeds {first} to {last}"
        else:
            seeds = f"seeds {first}, …, {last}"
        return f"<Runs: {len(self)} by {self.trainer}, {seeds}>"

    @overload
    def __getitem__(self, which: SupportsIndex) -> Run: ...

    @overload
    def __getitem__(self, which: slice | ArrayLike) -> Runs: ...

    def __getitem__(self, which: SupportsIndex | slice | ArrayLike) -> Run | Runs:
        places = chosen(which, len(self))
        if isinstance(places, int):
            return self._run(places)
        # The row of each run's weights, and -1 for a run that kept none.
        rows = np.full(len(self), -1)
        rows[self.kept] = np.arange(len(self.kept))
        rows = rows[places]
        kept = np.flatnonzero(rows >= 0)
        return Runs(
            **self._shared(),
            **self._of_kept(rows[kept]),
            kept=kept,
            history=self._history(places),
            **{name: getattr(self, name)[places] for name in OF_EACH},
        )

    @property
    def metric(self) -> MetricName:  # type: ignore[override]  # it follows from the history
        """What `train_metric` and `test_metric` are: accuracy, r2 or mean_absolute_error."""
        return self.history.metric

    @property
    def penalty(self) -> Float64 | None:
        """What the regularizer says of each run's final weights, shape (replications,).

        NaN of a run that kept no weights; None where there is no regularizer. Losses are without it.
        """
        regularizer = self.experiment.network.kernel_regularizer
        if regularizer is None:
            return None
        penalty = np.full(len(self), np.nan)
        for row, run in enumerate(self.kept):
            penalty[run] = regularizer.of_layers(w[row] for w in self.weights)
        return penalty

    def _run(self, i: int) -> Run:
        """Return run i, its arrays views of these."""
        row = int(np.searchsorted(self.kept, i))
        keeps = row < len(self.kept) and self.kept[row] == i
        none = {"weights": (), "biases": (), "input_mean": None, "input_scale": None}
        return Run(
            **self._shared(),
            **(self._of_kept(row) if keeps else none),
            history=self._history(i),
            **{name: getattr(self, name)[i].item() for name in SCALARS},
            predicted=self.predicted[i],
            labelled=self.labelled[i],
        )

    def _shared(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in SHARED}

    def _history(self, which: int | NDArray[np.int64]) -> History:
        return self.history.map(lambda array: array[which])

    def _of_kept(self, rows: int | NDArray[np.int64]) -> dict[str, Any]:
        """Return what only runs in `kept` have, of one of its rows or some."""
        inputs = {name: getattr(self, name) if np.size(rows) else None for name in INPUTS}
        return {
            "weights": tuple(w[rows] for w in self.weights),
            "biases": tuple(b[rows] for b in self.biases),
            **{name: None if of is None else of[rows] for name, of in inputs.items()},
        }

    @property
    def epochs(self) -> NDArray[np.int64]:
        """How many epochs each run was trained, shape (replications,)."""
        return epochs_trained(self.experiment, self.updates, self.labelled)

    @property
    def stopped_early(self) -> NDArray[np.bool_]:
        """Which ended before their last epoch, as `training.early_stopping` wants it."""
        return stopped_early(self.experiment, self.history, self.epochs)

    @property
    def best_epoch(self) -> NDArray[np.int64]:
        """The epoch, counted from 1, that early stopping found the best of each; 0 if there is none."""
        return best_epochs(self.experiment, self.history)

    def to_frame(self) -> DataFrame:
        """Return the runs as a DataFrame of pandas: a row for each run, a column for each scalar.

        Raises
        ------
        MissingExtraError
            If pandas is not installed.

        Examples
        --------
        >>> from mlplab.training import train
        >>> runs = train(Experiment(dataset="linear"), replications=3)
        >>> runs.to_frame().columns.tolist()[:4], len(runs.to_frame())
        (['seed', 'ending', 'cause', 'train_loss'], 3)
        """
        return frame_of(self)

    def history_frame(self) -> DataFrame:
        """Return the histories as a DataFrame of pandas: a row for each run and epoch.

        Columns are `run` (its place, from 0), `seed`, `epoch` (from 1), and losses and metrics, which are
        NaN in epochs that a run did not reach. Where there is a regularizer, there are its penalties,
        and losses with them, too.

        Raises
        ------
        MissingExtraError
            If pandas is not installed.
        """
        return history_frame_of(self)

    def save(self, folder: str | Path) -> None:
        """Write the runs to a folder, which is made if need be: all files, or if one fails, none.

        `experiment.toml` is the experiment; a relative path of own samples, which in Python counts from
        the working directory, becomes an absolute one. `runs.csv` has a row for each run, for people and
        spreadsheets. `runs.safetensors` has everything, for `load`; the folder may be moved.

        Raises
        ------
        MlplabError
            If a file cannot be written; files of earlier runs are then as they were.
        """
        with staged(Path(folder), FILES) as stage:
            write_runs(self, stage)

    @classmethod
    def load(cls, folder: str | Path) -> Runs:
        """Read back what `save` wrote to a folder.

        Raises
        ------
        MlplabError
            If the folder holds no runs, or their file cannot be read, is damaged, or was saved by a newer
            mlplab.
        """
        found = read_runs(Path(folder))
        try:
            return cls(**found)
        except MlplabError as error:
            raise no_runs(Path(folder) / FILE, error) from error
