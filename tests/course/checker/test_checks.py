"""What the checks know is true, and optional parts are judged as they should be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from mlplab.course.checker import Report, marking, read_samples
from mlplab.course.checker.checks import ASKED, BASIS, BEYOND, CHECKS, OPTIONAL
from mlplab.course.checker.checks.cases import CASES
from mlplab.course.checker.checks.evaluation import EVALUATED
from mlplab.course.checker.checks.gradients import CHECKS as GRADIENT_CHECKS
from mlplab.course.checker.checks.gradients import GradientCheck, finite_differences
from mlplab.course.checker.checks.keras_parity import NAMES, load_trained
from mlplab.course.checker.marking import Mark
from mlplab.course.checker.mistakes import REGISTRIES
from mlplab.course.checker.mistakes.evaluation import (
    ACCURACIES,
    LOSSES,
    right_accuracy,
    right_loss,
)
from mlplab.course.checker.mistakes.gradients import MISTAKES as GRADIENT_MISTAKES
from mlplab.course.checker.mistakes.gradients import Descent, backpropagate, flat
from mlplab.course.checker.mistakes.mistake import same
from mlplab.course.checker.mistakes.networks import MISTAKES
from mlplab.reference import MultilayerPerceptron

Check = Callable[..., Report]


@pytest.fixture
def only(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Return a function that leaves out all checks but one, whose mark alone is looked at."""

    def leave(name: str) -> None:
        monkeypatch.setattr(marking, "ASKED", (CHECKS[name],))
        monkeypatch.setattr(marking, "OPTIONAL", ())
        monkeypatch.setattr(marking, "BEYOND", ())

    return leave


def marked(report: Report) -> dict[str, Mark]:
    return {mark.check.name: mark for mark in report.marks}


def test_every_check_has_points_and_the_asked_ones_sum_to_100() -> None:
    points = read_samples().points
    assert set(points) == set(CHECKS)
    assert sum(points[check.name] for check in ASKED) == 100
    assert all(points[check.name] == 0 for check in (*OPTIONAL, *BEYOND))
    assert set(BASIS) == {check.name for check in BEYOND}


@pytest.mark.parametrize("name", CASES)
def test_a_case_tells_the_main_mistakes_from_what_is_right(name: str) -> None:
    """On a network with hidden layers, each mistake of its structure moves the output by a hundredth."""
    case = CASES[name]
    answers = {}
    with np.errstate(all="ignore"):
        for entry in MISTAKES:
            would = entry.answer(case)
            if would is not None:
                answers.setdefault(entry.mistake.name, []).append(would)
    main = {"softmax-missing", "missing-bias", "softmax-twice", "softmax-over-points"}
    if len(case.weights) > 1 and case.activation != "linear":
        main |= {"hidden-activation-on-last-layer", "hidden-activation-missing"}
        main |= {"softmax-in-every-layer", "missing-bias-in-hidden-layers", "coordinates-exchanged"}
    if len(case.x) > 1:
        main |= {"same-output-for-all", "only-first-point", "softmax-over-everything"}
    for mistake in main:
        assert not any(same(answer, case.output, 1e-2) for answer in answers[mistake]), mistake


def test_the_points_of_evaluate_tell_all_its_mistakes_apart() -> None:
    splits = EVALUATED.right_outputs()
    for registry, measure in ((LOSSES, right_loss), (ACCURACIES, right_accuracy)):
        right = ("right", [measure(splits["train"]), measure(splits["test"])])
        answers = [right, *((e.mistake.name, e.answer(splits)) for e in registry)]
        for i, (name, answer) in enumerate(answers):
            for other_name, other in answers[:i]:
                if name != other_name:
                    assert not np.allclose(answer, other, rtol=0, atol=5e-3), (name, other_name)


@pytest.mark.parametrize("name", NAMES)
def test_the_shipped_numbers_of_keras_are_those_of_its_weights(name: str) -> None:
    """By the reference, which knows nothing of the file; so a damaged file would show."""
    trained = load_trained(name)
    case = trained.case
    network = MultilayerPerceptron(case.weights, case.biases, case.activation)
    assert same(network.feedforward(case.x), trained.output, 1e-5)
    for split in ("train", "test"):
        x, y = trained.splits[split]
        p = network.feedforward(x.astype(float))
        one_hot = np.eye(case.classes)[y]
        assert trained.scores[f"{split}_loss"] == pytest.approx(
            np.mean((p - one_hot) ** 2), abs=1e-6
        )
        accuracy = np.mean(p.argmax(1) == y)
        assert trained.scores[f"{split}_accuracy"] == pytest.approx(accuracy, abs=1e-6)


def test_mistakes_have_one_meaning_each_and_say_where_to_look() -> None:
    for registry in REGISTRIES:
        for entry in registry:
            mistake = entry.mistake
            assert mistake.what.endswith(".")
            assert mistake.look.endswith((".", "?"))
            assert 0 <= mistake.credit < 1
            assert mistake.name == mistake.name.strip().replace(" ", "-")


BACKPROPAGATION = """
    def backpropagation(self, x, y):
        hs, zs = [x], []
        for l in range(len(self.W)):
            zs.append(hs[-1] @ self.W[l].T + self.b[l].T)
            hs.append(activation_rows(zs[-1], 'softmax' if l == len(self.W) - 1 else self.activation))
        p = hs[-1]
        g = 2 * (p - y) / p.size
        delta = p * (g - (g * p).sum(axis=1, keepdims=True))
        dW, db = [], []
        for l in range(len(self.W) - 1, -1, -1):
            dW.insert(0, delta.T @ hs[l])
            db.insert(0, delta.sum(axis=0)[:, None])
            if l > 0:
                h = hs[l]
                delta = delta @ self.W[l] * (h * (1 - h))
        return dW, db


def activation_rows(z, name):
    if name == 'softmax':
        e = np.exp(z)
        return e / e.sum(axis=1, keepdims=True)
    return activation(z, name)
"""


def with_backpropagation(solution: str, old: str = "", new: str = "") -> str:
    assert old in BACKPROPAGATION
    return solution + BACKPROPAGATION.replace(old, new)


def test_right_backpropagation_is_right_and_without_points_unless_a_teacher_gives_some(
    check: Check, solution: str, only: Callable[[str], None]
) -> None:
    only("backpropagation")
    mark = marked(check(with_backpropagation(solution)))["backpropagation"]
    assert (mark.finding.right, mark.score, mark.points) == (True, 0, 0)
    assert "backpropagation" not in marked(check(solution))
    shipped = read_samples()
    paid = replace(shipped, points={**shipped.points, "backpropagation": 10})
    assert marked(check(with_backpropagation(solution), paid))["backpropagation"].score == 10
    absent = marked(check(solution, paid))["backpropagation"]
    assert (absent.score, absent.points, absent.finding.absent) == (0, 10, True)


@pytest.mark.parametrize(
    ("old", "new", "mistake", "says"),
    [
        (" * (h * (1 - h))", "", "slope-missing", "dL/dW of layer 2 of 3 is the first"),
        ("delta = p * (g - (g * p).sum(axis=1, keepdims=True))", "delta = g", "softmax-slope-missing", "layer 3 of 3"),  # noqa: E501  # a case a line
        ("delta = p * (g - (g * p).sum(axis=1, keepdims=True))", "delta = (p - y) / len(x)", "gradient-of-cross-entropy", "layer 3 of 3"),  # noqa: E501  # a case a line
        ("g = 2 * (p - y) / p.size", "g = 2 * (p - y) / len(x)", "gradient-scaled", "layer 3 of 3"),
        ("g = 2 * (p - y) / p.size", "g = (p - y) / p.size", "gradient-scaled", "layer 3 of 3"),
        ("g = 2 * (p - y) / p.size", "g = 2 * (y - p) / p.size", "gradient-with-wrong-sign", "layer 3 of 3"),  # noqa: E501  # a case a line
        ("delta @ self.W[l] *", "delta @ (self.W[l].T if l == 1 else self.W[l]) *", "transposed-on-the-way-back", "look at the step from layer 2 to layer 1"),  # noqa: E501  # a case a line
        ("return dW, db", "return dW", "gradients-in-wrong-form", ""),
        ("delta.T @ hs[l]", "hs[l].T @ delta", "gradients-in-wrong-form", "shape"),
    ],
)  # fmt: skip
def test_wrong_backpropagation_is_told_where(
    check: Check,
    solution: str,
    only: Callable[[str], None],
    old: str,
    new: str,
    mistake: str,
    says: str,
) -> None:
    only("backpropagation")
    mark = marked(check(with_backpropagation(solution, old, new)))["backpropagation"]
    assert mark.mistake is not None
    assert mark.mistake.name == mistake
    assert says in mark.finding.facts


def test_finite_differences_agree_with_the_reference_s_backpropagation() -> None:
    [check] = GRADIENT_CHECKS
    assert isinstance(check, GradientCheck)
    case = check.case
    question = Descent(case.weights, case.biases, case.activation, case.x, check.labels)
    right = flat(finite_differences(case, check.labels))
    assert same(flat(backpropagate(question)), right, 1e-8)
    assert not any(same(entry.answer(question), right, 1e-4) for entry in GRADIENT_MISTAKES)


TASK_3 = {
    "W = [[-1, 0], [0, 1]]; b = [1, 0]": (True, None),
    "import numpy as np\nW = [np.array([[2, 1], [3, 2]])]; b = [np.array([[0.5], [-0.5]])]": (True, None),
    "W = [[0, 1], [-1, 0]]; b = [0, 1]": (False, "labels-swapped"),
    "W = [[1, 0], [0, 1]]; b = [1, 0]": (False, "another-boundary"),
    "W = [[1, 2, 3]]; b = [1]": (False, None),
    "W = 'x'; b = None": (False, None),
}  # fmt: skip


@pytest.mark.parametrize("code", TASK_3)
@pytest.mark.parametrize("file", ["task3.py", "mlp.py"])
def test_task_3(
    check: Check, solution: str, only: Callable[[str], None], code: str, file: str
) -> None:
    only("task-3-boundary")
    right, name = TASK_3[code]
    files = f"{solution}\n{code}\n" if file == "mlp.py" else {"mlp.py": solution, file: code}
    mark = marked(check(files))["task-3-boundary"]
    assert mark.finding.right is right
    assert (mark.mistake.name if mark.mistake else None) == name


def test_what_the_lab_does_not_ask_for_is_advice_only_where_it_helps(
    check: Check, solution: str
) -> None:
    advice = " ".join(check(solution).advice)
    for word in ("overflows", "single point of shape (2,)", "biases of shape (n,"):
        assert word in advice
    wrong = solution.replace("np.exp(x) / np.sum(np.exp(x))", "np.exp(x)")
    assert "overflows" not in " ".join(check(wrong).advice)
    shipped = read_samples()
    paid = replace(shipped, points={**shipped.points, "activation-overflow": 5})
    report = check(solution, paid)
    assert (report.score, report.points) == (100, 105)
    assert "overflows" not in " ".join(report.advice)


def test_the_file_is_read_for_advice_too(check: Check, solution: str) -> None:
    text = f"from math import *\nimport torch\n{solution}\ntry:\n    x = 1\nexcept:\n    pass\n"
    advice = " ".join(check(text).advice)
    for words in ("import * brings", "torch is not needed", "a bare except hides"):
        assert words in advice
