"""mlplab: a laboratory for multilayer perceptrons.

    Experiment ──draw(seed)──▶ Trial ──a trainer──▶ Run ──▶ Runs ──▶ figures, report, command line

    Experiment         what to train: dataset, network, training; the same as a TOML file
    train              train it, once or many times, by one of the trainers
    stream             the same, but see the runs in blocks as they end
    Run, Runs          what training leaves behind; `runs.save(folder)`, `Runs.load(folder)`
    draw, Trial        everything random about one run, drawn before it
    reference          the network from scratch; `MultilayerPerceptron.from_run(run)` is a trained one
    figures            pictures; `figures.save(figure, "name")` writes them
    boundary           decision boundaries: sampled, or found as lines
    statistics         what many runs say together
    MLPClassifier      for scikit-learn: fit, predict, pipelines, searches; MLPRegressor beside it
    PopulationSearchCV a grid or random search of them, trained as one population
    models             a trained network in a file, or as Keras's, ONNX's, NumPy's, C's or JavaScript's
    explain            one update with all its numbers
    store              finished runs on disk: what was trained once is not trained again
    data, spec         datasets, and the parts of an experiment
    report             the lab reproduced
    playground         a page in which one sees a network learn; `playground.app()` in a notebook
    MlplabError        what is raised when you, not mlplab, must change something
    __version__        of the package, as `mlplab --version` prints it

These names are imported when first used, so that `import mlplab` and `mlplab --help` are instant.
"""

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mlplab import (
        boundary,
        data,
        explain,
        figures,
        models,
        playground,
        reference,
        report,
        spec,
        statistics,
        store,
    )
    from mlplab.errors import MlplabError
    from mlplab.estimators import MLPClassifier, MLPRegressor, PopulationSearchCV
    from mlplab.run import Run, Runs
    from mlplab.spec import Experiment
    from mlplab.training import stream, train
    from mlplab.trial import Trial, draw

__all__ = [
    "Experiment",
    "MLPClassifier",
    "MLPRegressor",
    "MlplabError",
    "PopulationSearchCV",
    "Run",
    "Runs",
    "Trial",
    "boundary",
    "data",
    "draw",
    "explain",
    "figures",
    "models",
    "playground",
    "reference",
    "report",
    "spec",
    "statistics",
    "store",
    "stream",
    "train",
]

_HOME = {
    "Experiment": "mlplab.spec",
    "MLPClassifier": "mlplab.estimators",
    "MLPRegressor": "mlplab.estimators",
    "MlplabError": "mlplab.errors",
    "PopulationSearchCV": "mlplab.estimators",
    "Run": "mlplab.run",
    "Runs": "mlplab.run",
    "Trial": "mlplab.trial",
    "draw": "mlplab.trial",
    "stream": "mlplab.training",
    "train": "mlplab.training",
}

if find_spec("sklearn") is None:
    # Without it, `help(mlplab)` and `from mlplab import *` do not stumble over three names.
    __all__ = [name for name in __all__ if _HOME.get(name) != "mlplab.estimators"]


def __getattr__(name: str) -> Any:
    if name == "__version__":
        return import_module("importlib.metadata").version("mlplab")
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    if name in __all__:
        return import_module(f"mlplab.{name}")
    raise AttributeError(f"module 'mlplab' has no attribute '{name}'")


def __dir__() -> list[str]:
    return __all__
