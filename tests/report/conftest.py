"""The reproductions that the tests of the report share: a small true one, and invented ones."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest

from mlplab.explain import Explanation, Finding, RunExplanation
from mlplab.explain.causes import CauseCode
from mlplab.report import EXPERIMENTS, PUBLISHED
from mlplab.report.claims import judge_claims, judge_initializers
from mlplab.report.document import compose, write_report
from mlplab.report.elements import Code, Heading, Paragraph, Picture, Table
from mlplab.report.errata import find_errata
from mlplab.report.linear_regions import find_linear_regions
from mlplab.report.pictures import draw_pictures
from mlplab.report.reproduce import reproduce
from mlplab.report.reproduction import Parity, Reproduction, Scores, Task, TrainedApart
from mlplab.run import Cause, Ending, History, Run, Runs, about_samples
from mlplab.spec import Experiment
from mlplab.trial import Trial, draw

STUB = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"><circle r="9"/></svg>'

CAUSES: dict[Ending, Cause] = {"finished": "", "stuck": "chance", "diverged": "loss"}

Made = Callable[..., Reproduction]
Text = Callable[[Reproduction], dict[str, str]]

TASK_1_1 = "Task 1.1: batch size"
TASK_1_2 = "Task 1.2: activation"
TASK_1_3 = "Task 1.3: a deep network, tuned by hand"
TASK_1_4 = "Task 1.4: Glorot and Adam"
TASK_2 = "Task 2: a network from scratch"
ERRATA = "Errata of the source report"
HOW = "How this report was made"


def erratum(text: dict[str, str], number: int) -> str:
    """The text of one erratum."""
    [found] = re.findall(rf"Erratum {number}:.*?(?=Erratum \d|\Z)", text[ERRATA], re.DOTALL)
    return str(found)


def row(text: str, name: str) -> list[str]:
    """The cells of the first table row that begins with a name, without line breaks and brackets."""
    [first, *_] = [line for line in text.splitlines() if line.startswith(f"{name} | ")]
    return [" ".join(re.sub(r"[\\()]", " ", cell).split()) for cell in first.split(" | ")[1:]]


def invented_run(
    trial: Trial, accuracy: float, ending: Ending = "finished", trainer: str = "engine"
) -> Run:
    """A run that nobody trained: the trial's first weights, and an accuracy out of the air.

    A diverged run has losses and weights of NaN but keeps its accuracy, as trainers leave it.
    """
    epochs = trial.experiment.training.epochs
    lost = np.nan if ending == "diverged" else 1.0
    rising = np.linspace(0.3, accuracy, epochs)
    falling = lost * np.linspace(0.3, (1 - accuracy) / 2, epochs)
    return Run(
        experiment=trial.experiment,
        trainer=trainer,
        seed=trial.seed,
        weights=tuple(lost * w for w in trial.weights),
        biases=tuple(lost * b for b in trial.biases),
        history=History(falling, lost * rising, falling, lost * rising),
        train_loss=float(falling[-1]),
        train_metric=accuracy,
        test_loss=float(falling[-1]),
        test_metric=accuracy,
        predicted=np.zeros(trial.dataset.classes, dtype=np.int64),
        updates=trial.updates,
        seconds=0.5,
        ending=ending,
        cause=CAUSES[ending],
        **about_samples(trial.dataset),
    )


@cache
def drawn(experiment: Experiment, seed: int) -> Trial:
    """A trial of the lab, drawn once for all that is invented."""
    return draw(experiment, seed)


EXPLAINED: Mapping[str, tuple[CauseCode, dict[str, float]]] = {
    "1.1-batch-512": ("few_updates", {"updates": 8, "first": 0.271, "loss": 0.223}),
    "1.2-sigmoid": ("vanishing", {"layer": 1, "times": 26064}),
    "1.3": ("cooled", {"first": 0.05, "last": 0.00194}),
}
"""What explains the worst run of a task."""


def invented_explanation(runs: Runs) -> Explanation:
    """An explanation of the first run, which nobody looked at."""
    run = runs[0]
    [(code, numbers)] = [
        cause for id, cause in EXPLAINED.items() if EXPERIMENTS[id] == run.experiment
    ]
    finding = Finding.of(code, numbers, run.metric)
    explained = RunExplanation(run.seed, run.ending, run.reason, (finding,))
    return Explanation((explained,), len(runs), int((runs.ending != "finished").sum()))


@dataclass(frozen=True)
class Scenario:
    """What the runs of a task came to: accuracies, and how runs ended that did not finish."""

    accuracies: Sequence[float]
    endings: Sequence[Ending] = ()
    keras: float | None = None
    keras_ending: Ending = "finished"

    def runs(self, experiment: Experiment) -> Runs:
        """One run for each accuracy, from seed 1 on."""
        endings = self.endings or ["finished"] * len(self.accuracies)
        trials = [drawn(experiment, 1 + i) for i in range(len(self.accuracies))]
        made = zip(trials, self.accuracies, endings, strict=True)
        return Runs.from_runs([invented_run(*of_one) for of_one in made])

    def task(self, id: str) -> Task:
        trial = drawn(EXPERIMENTS[id], 0)
        accuracy = self.accuracies[0] if self.keras is None else self.keras
        keras = invented_run(trial, accuracy, self.keras_ending, "keras")
        runs = self.runs(EXPERIMENTS[id])
        return Task(
            id=id,
            experiment=EXPERIMENTS[id],
            published=PUBLISHED[id],
            dataset=trial.dataset,
            keras=keras,
            replicated=runs,
            explanation=invented_explanation(runs) if id in EXPLAINED else None,
            regions=find_linear_regions(id, keras, trial.dataset),
        )


USUAL: Mapping[str, Scenario] = {
    "1.1-batch-16": Scenario((1.0, 0.999, 1.0)),
    "1.1-batch-512": Scenario((0.62, 0.81, 0.58)),
    "1.1-batch-16-sigma-0.1": Scenario((0.9883, 0.991, 0.9893)),
    "1.1-batch-512-sigma-0.1": Scenario((0.72, 0.78, 0.66)),
    "1.2-linear": Scenario((0.5, 0.5, 0.62), ("stuck", "stuck", "finished")),
    "1.2-sigmoid": Scenario((0.5, 0.5, 0.5), ("stuck",) * 3, keras_ending="stuck"),
    "1.2-relu": Scenario((0.99, 0.985, 0.993)),
    "1.3": Scenario((0.78, 0.86, 0.955)),
    "1.3-shared-initializer": Scenario((0.72, 0.9, 0.81)),
    "1.4": Scenario((0.94, 0.95, 0.947)),
    "1.4-shared-initializer": Scenario((0.93, 0.951, 0.939)),
}
"""What a reproduction of three replications usually comes to."""

SIGMOID_VARIANT = Scenario((0.988, 0.986, 0.5), ("finished", "finished", "stuck"))
"""What erratum 6 usually finds when one setting of the sigmoid network changes."""

PARITY = {
    "keras": Scores(0.0163, 0.9492, 0.0182, 0.9453),
    "own": Scores(0.0163, 0.9492, 0.0182, 0.9453),
    "largest_difference": 1.4e-6,
    "trainings": tuple(
        TrainedApart(task, trainers, dtype, updates, difference)
        for trainers in (("reference", "keras"), ("engine", "reference"))
        for task in ("1.2-relu", "1.3", "1.4")
        for dtype, updates, difference in (("float64", 200, 1.1e-15), ("float32", 20, 2.7e-7))
    ),
}


@pytest.fixture(scope="session")
def by_hand() -> Reproduction:
    """Task 3, which takes no training: nothing of it is invented."""
    return reproduce(tasks=["3"])


@pytest.fixture(scope="session")
def pictures_by_hand(by_hand: Reproduction, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the pictures of task 3, as they are drawn."""
    folder = tmp_path_factory.mktemp("by-hand") / "figures"
    draw_pictures(by_hand, folder)
    return folder


@pytest.fixture(scope="session")
def invented(by_hand: Reproduction) -> Made:
    """Return a function that gives the whole lab as it usually comes out, but for what is changed.

    It takes scenarios by task, one for both variants of erratum 6's sigmoid, and fields of task 2.
    """

    def make(
        changed: Mapping[str, Scenario] | None = None,
        sigmoid_variant: Scenario = SIGMOID_VARIANT,
        **parity: Any,
    ) -> Reproduction:
        scenarios = {**USUAL, **(changed or {})}
        n = len(next(iter((changed or USUAL).values())).accuracies)
        tasks = {id: scenario.task(id) for id, scenario in scenarios.items()}
        run = tasks["1.4"].keras
        if run.ending == "diverged":
            run = USUAL["1.4"].task("1.4").keras
        compared = Parity(run=run, dataset=tasks["1.4"].dataset, **{**PARITY, **parity})
        with patch(
            "mlplab.report.errata.train",
            lambda experiments, *_, **how: [sigmoid_variant.runs(each) for each in experiments],
        ):
            errata = find_errata(tasks, compared, n, 0)
        return replace(
            by_hand,
            replications=n,
            tasks=tasks,
            parity=compared,
            claims=judge_claims(tasks),
            initializers=judge_initializers(tasks),
            errata=errata,
            seconds=61.4,
        )

    return make


@pytest.fixture(scope="session")
def usual(invented: Made) -> Reproduction:
    """The whole lab as it usually comes out, untrained."""
    return invented()


@pytest.fixture(scope="session")
def small() -> Reproduction:
    """Tasks 1.1 and 3, truly trained, with two replications."""
    return reproduce(replications=2, tasks=["1.1", "3"], seed=5)


@pytest.fixture(scope="session")
def scenario() -> type[Scenario]:
    """Return the class of what a task comes to, since tests cannot import it from here."""
    return Scenario


@pytest.fixture(scope="session")
def text() -> Callable[[Reproduction], dict[str, str]]:
    """Return a function that gives a report's text by chapter; the summary is chapter `""`."""

    def by_chapter(reproduction: Reproduction) -> dict[str, str]:
        chapters = {"": ""}
        for block in compose(reproduction):
            match block:
                case Heading(title, level=1):
                    chapters[title] = ""
                    continue
                case Heading(said) | Paragraph(said) | Code(said):
                    pass
                case Table(caption, header, rows):
                    said = "\n".join([caption, *(" | ".join(row) for row in (header, *rows))])
                case Picture(_, caption):
                    said = caption
            chapters[list(chapters)[-1]] += f"{said}\n"
        return chapters

    return by_chapter


@pytest.fixture(scope="session")
def set_report() -> Callable[[Reproduction, Path], Path]:
    """Return a function that sets a report in a folder, with a stub in place of each picture."""

    def set_in(reproduction: Reproduction, folder: Path) -> Path:
        (folder / "figures").mkdir()
        for block in compose(reproduction):
            if isinstance(block, Picture):
                (folder / "figures" / f"{block.name}.svg").write_text(STUB)
        write_report(reproduction, folder)
        return folder

    return set_in
