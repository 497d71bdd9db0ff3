"""Own samples before they are split: from a file, from arrays or from a DataFrame."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from mlplab.data.arrays import checked_arrays
from mlplab.data.columns import SPLIT, Columns, check_names, features_of, matrix_of
from mlplab.data.content import content_of, difference, differing_digits
from mlplab.data.csv_file import CsvColumns
from mlplab.data.dataset import OTHER_UNIT, SCALE, SPLITS, Dataset, Float64, Split, said_answers
from mlplab.data.frame import DataFrame, FrameColumns
from mlplab.data.labels import classes_of
from mlplab.data.npz_file import read_npz
from mlplab.data.parquet_file import read_parquet
from mlplab.data.precision import check_precision
from mlplab.data.splitting import (
    check_every_class,
    check_every_split,
    choose_splits,
    put_aside,
    split_names,
)
from mlplab.data.standardising import standardised
from mlplab.data.weights import checked_weights, weights_of_array
from mlplab.errors import DataError, suggestion
from mlplab.spec import FiniteSamples, SamplesFile

Array = TypeVar("Array", bound=NDArray[Any])
Own = TypeVar("Own", bound=FiniteSamples)

HANDED_IN = "the samples"
"""What messages call arrays and DataFrames."""


@dataclass(frozen=True, eq=False)
class Samples:
    """What a file or arrays hold; read once, and split for each trial.

    Attributes
    ----------
    x : ndarray of float64, shape (samples, features)
        Finite numbers, read-only.
    y : ndarray of int64, shape (samples,), or of float64, shape (samples, targets)
        Class of each sample, 0..K-1, or its targets; read-only.
    split : ndarray of text, shape (samples,), or None
        `train`, `validation` or `test`, where the samples come with splits.
    label_names, feature_names : tuple of str
    source : str
        What messages call the samples.
    lines : ndarray of int64, shape (samples,), or None
        Line of each sample, where they come from a text.
    weight : ndarray of float64, shape (samples,), or None
        How much each sample weighs where it is trained on, read-only; None where all weigh 1.
    target_names : tuple of str
        Empty where samples have labels; else `label_names` are.

    `from_file`, `from_arrays` and `from_frame` make them, and check them.
    """

    x: Float64
    y: NDArray[Any]
    split: NDArray[np.str_] | None
    label_names: tuple[str, ...]
    feature_names: tuple[str, ...]
    source: str = HANDED_IN
    lines: NDArray[np.int64] | None = None
    weight: Float64 | None = None
    target_names: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.y)

    def __repr__(self) -> str:
        answers = said_answers(self.label_names, self.target_names)
        return f"<{len(self)} samples of {answers}, {len(self.feature_names)} features>"

    @property
    def answers(self) -> int:
        """Number of classes, or of targets."""
        return len(self.label_names) or len(self.target_names)

    @property
    def strata(self) -> tuple[NDArray[np.int64], int]:
        """Within what samples are split: the class of each, and how many there are; of targets one."""
        if self.target_names:
            return np.zeros(len(self), np.int64), 1
        return self.y, len(self.label_names)

    @classmethod
    def from_file(cls, spec: SamplesFile) -> Samples:
        """Read a file of samples: `.csv`, `.npz` or `.parquet`.

        Raises
        ------
        DataError
            If the file cannot be read, a column is missing, a value is no finite number, there is only
            one class, a split would have no sample of a class or, with targets, none at all, or the
            samples are not those that the description means; one sentence that says where.
        MissingExtraError
            If it is Parquet, and pandas or pyarrow is not installed.
        """
        path = Path(spec.path)
        match path.suffix.lower():
            case ".csv":
                table = CsvColumns(path)
                samples = _of_columns(table, spec, table.lines)
            case ".npz":
                x, y, split, names, weight = read_npz(
                    path, spec.label, spec.sample_weight, spec.target
                )
                samples = cls.from_arrays(x, y, split, names, str(path), weight, spec.target)
                samples = samples if spec.features is None else samples.choose(spec.features)
            case ".parquet":
                columns = FrameColumns(read_parquet(path), str(path))
                samples = _of_columns(columns, spec)
            case other:
                raise DataError(
                    f"{path}: samples are read from .csv, .npz or .parquet, received '{other}'"
                )
        samples.check_content(spec)
        return samples

    @classmethod
    def from_frame(
        cls,
        frame: DataFrame,
        label: str = "label",
        features: Sequence[str] | None = None,
        source: str = HANDED_IN,
        sample_weight: str | None = None,
        target: Sequence[str] | None = None,
    ) -> Samples:
        """Take samples from a DataFrame, of pandas or alike.

        Parameters
        ----------
        frame : DataFrame
            A row for each sample. A column `split`, if there is one, says train, validation or test.
        label : str
            Column of the label.
        features : sequence of str, optional
            Columns to learn from; by default all others of numbers and truth values.
        source : str
            What messages call the samples.
        sample_weight : str, optional
            Column of the samples' weights.
        target : sequence of str, optional
            Columns of the targets, where samples have no label.

        Raises
        ------
        DataError
            As `from_file`; messages count rows from 0.
        """
        asked = _Asked(features, label, sample_weight, target)
        return _of_columns(FrameColumns(frame, source), asked)

    @classmethod
    def from_arrays(
        cls,
        x: ArrayLike,
        y: ArrayLike | Iterable[Any],
        split: ArrayLike | None = None,
        feature_names: Sequence[str] | None = None,
        source: str = HANDED_IN,
        sample_weight: ArrayLike | None = None,
        target: Sequence[str] | None = None,
    ) -> Samples:
        """Take samples from arrays.

        Parameters
        ----------
        x : array_like of numbers, shape (samples, features)
            If it is a DataFrame, its columns name the features.
        y : array_like, shape (samples,), or of targets (samples, targets)
            Labels: text, whole numbers (also as floats) or truth values; or the targets.
        split : array_like of text, shape (samples,), optional
            `train`, `validation` or `test`; without it the draw chooses the splits.
        feature_names : sequence of str, optional
            By default those of a DataFrame, or x1, x2, …
        source : str
            What messages call the samples.
        sample_weight : array_like of numbers, shape (samples,), optional
            How much each sample weighs where it is trained on.
        target : sequence of str, optional
            Where y are targets, what they are called.

        Raises
        ------
        DataError
            As `from_file`; messages count rows from 0.

        Examples
        --------
        >>> samples = Samples.from_arrays([[5.1], [4.9], [6.3], [7.1], [5.8], [6.5]], list("aabbab"))
        >>> samples.label_names, samples.y.tolist(), samples.feature_names
        (('a', 'b'), [0, 0, 1, 1, 0, 1], ('x1',))
        """
        values, answers, splits, names = checked_arrays(x, y, split, feature_names, source, target)
        where = f"{source}, row {{}}".format
        weight = None
        if sample_weight is not None:
            weight = weights_of_array(sample_weight, len(answers), where, source)
        return _checked(
            *(values, answers, splits, names, where, source), weight=weight, target=target
        )

    @cached_property
    def content(self) -> str:
        """Hash of features, labels or targets, splits and their names; not of the file's name or form."""
        return content_of(
            *(self.x, self.y, self.split, self.label_names, self.feature_names, self.weight),
            self.target_names,
        )

    def place(self, row: int) -> str:
        """Return what messages call the place of a sample, counted from 0: its line, or its row."""
        return f"row {row}" if self.lines is None else f"line {self.lines[row]}"

    def choose(self, features: Sequence[str]) -> Samples:
        """Return the samples with some features only, in this order.

        Raises
        ------
        DataError
            If there is no such feature.
        """
        places = {name: i for i, name in enumerate(self.feature_names)}
        for name in features:
            if name not in places:
                raise DataError(
                    f"{self.source}: no feature {name!r}; {suggestion(name, self.feature_names)}"
                )
        x = np.ascontiguousarray(self.x[:, [places[name] for name in features]])
        return Samples(
            *(_read_only(x), self.y, self.split, self.label_names, tuple(features)),
            source=self.source,
            lines=self.lines,
            weight=self.weight,
            target_names=self.target_names,
        )

    def check_content(self, spec: FiniteSamples) -> None:
        """Refuse samples that are not those that a description means.

        Raises
        ------
        DataError
            If its `content` is another; the message says in what the samples differ.
        """
        if spec.content is not None and spec.content != self.content:
            excerpts = differing_digits(spec.content, self.content)
            raise DataError(
                f"{self.source}: these are not the samples that the experiment means; they are "
                f"{difference(spec.content, self.content)}, {len(self):,} now, of {self._sizes()} "
                f"(content {excerpts[1]}, expected {excerpts[0]})"
            )

    def pinned(self, spec: Own) -> Own:
        """Return a description that means these samples and no others: its `content` is theirs."""
        values = {name: getattr(spec, name) for name in type(spec).model_fields}
        return type(spec)(**{**values, "content": self.content})

    def check_precision(self, dtype: DTypeLike, standardise: bool) -> None:
        """Refuse samples that a floating-point type cannot hold, or cannot tell apart.

        Parameters
        ----------
        dtype : dtype
            In which networks are trained.
        standardise : bool
            Whether features are standardised before they become that type; then all fit.

        Raises
        ------
        DataError
            With the value, its place, and what helps.
        """
        where = np.dtype(dtype), self.place, self.source
        if not standardise:
            check_precision(self.x, self.feature_names, SCALE, *where)
        if self.target_names:
            check_precision(self.y, self.target_names, OTHER_UNIT, *where)

    def split_by(self, spec: FiniteSamples, seed: int) -> Dataset:
        """Return the samples as a float64 dataset: in their own splits, or in those of a seed.

        Parameters
        ----------
        spec : FiniteSamples
            What is put aside, and whether features are standardised.
        seed : int
            A whole number from 0 to 2^62.
        """
        chosen = self.split
        if chosen is None:
            chosen = choose_splits(spec, *self.strata, seed)
        train, validation, test = (
            Split(self.x[chosen == name], self.y[chosen == name], self._weight_in(chosen == name))
            for name in SPLITS
        )
        dataset = Dataset(
            *(train, validation, test, self.label_names, self.feature_names),
            is_resplit=self.split is None,
            target_names=self.target_names,
        )
        return standardised(dataset) if spec.standardise else dataset

    def counts(self, spec: FiniteSamples) -> tuple[int, int, int]:
        """Return how many samples the training, validation and test split have, whatever the seed."""
        if self.split is not None:
            train, validation, test = (int((self.split == name).sum()) for name in SPLITS)
            return train, validation, test
        validation, test = put_aside(spec, *self.strata).sum(axis=0).tolist()
        return len(self) - validation - test, validation, test

    def _weight_in(self, chosen: NDArray[np.bool_]) -> Float64 | None:
        return None if self.weight is None else self.weight[chosen]

    def _sizes(self) -> str:
        answers = said_answers(self.label_names, self.target_names)
        return f"{answers} and {len(self.feature_names)} features"


class _Asked(NamedTuple):
    """Which columns are asked for; fields as those of `SamplesFile`."""

    features: Sequence[str] | None
    label: str
    sample_weight: str | None
    target: Sequence[str] | None


def _of_columns(
    columns: Columns, asked: SamplesFile | _Asked, lines: NDArray[np.int64] | None = None
) -> Samples:
    answers = (asked.label,) if asked.target is None else tuple(asked.target)
    what = "label" if asked.target is None else "target"
    check_names(columns, answers, what, asked.features, asked.sample_weight)
    y = columns.values(asked.label) if asked.target is None else matrix_of(columns, answers)
    if not len(y):
        raise DataError(f"{columns.source}: no samples below the header")
    if asked.features is None:
        names = features_of(columns, answers, asked.sample_weight)
    else:
        names = tuple(asked.features)
    split = columns.values(SPLIT) if SPLIT in columns.names else None
    x = matrix_of(columns, names)
    weight = None
    if asked.sample_weight is not None:
        weight = checked_weights(
            columns.numbers(asked.sample_weight), columns.where, columns.source
        )
    return _checked(
        *(x, y, split, names, columns.where, columns.source, lines, weight), asked.target
    )


def _checked(
    x: Float64,
    answers: Iterable[Any],
    split: Iterable[Any] | None,
    feature_names: tuple[str, ...],
    where: Callable[[int], str],
    source: str,
    lines: NDArray[np.int64] | None = None,
    weight: Float64 | None = None,
    target: Sequence[str] | None = None,
) -> Samples:
    """Return samples, after a check of their labels, if they have some, and of their splits."""
    chosen = None if split is None else split_names(split, where)
    names: tuple[str, ...] = ()
    if target is None:
        y, names = classes_of(answers, where)
        if len(names) < 2:
            raise DataError(
                f"{source}: two classes at least are needed, received only {names[0]!r}"
            )
        check_every_class(y, names, chosen, source)
    else:
        y = np.ascontiguousarray(answers)
        check_every_split(len(y), chosen, source)
    x, y = _read_only(np.ascontiguousarray(x)), _read_only(y)
    weight = None if weight is None else _read_only(weight)
    return Samples(
        *(x, y, chosen, names, feature_names, source, lines, weight), tuple(target or ())
    )


def _read_only(array: Array) -> Array:
    array.flags.writeable = False
    return array
