"""The libraries that train a trial: what each is called, what it needs, and how it is started."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.machinery import PathFinder
from types import MappingProxyType

from mlplab.parity import pytorch_training, scikit_learn_training
from mlplab.parity.batches import StepwiseTraining
from mlplab.parity.engine_training import EngineTraining
from mlplab.trial import Trial


def _keras(trial: Trial) -> StepwiseTraining:
    # Keras chooses its backend when it is imported: in a process of its own only.
    from mlplab.parity.keras_training import KerasTraining

    return KerasTraining(trial)


def _jax(trial: Trial) -> StepwiseTraining:
    # JAX is loaded only where it trains, and brings its threads.
    from mlplab.parity.jax_training import JaxTraining

    return JaxTraining(trial)


def _expresses_all(trial: Trial) -> str | None:
    return None


@dataclass(frozen=True)
class Library:
    """One that is compared with the reference.

    Attributes
    ----------
    name : str
        For people, and of its column in the ledger.
    begin : callable
        Starts the training of a trial.
    needs : tuple of str
        Modules that must be installed.
    variables : mapping of str to str
        Environment of the process in which it runs; where there are none, it runs in ours.
    cannot_express : callable
        What part of a trial's experiment it cannot express; None if it can express all of it.
    """

    name: str
    begin: Callable[[Trial], StepwiseTraining]
    needs: tuple[str, ...] = ()
    variables: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    cannot_express: Callable[[Trial], str | None] = _expresses_all

    @property
    def missing(self) -> tuple[str, ...]:
        """Modules that it needs and that are not installed."""
        # On the path, whatever stands in for it in this process: the course has such a TensorFlow.
        return tuple(name for name in self.needs if PathFinder.find_spec(name) is None)


def _of_keras(backend: str, module: str) -> Library:
    variables = {"KERAS_BACKEND": backend, "TF_CPP_MIN_LOG_LEVEL": "3"}
    return Library(f"Keras ({backend})", _keras, ("keras", module), variables)


LIBRARIES = (
    Library("engine", EngineTraining),
    Library("jax", _jax, ("jax",), {"TF_CPP_MIN_LOG_LEVEL": "3"}),
    _of_keras("jax", "jax"),
    _of_keras("tensorflow", "tensorflow"),
    _of_keras("torch", "torch"),
    Library(
        "scikit-learn",
        scikit_learn_training.ScikitLearnTraining,
        ("sklearn",),
        cannot_express=scikit_learn_training.cannot_express,
    ),
    Library(
        "PyTorch",
        pytorch_training.PyTorchTraining,
        ("torch",),
        {"OMP_NUM_THREADS": os.environ.get("OMP_NUM_THREADS", "1")},
        pytorch_training.cannot_express,
    ),
)
"""In the order of the columns."""
