"""The pictures of a search."""

from __future__ import annotations

import math
from itertools import groupby

import numpy as np
from matplotlib.figure import Figure

from mlplab.figures.history import FreshScore, history_figure
from mlplab.figures.importance import importance_figure
from mlplab.figures.optimism import OptimismLine, optimism_figure
from mlplab.figures.parallel import parallel_figure
from mlplab.figures.search_points import SearchPoints, SearchSetting
from mlplab.figures.slices import slices_figure
from mlplab.streams import seeds_in_words
from mlplab.sweep.axis import Axis, own_place, own_value
from mlplab.sweep.cells import find_cell_measure
from mlplab.sweep.figure import dataset_name, is_fraction, with_unit
from mlplab.sweep.importance import first_scores, importances
from mlplab.sweep.search import TrainedSearch
from mlplab.sweep.space import Choice


def search_pictures(found: TrainedSearch) -> dict[str, Figure]:
    """Draw a search: `history`, `slices`, `parallel`, and `optimism` where it can be measured.

    Returns
    -------
    dict of str to Figure
        By what they are called.
    """
    points = search_points(found)
    validation = found.verdict.validation
    scale = _scale(found)
    fresh = None
    if math.isfinite(float(validation.mean[0])):
        fresh = FreshScore(
            *(
                scale * float(values[0])
                for values in (validation.mean, validation.low, validation.high)
            )
        )
    note = _note(found)
    pictures = {
        "history": history_figure(points, fresh, _title(found, "the search"), note),
        "slices": slices_figure(points, _title(found, "each setting"), note),
        "parallel": parallel_figure(points, _title(found, "all candidates"), note),
    }
    optimism = _optimism(found)
    return pictures if optimism is None else pictures | {"optimism": optimism}


def importance_picture(found: TrainedSearch) -> dict[str, Figure]:
    """Draw which settings matter, where there are scores enough to tell.

    Raises
    ------
    MissingExtraError
        If Optuna is not installed.
    """
    fractions = importances(found)
    if not fractions:
        return {}
    values = list(fractions.values())
    first, count = found.rounds[0].round, np.count_nonzero(np.isfinite(first_scores(found)))
    note = (
        f"Functional ANOVA of {count:,} candidates × {first.replications:,} runs "
        f"({found.plan.sampler}): the fraction of the variance that a setting alone explains."
    )
    return {
        "importance": importance_figure(
            list(fractions), values, _title(found, "what matters"), note
        )
    }


def search_points(found: TrainedSearch) -> SearchPoints:
    """Return a search as its figures take it; accuracies in per cent."""
    plan, verdict = found.plan, found.verdict
    measure = find_cell_measure(plan.objective)
    scale = _scale(found)
    scores = scale * found.column("mean")
    ranking = [int(place) for place in found.ranking if math.isfinite(float(scores[place]))]
    given_score = float(scale * verdict.validation.mean[verdict.given])
    return SearchPoints(
        settings=[_setting(found, choice) for choice in plan.space.choices],
        score=scores,
        low=scale * found.column("low"),
        high=scale * found.column("high"),
        failed=found.column("failed"),
        round=found.last_round + 1,
        measure=with_unit(measure),
        lower_is_better=measure.lower_is_better,
        winner=ranking[0] if ranking else None,
        runner_up=ranking[1] if len(ranking) > 1 else None,
        given_score=given_score if math.isfinite(given_score) else None,
    )


def _setting(found: TrainedSearch, choice: Choice) -> SearchSetting:
    values = [changes[choice.setting] for changes in found.changes]
    experiment = found.plan.experiment
    if isinstance(choice, Axis) and choice.scale == "list":
        places = np.array([choice.values.index(value) for value in values], np.float64)
        place = own_place(choice, experiment)
        given = math.nan if place is None else float(place)
        return SearchSetting(choice.setting, places, "list", choice.labels, given)
    positions = np.array(values, np.float64)
    own = own_value(experiment, choice.setting)
    at = float(own) if isinstance(own, int | float) else math.nan
    if choice.scale == "log":
        positions = np.log10(positions)
        at = math.log10(at) if at > 0 else math.nan
    return SearchSetting(
        choice.setting, positions, "log" if choice.scale == "log" else "lin", (), at
    )


def _optimism(found: TrainedSearch) -> Figure | None:
    measured = found.winners_curse
    if not measured:
        return None
    measure = find_cell_measure(found.plan.objective)
    scale = _scale(found)
    counts = sorted({each.candidates for each in measured})
    lines = []
    for replications, group in groupby(measured, key=lambda each: each.replications):
        by = {each.candidates: each for each in group}
        means = np.array([scale * by[n].mean if n in by else math.nan for n in counts])
        lines.append(OptimismLine(replications, means))
    note = (
        f"By how much the best of n candidates looks better by the runs that chose it than by others: "
        f"means of many searches among the {len(found.changes):,} candidates and "
        f"{found.plan.replications:,} seeds of this one."
    )
    return optimism_figure(counts, lines, measure.unit, _title(found, "the winner's curse"), note)


def _scale(found: TrainedSearch) -> float:
    return 100.0 if is_fraction(find_cell_measure(found.plan.objective)) else 1.0


def _title(found: TrainedSearch, what: str) -> str:
    return f"{dataset_name(found.plan.experiment)}: {what}"


def _note(found: TrainedSearch) -> str:
    plan = found.plan
    rounds = ", ".join(
        f"{len(each.numbers):,} candidates × {each.round.replications:,} runs"
        + ("" if "training.epochs" in plan.space.settings else f" × {each.round.epochs:,} epochs")
        for each in found.rounds
    )
    seeds = seeds_in_words(plan.seed, plan.seed + plan.replications - 1)
    return f"{plan.sampler}: {rounds}; {seeds}."
