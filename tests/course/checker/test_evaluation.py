"""`evaluate` is judged by the outputs of the student's own network, on what it prints to any stream."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mlplab.course.checker import Report
from mlplab.course.checker.marking import Mark

from .conftest import marking_of

Check = Callable[..., Report]
EVALUATE = ("evaluate-loss", "evaluate-accuracy", "keras-scores-task-1-4")
FEW = marking_of(
    *EVALUATE, "activation-relu", "feedforward-one-hidden-relu", "keras-outputs-task-1-1"
)
RELU = ("return np.maximum(0, x)", "return np.abs(x)")
TRAIN_LOSS, TEST_LOSS = '%0.4f" % train_loss)', '%0.4f" % test_loss)'
TRAIN_ACCURACY, TEST_ACCURACY = '%0.2f" % train_acc)', '%0.2f" % test_acc)'


def edited(solution: str, *edits: tuple[str, str]) -> str:
    for old, new in edits:
        assert old in solution, old
        solution = solution.replace(old, new)
    return solution


def marked(report: Report) -> dict[str, Mark]:
    return {mark.check.name: mark for mark in report.marks}


def saying(solution: str, line: str) -> str:
    """Return the solution with one line for each split in place of those that print."""
    kept = [each for each in solution.splitlines() if "print(" not in each or "%0" not in each]
    said = [f"        {line.replace('SPLIT', name)}" for name in ("train", "test")]
    return "\n".join([*kept, *said, ""])


SIX_TENTHS = [
    (TRAIN_LOSS, '%0.4f" % (0.6 * train_loss))'),
    (TEST_LOSS, '%0.4f" % (0.6 * test_loss))'),
]
LOSS_WRONG = [
    ("a constant", [(TRAIN_LOSS, '%0.4f" % -7)'), (TEST_LOSS, '%0.4f" % -7)')]),
    ("cubes", [(")**2)", ")**3)")]),
    ("six tenths", SIX_TENTHS),
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(
    "edits", [row[1] for row in LOSS_WRONG], ids=[row[0] for row in LOSS_WRONG]
)
def test_a_second_mistake_in_evaluate_is_not_hidden_behind_the_first(
    check: Check, solution: str, edits: list[tuple[str, str]]
) -> None:
    alone, both = (marked(check(edited(solution, *edits, *more), FEW)) for more in ([], [RELU]))
    for marks in (alone, both):
        for name in ("evaluate-loss", "keras-scores-task-1-4"):
            assert (marks[name].score, marks[name].mistake) == (0, None), name
        assert marks["evaluate-accuracy"].score == marks["evaluate-accuracy"].points
    for name in ("activation-relu", "feedforward-one-hidden-relu"):
        assert both[name].mistake is not None
        assert both[name].mistake.name == "relu-absolute"


def test_a_mistake_in_the_activation_is_told_of_keras_numbers_that_follow_from_it(
    check: Check, solution: str
) -> None:
    marks = marked(check(edited(solution, RELU), FEW))
    assert marks["evaluate-loss"].score == marks["evaluate-loss"].points
    mark = marks["keras-scores-task-1-4"]
    assert mark.mistake is not None
    assert (mark.mistake.name, mark.score) == ("relu-absolute", 0.75 * mark.points)


ZERO = [(TRAIN_LOSS, '%d" % train_loss)'), (TEST_LOSS, '%d" % test_loss)')]
ROUNDED = [(TRAIN_LOSS, '%0.1f" % train_loss)'), (TEST_LOSS, '%0.1f" % test_loss)')]
LESS = [(TRAIN_LOSS, '%0.1f" % (0.6 * train_loss))'), (TEST_LOSS, '%0.1f" % (0.6 * test_loss))')]
SAME = [(TRAIN_LOSS, '0.2")'), (TEST_LOSS, '0.2")')]


@pytest.mark.parametrize(
    ("edits", "name", "said"),
    [
        (ZERO, None, "evaluate() says 0 and 0."),
        (ROUNDED, "too-few-digits", "evaluate() says 0."),
        (LESS, None, "evaluate() says 0."),
        (SAME, None, "evaluate() says 0.2 and 0.2."),
    ],
    ids=["zero", "rounded", "less", "same"],
)
def test_a_digit_is_missing_only_where_those_that_are_there_are_right(
    check: Check, solution: str, edits: list[tuple[str, str]], name: str | None, said: str
) -> None:
    mark = marked(check(edited(solution, *edits), FEW))["evaluate-loss"]
    assert (mark.mistake and mark.mistake.name) == name
    assert said in mark.finding.facts


IN_WORDS = 'f"SPLIT: {SPLIT_loss:.4f} loss, {SPLIT_acc:.2%} accuracy"'
STDERR = "file=__import__('sys').stderr"
LOG = "level='INFO', format='%(message)s'"


@pytest.mark.parametrize(
    ("line", "right"),
    [
        (f"print({IN_WORDS})", True),
        (f"print({IN_WORDS.replace('loss:', 'acc:', 1).replace('acc:.2', 'loss:.2')})", False),
        (f"print({IN_WORDS}, {STDERR})", True),
        (f"print({IN_WORDS.replace('{SPLIT_acc', '{1 - SPLIT_acc')}, {STDERR})", False),
        (f"import logging; logging.basicConfig({LOG}); logging.info({IN_WORDS})", True),
    ],
)
def test_numbers_are_read_from_either_stream(
    check: Check, solution: str, line: str, right: bool
) -> None:
    marks = marked(check(saying(solution, line), FEW))
    assert all(marks[name].finding.right for name in EVALUATE) == right


def test_of_numbers_that_are_missing_it_is_said_which(check: Check, solution: str) -> None:
    half = edited(solution, ("        p_test =", "        return\n        p_test ="))
    for name in ("loss", "accuracy"):
        mark = marked(check(half, FEW))[f"evaluate-{name}"]
        assert mark.mistake is not None
        assert (
            mark.mistake.what
            == f"evaluate() says the {name} on training points, but not the {name} on test points."
        )
    nothing = edited(solution, ("        p_train =", "        return\n        p_train ="))
    mark = marked(check(nothing, FEW))["evaluate-loss"]
    assert mark.mistake is not None
    assert "no loss and no accuracy is found" in mark.mistake.what


def test_a_network_without_a_hidden_layer_is_set_up_without_an_activation(
    check: Check, solution: str
) -> None:
    marks = marked(check(edited(solution, ("activation='linear'):", "activation):")), FEW))
    mark = marks.pop("keras-outputs-task-1-1")
    assert not mark.finding.right
    assert "setup_model() missing 1 required positional argument" in mark.finding.facts
    assert all(other.finding.right for other in marks.values())
