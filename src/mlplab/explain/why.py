"""Why runs came out as they did: they are trained again from their seeds, and measured on the way."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlplab.engine import check_memory, usable_cores
from mlplab.errors import MlplabError, shown, whole_number
from mlplab.explain.causes import CAUSES, CODES, CauseCode, write_number
from mlplab.explain.explanation import Explanation, Finding, RunExplanation
from mlplab.explain.judging import BEHIND, BEHIND_TIMES, MOST_NUMBERS, judge
from mlplab.explain.looking import Looks, look_at
from mlplab.run import Run, Runs
from mlplab.run.metric import METRIC_WORDS
from mlplab.spec import Experiment
from mlplab.trainers import ENGINE
from mlplab.training import OnProgress, train
from mlplab.trial import Trials, draw

REPLICATIONS = 100
"""Runs of an experiment, if nothing else is said."""

MOST_LOOKED_AT = 20
"""Runs that are trained again, if nothing else is said: alone, a run takes longer than among many."""


def why(
    of: Experiment | Runs | Run,
    replications: int | None = None,
    seed: int | None = None,
    *,
    most: int = MOST_LOOKED_AT,
    data: Any = None,
    label: str | None = None,
    progress: OnProgress | None = None,
) -> Explanation:
    """Explain why runs came out as they did.

    The worst runs are trained again from their seeds, by the engine, and measured on the way: dead and
    saturated neurons, gradients, steps, losses. A cause is named only where its evidence is there;
    `mlplab.explain.judging` has the rules.

    Parameters
    ----------
    of : Experiment, Runs or Run
        Runs may be those of any trainer: from one seed they part only by what they round. Where that made
        another run of it, what was measured is the engine's, and `RunExplanation.again` says so.
    replications, seed : int, optional
        Of an experiment, which is then trained; as in `mlplab.train`. By default, 100 runs from seed 0.
    most : int
        So many runs are trained again at most.
    data, label
        Own samples on which the runs were trained, where the experiment does not say where they are.
    progress : callable, optional
        Called with how many runs were measured, and how many are to be.

    Returns
    -------
    Explanation
        `print` shows what there is to say.

    Raises
    ------
    MlplabError
        If something else came, there is no run, a number is out of range or said of runs that are
        trained, or to train the runs again does not fit into memory.

    Examples
    --------
    >>> zeros = Experiment(
    ...     dataset={"kind": "polar", "classes": 2, "sigma": 0.1},
    ...     network={"hidden_layers": 1, "layer_width": 5, "activation": "relu", "initializer": "zeros"},
    ...     training={"batch_size": 16, "epochs": 3},
    ... )
    >>> explanation = why(zeros, replications=3)
    >>> explanation.counts
    {'equal_neurons': 3}
    >>> print(explanation.headline)
    Of 3 runs 3 fail. The likeliest cause in all of them: equal neurons (3).
    """
    if isinstance(of, Experiment):
        count = REPLICATIONS if replications is None else replications
        of = train(of, count, seed or 0, data=data, label=label, keep_weights=0)
    elif replications is not None or seed is not None:
        raise MlplabError("replications and seed say what to train, and these runs are trained")
    if isinstance(of, Run):
        of = Runs.from_runs([of])
    if not isinstance(of, Runs):
        raise MlplabError(f"expected an Experiment, Runs or a Run to explain, received {shown(of)}")
    if not len(of):
        raise MlplabError("expected at least one run to explain, received none")
    most = whole_number("most", most, least=1)
    runs = [of[int(i)] for i in chosen(of, most)]
    again = Trials.from_seeds(of.experiment, [run.seed for run in runs], data, label)
    check_memory([again], usable_cores(), keep_weights=0)
    by_engine = of if of.trainer == ENGINE else train(again, keep_weights=0)
    measured = runs if by_engine is of else [by_engine[i] for i in range(len(by_engine))]
    explained = []
    pool = ThreadPoolExecutor(usable_cores())
    try:
        for each in pool.map(lambda run, own: explain_run(run, own, data, label), runs, measured):
            explained.append(each)
            if progress is not None:
                progress(len(explained), len(runs))
    finally:
        pool.shutdown(cancel_futures=True)
    return Explanation(tuple(explained), len(of), int((of.ending != "finished").sum()))


def chosen(runs: Runs, most: int) -> NDArray[np.int64]:
    """Return which runs are looked at, the worst: those that failed, then those of the worst metric.

    They are in the order of the runs.
    """
    sign = -1 if runs.metric == "mean_absolute_error" else 1
    worst_first = np.lexsort((sign * runs.train_metric, runs.ending == "finished"))
    return np.sort(worst_first[:most])


def explain_run(
    run: Run, measured: Run, data: Any = None, label: str | None = None
) -> RunExplanation:
    """Train a run again, and judge what was seen.

    Parameters
    ----------
    run : Run
    measured : Run
        What the engine makes of it; if it was the engine's, itself.
    data, label
        As in `why`.
    """
    trial = draw(run.experiment, run.seed, data, label)
    check_samples(run, len(trial.dataset.train.y))
    findings = judged(look_at(trial, measured.ending))
    said = tuple(Finding.of(code, numbers, run.metric) for code, numbers in findings.items())
    return RunExplanation(run.seed, run.ending, run.reason, said, said_again(run, measured))


def check_samples(run: Run, drawn: int) -> None:
    """Refuse a run of other samples than its experiment and seed draw, as that of an estimator.

    Parameters
    ----------
    run : Run
    drawn : int
        Training samples that are drawn.

    Raises
    ------
    MlplabError
        If the run had more or fewer.
    """
    trained = int(run.labelled.sum())
    if drawn != trained:
        raise MlplabError(
            f"the run of seed {run.seed} was trained on {trained:,} samples, and its experiment draws "
            f"{drawn:,}, so it cannot be trained again (no run of an estimator can): explain its "
            "experiment instead, which trains new runs on a split of the samples"
        )


def said_again(run: Run, measured: Run) -> str:
    """Return a sentence if something else came of a run when it was trained again, else nothing."""
    one, other = run.train_metric, measured.train_metric
    if run.metric == "mean_absolute_error":
        is_alike = not max(one, other) > BEHIND_TIMES * min(one, other)
    else:
        is_alike = not abs(one - other) > BEHIND
    if run.ending == measured.ending and is_alike:
        return ""
    was, became = (write_number(metric, "score", run.metric) for metric in (one, other))
    return (
        f"Trained again by the engine, which rounds otherwise than {run.trainer}, it {measured.reason}; "
        f"its {METRIC_WORDS[run.metric]} on the training samples is {became} instead of {was}. What "
        "follows is of that training."
    )


def judged(looks: Looks) -> dict[CauseCode, dict[str, float]]:
    """Return the causes that have evidence, the likeliest first, with their numbers by name."""
    found = np.zeros((len(CODES), 1 + MOST_NUMBERS))
    judge(looks.measures, looks.epochs, looks.scores, looks.widths, looks.facts, found)
    codes = [CODES[i] for i in np.flatnonzero(found[:, 0])]
    rows = found[found[:, 0] != 0, 1:].tolist()
    return {
        code: dict(zip(CAUSES[code].numbers, row, strict=False))
        for code, row in zip(codes, rows, strict=True)
    }
