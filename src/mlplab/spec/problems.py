"""What is wrong with a description, in one sentence: pydantic's findings in our words."""

from __future__ import annotations

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from mlplab.errors import shown, suggestion


def first_problem(error: ValidationError) -> str:
    """Return the first of pydantic's complaints as one sentence: where, what, what came."""
    problems = _flattened(error)
    problem = problems[0]
    context = problem.get("ctx", {})
    where = ".".join(str(step) for step in _places(problem["loc"]))
    came = shown(problem["input"])
    match problem["type"]:
        case "literal_error":
            known = context["expected"].replace(" or ", ", ").replace("'", "").split(", ")
            what = f"unknown name {came}; {suggestion(str(problem['input']), known)}"
        case "model_type":
            what = f"expected a table, received {came}"
        case "missing":
            what = "is missing"
        case "unknown_field" | "unknown_kind" | "unknown_name" | "no_kind":
            what = problem["msg"]
        case "value_error":
            what = problem["msg"].removeprefix("Value error, ")
        case _:
            what = f"{problem['msg'][0].lower()}{problem['msg'][1:]}, received {came}"
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    return f"{where}: {what}{more}" if where else f"{what}{more}"


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


_UNIONS = {"learning_rate", "layer_width", "activation"}


def _places(loc: tuple[int | str, ...]) -> list[int | str]:
    """Drop from pydantic's path the step after a union's name: the branch, not a place in the file."""
    return [step for before, step in zip(("", *loc), loc, strict=False) if before not in _UNIONS]
