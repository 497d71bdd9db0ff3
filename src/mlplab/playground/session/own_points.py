"""Own points: clicked into the plane, or from a CSV file."""

from __future__ import annotations

import csv
import io
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mlplab.data import SPLITS, Dataset, Samples
from mlplab.errors import DataError, MlplabError
from mlplab.playground.limits import LARGEST
from mlplab.spec import SamplesFile
from mlplab.streams import Float

LARGEST_FILE = 4_000_000
"""Bytes; the longest `session.txt` within the playground's limits has fewer."""

MOST_POINTS = 10_000

FARTHEST = 1e6
"""Of a coordinate from 0, as of the noise of drawn points."""

_TURN = ("train", "validation", "test", "train", "train")
"""Which split the next point of a class goes to: 60 : 20 : 20, and each has one of the first three."""


@dataclass(frozen=True, eq=False)
class OwnPoints:
    """Points of the user's, in three splits.

    Attributes
    ----------
    x : ndarray of float64, shape (points, 2)
    labels : tuple of str
        Class of each point.
    split : tuple of str
        Split of each point: `train`, `validation` or `test`.

    Examples
    --------
    >>> points = OwnPoints.none().with_point(0.5, 0.2, "a").with_point(0.1, 0.3, "a")
    >>> print(points.to_csv())
    x1,x2,label,split
    0.5,0.2,a,train
    0.1,0.3,a,validation
    """

    x: Float
    labels: tuple[str, ...]
    split: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.labels)

    @classmethod
    def none(cls) -> OwnPoints:
        """Return no points yet."""
        return cls(np.empty((0, 2)), (), ())

    @classmethod
    def from_dataset(cls, dataset: Dataset) -> OwnPoints:
        """Return the points of a dataset, to go on from.

        Raises
        ------
        MlplabError
            If there are too many, or one is too far away.
        """
        x = np.concatenate([part.x for part in dataset.splits.values()]).astype(np.float64)
        y = np.concatenate([part.y for part in dataset.splits.values()])
        split = [name for name, part in dataset.splits.items() for _ in range(len(part))]
        points = cls(x, tuple(dataset.label_names[k] for k in y.tolist()), tuple(split))
        points.check()
        return points

    @classmethod
    def from_csv(cls, content: bytes, name: str, seed: int = 0) -> OwnPoints:
        """Read a CSV file that was handed in; where it names no splits, the seed chooses them.

        Parameters
        ----------
        content : bytes
        name : str
            What messages call the file.

        Raises
        ------
        MlplabError
            If it is too large, or not a file of points within reason; one sentence that says where and
            why.
        """
        if len(content) > LARGEST_FILE:
            raise DataError(
                f"{name}: the playground opens files of {LARGEST_FILE / 1e6:g} MB at most, "
                f"received {len(content) / 1e6:.1f} MB"
            )
        _check_rows(content, name)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "points.csv"
            path.write_bytes(content)
            spec = SamplesFile(path=str(path))
            try:
                samples = Samples.from_file(spec)
            except DataError as error:
                raise DataError(str(error).replace(str(path), name)) from None
        if len(samples.feature_names) != 2:
            raise DataError(
                f"{name}: the playground's points lie in the plane of 2 features, "
                f"received {len(samples.feature_names)}: `mlplab train` takes any number"
            )
        if len(samples.label_names) > LARGEST["classes"]:
            raise DataError(
                f"{name}: the playground takes at most {LARGEST['classes']} classes, "
                f"received {len(samples.label_names)}"
            )
        _check_places(samples, name)
        return cls.from_dataset(samples.split_by(spec, seed))

    def with_point(self, x1: float, x2: float, label: str) -> OwnPoints:
        """Return the points and one more."""
        split = _TURN[Counter(self.labels)[label] % len(_TURN)]
        place = _checked(x1, x2)
        more = OwnPoints(
            np.concatenate([self.x, [place]]), (*self.labels, label), (*self.split, split)
        )
        more.check()
        return more

    def with_moved(self, index: int, x1: float, x2: float) -> OwnPoints:
        """Return the points, one of them elsewhere."""
        x = self.x.copy()
        x[index] = _checked(x1, x2)
        return OwnPoints(x, self.labels, self.split)

    def without(self, index: int) -> OwnPoints:
        """Return the points but one."""
        keep = [i for i in range(len(self)) if i != index]
        return OwnPoints(
            self.x[keep],
            tuple(self.labels[i] for i in keep),
            tuple(self.split[i] for i in keep),
        )

    def what_is_missing(self) -> str:
        """Say what is missing before a network can learn from the points; nothing if nothing is."""
        have = {(label, split) for label, split in zip(self.labels, self.split, strict=True)}
        labels = sorted(set(self.labels))
        lacking = [label for label in labels if any((label, name) not in have for name in SPLITS)]
        if len(labels) < 2:
            return f"two classes at least are needed, there are {len(labels)}: choose one and click"
        if lacking:
            return (
                f"class {lacking[0]} needs a point in each of training, validation and test; "
                "the first three that you click go there"
            )
        return ""

    def check(self) -> None:
        """Refuse more points than the page can hold, and coordinates that it cannot show.

        Raises
        ------
        MlplabError
            With the most that there may be.
        """
        _check_number(len(self))
        if len(self):
            _check_coordinate(float(self.x.flat[np.abs(self.x).argmax()]))

    def to_csv(self) -> str:
        """Return the points as `mlplab` reads them, without the last line's end."""
        lines = io.StringIO()
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow(["x1", "x2", "label", "split"])
        writer.writerows(zip(*self.x.T.tolist(), self.labels, self.split, strict=True))
        return lines.getvalue().rstrip("\n")

    def write(self, path: Path) -> SamplesFile:
        """Write the points to a `.csv` file, and return its description."""
        path.write_text(self.to_csv() + "\n", encoding="utf-8")
        return SamplesFile(path=str(path))


def _checked(x1: float, x2: float) -> list[float]:
    _check_coordinate(x1)
    _check_coordinate(x2)
    return [float(x1), float(x2)]


def _check_coordinate(value: float, where: str = "") -> None:
    if not abs(value) <= FARTHEST:
        raise MlplabError(
            f"{where}a coordinate must lie between -{FARTHEST:,.0f} and {FARTHEST:,.0f}, "
            f"received {value}"
        )


def _check_number(points: int) -> None:
    if points > MOST_POINTS:
        raise MlplabError(
            f"the playground takes at most {MOST_POINTS:,} own points, received {points:,}"
        )


def _lines(content: bytes) -> io.StringIO:
    return io.StringIO(content.decode("utf-8-sig", "replace"), newline="")


def _check_rows(content: bytes, name: str) -> None:
    """Refuse too many rows, and a quotation mark that is not closed: what follows would be a label."""
    reader = csv.reader(_lines(content), skipinitialspace=True, strict=True)
    line, rows = 1, 0
    try:
        for row in reader:
            line, rows = reader.line_num + 1, rows + bool(row)
    except csv.Error as error:
        raise DataError(
            f"{name}, line {line}: the row cannot be read ({error}); is each quotation mark closed?"
        ) from None
    _check_number(rows - 1)


def _check_places(samples: Samples, name: str) -> None:
    """Refuse a coordinate that is too far away, with its line."""
    for row, column in np.argwhere(np.abs(samples.x) > FARTHEST).tolist():
        where = f"{name}, line {samples.lines[row]}" if samples.lines is not None else name
        _check_coordinate(
            samples.x[row, column], f"{where}, column {samples.feature_names[column]!r}: "
        )
