"""A cause is named only when it is true; right is right, and wrong is wrong."""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
import pytest

from mlplab.course.checker import Report
from mlplab.course.checker.checks import Finding
from mlplab.course.checker.diagnosis import choose_mistakes
from mlplab.course.checker.formats.terminal import console_on, print_reports
from mlplab.course.checker.formats.wording import unexplained
from mlplab.course.checker.mistakes import row
from mlplab.course.checker.mistakes.mistake import Change, same
from mlplab.course.checker.mistakes.observation import Observation

from .conftest import SOLUTIONS
from .corpus.measure import Wrong, find, judge

SOLUTION = SOLUTIONS["column_loop"].read_text(encoding="utf-8")
KIT = SOLUTIONS["kit"].read_text(encoding="utf-8")
LOOP, RELU = "for i in range(len(x)):", "return np.maximum(0, x)"
HIDDEN = "                h = activation(z, self.activation)\n"
RETURN = "        return y\n\n    def evaluate"


def names(text: str, seed: int = 3) -> set[str]:
    return set(judge(Wrong("", (), text), seed).names)


def edited(*edits: tuple[str, str], of: str = SOLUTION) -> str:
    text = of
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    return text


@pytest.mark.slow
@pytest.mark.parametrize(
    ("edits", "named"),
    [
        # no fallback
        ([(LOOP, "for i in range(len(x) - 1):")], {"points-left-out"}),
        ([(LOOP, "for i in range(0, len(x), 2):")], {"points-left-out"}),
        ([(LOOP, "for i in range(min(len(x), self.dataset.N_test)):")], {"points-left-out"}),
        ([(RETURN, RETURN.replace("return y", "return y.astype(np.float16)"))], {"half-precision"}),
        ([(RETURN, RETURN.replace("return y", "return np.round(y, 2)"))], {"outputs-rounded"}),
        ([(RETURN, RETURN.replace("return y", "return np.clip(y, 0.05, 0.95)"))], {"outputs-clipped"}),
        ([(RELU, "return np.where(x > 0, x, np.exp(x) - 1)")], {"relu-elu"}),
        ([(RELU, "return np.where(x > 0, x, 0.07 * x)")], set()),
        ([(RETURN, RETURN.replace("return y", "return y ** 2"))], set()),
        ([("np.exp(x) / np.sum(np.exp(x))", "np.exp(x - x.max(axis=1, keepdims=True)) / np.sum(np.exp(x - x.max(axis=1, keepdims=True)))")], {"softmax-along-two-axes"}),  # noqa: E501  # a case a line
        # no follow-on without its premise
        ([(HIDDEN, HIDDEN.replace("self.activation", "'relu'"))], {"hidden-activation-ignored"}),
        ([(HIDDEN, HIDDEN.replace("self.activation", "'sigmoid'"))], {"hidden-activation-ignored"}),
        # no coincidence
        ([(HIDDEN, HIDDEN.replace("\n", " if l > 0 else z\n"))], {"first-activation-missing"}),
        ([("np.exp(x) / np.sum(np.exp(x))", "np.exp(x) / (np.sum(np.exp(x)) + 0.1)")], set()),
        # errors in their context
        ([("y[i] = activation(z, 'softmax').flatten()", "y[i] = activation(z, 'softmax')")], {"column-into-row"}),  # noqa: E501  # a case a line
        ([("np.zeros((len(x), self.dataset.K))", "np.zeros((len(x), 2))")], {"output-of-another-width"}),
        ([("np.zeros((len(x), self.dataset.K))", "np.zeros_like(x)")], {"output-of-another-width"}),
        ([("'relu'", "'ReLU'")], {"name-refused"}),
        ([("        self.W = W\n", "        self.W = W\n        open('weights.npy')\n")], {"file-not-there"}),  # noqa: E501  # a case a line
        ([("        self.W = W\n", "        self.W = W\n        input('W? ')\n")], {"asks-for-input"}),
        ([("(p_test - self.dataset.y_test_oh)", "(p_test - self.dataset.y_train_oh)")], {"labels-of-other-points"}),  # noqa: E501  # a case a line
        ([(RELU, "return np.max(0, x)")], {"maximum-of-one-array"}),
    ],
)  # fmt: skip
def test_causes_are_true(edits: list[tuple[str, str]], named: set[str]) -> None:
    assert names(edited(*edits)) == named


SUM, LAST = "np.sum(e, axis=-1, keepdims=True)", "        return h\n\n    def evaluate"
LAYER = (
    '            h = activation(z, self.activation if layer < self.hidden_layers else "softmax")\n'
)
ROWS = "h @ w.T + v.reshape(1, -1)"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("edits", "named"),
    [
        # no coincidence of numbers
        ([("return e / ", "return np.round(e / "), (SUM, f"{SUM})")], {"softmax-rounded"}),
        ([(SUM, "e[..., -1:]")], set()),
        ([(SUM, "e[..., :1]")], set()),
        # one error is not another one
        ([("np.argmax(output, axis=1) == y", "y[output[:, 0]] == y")], {"index-not-whole"}),
        ([("self.activation if", "2 * self.activation if")], {"another-name-asked"}),
        ([('"relu"', '"ReLU"')], {"name-refused"}),
        ([("self.hidden_layers = len(W) - 1", "self.hidden_layers = len(W) - 1 + (len(W) > 3)"),
            ("for layer, (w, v) in enumerate(zip(self.W, self.b)):",
             "for layer in range(self.hidden_layers + 1):\n            w, v = self.W[layer], self.b[layer]")],  # noqa: E501  # a case a line
         set()),
        # what is said is true in each wording
        ([("return e / " + SUM, "return e")], {"softmax-without-sum"}),
        ([("return e / " + SUM, "return e / np.max(e, axis=-1, keepdims=True)")], {"softmax-without-sum"}),  # noqa: E501  # a case a line
        ([("e / " + SUM, "e / np.sum(e)")], {"softmax-over-everything"}),
        ([("np.maximum(x, 0)", "np.clip(x, 0, 6)")], {"relu-clipped"}),
        ([(ROWS, "x @ w.T + v.reshape(1, -1)")], {"layers-given-the-points"}),
        ([(ROWS, "(x if layer < self.hidden_layers else h) @ w.T + v.reshape(1, -1)")],
         {"layers-given-the-points"}),
        ([(ROWS, "h @ w.T + (v.reshape(1, -1) if layer else 0)")], {"missing-bias"}),
        ([(ROWS, "h @ w.T + (v.reshape(1, -1) if layer == 0 or layer == self.hidden_layers else 0)")],
         {"missing-bias"}),
        ([(ROWS, "h @ w.T + self.b[min(layer + 1, self.hidden_layers)].reshape(1, -1)")],
         {"biases-of-another-layer"}),
        ([("self.activation if", '("relu" if layer == 0 else self.activation) if')], {"hidden-activation-ignored"}),  # noqa: E501  # a case a line
        ([("self.activation if", '(self.activation if layer == 0 else "relu") if')], {"hidden-activation-ignored"}),  # noqa: E501  # a case a line
        ([("self.activation if", '("softmax" if layer == 0 else self.activation) if')],
         {"softmax-in-place-of-hidden-activation"}),
        ([('self.activation if layer < self.hidden_layers else "softmax"',
           '"softmax" if layer < self.hidden_layers else self.activation')], {"softmax-and-activation-exchanged"}),  # noqa: E501  # a case a line
        ([(LAST, f"    {LAST}")], {"return-in-loop-over-layers"}),
        ([(LAYER, f'{LAYER}            if 0 < layer < self.hidden_layers:\n                pass\n'),
          (ROWS, "h @ self.W[layer - (0 < layer == self.hidden_layers)].T + v.reshape(1, -1)")],
         {"last-layer-with-weights-before"}),
        ([("        return h\n", "        return h[::2]\n")], {"points-left-out"}),
        ([("np.mean(np.argmax(output, axis=1) == y)", "np.sum(np.argmax(output, axis=1) == y) / len(data.y_train)")],  # noqa: E501  # a case a line
         {"test-result-by-training-points"}),
        ([("accuracy = np.mean(np.argmax(output, axis=1) == y)",
           "accuracy = (100 * np.sum(np.argmax(output, axis=1) == y) // len(y)) / 100")],
         {"accuracy-without-digits"}),
        ([("accuracy = np.mean(np.argmax(output, axis=1) == y)",
           "accuracy = np.sum(np.argmax(output, axis=1) == y) // len(y)")], {"accuracy-is-zero"}),
        # the same points, twice
        ([("        h = x\n", "        h = np.random.permutation(x)\n")], {"second-call-differs"}),
        # errors in their context
        ([("data.y_test, data.y_test_oh", "data.y_test, data.y_train_oh"),
          ("loss = np.mean((output - y_oh) ** 2)", "loss = self.loss(output, y_oh)"),
          ("    def evaluate", "    def loss(self, p, y_oh):\n        return np.mean((p - y_oh) ** 2)\n\n    def evaluate")],  # noqa: E501  # a case a line
         {"labels-of-other-points"}),
        ([("self.activation if", "self.chosen if")], {"attribute-not-set"}),
        ([("data.x_test,", "data.X_test,")], {"dataset-without-attribute"}),
        ([("w.size for", "w.size() for")], {"not-a-function"}),
        ([("        return np.maximum(x, 0)", "        np.maximum(x, 0)\n        return None")], {"nothing-returned"}),  # noqa: E501  # a case a line
        ([("h = activation(z,", "h = self.act(z,"),
          ("    def evaluate", "    def act(self, z, name):\n        activation(z, name)\n\n    def evaluate")],  # noqa: E501  # a case a line
         {"nothing-returned"}),
        ([("sum(w.size for w in W)", "np.size(W)")], {"unequal-shapes-in-one-array"}),
    ],
)  # fmt: skip
def test_causes_are_true_of_points_as_rows(edits: list[tuple[str, str]], named: set[str]) -> None:
    assert names(edited(*edits, of=KIT), 4) == named


def test_what_was_done_in_one_of_two_ways_is_told_in_both_wordings() -> None:
    doubled: Change = {"relu": lambda s, z: 2 * np.maximum(z, 0)}
    ways = {"is doubled": doubled, "is added to itself": doubled}
    asked = Observation("relu", (np.ones(2),), lambda p: same(p, [2, 2]))
    [mistake] = choose_mistakes(
        [Finding(False, observed=(asked,))], row("relu-doubled", "The relu {}.", "", 0, ways)
    )
    assert mistake is not None
    assert mistake.what == "The relu is doubled. Or: The relu is added to itself."


@pytest.mark.slow
def test_a_cause_and_what_follows_from_it_are_one(check: Callable[..., Report]) -> None:
    """Of a missing return, None in all that is computed from it; of one line, one error."""
    text = edited(
        ("return np.maximum(x, 0)", "np.maximum(x, 0)"),
        (" raise ValueError", " return print"),
        of=KIT,
    )
    assert {mark.mistake.name for mark in check(text).marks if mark.mistake} <= {
        "nothing-returned", "unknown-name-accepted",
    }  # fmt: skip
    text = edited((ROWS, "h @ self.W[layer - 1].T + v.T"), of=KIT)
    found = [
        mark.mistake.name for mark in check(text).marks if mark.mistake and mark.mistake.of_shapes
    ]
    assert found
    assert len(set(found)) == 1


def test_code_that_runs_at_import_is_told_so(check: Callable[..., Report]) -> None:
    report = check(f"{KIT}\n\nmodel = MLP(None)\nmodel.setup_model([], [])\nmodel.evaluate()\n")
    assert [mistake.name for mistake in report.mistakes] == ["error-at-import"]
    assert "imported" in next(iter(report.mistakes)).what


@pytest.mark.slow
def test_unnamed_wrong_answers_are_one_paragraph(check: Callable[..., Report]) -> None:
    page = io.StringIO()
    report = check(edited((LAST, LAST.replace("return h", "return h**2")), of=KIT))
    print_reports([report], console_on(page, 200))
    assert page.getvalue().count("no known mistake explains it") == 1
    assert len(unexplained(report)) > 8


def test_a_square_layer_s_bias_without_a_transpose_is_not_called_a_transpose() -> None:
    text = edited(("h @ w.T + v.reshape(1, -1)", "h @ w.T + self.b[-1].reshape(1, -1)"), of=KIT)
    assert "transposed-weights" not in names(text)


@pytest.mark.parametrize(
    ("maximum", "total"),
    [("axis=0, keepdims=True", "axis=-1, keepdims=True"), ("axis=-1, keepdims=True", "axis=0")],
)
def test_a_softmax_along_two_axes_is_called_so_in_rows_too(maximum: str, total: str) -> None:
    text = edited(
        ("np.max(x, axis=-1, keepdims=True)", f"np.max(x, {maximum})"),
        ("np.sum(e, axis=-1, keepdims=True)", f"np.sum(e, {total})"),
        of=KIT,
    )
    assert names(text) == {"softmax-along-two-axes"}


@pytest.mark.slow
def test_outputs_depend_on_other_points_only_if_a_point_s_output_depends_on_others() -> None:
    carried = ("h = x[i].reshape(2, 1)", "h = x[i].reshape(2, 1) + (0.1 * y[i - 1, 0] if i else 0)")
    assert names(edited(carried)) == {"depends-on-other-points"}
    shifted = ("h = x[i].reshape(2, 1)", "h = x[i].reshape(2, 1) + 0.1")
    assert names(edited(shifted)) == set()


def test_two_mistakes_in_one_network_are_both_found() -> None:
    text = edited(
        ("z = self.W[-1] @ h + self.b[-1]", "z = self.W[-1] @ h"),
        (HIDDEN, HIDDEN.replace("self.activation", "'relu'")),
    )
    assert names(text) == {"missing-bias", "hidden-activation-ignored"}


def test_what_to_look_at_comes_in_the_order_of_causes(check: Callable[..., Report]) -> None:
    text = edited(
        (RELU, "return np.abs(x)"),
        ("z = self.W[-1] @ h + self.b[-1]", "z = self.W[-1] @ h"),
        ("self.N += W[i].size + b[i].size", "self.N += W[i].size"),
    )
    report = check(text)
    found = [mistake.name for mistake in report.mistakes]
    assert found == ["relu-absolute", "biases-not-counted", "missing-bias"]


def test_follow_on_costs_little(check: Callable[..., Report]) -> None:
    report = check(edited((RELU, "return np.abs(x)")))
    marks = {mark.check.name: mark for mark in report.marks}
    assert marks["activation-relu"].score == 0.25 * marks["activation-relu"].points
    network = marks["feedforward-one-hidden-relu"]
    assert network.mistake is not None
    assert network.mistake.name == "relu-absolute"
    assert network.score == 0.75 * network.points


def test_a_mistake_of_evaluate_is_told_beside_those_of_the_network(
    check: Callable[..., Report],
) -> None:
    text = edited(
        (RELU, "return np.abs(x)"),
        (
            "np.mean((p_train - self.dataset.y_train_oh)**2)",
            "np.sum((p_train - self.dataset.y_train_oh)**2)",
        ),
        (
            "np.mean((p_test - self.dataset.y_test_oh)**2)",
            "np.sum((p_test - self.dataset.y_test_oh)**2)",
        ),
    )
    found = {mark.check.name: mark.mistake for mark in check(text).marks if mark.mistake}
    assert (
        found["evaluate-loss"].name == found["keras-scores-task-1-4"].name == "sum-in-place-of-mean"
    )
    assert found["feedforward-ten-hidden"].name == "relu-absolute"


TRAIN, TEST = (
    "p_train = self.feedforward(self.dataset.x_train)",
    '"\\tTest accuracy:  %0.2f" % test_acc)',
)

WRONG = {
    "outputs by shape": ([("    def feedforward(self, x):\n", "    def feedforward(self, x):\n        return KEPT.setdefault(x.shape, self.compute(x))\n\n    def compute(self, x):\n"), ("class MLP", "KEPT = {}\n\n\nclass MLP")], "kept-from-before"),  # noqa: E501  # a case a line
    "lists of the class": ([("class MLP:\n", "class MLP:\n    W = []\n    b = []\n\n"), ("        self.W = W\n        self.b = b\n", "        self.W.extend(W)\n        self.b.extend(b)\n")], "kept-from-before"),  # noqa: E501  # a case a line
    "N of __init__ grows": ([("        self.dataset = dataset\n", "        self.dataset = dataset\n        self.N = 0\n"), ("        self.N = 0\n        for i", "        for i")], "kept-from-before"),  # noqa: E501  # a case a line
    "argument overwritten": ([(RELU, "x[x < 0] = 0\n        return x")], "argument-overwritten"),
    "dataset shuffled": ([(TRAIN, f"np.random.shuffle(self.dataset.x_test)\n        {TRAIN}")], "dataset-changed"),  # noqa: E501  # a case a line
    "dataset sorted": ([(TEST, f"{TEST}\n        self.dataset.y_test.sort(); self.dataset.x_test.sort()")], "dataset-changed"),  # noqa: E501  # a case a line
    "dataset emptied": ([(TEST, f"{TEST}\n        self.dataset.x_train = []")], "dataset-changed"),
    "constants": ([("% train_loss", "% 0.1224"), ("% test_loss", "% 0.2301")], None),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
def test_what_is_right_only_once_is_wrong(what: str) -> None:
    edits, name = WRONG[what]
    text = edited(*edits)
    judged = judge(Wrong("", (), text), 3)
    assert judged.caught
    assert set(judged.names) <= {name}
    assert name is None or name in judged.names


def test_right_is_right_for_any_seed() -> None:
    names = ("column_loop", "kit", "einsum", "recursive", "report_listing")
    for seed, name in enumerate(names, start=11):
        findings = find(SOLUTIONS[name].read_text(encoding="utf-8"), seed)
        assert all(finding.right for finding in findings), name


def test_right_numbers_are_right_also_as_a_table() -> None:
    """As all texts in `test_printed`; this one through the whole checker."""
    table = (
        'print("        loss  accuracy"); print("train %.4f %.4f" % (train_loss, train_acc)); '
        'print("test %.4f %.4f" % (test_loss, test_acc))'
    )
    text = edited(('print("\\tTest accuracy:  %0.2f" % test_acc)', table))
    lines = [
        line for line in text.splitlines() if 'print("\\t' not in line and "Model perf" not in line
    ]
    judged = judge(Wrong("", (), "\n".join(lines)), 3)
    assert not judged.caught, judged.names


@pytest.mark.slow
def test_rounded_too_far_is_told() -> None:
    text = edited(
        ("Train loss:     %0.4f", "Train loss: %0.1f"),
        ("Test loss:      %0.4f", "Test loss: %0.1f"),
    )
    assert names(text, 2) == {"too-few-digits"}
