"""Trials of several experiments of one shape, as a table: of each its experiment and its seed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from mlplab.data import Samples
from mlplab.errors import MlplabError
from mlplab.read_only import ReadOnly
from mlplab.spec import Experiment
from mlplab.streams import check_seed
from mlplab.trial import Trial

Seeds = NDArray[np.uint64]


@dataclass(frozen=True, eq=False)
class TrialTable(ReadOnly):
    """Trials that the engine trains together and of which it keeps outcomes only.

    Where experiments share their samples, trials of one seed should follow one another: a block then
    has one set of samples, which is drawn once.

    Attributes
    ----------
    experiments : sequence of Experiment
        One at least. They train by the same kernels, on samples of one shape
        (`engine.places_by_shape`).
    which : ndarray of int64, shape (trials,)
        The place of each trial's experiment.
    seeds : ndarray of int64, shape (trials,)
    finite : Samples, optional
        Where the samples of all of them are from a finite set: all of it.

    Raises
    ------
    MlplabError
        If there is no experiment, a seed is out of range, or the arrays do not fit together.
    """

    experiments: Sequence[Experiment]
    which: NDArray[np.int64]
    seeds: NDArray[np.int64]
    finite: Samples | None = None
    drawn: ClassVar[tuple[Trial, ...]] = ()

    def __post_init__(self) -> None:
        super().__post_init__()
        n = len(self.which)
        if not self.experiments or self.seeds.shape != (n,):
            raise MlplabError(
                f"a table of {n} trials needs experiments and {n} seeds, received "
                f"{len(self.experiments)} experiments and seeds of shape {self.seeds.shape}"
            )
        if n and not (self.which.min() >= 0 and self.which.max() < len(self.experiments)):
            raise MlplabError(
                f"places of {len(self.experiments)} experiments were expected, received "
                f"{self.which.min()} to {self.which.max()}"
            )
        if n:
            check_seed(int(self.seeds.min()))
            check_seed(int(self.seeds.max()))

    @property
    def experiment(self) -> Experiment:
        """The first, which stands for the shape of all."""
        return self.experiments[0]

    def experiment_of(self, row: int) -> Experiment:
        """Return the experiment of a trial."""
        return self.experiments[int(self.which[row])]

    @property
    def samples(self) -> Seeds:
        """Seeds of the samples, shape (trials,)."""
        return self.seeds.view(np.uint64)

    weights = shuffle = noise = samples

    def __len__(self) -> int:
        return len(self.which)
