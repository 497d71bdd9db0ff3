"""The sides of a comparison: who trains a workload, what that needs, and how it differs from the rest."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Protocol, cast

from mlplab.bench.taken import Taken
from mlplab.bench.workload import Workload


@dataclass(frozen=True)
class Outcome:
    """What one measurement came to, for the first network: the proof that it is the same work.

    Attributes
    ----------
    updates : int
        Weight updates made.
    loss_before, loss_after : float
        Mean squared error on the training samples of the initial and the final weights, computed by the
        network from scratch.
    """

    updates: int
    loss_before: float
    loss_after: float


class Timed(Protocol):
    """A workload made ready by a side: `Timed(workload, threads)`.

    Attributes
    ----------
    networks : int
        That it trains at a time.
    """

    networks: int

    def __init__(self, workload: Workload, threads: int) -> None: ...

    def train(self) -> Taken:
        """Train from the initial weights for the workload's epochs; return what that alone takes."""
        ...

    def outcome(self) -> Outcome | None:
        """Return what the last training came to; None where it leaves no weights."""
        ...


@dataclass(frozen=True)
class Side:
    """Who trains.

    Attributes
    ----------
    name : str
        As `--peers` takes it.
    title : str
        As tables call it.
    where : str
        Module and class of its `Timed`: imported only in the process that is measured.
    note : str
        How it does the work.
    needs : tuple of str
        Modules that must be installed.
    needs_population : bool
        Whether it makes no sense for one network.
    blas_threads : bool
        Whether the libraries that it uses may use all threads, or one because it has threads itself.
    end_to_end : bool
        Whether it draws what it trains, so that it is compared with the whole call of `mlplab.train`.
    """

    name: str
    title: str
    where: str
    note: str
    needs: tuple[str, ...] = ()
    needs_population: bool = False
    blas_threads: bool = True
    end_to_end: bool = False

    @property
    def missing(self) -> list[str]:
        """Modules that it needs and that are not installed."""
        return [module for module in self.needs if find_spec(module) is None]

    def load(self) -> type[Timed]:
        """Import what it needs, and return the class that makes a workload ready.

        Raises
        ------
        ImportError
            If something that is installed cannot be imported.
        """
        for module in self.needs:
            import_module(module)
        module, _, name = self.where.partition(":")
        return cast(type[Timed], getattr(import_module(module), name))


KERNELS = Side(
    "engine",
    "mlplab",
    "mlplab.bench.engine:Kernels",
    "the compiled engine: drawing, validation and evaluation left out",
    blas_threads=False,
)
WHOLE_CALL = Side(
    "whole",
    "mlplab.train",
    "mlplab.bench.engine:WholeCall",
    "the whole call: drawing the trials, training, validation after every epoch, evaluation",
    blas_threads=False,
    end_to_end=True,
)
OWN_KERNELS = Side(
    "own-engine",
    "mlplab, own samples",
    "mlplab.bench.engine:OwnKernels",
    "the compiled engine on samples that all networks share, with its validation and evaluation",
    blas_threads=False,
)
OWN_WHOLE_CALL = Side(
    "own-whole",
    "mlplab.train, own samples",
    "mlplab.bench.engine:OwnWholeCall",
    "the whole call on a CSV file of samples with their splits, to read it included",
    blas_threads=False,
    end_to_end=True,
)
SGEMM = Side(
    "sgemm",
    "SGEMM",
    "mlplab.bench.sgemm:Sgemm",
    "as many floating-point operations in NumPy's products of two float32 matrices of 1,024 × 1,024, "
    "on every thread its own",
    blas_threads=False,
)
