"""How much each setting of a search matters: functional ANOVA over its candidates."""

from __future__ import annotations

import numpy as np

from mlplab.run import Float64
from mlplab.sweep.samplers import distributions, import_optuna, parameters
from mlplab.sweep.search import TrainedSearch

FEWEST = 16
"""Candidates with a score below which nothing is said of importances."""

SEED = 0
"""Of the forest."""


def importances(found: TrainedSearch) -> dict[str, float]:
    """Return which fraction of the variance of candidates' scores each setting alone explains.

    Scores are those of the first round, in which all candidates had the same budget. Candidates of which
    all runs diverged are left out.

    Returns
    -------
    dict of str to float
        By setting, the most important first; they add up to 1. Empty where there are fewer than `FEWEST`
        scores, or all are equal.

    Raises
    ------
    MissingExtraError
        If Optuna is not installed.

    Notes
    -----
    Source: Hutter, Hoos and Leyton-Brown 2014, as `optuna.importance.FanovaImportanceEvaluator` has it, a
    forest of 64 trees. What settings explain together is left out, and the rest made to add up to 1.
    """
    optuna = import_optuna()
    scores = first_scores(found)
    known = np.flatnonzero(np.isfinite(scores))
    if len(known) < FEWEST or np.ptp(scores[known]) == 0:
        return {}
    space = found.plan.space
    words = distributions(space)
    study = optuna.create_study(direction="minimize" if found.plan.lower_is_better else "maximize")
    for number in known.tolist():
        trial = optuna.trial.create_trial(
            params=parameters(space, found.changes[number]),
            distributions=words,
            value=float(scores[number]),
        )
        study.add_trial(trial)
    evaluator = optuna.importance.FanovaImportanceEvaluator(seed=SEED)
    fractions = optuna.importance.get_param_importances(study, evaluator=evaluator)
    return {setting: float(fraction) for setting, fraction in fractions.items()}


def first_scores(found: TrainedSearch) -> Float64:
    """Return each candidate's score in the first round; NaN where every run diverged."""
    return found.rounds[0].cells.statistics(found.plan.objective).mean
