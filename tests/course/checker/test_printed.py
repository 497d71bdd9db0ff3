"""Loss and accuracy are found however they are printed."""

from __future__ import annotations

import pytest

from mlplab.course.checker.checks.scores import matches
from mlplab.course.checker.printed import KEYS, Printed, read_printed, read_returned

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
