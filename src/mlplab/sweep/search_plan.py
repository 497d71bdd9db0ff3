"""What a search trains: candidates of a space, in one round or in rounds of successive halving."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from mlplab.data import Samples, with_samples
from mlplab.errors import MlplabError, shown, suggestion
from mlplab.spec import HEADS, Experiment, MetricName, head_of
from mlplab.spec.canonical import NUMERICS_VERSION
from mlplab.spec.regression import REGRESSION_HEADS
from mlplab.streams import check_seed
from mlplab.sweep.axis import Axis
from mlplab.sweep.cells import (
    ON_TEST_SAMPLES,
    find_cell_measure,
    measures_of_cells,
    overlaps_of,
)
from mlplab.sweep.checks import check_memory
from mlplab.sweep.samplers import grid_axes, import_optuna, make_sampler
from mlplab.sweep.space import Choice, Space

OBJECTIVES = tuple(ON_TEST_SAMPLES)
"""A search looks at validation samples only, so that test samples can tell how good its choice is."""

Resource = Literal["replications", "epochs", "both"]
RESOURCES: tuple[Resource, ...] = ("replications", "epochs", "both")

FRESH = 10**9
"""The first fresh seed is the search's and this number: no search has so many replications."""

FACTOR = 3
"""By which candidates are divided from round to round, if nothing else is said."""

FINAL = 100
"""Fresh runs of the winner, the runner-up and the given setting, if nothing else is said."""

MOST_CANDIDATES = 100_000

OF_TRAINING_SAMPLES = ("dataset.standardise", "dataset.train_per_class")
"""Settings of the dataset that leave validation and test samples as they are."""


@dataclass(frozen=True)
class Round:
    """What a round trains.

    Attributes
    ----------
    candidates : int
        The best so many of the round before.
    replications, epochs : int
        Of each candidate. The first so many seeds are the same in every round.
    """

    candidates: int
    replications: int
    epochs: int


@dataclass(frozen=True)
class SearchPlan:
    """A search for the best setting of an experiment in a space.

    Attributes
    ----------
    experiment : Experiment
        The given setting; its own samples are pinned by their content.
    space : Space
    sampler : str
        One of `SAMPLERS`.
    candidates : int
    replications : int
        Of each candidate in the last round: run i has seed + i.
    seed : int
    objective : str
        One of `OBJECTIVES`: candidates are compared by its mean.
    halving : str or None
        Successive halving (Jamieson and Talwalkar 2016): what grows from round to round while candidates
        get fewer, `replications`, `epochs`, or `both` alike. None for one round.
    factor : int
        By which a round's candidates are divided, and each one's budget is multiplied.
    final : int
        Fresh runs of the winner, the runner-up and the given setting.
    finite : Samples or None
        All own samples, where there are such.
    """

    experiment: Experiment
    space: Space
    sampler: str = "random"
    candidates: int = 64
    replications: int = 8
    seed: int = 0
    objective: str = "validation_accuracy"
    halving: Resource | None = None
    factor: int = FACTOR
    final: int = FINAL
    finite: Samples | None = None

    @classmethod
    def of(
        cls,
        experiment: Experiment,
        space: Space,
        sampler: str = "random",
        candidates: int | None = None,
        replications: int = 8,
        seed: int = 0,
        *,
        objective: str | None = None,
        halving: Resource | None = None,
        factor: int = FACTOR,
        final: int = FINAL,
    ) -> SearchPlan:
        """Plan a search, after a check of all that can be known before it.

        Parameters
        ----------
        candidates : int, optional
            64 by default; a grid has as many as it has.
        objective : str, optional
            By default the metric on validation samples, such as `validation_accuracy`.
        The others are the attributes.

        Raises
        ------
        MlplabError
            If a word is unknown, a number is out of range, the space has too few candidates, or what was
            asked for does not go together.
        SpecError
            If the spec refuses a candidate: which, and why.
        DataError
            If own samples cannot be used.
        MissingExtraError
            If Optuna is needed and not installed.
        """
        objective = objective or f"validation_{experiment.head.metric_name}"
        if objective not in OBJECTIVES:
            raise MlplabError(
                f"unknown objective '{objective}': a search compares candidates by validation samples; "
                f"{suggestion(objective, OBJECTIVES)}"
            )
        _check_least("replications", replications, 1)
        _check_least("final", final, 2)
        first = check_seed(seed)
        if replications > FRESH:  # the next ones would be fresh seeds
            raise MlplabError(f"at most {FRESH:,} replications, received {shown(replications)}")
        check_seed(first + FRESH + final - 1, "the last fresh seed")
        _check_objective(objective, experiment, space)
        if halving is not None:
            _check_halving(halving, factor, sampler, space)
        elif factor != FACTOR:
            raise MlplabError(
                f"factor={factor} is one of halving, and there is none: say what grows"
            )
        if sampler == "grid":
            if candidates is not None:
                raise MlplabError("a grid has the candidates that it has: leave their number out")
            candidates = math.prod(map(len, grid_axes(space)))
        candidates = 64 if candidates is None else candidates
        _check_least("candidates", candidates, 2)
        if candidates > MOST_CANDIDATES:
            raise MlplabError(f"at most {MOST_CANDIDATES:,} candidates, received {candidates:,}")
        _check_task(space)
        pinned, finite = with_samples(experiment)
        space.check(pinned)
        plan = cls(
            pinned, space, sampler, candidates, replications, first, objective, halving, factor,
            final, finite,
        )  # fmt: skip
        if halving is not None and len(plan.rounds) < 2:
            raise MlplabError(
                f"halving of {candidates:,} candidates by {factor} comes to a single round: take more "
                f"candidates, more {'replications or epochs' if halving == 'both' else halving}, or a "
                "smaller factor"
            )
        plan._check_memory()
        plan._check_candidates()
        return plan

    def _check_memory(self) -> None:
        """Refuse rounds and fresh runs that do not fit into memory."""
        runs = sum(each.candidates * each.replications for each in self.rounds)
        check_memory("a search", self.candidates, runs + 3 * self.final)

    def _check_candidates(self) -> None:
        """Refuse candidates that are known beforehand and that the spec does not take."""
        sampler = make_sampler(
            self.sampler, self.space, self.candidates, self.seed, self.lower_is_better
        )
        if self.sampler == "tpe":
            return
        for changes in sampler.ask():
            self.experiment.varied(changes)

    @property
    def lower_is_better(self) -> bool:
        """Whether the objective is a loss or an error."""
        return find_cell_measure(self.objective).lower_is_better

    @property
    def metric(self) -> MetricName:
        """What all candidates are judged by beside their loss, such as the accuracy."""
        return self.experiment.head.metric_name

    @cached_property
    def rounds(self) -> tuple[Round, ...]:
        """What each round trains.

        Each has at most 1 / factor of the candidates of the one before, and the last one two at least.
        The last one has the full budget, and each one before a part of 1 / factor of the next one's, but
        at least one run of one epoch. A round that would have the budget of the one before is left out.
        """
        full = self.experiment.training.epochs
        if self.halving is None:
            return (Round(self.candidates, self.replications, full),)
        counts = [self.candidates]
        while math.ceil(counts[-1] / self.factor) >= 2:
            counts.append(math.ceil(counts[-1] / self.factor))
        rounds: list[Round] = []
        for number, count in enumerate(counts):
            part = float(self.factor) ** (number + 1 - len(counts))
            share = math.sqrt(part) if self.halving == "both" else part
            replications = self.replications
            epochs = full
            if self.halving != "epochs":
                replications = max(1, round(replications * share))
            if self.halving != "replications":
                epochs = max(1, round(epochs * share))
            budget = replications, epochs
            if not rounds or budget != (rounds[-1].replications, rounds[-1].epochs):
                rounds.append(Round(count, *budget))
        return tuple(rounds)

    @property
    def epochs_are_counted(self) -> bool:
        """Whether runs take different numbers of epochs, so that these are what is counted."""
        return self.halving in ("epochs", "both")

    def new_runs(self, number: int) -> int:
        """Return how many runs a round trains that the one before has not."""
        now = self.rounds[number]
        kept = 0
        if number and self.rounds[number - 1].epochs == now.epochs:
            kept = self.rounds[number - 1].replications
        return now.candidates * (now.replications - kept)

    @cached_property
    def run_count(self) -> int:
        """How many runs there are at most: of all rounds, and fresh ones of three settings."""
        return sum(map(self.new_runs, range(len(self.rounds)))) + 3 * self.final

    @cached_property
    def overlaps(self) -> dict[str, float]:
        """As `cells.overlaps_of` has it: no candidate divides own samples otherwise."""
        return overlaps_of(self.finite, [self.experiment.dataset])

    @property
    def step_name(self) -> str:
        """What is counted while it trains: `runs`, or `epochs` where runs differ in them."""
        return "epochs" if self.epochs_are_counted else "runs"

    @cached_property
    def step_count(self) -> int:
        """How many there are at most."""
        if not self.epochs_are_counted:
            return self.run_count
        rounds = sum(self.new_runs(i) * each.epochs for i, each in enumerate(self.rounds))
        return rounds + 3 * self.final * self.experiment.training.epochs

    @property
    def parts(self) -> list[tuple[tuple[int, int], tuple[int, int]]]:
        """Of each round, and of the fresh runs: the first and last seed, and the first and last cell."""
        found, first = [], 0
        for each in self.rounds:
            seeds = self.seed, self.seed + each.replications - 1
            found.append((seeds, (first, first + each.candidates - 1)))
            first += each.candidates
        fresh = self.seed + FRESH
        return [*found, ((fresh, fresh + self.final - 1), (first, first + 2))]

    @cached_property
    def description(self) -> dict[str, Any]:
        """What tells this search from others, as plain values."""
        said: dict[str, Any] = {
            "kind": "sweep",
            "experiment": self.experiment.canonical(),
            "numerics": NUMERICS_VERSION,
            "space": self.space.description,
            "sampler": self.sampler,
            "candidates": self.candidates,
            "replications": self.replications,
            "seed": self.seed,
            "objective": self.objective,
            "final": self.final,
        }
        if self.halving is not None:
            said |= {"halving": self.halving, "factor": self.factor}
        if self.sampler == "tpe":
            # Another Optuna may ask for other candidates.
            said["optuna"] = import_optuna().__version__
        return said


def _check_objective(objective: str, experiment: Experiment, space: Space) -> None:
    """Refuse an objective that is not the same number of all candidates and of the given setting."""
    metric = experiment.head.metric_name
    if objective not in measures_of_cells(metric):
        raise MlplabError(
            f"runs whose metric is {metric} have no {objective}: a search for their best setting "
            f"compares candidates by validation_{metric} or validation_loss"
        )
    losses = {loss for each in space.choices for loss in _losses(each)}
    changing = "training.loss" if losses - {experiment.training.loss} else ""
    if any(_sets(each, "label_smoothing") for each in space.choices):
        changing = changing or "training.label_smoothing"
    if objective == "validation_loss" and changing:
        raise MlplabError(
            f"values of different losses cannot be compared: with {changing} in the space the objective "
            f"is to be validation_{metric}"
        )
    has_targets = experiment.dataset.has_targets
    for loss in sorted(losses):
        if loss in (REGRESSION_HEADS if has_targets else HEADS):
            other = head_of(loss, has_targets=has_targets).metric_name
            if other != metric:
                raise MlplabError(
                    f"candidates of different metrics cannot be compared, received {metric} of the given "
                    f"setting and {other} (training.loss={loss})"
                )


def _losses(choice: Choice) -> list[str]:
    """Return the losses among the values of a setting."""
    values = choice.values if isinstance(choice, Axis) else ()
    if choice.setting == "training":
        return [value["loss"] for value in values if isinstance(value, Mapping) and "loss" in value]
    return [str(value) for value in values] if choice.setting == "training.loss" else []


def _check_task(space: Space) -> None:
    """Refuse settings that change what is to be learned: the easiest task would win."""
    for setting in space.settings:
        if setting.split(".")[0] == "dataset" and setting not in OF_TRAINING_SAMPLES:
            raise MlplabError(
                f"{setting} changes the validation samples, by which candidates are compared: the "
                "easiest ones would win; a map shows how it matters"
            )


def _check_least(name: str, value: int, least: int) -> None:
    if value < least:
        raise MlplabError(f"{name} must be at least {least}, received {value}")


def _check_halving(halving: str, factor: int, sampler: str, space: Space) -> None:
    if halving not in RESOURCES:
        raise MlplabError(
            f"halving expects what grows from round to round, {', '.join(RESOURCES)}, received "
            f"{shown(halving)}"
        )
    _check_least("factor", factor, 2)
    if factor > MOST_CANDIDATES:
        raise MlplabError(f"factor must be at most {MOST_CANDIDATES:,}, received {shown(factor)}")
    if sampler == "tpe":
        raise MlplabError(
            "halving begins with all candidates, and TPE names them one after the other: take "
            "random, sobol or grid"
        )
    if halving != "replications" and any(_sets(each, "epochs") for each in space.choices):
        raise MlplabError("training.epochs cannot both be searched and grow from round to round")


def _sets(choice: Choice, name: str) -> bool:
    """Tell whether a setting is this one of `training`, or a table of `training` with it."""
    if choice.setting == "training":
        values = choice.values if isinstance(choice, Axis) else ()
        return any(isinstance(value, Mapping) and name in value for value in values)
    return choice.setting == f"training.{name}"
