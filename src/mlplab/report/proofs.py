"""The chapters on task 2, the own network against Keras, and task 3, weights by hand."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from mlplab.boundary import LineFamily
from mlplab.report.elements import Element, Heading, Paragraph, Picture, Table
from mlplab.report.published import PUBLISHED
from mlplab.report.reproduce import WANTED_LINE
from mlplab.report.reproduction import HandSolution, Parity
from mlplab.report.wording import count, listing, loss, percent, tiny
from mlplab.run import Float

ROUNDING = {"float64": 1e-9, "float32": 1e-5}
"""Differences of Keras and the network from scratch up to here are called rounding."""


NAMES = {"reference": "from scratch", "keras": "Keras", "engine": "engine"}
"""What the trainers are called in a table."""


def own_network(parity: Parity) -> list[Element]:
    """Return the chapter on task 2."""
    published, own, keras = PUBLISHED["2"], parity.own, parity.keras
    shown: list[tuple[str, Callable[[float | None], str], float | None, float, float]] = [
        ("Training loss", loss, published.train_loss, own.train_loss, keras.train_loss),
        (
            "Training accuracy",
            percent,
            published.train_accuracy,
            own.train_accuracy,
            keras.train_accuracy,
        ),
        ("Test loss", loss, published.test_loss, own.test_loss, keras.test_loss),
        ("Test accuracy", percent, published.test_accuracy, own.test_accuracy, keras.test_accuracy),
    ]
    rows = tuple((name, say(a), say(b), say(c)) for name, say, a, b, c in shown)
    agree = all(row[2] == row[3] for row in rows)
    rounding = parity.largest_difference < ROUNDING["float32"]
    outputs = len(parity.dataset.train) + len(parity.dataset.test)
    verdict = (
        "All four numbers agree to the last printed digit"
        if agree
        else "Not all four numbers agree to the last printed digit"
    )
    return [
        Heading("Task 2: a network from scratch"),
        Paragraph("Does a network written from scratch compute what Keras computes?", "Question"),
        Paragraph(
            "The network from scratch takes the weights that Keras trained in task 1.4. Layer $l$ computes "
            "$h^((l)) = sigma(W^((l)) h^((l-1)) + b^((l)))$ (equation 1), relu in the hidden layers only, "
            "softmax in the last only; Keras keeps $W$ transposed. Both give their loss (the mean squared "
            "error against the one-hot labels) and accuracy.",
            "Method",
        ),
        Table(
            "The own network and Keras with the same weights (Table 5 of the source, whose numbers are of "
            "another training).",
            ("", "Published, both", "Own network", "Keras"),
            rows,
        ),
        Picture(
            "classifier-2",
            "The network from scratch with Keras's weights of task 1.4 (figure 11 of the source).",
            "Class regions of the network from scratch with its training and test samples.",
            width=0.7,
        ),
        Paragraph(
            f"{verdict}. Over {count(outputs)} samples no probability differs by more than "
            f"{tiny(parity.largest_difference)}, which is {'' if rounding else 'more than '}rounding in "
            "float32.",
            "Result",
        ),
        Paragraph(
            f"{'Equal outputs prove the feedforward pass. ' if agree and rounding else ''}The source stops "
            "here; training is put to the test by letting both start from the same weights and take the same "
            "batches. If backpropagation, loss, schedule or optimizer differed in anything, the weights "
            "would part. The compiled engine, which made the replications of this report, is held to the "
            "network from scratch in the same way.",
            "And training",
        ),
        Table(
            "Two trainers from the same trial: the largest difference of any weight or bias.",
            ("Task", "Trainers", "Type", "Updates", "Largest difference"),
            tuple(
                (
                    t.task,
                    " and ".join(NAMES[trainer] for trainer in t.trainers),
                    t.dtype,
                    count(t.updates),
                    tiny(t.largest_difference),
                )
                for t in parity.trainings
            ),
        ),
        Paragraph(_training_verdict(parity), "What may be concluded"),
    ]


def _training_verdict(parity: Parity) -> str:
    worst = {
        dtype: max(t.largest_difference for t in parity.trainings if t.dtype == dtype)
        for dtype in ("float64", "float32")
    }
    if all(worst[dtype] < ROUNDING[dtype] for dtype in worst):
        return (
            f"In float64 the weights stay together to {tiny(worst['float64'])}, in float32 to "
            f"{tiny(worst['float32'])}: the three compute the same mathematics, and what remains is rounding. "
            "So, given the same start, the engine may stand for Keras in the replications."
        )
    return (
        f"The weights part by up to {tiny(worst['float64'])} in float64 and {tiny(worst['float32'])} in "
        "float32, more than rounding explains: on this machine the trainers do not do the same."
    )


def by_hand(solutions: Sequence[HandSolution]) -> list[Element]:
    """Return the chapter on task 3."""
    family = LineFamily.from_line(WANTED_LINE)
    rows = tuple(
        (
            f"Equation {s.equation}",
            f"${_matrix(s.network.W)}$",
            f"${_matrix(s.network.b[:, None])}$",
            _formula(str(s.check.line)) if s.check.line else "none",
            percent(s.test_accuracy),
        )
        for s in solutions
    )
    right = all(s.check.is_right for s in solutions)
    same = len({s.network.difference(0, 1) for s in solutions}) == 1
    sharpness = solutions[0].check.sharpness
    # The clusters' means (1/3, 1/3) and (2/3, 2/3) lie this far from the line.
    at_mean = 1 / (1 + math.exp(-sharpness * math.sqrt(2) / 6))
    numbers = listing([str(s.equation) for s in solutions])
    return [
        Heading("Task 3: weights by hand"),
        Paragraph(
            "Which weights and biases of a single layer draw the boundary $x_2 = 1 - x_1$?",
            "Question",
        ),
        Picture(
            "wanted-boundary",
            "The wanted boundary between the two clusters (figure 1 of the source).",
            "The linear dataset with the line from (0, 1) to (1, 0) between its clusters.",
            width=0.5,
        ),
        Paragraph(
            "With $z = W x + b$ the two classes are equally likely where $z_1 = z_2$. Put $x_2 = 1 - x_1$ "
            "into both; the coefficients of $x_1$ and the constants must agree (equation 10): "
            f"$ {' quad '.join(_formula(c).strip('$') for c in family.constraints)} $ "
            f"and ${_formula(family.exclusion).strip('$')}$, else both outputs are equal everywhere; the "
            "source's $b_1 > b_2$, which puts the first class on its side, implies it. Equivalently, row 1 of "
            "$W$ is row 2 minus $c (1, 1)$, and $b_1 = b_2 + c$: four free parameters ($w_21$, $w_22$, $b_2$, and $c eq.not 0$). With $c > 0$ the first class has the side "
            "of the origin, swapping the rows swaps the labels, and $|c|$ sets how sharply the softmax turns.",
            "Method",
        ),
        Table(
            "The source's two solutions, each checked and tested on a linear dataset of its own "
            "($sigma = 0.1$).",
            ("", "$W$", "$b$", "Draws the line", "Test accuracy"),
            rows,
        ),
        *(
            Picture(
                f"classifier-{s.id}",
                f"Equation {s.equation} as a classifier (figure {s.equation + 1} of the source).",
                f"Two half-planes parted by the line, with the samples, for equation {s.equation}.",
                width=0.7,
            )
            for s in solutions
        ),
        Paragraph(
            (
                f"Equations {numbers} both draw the wanted line, with the first class below it. "
                if right
                else f"Not all of equations {numbers} draw the wanted line. "
            )
            + (
                "They are closer than the source says: $z_1 - z_2 = 1 - x_1 - x_2$ in both, so not only the "
                "boundary but every probability is the same; only the samples of the two figures differ. Both "
                f"turn softly: at the mean of its own cluster a point's class has probability {at_mean:.2f}."
                if same
                else "Their differences $z_1 - z_2$ are not the same, so they turn differently sharply."
            ),
            "What may be concluded",
        ),
    ]


def _matrix(values: Float) -> str:
    rows = "; ".join(", ".join(f"{v:g}" for v in row) for row in values)
    return f"mat({rows})"


def _formula(text: str) -> str:
    """Return an equation in the weights or coordinates as a typst formula: `w11` is $w_11$."""
    for letter in ("w", "x", "b"):
        for index in ("11", "12", "21", "22", "1", "2"):
            text = text.replace(f"{letter}{index}", f"{letter}_({index})")
    return f"${text.replace('!=', 'eq.not')}$"
