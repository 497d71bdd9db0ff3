"""The lessons of the page are whole, and the numbers in their answers are those of `mlplab.train`."""

from __future__ import annotations

import json
import textwrap
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import mlplab
from mlplab.boundary import EQUATION_11, EQUATION_12
from mlplab.errors import SpecError
from mlplab.playground.lesson import FOLDER, HIDEABLE, LessonFile, lesson_names, read_lesson
from mlplab.playground.opening import open_lesson
from mlplab.playground.presets import PRESETS
from mlplab.report import EXPERIMENTS
from mlplab.spec import Experiment
from mlplab.trial import draw

LINE = PRESETS["3  a line, by hand"]


def said(name: str, question: int) -> str:
    """Return what a lesson explains of a question, the first being 1."""
    return read_lesson(name).lesson.questions[question - 1].explanation


def percent(fraction: float) -> str:
    """Return a fraction as lessons and page write it."""
    return f"{100 * fraction:.2f} %"


def test_there_are_six_with_a_prediction_first_and_an_explanation_to_each_question():
    assert len(lesson_names()) == 6
    for name in lesson_names():
        lesson = read_lesson(name).lesson
        assert lesson.questions[0].prediction, name
        assert all(question.explanation for question in lesson.questions), name
        assert any(
            question.answer is not None and not question.prediction for question in lesson.questions
        ), name


@pytest.mark.parametrize("name", lesson_names())
def test_what_a_lesson_leaves_to_be_changed_is_there(name: str):
    lesson, opened = read_lesson(name).lesson, open_lesson(name)
    assert opened.lesson == lesson
    for path in lesson.changeable or ():
        if path != "seed":
            part: Any = opened.experiment
            for step in path.split("."):
                part = getattr(part, step)
    table = json.loads(opened.to_json())
    assert table["lesson"]["title"] == lesson.title
    assert "preset" not in table


# ---- Numbers -------------------------------------------------------------------------------------


def hundred(experiment: Experiment) -> Any:
    """Return what the page's hundred runs after seed 0 come to."""
    return mlplab.train(experiment, replications=100, seed=1).test_accuracy


def accuracy(experiment: Experiment, seed: int = 0) -> float:
    """Return the test accuracy of one run."""
    return float(mlplab.train(experiment, seed=seed)[0].test_accuracy)


@pytest.mark.slow
def test_batch_size():
    small, large = EXPERIMENTS["1.1-batch-16"], EXPERIMENTS["1.1-batch-512"]
    longer = large.varied({"training.epochs": 128})
    of_small, of_large, of_longer = (hundred(each) for each in (small, large, longer))
    assert of_small.min() > 0.998
    assert "above 99.8 %" in str(read_lesson("1-batch-size").lesson.note)
    first = said("1-batch-size", 1)
    assert f"From seed 0 it is {percent(accuracy(large))}" in first
    assert f"the median is {percent(float(np.median(of_large)))}" in first
    assert f"between {percent(of_large.min())} and {percent(of_large.max())}" in first
    assert of_large.min() < 0.7568 < of_large.max()
    third = said("1-batch-size", 3)
    assert f"{percent(accuracy(longer))} from seed 0" in third
    assert f"none below {percent(of_longer.min())}" in third
    updates = mlplab.train(large, seed=0)[0].updates
    assert read_lesson("1-batch-size").lesson.questions[1].answer == updates == 8
    assert mlplab.train(small, seed=0)[0].updates == mlplab.train(longer, seed=0)[0].updates == 256


@pytest.mark.slow
def test_activation():
    linear, sigmoid, relu = (EXPERIMENTS[f"1.2-{each}"] for each in ("linear", "sigmoid", "relu"))
    medians = [percent(float(np.median(hundred(each)))) for each in (linear, sigmoid, relu)]
    first = said("2-activation", 1)
    assert f"{medians[0]}, {medians[1]} and {medians[2]}" in first
    assert percent(accuracy(linear)) == percent(accuracy(sigmoid)) == "50.00 %"
    assert f"relu at {percent(accuracy(relu))}" in first
    answer = read_lesson("2-activation").lesson.questions[1].answer
    assert answer == pytest.approx(100 * accuracy(relu), abs=0.005)
    endless = hundred(linear.varied({"training.epochs": 1000}))
    assert f"a hundred seeds is {percent(float(np.median(endless)))}" in said("2-activation", 3)
    longer = sigmoid.varied({"training.epochs": 200})
    of_longer, of_longest = hundred(longer), hundred(sigmoid.varied({"training.epochs": 1000}))
    last = said("2-activation", 4)
    assert f"it has {percent(accuracy(longer))} from seed 0" in last
    assert f"the median is {percent(float(np.median(of_longer)))}" in last
    assert f"{(of_longer > 0.95).sum()} are above 95 %" in last
    assert (of_longer < 0.8).sum() == (of_longest < 0.8).sum() == 8
    assert "8 of the hundred are below 80 %" in last


@pytest.mark.slow
def test_one_run():
    runs = mlplab.train(EXPERIMENTS["1.3"], replications=3, seed=0)
    seeds = runs.test_accuracy.tolist()
    zero, one, two = (percent(reached) for reached in seeds)
    first = said("3-one-run", 1)
    assert f"Seed 0 ends at {zero}, seed 1 at {one}, seed 2 at {two}" in first
    answer = read_lesson("3-one-run").lesson.questions[1].answer
    assert answer == pytest.approx(100 * seeds[0], abs=0.005)
    last = said("3-one-run", 4)
    assert (
        "Of seed 0, no test point of class 4 is recognised, and of seed 2 only 3 % of class 1"
        in last
    )
    for seed, label, recognised in ((0, 4, 0.0), (2, 1, 0.03)):
        points = draw(EXPERIMENTS["1.3"], seed).dataset.test
        assert round(float(runs[seed].recall(points.x, points.y)[label]), 2) == recognised


@pytest.mark.slow
def test_initializer():
    change = {"network.initializer": "glorot_normal"}
    answer = read_lesson("4-initializer").lesson.questions[1].answer
    reached = accuracy(EXPERIMENTS["1.3"].varied(change))
    assert answer == pytest.approx(100 * reached, abs=0.005)
    assert f"It is {percent(reached)}" in said("4-initializer", 2)
    assert "0.14" in said("4-initializer", 2)
    assert round(float(np.sqrt(2 / (50 + 50))), 2) == 0.14


def test_a_line_by_hand():
    test = draw(LINE, 0).dataset.test
    for layer in (EQUATION_11, EQUATION_12):
        right = (test.x @ layer.W.T + layer.b.ravel()).argmax(axis=1) == test.y
        assert f"It is {percent(right.mean())}" in said("5-line-by-hand", 2)
        assert f"those {(~right).sum()} of {len(right):,} test points" in said("5-line-by-hand", 2)
    difference = EQUATION_11.W[0] - EQUATION_11.W[1]
    assert difference.tolist() == (EQUATION_12.W[0] - EQUATION_12.W[1]).tolist() == [-1, -1]
    (w11, w12), b1 = EQUATION_12.W[0], EQUATION_12.b.ravel()[0]
    assert (w11, w12, b1) == (2, 1, read_lesson("5-line-by-hand").lesson.questions[3].answer)


@pytest.mark.slow
def test_a_line_that_is_trained():
    assert f"the network has {percent(accuracy(LINE))} as well" in said("5-line-by-hand", 2)


@pytest.mark.slow
def test_overfitting():
    few = read_lesson("6-overfitting").begins_with
    many = few.varied({"dataset.train_per_class": 320, "training.epochs": 20})
    run, better = mlplab.train(few, seed=0)[0], mlplab.train(many, seed=0)[0]
    first, second, third = (said("6-overfitting", number) for number in (1, 2, 3))
    assert (
        f"{percent(run.train_accuracy)} on training points and {percent(run.test_accuracy)}"
        in first
    )
    runs = mlplab.train(few, replications=100, seed=1)
    medians = [
        percent(float(np.median(each))) for each in (runs.train_accuracy, runs.test_accuracy)
    ]
    assert f"median is {medians[0]} on training points and {medians[1]}" in first.replace("\n", " ")
    assert sum(w.size + b.size for w, b in zip(run.weights, run.biases, strict=True)) == 1218
    validation = run.history.validation_loss
    lowest = int(np.argmin(validation)) + 1
    assert read_lesson("6-overfitting").lesson.questions[1].answer == lowest
    assert f"epoch {lowest}, with {validation.min():.3f}" in second
    assert f"at epoch 300 it is {validation[-1]:.3f}" in second
    assert f"fallen to {run.history.train_loss[-1]:.4f}" in second
    assert f"test accuracy is {percent(better.test_accuracy)} from seed 0" in third
    assert f"against {percent(run.test_accuracy)}" in third
    assert f"{better.test_loss:.3f}, against {run.test_loss:.3f}" in third
    assert f"hundred seeds is {percent(float(np.median(hundred(many))))}" in third
    assert f"training {percent(better.train_accuracy)}, test" in third


# ---- Files ---------------------------------------------------------------------------------------

GOOD = """
preset = "1.3  five rings, momentum"
[lesson]
title = "Mine"
note = "Look."
hidden = ["tab.runs"]
changeable = ["seed"]
[[lesson.questions]]
text = "How many?"
answer = 3
tolerance = 1
"""


def test_a_file_of_a_teacher_is_opened(tmp_path: Path):
    file = tmp_path / "mine.toml"
    file.write_text(GOOD, encoding="utf-8")
    opened = open_lesson(file)
    assert opened.experiment == PRESETS["1.3  five rings, momentum"]
    assert opened.to_table()["lesson"] == {
        "title": "Mine",
        "note": "Look.",
        "questions": [{"text": "How many?", "explanation": "", "answer": 3, "tolerance": 1.0}],
        "hidden": ["tab.runs"],
        "changeable": ["seed"],
    }


def test_the_file_that_the_docs_show_is_a_lesson(tmp_path: Path):
    page = Path(__file__).parents[2] / "docs" / "lessons.md"
    indented = [
        part for part in page.read_text(encoding="utf-8").split("\n\n") if part.startswith("    ")
    ]
    begin = next(i for i, part in enumerate(indented) if part.startswith("    preset ="))
    file = tmp_path / "mine.toml"
    file.write_text(textwrap.dedent("\n".join(indented[begin:])), encoding="utf-8")
    lesson = read_lesson(file).lesson
    assert [question.answer for question in lesson.questions] == [2, 99.32]
    for name in HIDEABLE:
        assert f"`{name}`" in page.read_text(encoding="utf-8"), name
    for name in lesson_names():
        assert f"| `{name}` |" in page.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("title =", "titel ="), "no field 'titel'"),
        (('"Mine"', '""'), "lesson.title: string should have at least 1 character"),
        (("preset =", "seed = 3 #"), "begins with a preset or with an experiment"),
        (("tab.runs", "tab.run"), "no part 'tab.run' to hide; did you mean 'tab.runs'?"),
        (('["seed"]', '["a b"]'), "a path such as training.batch_size, received 'a b'"),
        (("answer = 3", "#"), "a tolerance needs an answer"),
        (("tolerance = 1", 'choices = ["a", "b"]'), "from 0 to 1, received 3"),
        (("tolerance = 1", 'choices = ["a"]'), "at least 2 items"),
        (("tolerance = 1", "tolerance = -1"), "greater than or equal to 0"),
        (("1.3  five", "1.3 five"), "no preset '1.3 five rings, momentum'; did you mean"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(change: tuple[str, str], message: str, tmp_path: Path):
    assert change[0] in GOOD
    file = tmp_path / "mine.toml"
    file.write_text(GOOD.replace(*change), encoding="utf-8")
    with pytest.raises(SpecError) as caught:
        read_lesson(file)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_names_and_parts_are_the_pages():
    source = Path(__file__).parents[2] / "page" / "src" / "lessons" / "lesson.ts"
    if not source.is_file():
        pytest.skip("the page's sources are not there")
    text = source.read_text(encoding="utf-8")
    for name in HIDEABLE:
        assert name.removeprefix("tab.") in text, name
    for name in lesson_names():
        table = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
        assert LessonFile.model_validate(table) == read_lesson(name)
