"""What each test is worth, and what it may use: a TOML file in place of, or beside, the one shipped."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from mlplab.course.checker.answer import Limits
from mlplab.course.checker.lab import Lab
from mlplab.course.checker.lab_file import read_lab_file
from mlplab.course.checker.mistakes import Mistake
from mlplab.errors import MlplabError, shown, suggestion

DEFAULT = Path(__file__).parent / "data" / "points.toml"

DEEPEST = 10
"""Tables in each other, as TOML makes them of dots in a name."""

LARGEST = {"seconds": 600.0, "memory": 2**20, "file_size": 2**20}


class PointsError(MlplabError):
    """A file of points cannot be used."""


@dataclass(frozen=True)
class Marking:
    """Points of each test, its limits, and what mistakes leave.

    Attributes
    ----------
    points : mapping of str to float
        By the name of each check.
    limits : Limits
    partial : bool
        Whether a recognised mistake leaves a fraction of the points.
    credit : mapping of str to float
        Fractions by the name of the mistake, where they differ from ours.
    seed : int
        From which the values of the tests are drawn.
    lab : Lab
        Whose tests these are.
    """

    points: Mapping[str, float]
    limits: Limits
    partial: bool
    credit: Mapping[str, float]
    seed: int = 0
    lab: Lab = field(default_factory=Lab)

    def fraction(self, mistake: Mistake) -> float:
        """Return the fraction of a test's points that a mistake leaves."""
        return self.credit.get(mistake.name, mistake.credit) if self.partial else 0.0


def read_points(path: Path | None = None) -> Marking:
    """Read a file of points; the shipped one says what it leaves out.

    Raises
    ------
    PointsError
        If it cannot be read, or holds an unknown name or a value that makes no sense.

    Examples
    --------
    >>> sum(read_points().points.values())
    100.0
    """
    tables, lab = _default(), Lab()
    if path is not None:
        found = _read(path)
        lab = _read_lab(path, found.pop("lab")) if "lab" in found else lab
        if lab.is_own:
            tables = {**tables, "points": dict(lab.points)}
        tables = _merge(path, tables, found, lab)
    points = {name: float(value) for name, value in tables["points"].items()}
    credit = dict(tables["partial_credit"])
    given = credit.pop("given")
    return Marking(points, Limits(**tables["limits"]), bool(given), credit, lab=lab)


def example_points(path: Path | None) -> str:
    """Return the shipped file of points, with comments; of another file, all values that it leads to.

    >>> example_points(None).splitlines()[-1] != ""
    True
    """
    if path is None:
        return DEFAULT.read_text(encoding="utf-8")
    marking = read_points(path)
    lab = {} if marking.lab.path is None else {"file": str(marking.lab.path.resolve())}
    tables: dict[str, Mapping[str, Any]] = {
        "lab": lab,
        "points": marking.points,
        "limits": asdict(marking.limits),
        "partial_credit": {"given": marking.partial, **marking.credit},
    }
    texts = []
    for table, values in tables.items():
        lines = [f"{json.dumps(name)} = {json.dumps(value)}" for name, value in values.items()]
        texts.append("\n".join([f"[{table}]", *lines, ""]))
    return "\n".join(text for text, values in zip(texts, tables.values(), strict=True) if values)


@cache
def _default() -> dict[str, dict[str, Any]]:
    return tomllib.loads(DEFAULT.read_text(encoding="utf-8"))


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise PointsError(f"cannot read '{path}': {error.strerror}") from error
    except (ValueError, RecursionError) as error:  # also of a number with thousands of digits
        raise PointsError(f"{path} is not a TOML file: {error}") from error


def _read_lab(path: Path, table: Any) -> Lab:
    """Read the teacher's file, whose path counts from the folder of the file of points."""
    if not isinstance(table, dict):
        raise PointsError(f"{path}: lab must be a table, received {shown(table)}")
    for name in table:
        if name != "file":
            raise PointsError(f"{path}: lab.{name}: unknown name; {suggestion(name, ['file'])}")
    file = table.get("file")
    if not isinstance(file, str) or not file:
        raise PointsError(
            f"{path}: lab.file must name a Python file, such as 'my_lab.py', received {shown(file)}"
        )
    return read_lab_file(path.parent / file)


def _merge(
    path: Path, before: Mapping[str, Mapping[str, Any]], found: Mapping[str, Any], lab: Lab
) -> dict[str, dict[str, Any]]:
    known = {
        "points": list(lab.checks),
        "limits": list(LARGEST),
        "partial_credit": ["given", *sorted(lab.mistakes)],
    }
    merged = {name: dict(table) for name, table in before.items()}
    for table, values in found.items():
        if table not in known:
            tables = [*known, "lab"]
            raise PointsError(f"{path}: unknown table '{table}'; {suggestion(table, tables)}")
        if not isinstance(values, dict):
            raise PointsError(f"{path}: {table} must be a table, received {shown(values)}")
        for name, value in _flat(values):
            where = f"{path}: {table}.{name}"
            if name not in known[table]:
                hint = suggestion(name, known[table])
                if len(known[table]) > 30:  # a list of all mistakes would be no help
                    hint = hint.partition(" (known")[0].partition("known: ")[0]
                raise PointsError(f"{where}: unknown name; {hint or 'see --format json'}")
            merged[table][name] = _checked(where, table, name, value)
    if not any(merged["points"].values()):
        raise PointsError(f"{path}: no test has any points")
    return merged


def _flat(values: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """Yield names and values; of a name with a dot and without quotes, TOML makes a table in a table.

    >>> list(_flat(tomllib.loads("relu-leaky-0.3 = 0.5")))
    [('relu-leaky-0.3', 0.5)]
    """
    for name, value in values.items():
        if isinstance(value, dict) and before.count(".") < DEEPEST:
            yield from _flat(value, f"{before}{name}.")
        else:
            yield f"{before}{name}", value


def _checked(where: str, table: str, name: str, value: Any) -> Any:
    if name == "given":
        if not isinstance(value, bool):
            raise PointsError(f"{where} must be true or false, received {shown(value)}")
        return value
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise PointsError(f"{where} must be a number, received {shown(value)}")
    if table == "limits":
        least: float = 0.1 if name == "seconds" else 1
        most = LARGEST[name]
        if name != "seconds" and not isinstance(value, int):
            raise PointsError(f"{where} must be a whole number, received {shown(value)}")
    else:
        least, most = 0, 1 if table == "partial_credit" else 1000
    if not least <= value <= most:
        raise PointsError(f"{where} must be from {least:g} to {most:.10g}, received {value}")
    return value
