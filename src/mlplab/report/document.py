"""The report: the reproduction told as a lab report, set by typst as PDF and HTML from one source."""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

from mlplab.errors import MissingExtraError
from mlplab.report.elements import Code, Element, Heading, Paragraph, Table, as_data
from mlplab.report.evidence import explained_spread, judged_claims
from mlplab.report.experiments import SHARED_INITIALIZER
from mlplab.report.proofs import by_hand, own_network
from mlplab.report.reproduction import Reproduction, Task
from mlplab.report.results import machine_in_short, package_versions
from mlplab.report.selection import BY_HAND, OWN_MLP, TASKS
from mlplab.report.task_results import COLUMNS, HEADER, accuracy_cells
from mlplab.report.trained_tasks import chapters
from mlplab.report.wording import (
    NOTHING,
    caution,
    is_usual,
    listing,
    percent,
    plural,
    standing,
    tiny,
)
from mlplab.statistics import COMPARABLE, finite

TITLE = "The multilayer perceptron lab, reproduced"
SUBTITLE = "A university lab on multilayer perceptrons, trained again a hundredfold"


def write_report(reproduction: Reproduction, folder: Path) -> None:
    """Write `report.pdf` and `report.html` to a folder that holds the pictures in `figures`.

    Raises
    ------
    MissingExtraError
        If typst is not installed.
    """
    typst = import_typst()
    here = files("mlplab.report")
    source = here.joinpath("report.typ").read_bytes()
    inputs = {
        "document": json.dumps(
            {"title": TITLE, "subtitle": SUBTITLE, "blocks": as_data(compose(reproduction))}
        ),
        "style": here.joinpath("report.css").read_text(encoding="utf-8"),
    }
    for kind in ("pdf", "html"):
        page = typst.compile(
            source, format=kind, root=folder, sys_inputs=inputs, ignore_system_fonts=True
        )
        (folder / f"report.{kind}").write_bytes(page)


def import_typst() -> Any:
    """Return the module that sets the report.

    Raises
    ------
    MissingExtraError
        If typst is not installed.
    """
    try:
        import typst
    except ImportError as error:
        raise MissingExtraError("the report is set by typst, which is missing", "report") from error
    return typst


def compose(reproduction: Reproduction) -> list[Element]:
    """Return the whole report as elements."""
    elements = _summary(reproduction)
    elements += chapters(reproduction.tasks, reproduction.initializers)
    if reproduction.parity is not None:
        elements += own_network(reproduction.parity)
    if reproduction.by_hand:
        elements += by_hand(reproduction.by_hand)
    elements += judged_claims(reproduction.claims, reproduction.replications)
    if reproduction.crossed is not None:
        elements += explained_spread(reproduction.crossed)
    return [*elements, *_errata(reproduction), *_how(reproduction)]


def _summary(reproduction: Reproduction) -> list[Element]:
    elements: list[Element] = []
    tasks = list(reproduction.tasks.values())
    n = reproduction.replications
    if tasks:
        elements.append(
            Paragraph(
                "A student's report on this lab trains each network once and gives the number. The lab's own "
                "instructions say that one should train several times and report the average, and that the "
                f"lab does not, “for efficiency reasons”. Here each of {plural(len(tasks), 'experiment')}{_more_than_the_student(tasks)} "
                f"was trained once by Keras, and {plural(n, 'time')} from fresh draws of samples, initial weights "
                "and shuffles by mlplab's compiled engine.",
            )
        )
        elements.append(
            Paragraph(" ".join(s for s in (_where_published_lies(tasks), caution(n)) if s))
        )
    if reproduction.parity is not None:
        exact = [t for t in reproduction.parity.trainings if t.dtype == "float64"]
        elements.append(
            Paragraph(
                "The engine is held to a network written from scratch, and that to Keras: with Keras's "
                "weights its outputs differ from Keras's by at most "
                f"{tiny(reproduction.parity.largest_difference)}; trained in float64 from the same start in "
                "the same shuffles, the weights of any two differ after "
                f"{max(t.updates for t in exact)} updates by at most "
                f"{tiny(max(t.largest_difference for t in exact))}."
            )
        )
    if tasks:
        elements.append(
            Table(
                f"Test accuracies at a glance, {plural(n, 'replication')}. {COLUMNS}",
                ("Experiment", *HEADER),
                tuple((task.id, *accuracy_cells(task)) for task in tasks),
            )
        )
    return elements


def _more_than_the_student(tasks: Sequence[Task]) -> str:
    said = []
    ids = {task.id for task in tasks}
    if any(id.startswith("1.1-") and "sigma" in id for id in ids):
        said.append("those of task 1.1 with two sigmas, see erratum 3")
    both = [id for id, shared in SHARED_INITIALIZER.items() if {id, shared} <= ids]
    if both:
        said.append(f"{listing(both)} also with a shared initializer, see erratum 7")
    return f" ({'; '.join(said)})" if said else ""


def _where_published_lies(tasks: Sequence[Task]) -> str:
    """Say in how many experiments the published accuracy is a usual one, and in which it is not."""
    where = {task: standing(task.published.test_accuracy, task.test_accuracy) for task in tasks}
    known = [task for task in tasks if where[task] != NOTHING]
    unknown = [task.id for task in tasks if where[task] == NOTHING]
    unusual = [
        task for task in known if not is_usual(task.published.test_accuracy, task.test_accuracy)
    ]
    diverged = f"Every replication of {listing(unknown)} diverged." if unknown else ""
    if not known:
        return diverged
    many = min(len(finite(task.test_accuracy)) for task in known) >= COMPARABLE
    middle = "the middle 90 %" if many else "the range"
    said = (
        f"In {len(known) - len(unusual)} of {plural(len(known), 'experiment')} the published accuracy lies "
        f"within {middle} of the replications"
    )
    if unusual:
        named = [
            f"{task.id} ({percent(task.published.test_accuracy)}, {where[task]})"
            for task in unusual
        ]
        said += f"; beyond it lies that of {listing(named)}"
    return f"{said}. {diverged}".rstrip()


def _errata(reproduction: Reproduction) -> list[Element]:
    if not reproduction.errata:
        return []
    elements: list[Element] = [
        Heading("Errata of the source report"),
        Paragraph("What the source gets wrong or leaves open, with evidence from this run."),
    ]
    for erratum in reproduction.errata:
        elements.append(Heading(f"Erratum {erratum.number}: {erratum.title}", level=2))
        elements.append(Paragraph(erratum.claim, "The source"))
        elements.append(Paragraph(" ".join(erratum.evidence), "Measured"))
    return elements


def _how(reproduction: Reproduction) -> list[Element]:
    told, on = package_versions(), machine_in_short()
    listed = listing([f"{name} {number}" for name, number in told.items()])
    first, last = reproduction.seed + 1, reproduction.seed + reproduction.replications
    seeds = f"the seeds {first} to {last}" if last > first else f"the seed {first}"
    randomness = (
        f"Keras's single runs have seed {reproduction.seed}, the replications {seeds}. A seed fixes samples, "
        "initial weights and shuffles in three separate streams, so the replications come out the same "
        "again; Keras's single runs draw their own weights and shuffles. "
    )
    chosen = [
        *reproduction.tasks,
        *([OWN_MLP] if reproduction.parity is not None else []),
        *([BY_HAND] if reproduction.by_hand else []),
    ]
    only = "" if tuple(chosen) == TASKS else f"--tasks {','.join(chosen)} "
    return [
        Heading("How this report was made"),
        Paragraph(
            f"{randomness if reproduction.tasks else ''}"
            f"Everything took about {plural(max(1, round(reproduction.seconds)), 'second')} on a {on['system']} machine "
            f"({on['architecture']}) with {on['cores']} cores, with {listed}. All numbers of this report "
            "stand in results.json."
        ),
        Paragraph("To make it again:"),
        Code(
            f"mlplab reproduce {only}--replications {reproduction.replications} "
            f"--seed {reproduction.seed} --out report"
        ),
    ]
