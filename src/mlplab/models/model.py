"""A trained network as it is used: what it takes, what it answers, and where it came from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mlplab.data.dataset import numbered_features, said_answers
from mlplab.data.standardising import scaled
from mlplab.errors import MlplabError, shown, suggestion
from mlplab.models.checking import (
    answer_names,
    check_arrays,
    check_names,
    check_origin,
    check_scaling,
)
from mlplab.read_only import ReadOnly
from mlplab.reference.network import MultilayerPerceptron
from mlplab.run import Run, Runs
from mlplab.run.history import Float, Float64
from mlplab.run.prediction import checked_samples
from mlplab.spec import HEADS, REGRESSION_HEADS, Experiment, Head

OUTPUT_HEADS: Mapping[str, Head] = {
    head.output.__name__: head for head in reversed([*HEADS.values(), *REGRESSION_HEADS.values()])
}
"""A head for each output activation: `softmax`, `sigmoid` and `linear`."""


@dataclass(frozen=True, eq=False)
class Model(ReadOnly):
    """A trained network, with all that is needed to use it; its arrays are read-only.

    Attributes
    ----------
    weights, biases : tuple of ndarray
        W, shape (outputs, inputs), and b, shape (outputs,), of each layer; float32 or float64, finite.
    activations : tuple of str
        A key of `ACTIVATIONS` for each hidden layer.
    output_activation : str
        `softmax` of K classes, `sigmoid` of two (one output, the probability of the second), `linear`
        of targets.
    feature_names, label_names, target_names : tuple of str
        What features are called, and classes or targets. If not given, features are x1, x2, …, classes
        0, 1, … and targets y, or y1, y2, …
    input_mean, input_scale : ndarray of float64, shape (features,), or None
        What is subtracted from each feature, and what it is then divided by; None if features are taken
        as they were measured.
    experiment : Experiment or None
        What was trained, if it is known.
    seed : int or None
        From which it was trained, if it is known.

    Raises
    ------
    MlplabError
        If the parts do not fit together, or a number is not finite.

    Examples
    --------
    Equation 11 of the lab:

    >>> W, b = np.array([[-1.0, 0.0], [0.0, 1.0]]), np.array([1.0, 0.0])
    >>> model = Model((W,), (b,))
    >>> model.predict([[0.9, 0.8], [0.1, 0.2]]).tolist()
    ['1', '0']
    >>> model
    <Model: 2 features, softmax of 2 classes, 6 parameters>
    """

    weights: tuple[Float, ...]
    biases: tuple[Float, ...]
    activations: tuple[str, ...] = ()
    output_activation: str = "softmax"
    feature_names: tuple[str, ...] = ()
    label_names: tuple[str, ...] = ()
    target_names: tuple[str, ...] = ()
    input_mean: Float64 | None = None
    input_scale: Float64 | None = None
    experiment: Experiment | None = None
    seed: int | None = None

    def __post_init__(self) -> None:
        if self.output_activation not in OUTPUT_HEADS:
            raise MlplabError(
                f"unknown output activation {shown(self.output_activation)}; "
                f"{suggestion(str(self.output_activation), OUTPUT_HEADS)}"
            )
        set_field = vars(self).__setitem__
        for name in ("weights", "biases"):
            set_field(name, tuple(np.array(each) for each in getattr(self, name)))
        set_field("activations", tuple(self.activations))
        check_arrays(self)
        inputs, outputs = self.layer_sizes[0], self.layer_sizes[-1]
        set_field("feature_names", tuple(self.feature_names) or numbered_features(inputs))
        labels, targets = answer_names(self, outputs)
        set_field("label_names", labels)
        set_field("target_names", targets)
        check_names("feature_names", self.feature_names, inputs)
        check_scaling(self, inputs)
        check_origin(self)
        super().__post_init__()

    @classmethod
    def from_run(cls, run: Run) -> Model:
        """Return the network that a run has trained.

        Raises
        ------
        MlplabError
            If it is not one run, it kept no weights, or it diverged.
        """
        network = MultilayerPerceptron.from_run(run)
        if not all(np.isfinite(each).all() for each in (*run.weights, *run.biases)):
            raise MlplabError(
                f"the run of seed {run.seed} diverged: weights that are not finite predict nothing"
            )
        return cls.from_experiment(
            run.experiment,
            network.weights,
            network.biases,
            feature_names=run.feature_names,
            label_names=run.label_names,
            target_names=run.target_names,
            input_mean=run.input_mean,
            input_scale=run.input_scale,
            seed=run.seed,
        )

    @classmethod
    def from_experiment(
        cls,
        experiment: Experiment,
        weights: Sequence[Float],
        biases: Sequence[Float],
        **parts: Any,
    ) -> Model:
        """Return a model of weights that an experiment has trained; so an estimator makes its own.

        Parameters
        ----------
        experiment : Experiment
            It has the activations, and the output activation of its loss.
        weights, biases : sequence of ndarray
            As in `Model`; scikit-learn's `coefs_` are W transposed.
        **parts
            Names, scaling and seed, as in `Model`.

        Raises
        ------
        MlplabError
            As `Model`.

        Examples
        --------
        >>> W, b = np.eye(2), np.zeros(2)
        >>> Model.from_experiment(Experiment(dataset="linear"), [W], [b], label_names=("no", "yes"))
        <Model: 2 features, softmax of 2 classes, 6 parameters>
        """
        return cls(
            tuple(weights),
            tuple(biases),
            experiment.network.activations,
            experiment.head.output.__name__,
            experiment=experiment,
            **parts,
        )

    def __repr__(self) -> str:
        return f"<Model: {self.described}>"

    @property
    def described(self) -> str:
        """What it takes and answers, and how large it is, in a few words."""
        features = f"{self.features} feature{'s' if self.features > 1 else ''}"
        answers = said_answers(self.label_names, self.target_names)
        return f"{features}, {self.output_activation} of {answers}, {self.parameters:,} parameters"

    @cached_property
    def network(self) -> MultilayerPerceptron:
        """The network from scratch, with these weights."""
        head = OUTPUT_HEADS[self.output_activation]
        return MultilayerPerceptron(self.weights, self.biases, self.activations, head)

    @property
    def layer_sizes(self) -> tuple[int, ...]:
        """Sizes of all layers: features, neurons of hidden layers, outputs."""
        return (self.weights[0].shape[1], *(len(b) for b in self.biases))

    @property
    def features(self) -> int:
        """Number of features."""
        return len(self.feature_names)

    @property
    def answers(self) -> int:
        """Number of classes, or of targets."""
        return len(self.label_names) or len(self.target_names)

    @property
    def parameters(self) -> int:
        """Number of weights and biases."""
        return sum(each.size for each in (*self.weights, *self.biases))

    @property
    def dtype(self) -> np.dtype[Any]:
        """Of the weights: float32 or float64."""
        return self.weights[0].dtype

    def outputs(self, x: ArrayLike) -> Float:
        """Return the probabilities of classes, shape (samples, K), or the targets (samples, targets).

        Parameters
        ----------
        x : array_like, shape (samples, features), or DataFrame
            Features as they were measured. Of a DataFrame the columns are taken by their names.

        Raises
        ------
        MlplabError
            If x has another shape, a column is missing, or a feature is not finite.
        """
        samples = checked_samples(x, self.feature_names)
        if self.input_mean is not None and self.input_scale is not None:
            samples = scaled(samples, self.input_mean, self.input_scale)
        with np.errstate(over="ignore", invalid="ignore"):  # a huge feature may overflow a layer
            return self.network.feedforward(samples.astype(self.dtype, copy=False))

    def predict_proba(self, x: ArrayLike) -> Float:
        """Return the probabilities of the classes, shape (samples, K); as `outputs`.

        Raises
        ------
        MlplabError
            As `outputs`, or if the model has targets.
        """
        if self.target_names:
            raise MlplabError("probabilities are of classes, and this model has targets")
        return self.outputs(x)

    def predict(self, x: ArrayLike) -> NDArray[Any]:
        """Return the label that is predicted for each sample, shape (samples,), or its targets.

        Raises
        ------
        MlplabError
            As `outputs`, or if an output is not finite, as for a feature that is too large.
        """
        outputs = self.outputs(x)
        silent = np.flatnonzero(~np.isfinite(outputs).all(axis=1))
        if len(silent):
            raise MlplabError(
                f"the model predicts nothing for {len(silent)} of {len(outputs)} samples: for "
                f"x[{silent[0]}] its outputs are not finite"
            )
        return np.array(self.label_names)[outputs.argmax(axis=1)] if self.label_names else outputs


@runtime_checkable
class HasModel(Protocol):
    """What an estimator has that can be saved and exported: `to_model()`."""

    def to_model(self) -> Model:
        """Return the trained network."""
        ...


def as_model(source: object) -> Model:
    """Return the model of a model, of a run, or of an estimator.

    Estimators are those that have `to_model()`, as mlplab's, and those that `from_sklearn` takes.

    Raises
    ------
    MlplabError
        If it is something else.
    """
    match source:
        case Model():
            return source
        case Run():
            return Model.from_run(source)
        case Runs():
            raise MlplabError(
                "a model is one run, such as runs[0]; runs.save(folder) saves all of them, "
                f"received {shown(source)}"
            )
        case HasModel():
            return source.to_model()
    from mlplab.models.sklearn_model import from_sklearn, is_of_sklearn  # it makes models itself

    if is_of_sklearn(source):
        return from_sklearn(source)
    raise MlplabError(
        f"a Model, a Run or a fitted estimator was expected, received {shown(source)}"
    )
