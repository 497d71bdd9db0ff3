"""What the chapter of a task shows of its results: tables, pictures, and which runs failed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mlplab.report.elements import Element, Paragraph, Picture, Table
from mlplab.report.evidence import agreement_picture
from mlplab.report.reproduction import Task, has_agreement, has_classifier
from mlplab.report.wording import (
    VERBS,
    endings,
    failed,
    interquartile,
    loss,
    percent,
    single,
    spread,
    standing,
)


def result_elements(tasks: Mapping[str, Task], caption: str) -> list[Element]:
    """Return the table of a chapter's tasks, what failed, and the pictures of all replications."""
    with_loss = any(task.published.test_loss is not None for task in tasks.values())
    elements: list[Element] = [
        Table(
            f"{caption} {COLUMNS}",
            ("", *HEADER),
            tuple(row for task in tasks.values() for row in _rows(task, with_loss)),
        ),
        *(_remarks(tasks)),
        Picture(
            f"spread-{next(iter(tasks)).split('-')[0]}",
            "Every replication as a point, with the published number and Keras's single run.",
            "Strip of all replications' test accuracies, the published number and Keras's run marked.",
        ),
        *(
            Picture(
                f"classifier-{task.id}",
                _classifier_caption(task),
                f"Class regions of the network of task {task.id} with its training and test samples.",
                width=0.7,
            )
            for task in tasks.values()
            if has_classifier(task)
        ),
        *(
            agreement_picture(task.id, len(task.replicated.kept))
            for task in tasks.values()
            if has_agreement(task)
        ),
    ]
    return elements


HEADER = (
    "Published",
    "Keras once",
    "IQM \\ 95 % interval",
    "Median \\ range",
    "Failed",
    "Published is",
)
"""Columns of a table of results."""

COLUMNS = (
    "Replicated: interquartile mean with bootstrap interval, median and range, failed runs; last, where "
    "the published number stands among the replications."
)
"""What the columns are, for a caption."""


def accuracy_cells(task: Task) -> tuple[str, ...]:
    """Return a task's test accuracy in the columns of `HEADER`."""
    published = task.published.test_accuracy
    return (
        percent(published),
        single(task.keras, task.keras.test_accuracy),
        _stacked(interquartile(task.test_accuracy)),
        _stacked(spread(task.test_accuracy)),
        failed(task.replicated),
        standing(published, task.test_accuracy),
    )


def _stacked(value_and_range: str) -> str:
    """Put the range that follows a value in parentheses on a line of its own, as markup."""
    return value_and_range.replace(" (", " \\ ").removesuffix(")")


FIGURE_OF_SOURCE = {
    "1.1-batch-16": 2,
    "1.1-batch-512": 3,
    "1.2-linear": 4,
    "1.2-sigmoid": 5,
    "1.2-relu": 6,
    "1.3": 7,
    "1.4": 9,
}
"""Which figure of the source report shows an experiment's classifier."""


def _classifier_caption(task: Task) -> str:
    figure = FIGURE_OF_SOURCE.get(task.id)
    source = f" (figure {figure} of the source)" if figure else ""
    return f"Task {task.id}, Keras's single run{source}; misclassified test samples are ringed."


def _rows(task: Task, with_loss: bool) -> Sequence[tuple[str, ...]]:
    published = task.published
    rows = [
        (
            f"{task.id}, accuracy" if with_loss else task.id,
            *accuracy_cells(task),
        )
    ]
    if with_loss:
        rows.append(
            (
                f"{task.id}, loss",
                loss(published.test_loss),
                single(task.keras, task.keras.test_loss, loss),
                _stacked(interquartile(task.test_loss, loss)),
                _stacked(spread(task.test_loss, loss)),
                failed(task.replicated),
                standing(published.test_loss, task.test_loss),
            )
        )
    return rows


def _remarks(tasks: Mapping[str, Task]) -> list[Element]:
    """Say of runs that diverged or stuck that they did, where there are any."""
    said = [
        f"{task.id}: {endings(task.replicated)}"
        for task in tasks.values()
        if endings(task.replicated)
    ]
    said += [
        f"{task.id}: Keras's single run {VERBS[task.keras.ending]}"
        for task in tasks.values()
        if task.keras.ending != "finished"
    ]
    if not said:
        return []
    return [
        Paragraph(
            f"{'; '.join(said)}. A run is stuck when nearly all its training samples are predicted to be "
            "of one class, or no more of them are right than the most common class has, or than luck "
            "explains (level 0.001). It is diverged when a training loss or weight is not finite; diverged "
            "runs stand in no median.",
            "Runs that failed",
        )
    ]


def curve_elements(id: str, tasks: Mapping[str, Task], caption: str) -> list[Element]:
    """Return the picture of a task's curves, where it was trained."""
    if id not in tasks:
        return []
    return [
        Picture(
            f"curves-{id}",
            f"{caption} Keras's single run.",
            f"Curves of training and validation loss and accuracy of task {id}.",
        )
    ]
