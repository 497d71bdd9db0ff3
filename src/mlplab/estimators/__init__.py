"""Multilayer perceptrons for scikit-learn, trained by the engine: `MLPClassifier` and `MLPRegressor`.

Their parameters have scikit-learn's names where its own estimators have them, and Keras's for the rest.
An estimator translates them to an `Experiment`, draws a trial on the samples that it is given, trains it
by the engine, and predicts with the reference's network. `PopulationSearchCV` trains many at once.
"""

from mlplab.errors import MissingExtraError

try:
    import sklearn
except ImportError as error:
    raise MissingExtraError(
        "mlplab.MLPClassifier, MLPRegressor and PopulationSearchCV need scikit-learn, and "
        f"{error.name} is missing",
        "sklearn",
    ) from error

from mlplab.estimators.classifier import MLPClassifier
from mlplab.estimators.regressor import MLPRegressor
from mlplab.estimators.search import PopulationSearchCV

del sklearn

__all__ = ["MLPClassifier", "MLPRegressor", "PopulationSearchCV"]
