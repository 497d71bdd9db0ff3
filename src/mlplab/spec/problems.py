"""What is wrong with a description, in one sentence: pydantic's findings in our words."""

from __future__ import annotations

from pydantic import ValidationError

from mlplab.errors import shown, suggestion


def first_problem(error: ValidationError) -> str:
    """Return the first of pydantic's complaints as one sentence: where, what, what came."""
    problems = error.errors(include_url=False)
    problem = problems[0]
    context = problem.get("ctx", {})
    where = ".".join(str(step) for step in _places(problem["loc"]))
    came = shown(problem["input"])
    match problem["type"]:
        case "union_tag_invalid":
            what = _unknown(
                str(context["tag"]), context["expected_tags"].replace("'", "").split(", ")
            )
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


def _unknown(tag: str, known: list[str]) -> str:
    """Say that a name is none of those known, among which `number` stands for any number."""
    if "number" in known and tag.lstrip("+-")[:1] in "0123456789.":
        return f"expected a number or a name, received the text {tag!r}"
    return f"unknown name {tag!r}; {suggestion(tag, [name for name in known if name != 'number'])}"


_UNIONS = {"dataset", "initializer", "optimizer", "learning_rate", "layer_width", "activation"}


def _places(loc: tuple[int | str, ...]) -> list[int | str]:
    """Drop from pydantic's path the step after a union's name: the branch, not a place in the file."""
    return [step for before, step in zip(("", *loc), loc, strict=False) if before not in _UNIONS]
