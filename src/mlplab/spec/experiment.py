"""An experiment: what to train, on which samples, and how. Equal to its TOML file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import tomli_w
from pydantic import Field, ValidationError, model_validator

from mlplab.errors import SpecError, shown
from mlplab.spec.canonical import AddedLater, content_key, without_place
from mlplab.spec.choosing import LOSS_NAMES, head_of
from mlplab.spec.class_weight import ClassWeight, check_class_weight, in_one_way, in_order
from mlplab.spec.datasets import DatasetSpec, Recipe
from mlplab.spec.finite import SamplesFile
from mlplab.spec.heads import HEADS, Head
from mlplab.spec.names import NameOf
from mlplab.spec.network import Network
from mlplab.spec.optimizers import SGD, OptimizerSpec
from mlplab.spec.part import Part, Positive
from mlplab.spec.problems import first_problem
from mlplab.spec.regression import REGRESSION_HEADS
from mlplab.spec.schedules import Schedule
from mlplab.spec.stopping import EarlyStopping, ReduceLROnPlateau, is_raised
from mlplab.spec.toml_text import parse_toml, read_text
from mlplab.spec.variants import TakenWhole

LossName = Annotated[str, NameOf(LOSS_NAMES)]
"""A key of `HEADS`, where samples have labels, or of `REGRESSION_HEADS`, where they have targets."""
DtypeName = Literal["float32", "float64"]
"""The precision in which a network is trained."""


class Training(Part):
    """Loss, optimizer, and how long.

    Attributes
    ----------
    loss : str
        Of classes `mean_squared_error` (the lab's), `categorical_crossentropy`, or `binary_crossentropy`
        of two; of targets `mean_squared_error`, `mean_absolute_error` or `huber`.
    optimizer : OptimizerSpec
        How an update moves the weights.
    batch_size : int
        Samples of one update. The last batch of an epoch is smaller if they do not divide evenly.
    epochs : int
        Passes over the training samples, shuffled anew for each.
    dtype : str
        `float32` as Keras, or `float64`.
    label_smoothing : float
        How much of each label is divided among all classes alike, from 0 to below 1; only with a
        cross-entropy. It is part of the loss, on validation and test samples, too.
    class_weight : table of str to float, optional
        How much the training samples of a class weigh, by its label name; 1 where it is not named. The
        training loss of an epoch is the weighted sum divided by the number of samples, as in Keras.
        Accuracies, and losses of the final weights and of validation samples, are not weighted.
    early_stopping : EarlyStopping, optional
        When the training ends before its last epoch.
    reduce_lr_on_plateau : ReduceLROnPlateau, optional
        When the learning rate becomes smaller; not together with a schedule.
    """

    loss: LossName = "mean_squared_error"
    optimizer: OptimizerSpec = SGD()
    batch_size: Positive = 32
    epochs: Positive = 1
    dtype: DtypeName = "float32"
    label_smoothing: Annotated[float, Field(ge=0, lt=1), AddedLater(as_before=0.0)] = 0.0
    class_weight: Annotated[ClassWeight | None, TakenWhole(), AddedLater(as_before=None)] = None
    early_stopping: Annotated[EarlyStopping | None, AddedLater(as_before=None)] = None
    reduce_lr_on_plateau: Annotated[ReduceLROnPlateau | None, AddedLater(as_before=None)] = None

    @model_validator(mode="after")
    def _smoothing_has_crossentropy(self) -> Training:
        if self.label_smoothing and not LOSS_NAMES[self.loss].smooths_labels:
            raise ValueError(
                "label_smoothing needs a cross-entropy as loss, "
                f"received label_smoothing={self.label_smoothing} with loss={self.loss!r}"
            )
        return self

    @model_validator(mode="after")
    def _weights_of_1_are_left_out(self) -> Training:
        if self.class_weight is not None:
            # A copy with another optimizer has those that were left out before, too.
            named = {*self.class_weight, *self.named_classes}
            self.__dict__["_named_classes"] = in_order(named)
            self.__dict__["class_weight"] = in_one_way(self.class_weight)
        return self

    @model_validator(mode="after")
    def _plateau_reduces_a_number(self) -> Training:
        rate = self.optimizer.learning_rate
        if self.reduce_lr_on_plateau is not None and isinstance(rate, Schedule):
            raise ValueError(
                "reduce_lr_on_plateau needs a learning rate that is a number, "
                f"received the schedule {rate.kind!r}"
            )
        return self

    @property
    def named_classes(self) -> tuple[str, ...]:
        """Classes that `class_weight` was given a weight for, also those of 1, which is left out."""
        named: tuple[str, ...] = self.__dict__.get("_named_classes", ())
        return named


class Experiment(Part):
    """A frozen, validated description of one experiment; everything but the seed.

    A part may be given as an object of its class in `mlplab.spec`, as a table as in TOML, or as its name
    alone, which stands for the part with its defaults.

    Attributes
    ----------
    dataset : DatasetSpec
        With classes `Linear`, `Polar`, `Moons`, `Circles`, `Spirals`, `Xor`; with a target `NoisySine`,
        `Plane`, `Franke`, `Friedman1`; of own samples `SamplesFile` or `Arrays`.
    network : Network
        By default without hidden layers: the inputs feed the last layer.
    training : Training
        By default one epoch of plain SGD.

    Raises
    ------
    SpecError
        If something is unknown, missing or not valid; one sentence that says what is wrong and where.

    Examples
    --------
    >>> experiment = Experiment(
    ...     dataset={"kind": "polar", "classes": 5, "sigma": 0.05},
    ...     network={"hidden_layers": 10, "layer_width": 50, "activation": "relu"},
    ...     training={"optimizer": "adam", "epochs": 20},
    ... )
    >>> Experiment.from_toml_text(experiment.to_toml()) == experiment
    True

    It cannot be changed; `varied` makes a variant of it, which is validated too:

    >>> experiment.varied({"training.epochs": 40, "network.layer_width": 20}).training.epochs
    40
    """

    dataset: DatasetSpec
    network: Network = Network()
    training: Training = Training()

    if TYPE_CHECKING:
        # What may be given: a user's type checker takes the types of the fields for it.
        def __init__(
            self,
            *,
            dataset: DatasetSpec | Mapping[str, Any] | str,
            network: Network | Mapping[str, Any] = ...,
            training: Training | Mapping[str, Any] = ...,
        ) -> None: ...

    @model_validator(mode="after")
    def _fits_its_answers(self) -> Experiment:
        check_loss(self.training, self.dataset)
        # The classes of other datasets are known once they are read.
        if isinstance(self.dataset, Recipe) and not self.dataset.has_targets:
            check_classes(self.training, self.dataset.class_count)
        return self

    @property
    def head(self) -> Head:
        """What stands on the last layer: the head of the loss, with its smoothing."""
        training = self.training
        return head_of(training.loss, training.label_smoothing, self.dataset.has_targets)

    def layer_sizes(self, features: int, answers: int) -> tuple[int, ...]:
        """Return the sizes of all layers, first to last: inputs, neurons of hidden layers, outputs.

        Parameters
        ----------
        features : int
        answers : int
            Number of classes K, or of targets T.

        Examples
        --------
        >>> Experiment(dataset="linear").layer_sizes(features=2, answers=2)
        (2, 2)
        >>> training = {"loss": "binary_crossentropy"}
        >>> Experiment(dataset="linear", training=training).layer_sizes(features=2, answers=2)
        (2, 1)
        """
        return self.network.layer_sizes(features, self.head.outputs(answers))

    @classmethod
    def from_toml(cls, path: str | Path) -> Experiment:
        """Read an experiment from a TOML file.

        Raises
        ------
        SpecError
            If the file cannot be read or does not describe an experiment; one sentence that says
            what is wrong and where.
        """
        path = Path(path)
        if path.suffix.lower() in (".csv", ".npz", ".parquet"):
            raise SpecError(
                f"'{path}' looks like samples, not like an experiment: name it in a TOML file, as "
                f'dataset = {{kind = "file", path = "{path.name}"}}'
            )
        text = read_text(path, "the experiment")
        return cls.from_toml_text(text, source=str(path), folder=path.parent.absolute())

    @classmethod
    def from_toml_text(
        cls, text: str, source: str = "experiment", folder: str | Path = "."
    ) -> Experiment:
        """Read an experiment from TOML text.

        Parameters
        ----------
        text : str
        source : str
            What messages call it.
        folder : str or Path
            Folder from which the path of a file of samples counts, where it is relative.

        Raises
        ------
        SpecError
            If the text does not describe an experiment; one sentence that says what is wrong and where.
        """
        try:
            experiment = cls.model_validate(parse_toml(text, source))
        except ValidationError as error:
            raise SpecError(f"{source}: {first_problem(error)}") from error
        return experiment.located(folder)

    def located(self, folder: str | Path) -> Experiment:
        """Return the experiment with a path of samples that no longer depends on the current folder.

        A relative path counts from `folder`. An experiment without a file of samples stays as it is.

        Examples
        --------
        >>> own = Experiment(dataset={"kind": "file", "path": "samples.csv"})
        >>> own.located("/home/ada").dataset.path
        '/home/ada/samples.csv'
        """
        if not isinstance(self.dataset, SamplesFile):
            return self
        return self.varied({"dataset.path": str(Path(folder) / self.dataset.path)})

    def to_toml(self) -> str:
        """Return the experiment as TOML text, every value written out."""
        return tomli_w.dumps(_kind_first(self.to_table()))

    def canonical(self) -> dict[str, Any]:
        """Return the experiment in its canonical form; see `Part.canonical`.

        Where the samples come from a file and their content is pinned, the form has the content and not
        the path: it trains the same numbers wherever the file lies.
        """
        form = super().canonical()
        return form | {"dataset": without_place(form["dataset"])}

    @property
    def key(self) -> str:
        """What tells this experiment from all others: 64 hexadecimal digits (SHA-256).

        Experiments that train the same numbers have the same key, in every process, on every machine and
        in every later version that trains the same numbers. Equal experiments have equal keys. Those of
        experiments that are not equal differ, unless only the path of the same samples differs.

        Raises
        ------
        SpecError
            If the samples are own ones, from a file or arrays, and their content is not pinned: they may
            change.

        Examples
        --------
        >>> Experiment(dataset="linear").key[:16]
        'a21c0f8a6b00c7f1'
        """
        form = self.canonical()
        is_own = {"path", "content"} & type(self.dataset).model_fields.keys()
        if is_own and "content" not in form["dataset"]:
            raise SpecError(
                "an experiment on own samples has a key once their content is pinned, "
                f"received a dataset of kind {form['dataset']['kind']!r} without a content"
            )
        return content_key(form)


def check_loss(training: Training, dataset: DatasetSpec) -> None:
    """Refuse what is of classes where samples have targets, and the other way round.

    Raises
    ------
    SpecError
        With what there is instead.

    Examples
    --------
    >>> check_loss(Training(loss="huber"), DatasetSpec.from_value("franke"))
    """
    heads = REGRESSION_HEADS if dataset.has_targets else HEADS
    of, other = ("targets", "classes") if dataset.has_targets else ("classes", "targets")
    if training.loss not in heads:
        raise SpecError(
            f"the loss {training.loss} is of {other}, and the samples have {of}: "
            f"{', '.join(heads)} are of {of}"
        )
    if not dataset.has_targets:
        return
    if training.named_classes:
        raise SpecError(
            "class_weight is of classes, and the samples have targets: sample_weight weighs samples"
        )
    rules = {
        "early_stopping": training.early_stopping,
        "reduce_lr_on_plateau": training.reduce_lr_on_plateau,
    }
    for name, rule in rules.items():
        if rule is not None and is_raised(rule.monitor):
            raise SpecError(
                f"{name} cannot monitor the accuracy of targets: loss and val_loss can be monitored, "
                f"received {rule.monitor!r}"
            )


def check_classes(
    training: Training, classes: int, label_names: Sequence[str] | None = None
) -> None:
    """Refuse a loss that is of two classes only where there are more, and weights of other classes.

    Parameters
    ----------
    classes : int
        Number of classes K.
    label_names : sequence of str, optional
        What they are called; by default their numbers, from 0 to K - 1.

    Raises
    ------
    SpecError
        With the classes that there are.

    Examples
    --------
    >>> check_classes(Training(loss="binary_crossentropy"), classes=2)
    """
    if LOSS_NAMES[training.loss].has_one_output and classes != 2:
        raise SpecError(
            f"the loss {training.loss} is of two classes, received {classes}: "
            "categorical_crossentropy is of any number"
        )
    check_class_weight(training.class_weight, training.named_classes, classes, label_names)


def check_experiment(experiment: object) -> Experiment:
    """Return an experiment that can be drawn and trained.

    Raises
    ------
    SpecError
        If it is something else, such as the name of a file.
    """
    if not isinstance(experiment, Experiment):
        came = shown(experiment)
        hint = "; Experiment.from_toml reads one from a file"
        named = isinstance(experiment, str | Path)
        raise SpecError(f"an Experiment was expected, received {came}{hint if named else ''}")
    return experiment


def _kind_first(table: dict[str, Any]) -> dict[str, Any]:
    """Return a table with the kind of each part before its other values."""
    ordered = sorted(table.items(), key=lambda item: item[0] != "kind")
    return {k: _kind_first(v) if isinstance(v, dict) else v for k, v in ordered}
