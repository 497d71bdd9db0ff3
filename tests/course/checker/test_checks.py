"""What the checks know is true, and optional parts are judged as they should be."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors import safe_open

import mlplab
from mlplab.course.checker import Report, points, read_points
from mlplab.course.checker.checks import BASIS, OPTIONAL, draw_checks
from mlplab.course.checker.checks.activations import draw_numbers
from mlplab.course.checker.checks.cases import SHAPES, draw_cases, first_clear
from mlplab.course.checker.checks.gradients import GradientCheck, finite_differences
from mlplab.course.checker.checks.keras_parity import FILE, NAMES, _kept, load_trained
from mlplab.course.checker.lab import Lab
from mlplab.course.checker.marking import Mark
from mlplab.course.checker.mistakes import TABLE
from mlplab.course.checker.mistakes.mistake import same
from mlplab.course.checker.mistakes.solution import Descent, Solution, changed
from mlplab.reference import MultilayerPerceptron

Check = Callable[..., Report]


@pytest.fixture
def only(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Return a function that leaves out all checks but one, whose mark alone is looked at."""

    def leave(name: str) -> None:
        lab = Lab(draw=lambda seed: {name: draw_checks(seed)[name]}, basis={})
        monkeypatch.setattr(points, "Lab", lambda: lab)

    return leave


def marked(report: Report) -> dict[str, Mark]:
    return {mark.check.name: mark for mark in report.marks}


def test_every_check_has_points_and_the_asked_ones_sum_to_100() -> None:
    points = read_points().points
    extra = {*OPTIONAL, *BASIS}
    assert set(points) == set(draw_checks(0))
    assert sum(points[name] for name in points.keys() - extra) == 100
    assert all(points[name] == 0 for name in extra)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [0, 1])
def test_no_two_mistakes_answer_the_same_to_all_tests(seed: int) -> None:
    """Nor does any answer as the right solution does: a cause is not named by coincidence."""
    asked = [o for check in draw_checks(seed).values() for o in observations_of(check)]
    telling = [("right", in_a_row([o.predict(Solution()) for o in asked]))]
    for way in TABLE:
        answers = in_a_row([o.predict(changed(way.change)) for o in asked])
        if not same(answers, telling[0][1]):
            for name, other in telling:
                assert name == way.mistake.name or not same(answers, other), (name, way.mistake)
            telling.append((way.mistake.name, answers))
    assert len(telling) > 200


def in_a_row(answers: Any) -> Any:
    """Return all numbers of all answers, those that are refused or of another shape marked as such."""
    if answers is None:
        return np.array([1e9])
    if isinstance(answers, list):
        return np.concatenate([in_a_row(answer) for answer in answers])
    array = np.asarray(answers, dtype=float)
    return np.concatenate([1e6 * np.array([array.ndim, *array.shape]), array.reshape(-1)])


def observations_of(check: Any) -> tuple[Any, ...]:
    """What the diagnosis is given of a right solution's answers."""
    with np.errstate(all="ignore"):
        answers = _right_answers(check)
    return () if answers is None else check.judge(answers).observed


def _right_answers(check: Any) -> Any:
    """Return what a right solution answers to the checks that draw their values."""
    if check.name.startswith("activation-") and hasattr(check, "layouts"):
        return {"answers": [{"array": right, "changed": []} for right in check.right]}
    if check.name.startswith("count-"):
        cases = (*check.cases, check.cases[0])
        counts = [getattr(Solution(), check.ask)(case.weights, case.biases) for case in cases]
        return {"answers": [{check.attribute: {"array": count}} for count in counts]}
    if check.name in SHAPES:
        answers = [{"array": case.output, "changed": []} for case in check.cases]
        answers[0]["second_call"] = {"array": check.case.output}
        return {"answers": answers}
    if check.name.startswith("evaluate-"):
        return {"answers": [_evaluated(samples) for samples in check.samples], "reimported": [None]}
    return None


def _evaluated(samples: Any) -> dict[str, Any]:
    splits = samples.right_outputs()
    loss, accuracy = Solution().loss(splits), Solution().accuracy(splits)
    named = [
        (f"{split} {kind}", value)
        for kind, values in (("loss", loss), ("accuracy", accuracy))
        for split, value in zip(("train", "test"), values, strict=True)
    ]
    outputs = {f"x_{name}": {"array": outputs.p} for name, outputs in splits.items()}
    return {"printed": "", "returned": named, "outputs": outputs, "changed": []}


def test_each_seed_has_values_of_its_own() -> None:
    one, other = draw_cases(1), draw_cases(2)
    for name in SHAPES:
        assert not same(one[name][0].output, other[name][0].output)
        assert not same(one[name][0].output, one[name][1].output)


@pytest.mark.parametrize("name", NAMES)
def test_the_shipped_numbers_of_keras_are_those_of_its_weights(name: str) -> None:
    """By the reference, which knows nothing of the file; so a damaged file would show."""
    part = load_trained(name, seed=1)
    case = part.case
    network = MultilayerPerceptron(case.weights, case.biases, case.activation)
    assert same(network.feedforward(case.x), part.outputs["test"].p, 1e-5)
    with safe_open(FILE, framework="numpy") as file:
        scores = json.loads(file.metadata()[name])
        whole = {
            split: [file.get_tensor(f"{name}/{part}_{split}") for part in "xyp"]
            for split in ("train", "test")
        }
    for split, (x, y, p) in whole.items():
        assert len(part.splits[split][1]) < len(y)
        output = network.feedforward(x.astype(float))
        assert same(output, p, 1e-5)
        loss = np.mean((output - np.eye(case.classes)[y]) ** 2)
        assert scores[f"{split}_loss"] == pytest.approx(loss, abs=1e-6)
        accuracy = np.mean(output.argmax(1) == y)
        assert scores[f"{split}_accuracy"] == pytest.approx(accuracy, abs=1e-6)


def test_mistakes_say_what_is_wrong_and_where_to_look() -> None:
    looks: dict[str, str] = {}
    for way in TABLE:
        mistake = way.mistake
        assert mistake.what.endswith(".")
        assert "{" not in mistake.what
        assert mistake.look.endswith((".", "?"))
        assert 0 <= mistake.credit < 1
        assert mistake.name == mistake.name.strip().replace(" ", "-")
        assert looks.setdefault(mistake.name, mistake.look) == mistake.look
        assert all(hasattr(Solution, name) for name in way.change)


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
    shipped = read_points()
    paid = replace(shipped, points={**shipped.points, "backpropagation": 10})
    assert marked(check(with_backpropagation(solution), paid))["backpropagation"].score == 10
    absent = marked(check(solution, paid))["backpropagation"]
    assert (absent.score, absent.points, absent.finding.absent) == (0, 10, True)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("old", "new", "mistake", "says"),
    [
        (" * (h * (1 - h))", "", "derivative-missing", "dL/dW of layer 2 of 3 is the first"),
        ("delta = p * (g - (g * p).sum(axis=1, keepdims=True))", "delta = g", "softmax-derivative-missing", "layer 3 of 3"),  # noqa: E501  # a case a line
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


def test_finite_differences_agree_with_the_solution_s_backpropagation() -> None:
    check = draw_checks(0)["backpropagation"]
    assert isinstance(check, GradientCheck)
    case = check.case
    question = Descent(case.weights, case.biases, case.activation, case.x, check.labels)
    gradients = finite_differences(case, check.labels)
    right = np.concatenate([array.reshape(-1) for part in gradients for array in part])
    assert same(Solution().gradients(question), right, 1e-8)


TASK_3 = {
    "W = [[-1, 0], [0, 1]]; b = [1, 0]": (True, None),
    "import numpy as np\nW = [np.array([[2, 1], [3, 2]])]; b = [np.array([[0.5], [-0.5]])]": (True, None),
    "W = [[0, 1], [-1, 0]]; b = [0, 1]": (False, "labels-swapped"),
    "W = [[1, 0], [0, 1]]; b = [1, 0]": (False, "another-boundary"),
    "W = [[1, 2, 3]]; b = [1]": (False, None),
    "W = 'x'; b = None": (False, None),
}  # fmt: skip


@pytest.mark.slow
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


@pytest.mark.slow
def test_what_the_lab_does_not_ask_for_is_advice_only_where_it_helps(
    check: Check, solution: str
) -> None:
    needed = {*BASIS, *(name for basis in BASIS.values() for name in basis)}
    few = {name: one for name, one in draw_checks(0).items() if name in needed}
    shipped = replace(read_points(), lab=Lab(draw=lambda seed: few))
    advice = " ".join(check(solution, shipped).advice)
    for word in ("overflows", "single point of shape (2,)", "biases of shape (n,"):
        assert word in advice
    wrong = solution.replace("np.exp(x) / np.sum(np.exp(x))", "np.exp(x)")
    assert "overflows" not in " ".join(check(wrong, shipped).advice)
    paid = replace(shipped, points={**shipped.points, "activation-overflow": 5})
    report = check(solution, paid)
    assert report.points - report.score == 5 == marked(report)["activation-overflow"].points
    assert "overflows" not in " ".join(report.advice)


def test_the_file_is_read_for_advice_too(check: Check, solution: str) -> None:
    text = f"from math import *\nimport torch\n{solution}\ntry:\n    x = 1\nexcept:\n    pass\n"
    advice = " ".join(check(text).advice)
    for words in ("import * brings", "torch is not needed", "a bare except hides"):
        assert words in advice


@pytest.mark.parametrize("seed", range(20))
def test_numbers_for_a_relu_lie_on_both_sides_of_a_threshold(seed: int) -> None:
    """A relu that lets through only what is above 0.1, or 0.5, gives another answer."""
    for name, layouts in draw_numbers(seed).items():
        if name != "softmax":
            numbers = layouts[2]
            for low, high in ((0, 0.1), (0.1, 0.5), (0.5, np.inf), (-np.inf, 0)):
                assert ((low < numbers) & (numbers < high)).any()


@pytest.mark.parametrize("threshold", ["0.1", "0.5"])
def test_a_relu_with_another_threshold_is_wrong(
    check: Check, solution: str, only: Callable[[str], None], threshold: str
) -> None:
    only("activation-relu")
    wrong = solution.replace("np.maximum(0, x)", f"np.where(x > {threshold}, x, 0)")
    assert not marked(check(wrong))["activation-relu"].finding.right


def test_where_too_few_draws_are_clear_it_is_said() -> None:
    with pytest.raises(RuntimeError, match="expected 2 clear networks among the draws, found 1"):
        first_clear([1, None, 2], lambda number: number > 1, 2, "networks")


def test_the_points_that_a_seed_keeps_are_the_same_for_ever() -> None:
    """By our own shuffle; NumPy does not promise what Generator.permutation gives."""
    kept = _kept(np.repeat([0, 1], 10), seed=1, part=0)
    assert kept.tolist() == [0, 1, 2, 5, 6, 7, 8, 9, 10, 11, 12, 14, 15, 16, 17, 19]


@pytest.mark.slow
def test_nothing_is_drawn_by_an_import() -> None:
    """It takes a third of a second, and not every command checks something."""
    code = (
        "import mlplab.course.checker as _\n"
        "from mlplab.course.checker.checks import draw_checks\n"
        "print(draw_checks.cache_info().misses)"
    )
    folder = str(Path(mlplab.__file__).parents[1])
    environment = {**os.environ, "PYTHONPATH": folder}
    command = [sys.executable, "-c", code]
    assert (
        subprocess.run(command, env=environment, capture_output=True, check=True).stdout == b"0\n"
    )
