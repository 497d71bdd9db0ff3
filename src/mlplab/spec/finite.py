"""Own samples: a finite set, read from a file or handed in as arrays, that every trial splits anew."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from mlplab.spec.canonical import AddedLater
from mlplab.spec.datasets import DatasetSpec
from mlplab.spec.part import ListAsTuple

Fraction = Annotated[float, Field(gt=0, lt=1)]
Name = Annotated[str, Field(min_length=1)]


def _one_as_tuple(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


Target = Annotated[
    tuple[Name, ...],
    Field(min_length=1, json_schema_extra={"x-one-alone": True}),
    ListAsTuple,
    BeforeValidator(_one_as_tuple),
]
"""Names of targets; one alone may stand without brackets."""

Content = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
"""What `mlplab.data.Samples.content` says of samples: 64 hexadecimal digits."""


class FiniteSamples(DatasetSpec):
    """What files and arrays share: how their samples are split and scaled, and which samples they are.

    Attributes
    ----------
    validation_fraction, test_fraction : float
        Where the samples name no splits: the fraction of each class that the draw puts aside, chosen by
        the trial's samples stream.
    standardise : bool
        Whether each feature is centred on its mean in the training split and divided by its standard
        deviation there; a feature that is constant there is only centred.
    content : str, optional
        Hash of the samples that are meant: others are refused.
    sample_weight : str, optional
        Column, or array of an NPZ file, that says how much each sample weighs in the training loss, which
        is the weighted sum divided by the number of samples, as in Keras. Accuracies, and losses of the
        final weights and of validation and test samples, are not weighted.
    target : tuple of str, optional
        Where samples have targets, numbers that a network is to approximate, and no label: the columns
        of a file or a DataFrame, or what the columns of y are called. `target = "price"` is one.
    """

    validation_fraction: Fraction = 0.2
    test_fraction: Fraction = 0.2
    standardise: bool = False
    content: Content | None = None
    sample_weight: Annotated[Name | None, AddedLater(as_before=None)] = None
    target: Annotated[Target | None, AddedLater(as_before=None)] = None

    @property
    def has_targets(self) -> bool:
        """Whether samples have targets, and no label."""
        return self.target is not None

    @model_validator(mode="after")
    def _targets_differ(self) -> FiniteSamples:
        names = self.target or ()
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"targets must differ, received {name!r} twice")
            if name in ("split", self.sample_weight):
                what = "the split" if name == "split" else "the samples' weight"
                raise ValueError(f"{name!r} is {what} and cannot be a target")
        return self

    @model_validator(mode="after")
    def _leaves_training_samples(self) -> FiniteSamples:
        if self.validation_fraction + self.test_fraction >= 1:
            raise ValueError(
                "validation_fraction + test_fraction must leave samples to train on (be below 1), "
                f"received {self.validation_fraction} + {self.test_fraction}"
            )
        return self


def _as_path_text(value: Any) -> Any:
    """Write a path in its shortest form ("./a.csv" as "a.csv"), so that equal paths compare equal."""
    return str(Path(value)) if isinstance(value, str | Path) else value


class SamplesFile(FiniteSamples):
    """Own samples from a CSV, NPZ or Parquet file.

    Attributes
    ----------
    path : str
        `.csv` or `.parquet` with a column for each feature, one for the label or each target and, if
        wanted, a column `split` (train, validation or test); or `.npz` with arrays `x` (samples,
        features), `y` (samples,), or of targets (samples, targets), and, if wanted, `split` and
        `feature_names`. A relative path in a TOML file counts from that file's folder.
    features : tuple of str, optional
        Columns to learn from, in this order; by default all other columns of numbers.
    label : str
        Column of the label; in an NPZ file, where there is no such array, `y` is taken for `label`. It
        means nothing where there is a `target`.
    """

    kind: Literal["file"] = "file"
    path: Annotated[
        str, BeforeValidator(_as_path_text), Field(json_schema_extra={"format": "path"})
    ]
    features: Annotated[tuple[Name, ...], Field(min_length=1), ListAsTuple] | None = None
    label: Name = "label"

    @model_validator(mode="after")
    def _features_are_apart(self) -> SamplesFile:
        features = self.features or ()
        for name in features:
            if features.count(name) > 1:
                raise ValueError(f"features must differ, received {name!r} twice")
            taken = {"split": "the split", self.sample_weight: "the samples' weight"}
            taken |= dict.fromkeys(self.target or (), "a target") or {self.label: "the label"}
            if name in taken:
                raise ValueError(f"{name!r} is {taken[name]} and cannot be a feature")
        return self


class Arrays(FiniteSamples):
    """Own samples that were handed in as arrays or as a DataFrame.

    The experiment alone cannot draw them: they are handed in again, as
    `mlplab.draw(experiment, seed, data=(x, y))`. Without `content` any samples will do; `mlplab.train`
    fills it in.
    """

    kind: Literal["arrays"] = "arrays"
