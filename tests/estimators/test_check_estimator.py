"""scikit-learn's own checks pass, all of them, and as many as it has for its own estimators."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter

import pytest

pytest.importorskip("sklearn")

from sklearn.base import BaseEstimator
from sklearn.model_selection import GridSearchCV
from sklearn.neural_network import MLPClassifier as SklearnClassifier
from sklearn.neural_network import MLPRegressor as SklearnRegressor
from sklearn.utils.estimator_checks import check_estimator, estimator_checks_generator

import mlplab

# scikit-learn skips it for every estimator, unless SciPy is told to dispatch arrays.
SKIPPED_FOR_ALL = {"check_array_api_input"}

pytestmark = pytest.mark.filterwarnings("ignore")  # as scikit-learn's own tests of its checks


def names_of(estimator: BaseEstimator) -> Counter[str]:
    checks = [check for _, check in estimator_checks_generator(estimator)]
    return Counter(getattr(check, "func", check).__name__ for check in checks)


def searched(kind: type) -> mlplab.PopulationSearchCV:
    """A search of so few and small networks that the checks are quick, and that learn all the same."""
    network = kind((16,), max_iter=60, learning_rate_init=0.05, random_state=0)
    return mlplab.PopulationSearchCV(network, {"alpha": [1e-4, 1e-2]}, cv=2)


@pytest.mark.parametrize(
    ("estimator", "like", "least"),
    [
        (mlplab.MLPClassifier(), SklearnClassifier(), 62),
        (mlplab.MLPRegressor(), SklearnRegressor(), 59),
        (searched(mlplab.MLPClassifier), GridSearchCV(SklearnClassifier(), {}), 53),
        (searched(mlplab.MLPRegressor), GridSearchCV(SklearnRegressor(), {}), 51),
    ],
    ids=["classifier", "regressor", "search of classifiers", "search of regressors"],
)
def test_every_check_of_scikit_learn_passes(
    estimator: BaseEstimator, like: BaseEstimator, least: int
):
    results = check_estimator(estimator, on_fail=None, on_skip=None)
    failed = {
        each["check_name"]: each["exception"] for each in results if each["status"] == "failed"
    }
    assert failed == {}
    assert {r["check_name"] for r in results if r["status"] == "skipped"} <= SKIPPED_FOR_ALL
    assert not any(each["expected_to_fail"] for each in results)
    passed = [each for each in results if each["status"] == "passed"]
    assert len(passed) >= least
    assert len(results) == names_of(estimator).total()
    # What scikit-learn checks in its own, it checks here, too, but for what is declared not to be had.
    missing = names_of(like) - names_of(estimator)
    assert set(missing) <= {
        "check_classifiers_multilabel_representation_invariance",
        "check_classifiers_multilabel_output_format_predict",
        "check_classifiers_multilabel_output_format_predict_proba",
        "check_classifiers_multilabel_output_format_decision_function",
    }


def test_what_scikit_learn_skips_for_every_estimator_passes_where_scipy_dispatches_arrays():
    code = f"""
import mlplab, warnings
from sklearn.utils.estimator_checks import estimator_checks_generator
warnings.simplefilter("ignore")
for kind in (mlplab.MLPClassifier, mlplab.MLPRegressor):
    for estimator, check in estimator_checks_generator(kind()):
        if check.func.__name__ in {SKIPPED_FOR_ALL}:
            check(estimator)
            print(check.func.__name__)
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "SCIPY_ARRAY_API": "1"},
    )
    assert done.stdout.splitlines() == [*SKIPPED_FOR_ALL] * 2


def test_an_estimator_that_skips_its_checks_is_seen():
    class Skipping(mlplab.MLPClassifier):
        def __sklearn_tags__(self) -> object:
            tags = super().__sklearn_tags__()
            tags._skip_test = True
            return tags

    assert names_of(Skipping()).total() < 10 < names_of(mlplab.MLPClassifier()).total()
