"""A search by TPE with replications, as `mlplab sweep --sampler tpe` does it."""

from __future__ import annotations

import time
from collections.abc import Mapping

from mlplab.bench.tuning import OnTrial, TunedTrial
from mlplab.spec import Experiment
from mlplab.sweep import SearchPlan, Space, TrainedCells
from mlplab.sweep.candidates import Candidates
from mlplab.sweep.samplers import import_optuna, make_sampler
from mlplab.sweep.search import scores
from mlplab.sweep.training import train_cells

REPLICATIONS = 8
"""Of each candidate: the command's own number."""

import_optuna()  # before the clock starts, as for everybody who tunes with it


def tune(
    experiment: Experiment, space: Mapping[str, str], trials: int, seed: int, on_trial: OnTrial
) -> None:
    """Tune by TPE: what it asks for together is trained together, each candidate from the same seeds.

    A candidate's accuracy is the mean of its replications; 0 where one of them diverged, which for the
    sampler, too, is worse than any other.
    """
    began = time.perf_counter()
    choices = Space.from_table(space, experiment)
    plan = SearchPlan.of(experiment, choices, "tpe", trials, REPLICATIONS, seed)
    sampler = make_sampler("tpe", choices, trials, seed, plan.lower_is_better)
    while asked := sampler.ask():
        cells = TrainedCells((len(asked),), REPLICATIONS, seed)
        train_cells(Candidates(plan.experiment, asked), cells)
        found = scores(cells, plan)
        sampler.tell(found)
        seconds = time.perf_counter() - began
        for changes, score in zip(asked, found, strict=True):
            on_trial(TunedTrial(changes, max(score, 0.0), seconds, REPLICATIONS))
