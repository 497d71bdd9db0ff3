"""What is wrong with a description, in one sentence: pydantic's findings in our words."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from mlplab.errors import shown, suggestion


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong.

    Attributes
    ----------
    place : tuple of int or str
        The path of the field, empty for the whole.
    message : str
        What was expected, and what came.
    """

    place: tuple[int | str, ...]
    message: str

    def __str__(self) -> str:
        where = ".".join(str(step) for step in self.place)
        return f"{where}: {self.message}" if where else self.message


def problems(error: ValidationError) -> list[Problem]:
    """Return all of pydantic's complaints, in its order."""
    return [Problem(_place(found["loc"]), _message(found)) for found in _flattened(error)]


def first_problem(error: ValidationError) -> str:
    """Return the first of pydantic's complaints as one sentence, and how many more there are."""
    first, *others = problems(error)
    return f"{first} (and {len(others)} more)" if others else str(first)


def _message(problem: ErrorDetails) -> str:
    context = problem.get("ctx", {})
    came = shown(problem["input"])
    match problem["type"]:
        case "literal_error":
            known = context["expected"].replace(" or ", ", ").replace("'", "").split(", ")
            return f"unknown name {came}; {suggestion(str(problem['input']), known)}"
        case "model_type":
            return f"expected a table, received {came}"
        case "missing":
            return "is missing"
        case "unknown_field" | "unknown_kind" | "unknown_name" | "no_kind":
            return problem["msg"]
        case "value_error":
            return problem["msg"].removeprefix("Value error, ")
        case _:
            return f"{problem['msg'][0].lower()}{problem['msg'][1:]}, received {came}"


def _flattened(error: ValidationError) -> list[ErrorDetails]:
    """Return pydantic's complaints, those of parts inside parts at their places."""
    found: list[ErrorDetails] = []
    for problem in error.errors(include_url=False):
        if problem["type"] != "inside":
            found.append(problem)
            continue
        inside = _flattened(problem["ctx"]["error"])
        found += [{**inner, "loc": (*problem["loc"], *inner["loc"])} for inner in inside]
    return found


_UNIONS = {"learning_rate", "layer_width", "activation", "dropout"}


def _place(loc: tuple[int | str, ...]) -> tuple[int | str, ...]:
    """Drop from pydantic's path the step after a union's name: the branch, not a place in the file."""
    return tuple(
        step for before, step in zip(("", *loc), loc, strict=False) if before not in _UNIONS
    )
