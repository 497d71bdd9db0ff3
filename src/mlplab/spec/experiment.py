"""An experiment: what to train, on which points, and how. Equal to its TOML file."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, Literal

import tomli_w
from pydantic import ValidationError

from mlplab.errors import SpecError, suggestion
from mlplab.spec.datasets import DatasetSpec, PointsFile
from mlplab.spec.network import Network
from mlplab.spec.optimizers import SGD, OptimizerSpec
from mlplab.spec.part import Part, Positive

LossName = Literal["mean_squared_error", "categorical_crossentropy"]
DtypeName = Literal["float32", "float64"]


class Training(Part):
    """Loss, optimizer, and how long.

    Attributes
    ----------
    loss : str
        `mean_squared_error` (the lab's) or `categorical_crossentropy`, of the softmax output.
    batch_size : int
        Points of one update; an epoch's last batch holds the rest.
    epochs : int
        Passes over the training points, each in a new order.
    dtype : str
        `float32` as Keras, or `float64`.
    """

    loss: LossName = "mean_squared_error"
    optimizer: OptimizerSpec = SGD()
    batch_size: Positive = 32
    epochs: Positive = 1
    dtype: DtypeName = "float32"


class Experiment(Part):
    """A frozen, validated description of one experiment; everything but the seed.

    Examples
    --------
    >>> experiment = Experiment(
    ...     dataset={"kind": "polar", "classes": 5, "sigma": 0.05},
    ...     network={"hidden_layers": 10, "layer_width": 50, "activation": "relu"},
    ...     training={"optimizer": "adam", "epochs": 20},
    ... )
    >>> Experiment.from_toml_text(experiment.to_toml()) == experiment
    True
    """

    dataset: DatasetSpec
    network: Network = Network()
    training: Training = Training()

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
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
            raise SpecError(f"cannot read the experiment '{path}': {reason}") from error
        return cls.from_toml_text(text, source=str(path), folder=path.parent.absolute())

    @classmethod
    def from_toml_text(
        cls, text: str, source: str = "experiment", folder: str | Path = "."
    ) -> Experiment:
        """Read an experiment from TOML text; `source` names it in messages, `folder` is where a
        relative path of a points file counts from.
        """
        try:
            experiment = cls.model_validate(tomllib.loads(text))
        except tomllib.TOMLDecodeError as error:
            raise SpecError(f"{source} is not valid TOML: {error}") from error
        except ValidationError as error:
            raise SpecError(f"{source}: {first_problem(error)}") from error
        points = experiment.dataset
        if isinstance(points, PointsFile) and not Path(points.path).is_absolute():
            points = points.model_copy(update={"path": str(Path(folder) / points.path)})
            experiment = experiment.model_copy(update={"dataset": points})
        return experiment

    def to_toml(self) -> str:
        """Return the experiment as TOML text, every value written out."""
        return tomli_w.dumps(_kind_first(self.model_dump(exclude_none=True)))


def _kind_first(table: dict[str, Any]) -> dict[str, Any]:
    """Order a table as one reads it: its kind, its values, then its sub-tables."""
    ordered = sorted(table.items(), key=lambda item: item[0] != "kind")
    return {k: _kind_first(v) if isinstance(v, dict) else v for k, v in ordered}


def first_problem(error: ValidationError) -> str:
    """Return the first of pydantic's complaints as one sentence: where, what, what came."""
    problems = error.errors(include_url=False)
    problem = problems[0]
    context = problem.get("ctx", {})
    where = ".".join(str(step) for step in _places(problem["loc"]))
    came = _short(problem["input"])
    match problem["type"]:
        case "union_tag_invalid":
            known = context["expected_tags"].replace("'", "").split(", ")
            known = [name for name in known if name != "number"]
            what = f"unknown name {str(context['tag'])!r}; {suggestion(str(context['tag']), known)}"
        case "union_tag_not_found" | "model_attributes_type":
            what = f"expected a name or a table with a kind, received {came}"
        case "literal_error":
            known = context["expected"].replace(" or ", ", ").replace("'", "").split(", ")
            what = f"unknown name {came}; {suggestion(str(problem['input']), known)}"
        case "model_type":
            what = f"expected a table, received {came}"
        case "missing":
            what = "is missing"
        case "unknown_field":
            what = problem["msg"]
        case "value_error":
            what = problem["msg"].removeprefix("Value error, ")
        case _:
            what = f"{problem['msg'][0].lower()}{problem['msg'][1:]}, received {came}"
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    return f"{where}: {what}{more}" if where else f"{what}{more}"


_UNIONS = {"dataset", "initializer", "optimizer", "learning_rate", "layer_width"}


def _places(loc: tuple[int | str, ...]) -> list[int | str]:
    """Drop from pydantic's path the step after a union's name: the branch, not a place in the file."""
    return [step for before, step in zip(("", *loc), loc, strict=False) if before not in _UNIONS]


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
