"""The chapters on tasks 1.1 to 1.4: question, method, result, and what may be concluded.

Every sentence that depends on numbers is built from the numbers of this run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import numpy as np

from mlplab.report.elements import Element, Heading, Paragraph
from mlplab.report.experiments import SHARED_INITIALIZER
from mlplab.report.explained import why_elements
from mlplab.report.linear_regions import region_elements
from mlplab.report.reproduction import Claim, Task
from mlplab.report.task_results import curve_elements, result_elements
from mlplab.report.wording import (
    caution,
    is_usual,
    listing,
    order_of,
    percent,
    plural,
    standing,
)
from mlplab.statistics import COMPARABLE, finite


def chapters(tasks: Mapping[str, Task], initializers: Sequence[Claim]) -> list[Element]:
    """Return the chapters of the tasks that were reproduced.

    `initializers` are the comparisons of initializers, which stand in the chapters of their tasks.
    """
    elements: list[Element] = []
    writers: tuple[tuple[str, Callable[[Mapping[str, Task]], list[Element]]], ...] = (
        ("1.1", _task_1_1),
        ("1.2", _task_1_2),
        ("1.3", partial(_task_1_3, initializers=initializers)),
        ("1.4", partial(_task_1_4, initializers=initializers)),
    )
    for prefix, write in writers:
        chosen = {id: task for id, task in tasks.items() if id.startswith(prefix)}
        if chosen:
            elements += write(chosen)
    return elements


def _task_1_1(tasks: Mapping[str, Task]) -> list[Element]:
    updates = [
        f"batches of {batch} make {plural(task.keras.updates, 'update')}"
        for batch, task in _first_by_batch(tasks).items()
    ]
    conclusions = []
    for suffix, sigma in (("", "0.06"), ("-sigma-0.1", "0.1")):
        pair = [tasks.get(f"1.1-batch-{batch}{suffix}") for batch in (16, 512)]
        if pair[0] and pair[1]:
            small, large = (task.test_accuracy for task in pair if task)
            ordered = order_of(("batches of 16", small), ("batches of 512", large))
            conclusions.append(f"With $sigma = {sigma}$: {ordered[0].lower()}{ordered[1:]}")
    if conclusions:
        conclusions.append(
            "In the same four epochs the smaller batches make 32 times as many updates, so this experiment "
            "cannot tell the effect of the size of the batch from that of the number of updates."
        )
    return [
        Heading("Task 1.1: batch size"),
        Paragraph("What does the batch size change, all else equal, in four epochs?", "Question"),
        Paragraph(
            "Two classes of the linear dataset: class $k$ is a normal cloud around "
            "$((k+1)/3, (k+1)/3)$ with standard deviation $sigma$, 512 training samples each. There is no "
            "hidden layer: the two inputs feed a softmax layer of two outputs, six parameters in all. "
            "Weights begin normal with mean 0.1 and standard deviation 0.1, biases at zero. Plain gradient "
            "descent at learning rate 1.0 on the mean squared error, four epochs; "
            f"{listing(updates)}. The source lists $sigma = 0.06$, its course's template 0.1; both were run.",
            "Method",
        ),
        *result_elements(tasks, "Accuracy against batch size (Table 1 of the source)."),
        *why_elements(tasks.get("1.1-batch-512")),
        *_conclusion(tasks, conclusions),
    ]


def _first_by_batch(tasks: Mapping[str, Task]) -> dict[int, Task]:
    found: dict[int, Task] = {}
    for task in tasks.values():
        found.setdefault(task.experiment.training.batch_size, task)
    return found


def _task_1_2(tasks: Mapping[str, Task]) -> list[Element]:
    conclusions = []
    accuracy = {id.removeprefix("1.2-"): task.test_accuracy for id, task in tasks.items()}
    if "relu" in accuracy:
        conclusions += [
            order_of(
                (activation_title("relu"), accuracy["relu"]),
                (activation_title(other), accuracy[other]),
            )
            for other in ("linear", "sigmoid")
            if other in accuracy
        ]
    if "linear" in accuracy:
        conclusions.append(
            "With linear activation two layers are one linear map, so the class regions are half-planes, "
            "and no line parts a disc from the ring around it."
        )
    if "sigmoid" in accuracy:
        stuck = int((tasks["1.2-sigmoid"].replicated.ending == "stuck").sum())
        of = plural(len(tasks["1.2-sigmoid"].replicated), "sigmoid run")
        conclusions.append(
            f"{stuck} of {of} got stuck: they predict nearly one class only, or get no more right than the "
            "most common class has; this speaks of these settings, not of the sigmoid as such (erratum 6)."
            if stuck
            else f"None of {of} got stuck as the source's did, which gets no more right than one class has."
        )
    return [
        Heading("Task 1.2: activation"),
        Paragraph(
            "Which activation lets five hidden neurons tell a disc from the ring around it?",
            "Question",
        ),
        Paragraph(
            "Two classes of the polar dataset: class $k$ has radius $|r|$ with $r$ normal around $k\\/2$, "
            "$sigma = 0.1$, and any angle; 512 training samples each. One hidden layer of five neurons with "
            "linear, sigmoid or relu activation, then softmax. Weights begin normal with mean 0.1 and "
            "standard deviation 0.1. Plain gradient descent at learning rate 1.0, batches of 16, 20 epochs.",
            "Method",
        ),
        *result_elements(tasks, "Accuracy of different activations (Table 2 of the source)."),
        *region_elements(tasks.get("1.2-relu")),
        *why_elements(tasks.get("1.2-sigmoid")),
        *_conclusion(tasks, conclusions),
    ]


def activation_title(activation: str) -> str:
    """Return what a run with an activation is called in a sentence."""
    return f"{activation} activation"


def _task_1_3(tasks: Mapping[str, Task], initializers: Sequence[Claim]) -> list[Element]:
    task = next(iter(tasks.values()))
    return [
        Heading("Task 1.3: a deep network, tuned by hand"),
        Paragraph(
            "How well does a deep network do whose hyper-parameters were tuned by trial and error?",
            "Question",
        ),
        Paragraph(
            "Five classes of the polar dataset, $sigma = 0.05$: a disc and four rings, 512 training samples "
            "each. Ten hidden layers of 50 relu neurons, 23,355 parameters. Weights begin normal with mean "
            "0.035 and standard deviation 0.1. Gradient descent with momentum 0.3; the learning rate begins "
            "at 0.05 and falls by 15 % every 400 updates. Batches of 32, 100 epochs, "
            f"{plural(task.keras.updates, 'update')}. {_who_shares(tasks)}".rstrip(),
            "Method",
        ),
        *result_elements(
            tasks, "Final test accuracy and loss of task 1.3 (Table 3 of the source)."
        ),
        *curve_elements(
            "1.3", tasks, "Loss and accuracy over 100 epochs (figure 8 of the source)."
        ),
        *why_elements(tasks.get("1.3")),
        *_conclusion(tasks, [_how_far_apart(task), *_shared_or_not(task, initializers)]),
    ]


def _task_1_4(tasks: Mapping[str, Task], initializers: Sequence[Claim]) -> list[Element]:
    task = next(iter(tasks.values()))
    return [
        Heading("Task 1.4: Glorot and Adam"),
        Paragraph(
            "What do a better initializer and optimizer change for the same network and samples?",
            "Question",
        ),
        Paragraph(
            "As task 1.3, but the weights begin by Glorot's truncated normal, the optimizer is Adam with "
            f"Keras's defaults, and training takes 20 epochs, {plural(task.keras.updates, 'update')}: a "
            f"fifth as many as in task 1.3. {_who_shares(tasks)}".rstrip(),
            "Method",
        ),
        *result_elements(
            tasks, "Final test accuracy and loss of task 1.4 (Table 4 of the source)."
        ),
        *curve_elements(
            "1.4", tasks, "Loss and accuracy over 20 epochs (figure 10 of the source)."
        ),
        *region_elements(tasks.get("1.4")),
        *_conclusion(
            tasks,
            [_how_far_apart(task), _how_soon(task), *_shared_or_not(task, initializers)],
        ),
    ]


def _who_shares(tasks: Mapping[str, Task]) -> str:
    """Say which experiment hands one initializer object to all layers, if one does."""
    [(id, shared)] = [pair for pair in SHARED_INITIALIZER.items() if {*pair} & {*tasks}]
    one = f"{shared} has one initializer object for all layers, as the source's listing has it"
    if shared not in tasks:
        return ""
    if id not in tasks:
        return f"{one}."
    return f"Each layer of {id} has an initializer of its own; {one} (erratum 7)."


def _shared_or_not(task: Task, initializers: Sequence[Claim]) -> list[str]:
    """Say what a shared initializer changes in a task, where it was trained both ways."""
    return [claim.sentence for claim in initializers if claim.task == task.id]


def _how_soon(task: Task) -> str:
    run = task.keras
    if run.ending != "finished":
        return ""
    accuracy = run.history.validation_accuracy
    near = int(np.argmax(accuracy >= accuracy.max() - 0.01)) + 1
    return (
        f"Keras's single run of {task.id} came within one percentage point of its best validation accuracy after "
        f"{plural(near, 'epoch')}; the source says 3 to 5."
    )


NARROW, WIDE = 2, 10
"""Percentage points between replications: up to the first they are near one another; beyond the second
one training says little."""


def _how_far_apart(task: Task) -> str:
    values = finite(task.test_accuracy)
    if len(values) < 2:
        return "There are too few replications to speak of their spread."
    which = plural(len(values), "replication")
    if len(values) < len(task.replicated):
        which += " that did not diverge"
    # A range grows with the number of runs; the middle of many does not.
    many = len(values) >= COMPARABLE
    low, high = np.quantile(values, (0.05, 0.95) if many else (0, 1))
    points = 100 * float(high - low)
    if points > WIDE:
        verdict = "one training says little about this set-up"
    elif points > NARROW:
        verdict = (
            f"one training tells the accuracy of this set-up to some {points:.0f} points, and settles "
            "no comparison that is closer than that"
        )
    else:
        verdict = _where_keras_lies(task)
    return (
        f"Of {task.id}, {'the middle 90 % of the' if many else 'the'} {which} lie {points:.1f} percentage points apart "
        f"({percent(float(low))} to {percent(float(high))}): {verdict}."
    )


def _where_keras_lies(task: Task) -> str:
    """Say whether the one run that took no part in a narrow range keeps to it."""
    once = task.keras.test_accuracy
    if task.keras.ending == "diverged":
        return "near one another, while Keras's single run diverged"
    usual = is_usual(once, task.test_accuracy)
    lies = "among them" if usual else f"apart, {standing(once, task.test_accuracy)}"
    return f"near one another, and Keras's single run with {percent(once)} lies {lies}"


def _conclusion(tasks: Mapping[str, Task], sentences: Sequence[str]) -> list[Element]:
    replications = len(next(iter(tasks.values())).replicated)
    said = [*sentences, caution(replications)]
    return [Paragraph(" ".join(s for s in said if s), "What may be concluded")]
