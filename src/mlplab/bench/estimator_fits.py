"""Fit for fit: mlplab's estimators beside scikit-learn's own, by what they score and what a fit takes.

Each seed splits a dataset of scikit-learn anew. Both sides are fitted with the same settings,
scikit-learn's defaults, to the same standardised samples, one right after the other.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from typing import Any, NamedTuple

import numpy as np

from mlplab.bench.process_results import Work, results_of_process
from mlplab.bench.rounds import Pair, measure_pairs
from mlplab.bench.taken import Taken, time_of
from mlplab.data.dataset import Float
from mlplab.statistics import Comparison, compare, correct_family

DATASETS = {
    "iris": "load_iris",
    "wine": "load_wine",
    "breast cancer": "load_breast_cancer",
    "digits": "load_digits",
    "diabetes": "load_diabetes",
}
"""The datasets, and scikit-learn's functions that load them; that of targets is the last."""

OF_TARGETS = ("diabetes",)
TEST_FRACTION = 0.25
SPLITS, QUICK_SPLITS = 30, 2

FITS_BESIDE = "scikit-learn-fits"
"""What the fits beside scikit-learn's are called where they are left out."""


class Fit(NamedTuple):
    """One split of one dataset, fitted by both sides.

    Attributes
    ----------
    dataset : str
    scores : (float, float)
        Accuracy or R² on the test samples, ours and theirs.
    epochs : (int, int)
    taken : (Taken, Taken)
    """

    dataset: str
    scores: tuple[float, float]
    epochs: tuple[int, int]
    taken: tuple[Taken, Taken]


@dataclass(frozen=True)
class EstimatorFits:
    """All fits of both sides.

    Attributes
    ----------
    fits : tuple of Fit
        Dataset by dataset.
    """

    fits: tuple[Fit, ...]

    @property
    def datasets(self) -> tuple[str, ...]:
        """The datasets, in their order."""
        return tuple(dict.fromkeys(fit.dataset for fit in self.fits))

    def of(self, dataset: str) -> list[Fit]:
        """Return the fits of a dataset."""
        return [fit for fit in self.fits if fit.dataset == dataset]

    def pair(self, dataset: str) -> Pair:
        """Return what both sides took, split by split."""
        ours, theirs = zip(*(fit.taken for fit in self.of(dataset)), strict=True)
        return Pair(ours, theirs)

    def scores(self, dataset: str) -> tuple[float, float]:
        """Return the mean scores, ours and theirs."""
        ours, theirs = np.mean([fit.scores for fit in self.of(dataset)], axis=0).tolist()
        return ours, theirs

    def epochs(self, dataset: str) -> tuple[float, float]:
        """Return the mean epochs, ours and theirs."""
        ours, theirs = np.mean([fit.epochs for fit in self.of(dataset)], axis=0).tolist()
        return ours, theirs

    def comparisons(self) -> dict[str, Comparison]:
        """Return ours against theirs by dataset, corrected for splits of one set, and as a family."""
        found = {}
        for dataset in self.datasets:
            ours, theirs = zip(*(fit.scores for fit in self.of(dataset)), strict=True)
            found[dataset] = compare(
                *(ours, theirs),
                measure="test_r2" if dataset in OF_TARGETS else "test_accuracy",
                resplit_ratio=TEST_FRACTION / (1 - TEST_FRACTION),
            )
        return correct_family(found)

    def as_json(self) -> list[dict[str, Any]]:
        """Return all that was measured, and what follows from it."""
        comparisons = self.comparisons()
        return [
            {
                "dataset": dataset,
                "scores": [fit.scores for fit in self.of(dataset)],
                "epochs": [fit.epochs for fit in self.of(dataset)],
                "verdict": comparisons[dataset].verdict,
                **asdict(self.pair(dataset)),
                "ratio": self.pair(dataset).ratio,
            }
            for dataset in self.datasets
        ]


def missing_for_fits() -> list[str]:
    """Return what the fits need and is not installed."""
    return [module for module in ("sklearn",) if find_spec(module) is None]


def fits_in_all(quick: bool) -> int:
    """Return how many splits are fitted by both sides."""
    return (QUICK_SPLITS if quick else SPLITS) * len(DATASETS)


def measure_fits(quick: bool, on_fit: Callable[[], None]) -> EstimatorFits:
    """Fit both sides in a process of one thread.

    Parameters
    ----------
    quick : bool
        Whether few splits are to do.
    on_fit : callable
        Called after each split.

    Raises
    ------
    ImportError
        If scikit-learn cannot be imported.
    """
    count = fits_in_all(quick)
    splits = count // len(DATASETS)
    arguments = (tuple(DATASETS), splits)
    found: list[Fit] = results_of_process(
        prepare_fits, arguments, count, 1, lambda fit: on_fit(), FITS_BESIDE
    )
    return EstimatorFits(tuple(found))


def prepare_fits(datasets: tuple[str, ...], splits: int) -> Work:
    """Import both sides, and return what fits them to so many splits of each dataset.

    Raises
    ------
    ImportError
        If scikit-learn cannot be imported.
    """
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.neural_network import MLPClassifier, MLPRegressor

    import mlplab

    classifiers = (mlplab.MLPClassifier, MLPClassifier)
    regressors = (mlplab.MLPRegressor, MLPRegressor)

    def work(tell: Callable[[Any], None]) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            for dataset in datasets:
                sides = regressors if dataset in OF_TARGETS else classifiers
                sides[0](max_iter=1).fit(*split_of(dataset, 0)[:2])  # loads what is compiled
                for seed in range(splits):
                    tell(_fit(dataset, sides, seed))

    return work


def _fit(dataset: str, sides: tuple[type, type], seed: int) -> Fit:
    x, y, x_test, y_test = split_of(dataset, seed)
    ours, theirs = (side(random_state=seed) for side in sides)
    pair = measure_pairs(
        lambda: time_of(lambda: ours.fit(x, y)),
        {"theirs": lambda: time_of(lambda: theirs.fit(x, y))},
        rounds=1,
    )["theirs"]
    return Fit(
        dataset,
        (float(ours.score(x_test, y_test)), float(theirs.score(x_test, y_test))),
        (int(ours.n_iter_), int(theirs.n_iter_)),
        (pair.ours[0], pair.theirs[0]),
    )


def split_of(dataset: str, seed: int) -> tuple[Float, Float, Float, Float]:
    """Return samples to train on, their labels or targets, and those to test on.

    Features are standardised by those to train on, and so are targets.
    """
    from sklearn import datasets
    from sklearn.model_selection import train_test_split
    from sklearn.preprocessing import StandardScaler

    x, y = getattr(datasets, DATASETS[dataset])(return_X_y=True)
    has_targets = dataset in OF_TARGETS
    x, x_test, y, y_test = train_test_split(
        *(x, y), test_size=TEST_FRACTION, random_state=seed, stratify=None if has_targets else y
    )
    scaler = StandardScaler().fit(x)
    if has_targets:
        mean, deviation = y.mean(), y.std()
        y, y_test = (y - mean) / deviation, (y_test - mean) / deviation
    return scaler.transform(x), y, scaler.transform(x_test), y_test
