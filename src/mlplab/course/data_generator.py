"""The course's `data_generator`: the lab's datasets, their pictures, and those of a classifier.

A notebook keeps the arrays as attributes, and may change them: every picture is of what they are now.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mlplab.boundary import Extent, HasFeedforward, class_regions
from mlplab.course.showing import show
from mlplab.data import Dataset, Split, draw_dataset
from mlplab.errors import MlplabError, shown, suggestion
from mlplab.figures import classifier_figure, dataset_figure
from mlplab.run import Float
from mlplab.spec import Linear, Polar

KINDS = {"linear": Linear, "polar": Polar}


class DataGenerator:
    """The lab's points: drawn, kept as arrays, drawn as pictures.

    Parameters
    ----------
    verbose : bool
        Whether `generate` prints what it drew.

    Attributes
    ----------
    x_train, x_valid, x_test : ndarray of float64, shape (points, 2)
    y_train, y_valid, y_test : ndarray of int64, shape (points,)
        Class of each point, 0..K-1.
    y_train_oh, y_valid_oh, y_test_oh : ndarray of float64, shape (points, K)
        The same, one-hot.
    dataset, N_train, N_test, K, sigma, seed
        As given to `generate`. All of these are there after it.

    Examples
    --------
    >>> data = DataGenerator(verbose=False)
    >>> data.generate(dataset="polar", N_train=512, K=5, seed=1)
    >>> data.x_train.shape, data.y_train_oh.shape, data.y_test[:3].tolist()
    ((2560, 2), (2560, 5), [0, 0, 0])
    """

    dataset: str | None = None
    N_train: int
    N_test: int
    K: int
    sigma: float
    seed: int
    x_train: Float
    x_valid: Float
    x_test: Float
    y_train: NDArray[np.int64]
    y_valid: NDArray[np.int64]
    y_test: NDArray[np.int64]
    y_train_oh: Float
    y_valid_oh: Float
    y_test_oh: Float

    def __init__(self, verbose: bool = True) -> None:
        self.verbose = verbose

    def generate(
        self,
        dataset: str = "linear",
        N_train: int = 32,
        N_test: int = 512,
        K: int = 2,
        sigma: float = 0.05,
        seed: int | None = None,
    ) -> None:
        """Draw training, validation and test points.

        Parameters
        ----------
        dataset : str
            `linear`: clouds along the diagonal; `polar`: rings around the origin.
        N_train, N_test : int
            Points *of each class* in training, and in validation and test each.
        K : int
            Number of classes, two at least.
        sigma : float
            Standard deviation of the noise, in the units of the coordinates.
        seed : int, optional
            The same seed draws the same points for ever. Without one, a seed is taken from NumPy's global
            generator, as the course's own module takes its points: after `np.random.seed(1)` or
            `keras.utils.set_random_seed(1)` a notebook draws the same points again.

        Raises
        ------
        MlplabError
            If there is no such dataset, or a number is out of range.
        """
        if dataset not in KINDS:
            raise MlplabError(
                f"unknown dataset {shown(dataset)}; {suggestion(str(dataset), KINDS)}"
            )
        spec = KINDS[dataset](
            classes=K, sigma=sigma, train_per_class=N_train, test_per_class=N_test
        )
        if seed is None:
            seed = int(np.random.randint(2**31))  # noqa: NPY002  # what a notebook seeds
        drawn = draw_dataset(spec, seed)
        self.dataset, self.seed = dataset, seed
        self.N_train, self.N_test, self.K, self.sigma = N_train, N_test, K, sigma
        self.x_train, self.y_train = drawn.train.x, drawn.train.y
        self.x_valid, self.y_valid = drawn.validation.x, drawn.validation.y
        self.x_test, self.y_test = drawn.test.x, drawn.test.y
        self.y_train_oh, self.y_valid_oh, self.y_test_oh = (
            drawn.one_hot(split.y) for split in drawn.splits.values()
        )
        if self.verbose:
            print("Data specification:")
            print(f"\tDataset type:           {dataset}")
            print(f"\tNumber of classes:      {K}")
            print(f"\tStd of classes:         {sigma}")
            print(f"\tTraining data shape:    {self.x_train.shape}")
            print(f"\tValidation data shape:  {self.x_valid.shape}")
            print(f"\tTest data shape:        {self.x_test.shape}")

    def plot(self, save_path: str | Path | None = None) -> None:
        """Show the points of the three splits, and write the figure to a file if one is named."""
        points = self._points()
        show(dataset_figure(points, self._title()), save_path)

    def plot_classifier(
        self, model: HasFeedforward, G: int = 128, save_path: str | Path | None = None
    ) -> None:
        """Show what a model answers where, with the training and with the test points.

        Misclassified test points are ringed in red.

        Parameters
        ----------
        model : HasFeedforward
            Anything with `feedforward(x)`: points of shape (points, 2) to outputs of shape (points, K).
        G : int
            Grid points along each side of the coloured regions.
        save_path : str or Path, optional
            Where to write the figure, too.

        Raises
        ------
        MlplabError
            If the model's outputs have another shape, or `generate` did not come first.
        """
        points = self._points()
        show(classifier_figure(model, points, self._title(), resolution=G), save_path)

    def sample_input_space(
        self, model: HasFeedforward, G: int, mi: float = 0, ma: float = 1
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the class that a model answers on a grid, and on the test points.

        Parameters
        ----------
        model : HasFeedforward
        G : int
            Grid points along each side.
        mi, ma : float
            Smallest and largest x1, and x2, of the grid.

        Returns
        -------
        on_grid : ndarray of int64, shape (G * G,)
            Row by row from the lowest x2, x1 running fastest: `on_grid.reshape(G, G)[i, j]` is at
            (x1[j], x2[i]).
        on_test : ndarray of int64, shape (points,)

        Raises
        ------
        MlplabError
            As `plot_classifier`; also if `mi` is not below `ma`.
        """
        points = self._points()
        on_grid = class_regions(model, Extent(mi, ma, mi, ma), G).classes.ravel()
        return on_grid, np.asarray(model.feedforward(points.test.x)).argmax(axis=1)

    def check_points(self) -> None:
        """Refuse arrays that a notebook has set to points of more coordinates, or fewer.

        Raises
        ------
        MlplabError
            If `x_train`, `x_valid` or `x_test` has another shape than (points, 2), or `generate` did not
            come first.
        """
        if self.dataset is None:
            raise MlplabError("there are no points yet: call generate(...) first")
        for name in ("x_train", "x_valid", "x_test"):
            shape = np.shape(getattr(self, name))
            if len(shape) != 2 or shape[1] != 2:
                raise MlplabError(
                    f"the course's points lie in the plane: {name} must have shape (points, 2), received "
                    f"{shape}; mlplab.train takes samples of more features"
                )

    def _points(self) -> Dataset:
        """Return the arrays, as they are now, as a dataset of the package."""
        self.check_points()
        return Dataset(
            train=Split(self.x_train, self.y_train),
            validation=Split(self.x_valid, self.y_valid),
            test=Split(self.x_test, self.y_test),
            label_names=tuple(str(k) for k in range(self.K)),
        )

    def _title(self) -> str:
        return f"{self.dataset}, K = {self.K}, σ = {self.sigma:g}"
