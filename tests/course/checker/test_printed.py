"""Loss and accuracy are found however they are printed."""

from __future__ import annotations

import re
import time

import pytest

from mlplab.course.checker.checks.scores import matches
from mlplab.course.checker.printed import KEYS, LONGEST_LINE, Printed, read_printed, read_returned

RIGHT = {"loss": [0.0163, 0.0182], "accuracy": [0.94921875, 0.9453125]}

RIGHT_TEXTS = [
    """Model performance:
    \tTrain loss:     0.0163
    \tTrain accuracy: 0.95
    \tTest loss:      0.0182
    \tTest accuracy:  0.95""",
    "Train loss: 0.0163\nTrain accuracy: 94.92\nTest loss: 0.0182\nTest accuracy: 94.53",
    "train loss = 0.0163, train acc = 94.9 %; test loss = 0.0182, test acc = 94.5 %",
    "Loss, training: 0.0163\nLoss, test set: 0.0182\nAcc train: 0.949\nAcc test: 0.945",
    "Train:\n  mse 1.63e-2\n  accuracy 0.9492\nTest:\n  mse 1.82e-2\n  accuracy 0.9453",
    "Train error 0.0163 correct 243/256\nTest error 0.0182 correct 242/256",
    "0.0163\n0.9492\n0.0182\n0.9453",
    "(np.float64(0.0163), np.float64(0.9492), np.float64(0.0182), np.float64(0.9453))",
    "0.0163 0.0182 0.9492 0.9453",
    "Träningsförlust: 0.0163, noggrannhet: 94.92\nTestförlust: 0.0182, noggrannhet: 94.53",
    "       loss    accuracy\ntrain  0.0163  0.9492\ntest   0.0182  0.9453",
    "        train   test\nloss    0.0163  0.0182\nacc     94.92%  94.53%",
    "train loss | train acc | test loss | test acc\n0.0163 | 0.9492 | 0.0182 | 0.9453",
    "Results (loss, accuracy)\nTrain: 0.0163, 0.9492\nTest: 0.0182, 0.9453",
    "0.0163 train loss, 0.9492 train accuracy\n0.0182 test loss, 0.9453 test accuracy",
    "0.0163 train loss\n0.9492 train accuracy\n0.0182 test loss\n0.9453 test accuracy",
    "train loss 0.0163\ntrain acc 0.949\ntrain error 0.0508\ntest loss 0.0182\ntest acc 0.945\ntest error: 5.5 %",  # noqa: E501  # a case a line
    "Errors are squared.\nTrain loss: 0.0163 accuracy: 0.949\nTest loss: 0.0182 accuracy: 0.945",
    "Train loss: 0,0163\nTrain accuracy: 94,92\nTest loss: 0,0182\nTest accuracy: 94,53",
    "Train loss:\n0.0163\nTrain accuracy:\n0.9492\nTest loss:\n0.0182\nTest accuracy:\n0.9453",
    "z = [0.3 0.4] test\ntrain loss 0.0163\ntrain acc 0.949\ntest loss 0.0182\ntest acc 0.945",
]


@pytest.mark.parametrize("text", RIGHT_TEXTS)
@pytest.mark.parametrize("kind", ["loss", "accuracy"])
def test_right_numbers_are_found(text: str, kind: str) -> None:
    assert any(matches(found, RIGHT[kind], kind) for found in read_printed(text))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Train loss: 0.0164\nTest loss: 0.0182", "loss"),
        ("Train loss: 0\nTest loss: 0", "loss"),
        ("Train loss: 0.0163", "loss"),
        ("Train loss: nan\nTest loss: nan", "loss"),
        ("Train loss: 1.63\nTest loss: 1.82", "loss"),
        ("Train accuracy: 1\nTest accuracy: 1", "accuracy"),
        ("Train accuracy: 0.90\nTest accuracy: 0.95", "accuracy"),
        ("Train accuracy: 95.92\nTest accuracy: 94.53", "accuracy"),
        ("Train accuracy: 94.92\nTest accuracy: 0.9453", "accuracy"),
        ("Train accuracy: 243\nTest accuracy: 242", "accuracy"),
        (
            "0.9492 train loss, 0.0163 train accuracy\n0.9453 test loss, 0.0182 test accuracy",
            "loss",
        ),
        ("       accuracy loss\ntrain  0.0163  0.9492\ntest   0.0182  0.9453", "loss"),
        ("Train loss: 0,0164\nTest loss: 0,0182", "loss"),
        ("Train loss 0.5 error 0.0163\nTest loss 0.5 error 0.0182", "loss"),
        ("all right", "accuracy"),
        ("", "loss"),
    ],
)
def test_wrong_numbers_are_wrong(text: str, kind: str) -> None:
    assert not any(matches(found, RIGHT[kind], kind) for found in read_printed(text))


def test_returned_numbers() -> None:
    four = [("", 0.0163), ("", 0.9492), ("", 0.0182), ("", 0.9453)]
    assert set(read_returned(four)[0]) == set(KEYS)
    words = [
        ("test_acc", 94.53),
        ("test_loss", 0.0182),
        ("train acc", 94.92),
        ("train loss", 0.0163),
    ]
    [found] = read_returned(words)
    assert found["train", "accuracy"] == Printed(94.92)
    assert read_returned(four[:3]) == []


def test_a_number_that_says_all_needs_no_more_digits() -> None:
    numbers = read_printed("train accuracy 0.5\ntest accuracy 0.75")[0]
    assert matches(numbers, [0.5, 0.75], "accuracy")
    assert not matches(numbers, [0.51, 0.75], "accuracy")
    assert matches(numbers, [0.51, 0.75], "accuracy", rounded=True)


def test_rounding_counts_the_digits() -> None:
    assert Printed(0.95, 0.005).is_close(0.9492)
    assert not Printed(0.95, 0.005).is_close(0.9442)
    assert not Printed(0.5).is_close(float("inf"))
    assert not Printed(float("nan")).is_close(0.5)


FORMS = [
    "Train: {tl:.4f} loss, {ta:.4f} accuracy\nTest: {el:.4f} loss, {ea:.4f} accuracy",
    "Train {tl:.4f} loss, {ta:.4f} accuracy\nTest {el:.4f} loss, {ea:.4f} accuracy",
    "Train {tl:.4f} loss {ta:.4f} accuracy, test {el:.4f} loss {ea:.4f} accuracy",
    "Train: {tl:.4f} loss and {ta:.2%} accuracy\nTest: {el:.4f} loss and {ea:.2%} accuracy",
    "Train: {ta:.1%} accuracy, {tl:.4f} loss\nTest: {ea:.1%} accuracy, {el:.4f} loss",
    "Train set: {tl:.4f} (loss), {ta:.4f} (accuracy)\nTest set: {el:.4f} (loss), {ea:.4f} (accuracy)",
    "mse on the training data {tl:.4f}, on the test data {el:.4f}\n"
    "accuracy on the training data {ta:.4f}, on the test data {ea:.4f}",
    "Train: {tl:.4f} loss, {ta:.2%}\nTest: {el:.4f} loss, {ea:.2%}",
    "Train: loss {tl:.4f}, {ta:.2%} correct\nTest: loss {el:.4f}, {ea:.2%} correct",
    "Average Train loss = {tl:.4f}; {ta:.2%} of the points are right\n"
    "Average Test loss = {el:.4f}; {ea:.2%} of the points are right",
    "Loss (train/test): {tl:.5f} / {el:.5f}\nAccuracy (train/test): {ta:.5f} / {ea:.5f}",
    "Train/test accuracy: {ta:.2f}% / {ea:.2f}%\nTrain/test loss: {tl:.4f} / {el:.4f}",
    "Train loss, accuracy: {tl:.4f}, {ta:.4f}\nTest loss, accuracy: {el:.4f}, {ea:.4f}",
    "Train (72 points): loss {tl:.4f}, accuracy {ta:.4f}\nTest (48): loss {el:.4f}, accuracy {ea:.4f}",
    "Train, 72 points: {tl:.4f} loss, {ta:.4f} accuracy\nTest, 48: {el:.4f} loss, {ea:.4f} accuracy",
    "Loss\n  train {tl:.4f}\n  test {el:.4f}\nAccuracy\n  train {ta:.4f}\n  test {ea:.4f}",
    "loss: {tl:.4f} (train), {el:.4f} (test)\naccuracy: {ta:.4f} (train), {ea:.4f} (test)",
    "{tl:.4f} loss, {ta:.4f} accuracy on train\n{el:.4f} loss, {ea:.4f} accuracy on test",
    "{tl:.4f} loss, {ta:.4f} accuracy on train; {el:.4f} loss, {ea:.4f} accuracy on test",
    "{tl:.4f} train loss, {ta:.4f} accuracy; {el:.4f} test loss, {ea:.4f} accuracy",
    "Test: {el:.4f} loss, {ea:.4f} accuracy\nTrain: {tl:.4f} loss, {ta:.4f} accuracy",
    "{{'loss': {{'train': {tl}, 'test': {el}}}, 'accuracy': {{'train': {ta}, 'test': {ea}}}}}",
    "train mse loss {tl:.4f}, {ta:.2%}\ntest mse loss {el:.4f}, {ea:.2%}",
]
SCORES = {"tl": 0.1862, "ta": 0.5833, "el": 0.2538, "ea": 0.4375}
EXCHANGED = [("tl", "ta"), ("tl", "el"), ("ta", "ea"), ("el", "ea"), ("tl", "ea")]


def all_right(text: str) -> bool:
    right = {kind: [SCORES[f"t{kind[0]}"], SCORES[f"e{kind[0]}"]] for kind in ("loss", "accuracy")}
    return any(
        all(matches(found, right[kind], kind) for kind in right) for found in read_printed(text)
    )


@pytest.mark.parametrize("form", FORMS)
def test_each_form_is_right_with_the_right_numbers_and_wrong_with_any_other(form: str) -> None:
    in_per_cent = 100 if "f}%" in form else 1

    def written(scores: dict[str, float]) -> str:
        factors = {name: in_per_cent if name.endswith("a") else 1 for name in scores}
        return form.format(**{name: factors[name] * scores[name] for name in scores})

    assert all_right(written(SCORES))
    assert all_right(re.sub(r"(?<=[0-9])\.", ",", written(SCORES)))
    for one, other in EXCHANGED:
        assert not all_right(written(SCORES | {one: SCORES[other], other: SCORES[one]})), (
            one,
            other,
        )
    for name, score in SCORES.items():
        assert not all_right(written(SCORES | {name: score + 0.03})), name


UNCLEAR = [
    "Loss on training and test data:\n{tl}\n{el}",
    "Train loss {tl}, {el}",
    "Train: {ta:.2%}\nTest: {ea:.2%}",
    "{tl} train {el} loss",
]


@pytest.mark.parametrize("form", UNCLEAR)
def test_what_a_person_could_not_be_sure_of_is_not_read(form: str) -> None:
    for found in read_printed(form.format(**SCORES)):
        assert not {("train", "loss"), ("test", "loss")} <= found.keys()


@pytest.mark.parametrize("text", ["1e2", "5e1", "1e2 %", "6e1", "100", "1"])
def test_a_constant_with_few_digits_is_no_accuracy(text: str) -> None:
    numbers = read_printed(f"Train accuracy: {text}\nTest accuracy: {text}")[0]
    assert not matches(numbers, [0.5833, 0.75], "accuracy")
    assert not matches(numbers, [0.5833, 0.75], "accuracy", rounded=True)


ADVERSARIAL = [
    "1", "1x", ".", "1.", "1,", "-", "+-", " ", "1 ", "1/", "1 / ", "e1", "1e", "train ", "loss ",
    "loss\n", "train 1\n", "1\n", "1%", "nan", "-inf", "test loss 1 ", ", ", "and ", "\n", "1 loss ",
    "1 train ", "0.1,1",
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("piece", ADVERSARIAL)
@pytest.mark.parametrize("end", ["", "x", "%"])
def test_the_time_of_reading_is_linear(piece: str, end: str) -> None:
    def seconds(length: int) -> float:
        text = f"Train loss: {(piece * length)[:length]}{end}"
        times = []
        for _ in range(2):
            began = time.process_time()
            read_printed(text)
            times.append(time.process_time() - began)
        return min(times)

    # Four times as long: 4 times the time, not 16; some milliseconds are what a clock may be off.
    assert seconds(10_000) < 9 * seconds(2_500) + 0.002


def test_a_header_and_many_lines_take_linear_time() -> None:
    def seconds(length: int) -> float:
        text = "loss " * (length // 10) + "\n" + "1\n" * (length // 4)
        began = time.process_time()
        read_printed(text)
        return time.process_time() - began

    assert seconds(80_000) < 9 * seconds(20_000) + 0.003


def test_of_a_very_long_line_the_end_is_read() -> None:
    [found] = read_printed(f"{'0.5 ' * LONGEST_LINE} Train loss: 0.25")
    assert found["train", "loss"].value == 0.25
    assert read_printed(f"Train loss: 0.25 {'0.5 ' * LONGEST_LINE}") == []
    assert read_printed(f"Train loss: {'1' * 1000}") == []
