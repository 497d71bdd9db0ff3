"""Lessons of the page: what to read, questions, and what of the page is hidden and locked.

A lesson is a TOML file: the experiment, or the title of a preset, with a seed, beside the fields of
`Lesson`. Those in `lessons/` come with the page, which reads them again as it reads a stranger's link.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import Field, ValidationError, model_validator

from mlplab.errors import SpecError, shown, suggestion
from mlplab.playground.presets import PRESETS
from mlplab.spec import Experiment
from mlplab.spec.part import ListAsTuple, Part
from mlplab.spec.problems import first_problem
from mlplab.spec.toml_text import parse_toml, read_text

FOLDER = Path(__file__).parent / "lessons"
"""The lessons that come with the page, in the order of their files' names."""

Tab = Literal["answers", "step", "why", "hidden", "weights", "loss", "runs", "provenance", "line"]
"""Tabs by the names that the page has for them."""

PARTS = (
    "presets",
    "speed",
    "seed",
    "files",
    "setup.dataset",
    "setup.network",
    "setup.training",
    "scores",
    "diagram",
    "curves",
    "own_points",
)
"""Parts of the page that a lesson may hide, besides its tabs: `tab.runs`."""

HIDEABLE = (*PARTS, *(f"tab.{tab}" for tab in get_args(Tab)))

PATH = re.compile(r"[a-z][a-z0-9_]{0,40}(\.[a-z0-9_]{1,40}){0,6}")
"""A path of an experiment, or `seed`, or `stop_rule`."""

FEWEST_CHOICES = 2
"""That a question with choices has."""

MOST = {
    "title": 120,
    "note": 6000,
    "questions": 8,
    "text": 2000,
    "explanation": 6000,
    "choices": 8,
    "choice": 300,
    "changeable": 60,
}
"""The most that a lesson may have: characters of texts, and how many questions, choices and paths."""


class Question(Part):
    """A question of a lesson, its answer, and why that is the answer.

    Attributes
    ----------
    text : str
        What is asked, in the lesson's markup.
    choices : tuple of str, optional
        Two to eight, of which one is right.
    answer : int or float, optional
        The index of the right choice, from 0; without choices, the right number. Without either, nothing
        is judged.
    tolerance : float
        So far off, a number is right, too.
    prediction : bool
        Whether it is asked before one tries: then what is answered is kept, and not judged.
    explanation : str
        Why the answer is what it is, in the lesson's markup.
    """

    text: Annotated[str, Field(min_length=1, max_length=MOST["text"])]
    choices: (
        Annotated[
            tuple[Annotated[str, Field(min_length=1, max_length=MOST["choice"])], ...],
            Field(min_length=FEWEST_CHOICES, max_length=MOST["choices"]),
            ListAsTuple,
        ]
        | None
    ) = None
    answer: int | float | None = None
    tolerance: Annotated[float, Field(ge=0)] = 0.0
    prediction: bool = False
    explanation: Annotated[str, Field(max_length=MOST["explanation"])] = ""

    @model_validator(mode="after")
    def _answer_is_one_of_the_choices(self) -> Question:
        if self.choices is None:
            if self.answer is None and self.tolerance > 0:
                raise ValueError("a tolerance needs an answer, which is a number")
            return self
        if not isinstance(self.answer, int) or not 0 <= self.answer < len(self.choices):
            raise ValueError(
                f"the answer is the index of a choice, from 0 to {len(self.choices) - 1}, received "
                f"{shown(self.answer)}"
            )
        if self.tolerance > 0:
            raise ValueError("a tolerance is of a number, and this question has choices")
        return self

    def to_json(self) -> dict[str, Any]:
        """Return the question as the page reads it."""
        asked: dict[str, Any] = {"text": self.text, "explanation": self.explanation}
        if self.prediction:
            asked["prediction"] = True
        if self.choices is not None:
            return asked | {"choices": list(self.choices), "answer": self.answer}
        return (
            asked
            if self.answer is None
            else asked | {"answer": self.answer, "tolerance": self.tolerance}
        )


class Lesson(Part):
    """What a student reads, answers, sees and may change.

    The markup of texts: an empty line begins a paragraph, and "- " an item of a list; `**strong**`,
    `*emphasis*` and code between backticks.

    Attributes
    ----------
    title : str
    note : str
        What is read first.
    questions : tuple of Question
        At most eight; each is shown once the one before it is answered.
    hidden : tuple of str
        Parts of the page, of `HIDEABLE`. They cannot be changed either.
    changeable : tuple of str, optional
        Paths of what may be changed, such as `training.batch_size` or `seed`, each with all that is below
        it; if not given, everything may.
    tab : str, optional
        The tab that it begins with.

    Examples
    --------
    >>> Lesson(title="Batches", hidden=["file"])  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    mlplab.errors.SpecError: Lesson: no part 'file' to hide; did you mean 'files'? (known: presets, ...
    """

    title: Annotated[str, Field(min_length=1, max_length=MOST["title"])]
    note: Annotated[str, Field(min_length=1, max_length=MOST["note"])] | None = None
    questions: Annotated[
        tuple[Question, ...], Field(max_length=MOST["questions"]), ListAsTuple
    ] = ()
    hidden: Annotated[tuple[str, ...], ListAsTuple] = ()
    changeable: (
        Annotated[tuple[str, ...], Field(max_length=MOST["changeable"]), ListAsTuple] | None
    ) = None
    tab: Tab | None = None

    @model_validator(mode="after")
    def _names_are_known(self) -> Lesson:
        for name in self.hidden:
            if name not in HIDEABLE:
                raise ValueError(f"no part {shown(name)} to hide; {suggestion(name, HIDEABLE)}")
        for path in self.changeable or ():
            if PATH.fullmatch(path) is None:
                raise ValueError(
                    f"what may be changed is a path such as training.batch_size, received {shown(path)}"
                )
        return self

    def to_json(self) -> dict[str, Any]:
        """Return the lesson as the page reads it."""
        table: dict[str, Any] = {
            "title": self.title,
            "note": self.note or "",
            "questions": [question.to_json() for question in self.questions],
        }
        if self.hidden:
            table["hidden"] = list(self.hidden)
        if self.changeable is not None:
            table["changeable"] = list(self.changeable)
        return table if self.tab is None else table | {"tab": self.tab}


class LessonFile(Part):
    """A lesson with what it begins with, as its file holds it.

    Attributes
    ----------
    lesson : Lesson
    preset : str, optional
        Title of the preset that it begins with.
    experiment : Experiment, optional
        What it begins with, where that is no preset.
    seed : int
    """

    lesson: Lesson
    preset: str | None = None
    experiment: Experiment | None = None
    seed: int = 0

    @model_validator(mode="after")
    def _begins_with_one_thing(self) -> LessonFile:
        if (self.preset is None) == (self.experiment is None):
            raise ValueError(
                "a lesson begins with a preset or with an experiment; expected one of them"
            )
        if self.preset is not None and self.preset not in PRESETS:
            raise ValueError(f"no preset {shown(self.preset)}; {suggestion(self.preset, PRESETS)}")
        return self

    @property
    def begins_with(self) -> Experiment:
        """The experiment."""
        return PRESETS[str(self.preset)] if self.experiment is None else self.experiment


@cache
def lesson_names() -> tuple[str, ...]:
    """Return the names of the lessons that come with the page, in their order.

    >>> lesson_names()[0]
    '1-batch-size'
    """
    return tuple(sorted(file.stem for file in FOLDER.glob("*.toml")))


def read_lesson(source: str | Path) -> LessonFile:
    """Return a lesson: one that comes with the page, by its name, or that of a file.

    Parameters
    ----------
    source : str or Path
        A name of `lesson_names`, or a path that ends in `.toml`.

    Raises
    ------
    SpecError
        If there is no such lesson, or the file is none.

    Examples
    --------
    >>> read_lesson("1-batch-size").lesson.title
    '1.1  Why does a batch of 512 do worse?'
    >>> read_lesson("1-batch")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    mlplab.errors.SpecError: no lesson '1-batch', and a file of yours ends in .toml; did you mean ...
    """
    path = Path(source)
    if path.suffix.lower() != ".toml":
        if str(source) not in lesson_names():
            hint = suggestion(str(source), lesson_names())
            raise SpecError(
                f"no lesson {shown(str(source))}, and a file of yours ends in .toml; {hint}"
            )
        path = FOLDER / f"{source}.toml"
    table = parse_toml(read_text(path, "the lesson"), f"'{path}'")
    try:
        return LessonFile.model_validate(table)
    except ValidationError as error:
        raise SpecError(f"'{path}' is no lesson: {first_problem(error)}") from None
