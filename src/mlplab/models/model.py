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
        _check_arrays(self)
        inputs, outputs = self.layer_sizes[0], self.layer_sizes[-1]
        set_field("feature_names", tuple(self.feature_names) or numbered_features(inputs))
        labels, targets = _answer_names(self, outputs)
        set_field("label_names", labels)
        set_field("target_names", targets)
        _check_names("feature_names", self.feature_names, inputs)
        _check_scaling(self, inputs)
        _check_origin(self)
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
        return cls(
            tuple(network.weights),
            tuple(network.biases),
            run.experiment.network.activations,
            run.experiment.head.output.__name__,
            run.feature_names,
            run.label_names,
            run.target_names,
            run.input_mean,
            run.input_scale,
            run.experiment,
            run.seed,
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
    """Return the model of a model, of a run, or of what has `to_model()`, as an estimator.

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
    raise MlplabError(f"a Model or a Run was expected, received {shown(source)}")


def _check_arrays(model: Model) -> None:
    """Refuse arrays of which no network can be made."""
    arrays = (*model.weights, *model.biases)
    dtypes = {each.dtype for each in arrays}
    if len(dtypes) > 1 or not dtypes <= {np.dtype(np.float32), np.dtype(np.float64)}:
        found = ", ".join(sorted(map(str, dtypes)))
        raise MlplabError(f"weights and biases must all be float32 or float64, received {found}")
    model.network  # noqa: B018  # it checks shapes and activations
    for layer, (w, b) in enumerate(zip(model.weights, model.biases, strict=True), start=1):
        for what, array in (("weights", w), ("biases", b)):
            if not array.size:
                raise MlplabError(f"layer {layer} must have neurons and inputs, received none")
            if not np.isfinite(array).all():
                number = array[~np.isfinite(array)][0]
                raise MlplabError(f"{what} of layer {layer} must be finite, received {number}")


def _answer_names(model: Model, outputs: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names of labels and of targets, one of which are none, after a check."""
    if model.output_activation == "linear":
        numbered = ("y",) if outputs == 1 else tuple(f"y{i + 1}" for i in range(outputs))
        kind, other, count = "target_names", "label_names", outputs
    else:
        count = 2 if model.output_activation == "sigmoid" else outputs
        kind, other, numbered = "label_names", "target_names", tuple(map(str, range(count)))
    if model.output_activation == "sigmoid" and outputs != 1:
        raise MlplabError(f"a sigmoid output is of two classes and one output, received {outputs}")
    if count < 2 and kind == "label_names":
        raise MlplabError(f"softmax is of two classes at least, received {outputs}")
    if getattr(model, other):
        answers = "targets" if kind == "target_names" else "classes"
        raise MlplabError(
            f"{other} do not apply to an output of {answers} ({model.output_activation}), "
            f"received {shown(list(getattr(model, other)))}"
        )
    names = tuple(getattr(model, kind)) or numbered
    _check_names(kind, names, count)
    return (names, ()) if kind == "label_names" else ((), names)


def _check_names(what: str, names: Sequence[object], count: int) -> None:
    texts = [name for name in names if isinstance(name, str) and name]
    if len(texts) != len(names) or len(set(texts)) != len(names) or len(names) != count:
        raise MlplabError(
            f"{what} must be {count} texts that differ, received {len(names)}: {shown(list(names))}"
        )


def _check_scaling(model: Model, features: int) -> None:
    """Refuse means and scales that do not fit the features, or divide by zero."""
    mean, scale = model.input_mean, model.input_scale
    if (mean is None) != (scale is None):
        raise MlplabError("input_mean and input_scale belong together, received one of them")
    if mean is None or scale is None:
        return
    for name, array in (("input_mean", mean), ("input_scale", scale)):
        if array.dtype != np.float64 or array.shape != (features,):
            raise MlplabError(
                f"{name} must be float64 of shape ({features},), received {array.dtype} {array.shape}"
            )
    if not (np.isfinite(mean).all() and np.isfinite(scale).all() and (scale > 0).all()):
        raise MlplabError("input_mean must be finite, and input_scale finite and above 0")


def _check_origin(model: Model) -> None:
    """Refuse an experiment of another network, and a seed that is none."""
    if model.seed is not None and (type(model.seed) is not int or not 0 <= model.seed <= 2**62):
        raise MlplabError(
            f"seed must be a whole number from 0 to 2^62, received {shown(model.seed)}"
        )
    if model.experiment is None:
        return
    experiment = model.experiment
    described = (
        experiment.layer_sizes(model.features, model.answers),
        experiment.network.activations,
        experiment.head.output.__name__,
    )
    found = model.layer_sizes, model.activations, model.output_activation
    for what, wanted, came in zip(
        ("layer sizes", "activations", "output"), described, found, strict=True
    ):
        if wanted != came:
            raise MlplabError(
                f"the experiment describes another network: {what} {shown(wanted)}, "
                f"received {shown(came)}"
            )
