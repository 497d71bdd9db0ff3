"""The reproduced lab as `results.json`: every number of the report, for machines."""

from __future__ import annotations

import math
import os
import platform
from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np

from mlplab.boundary import LinearRegions
from mlplab.explain import Explanation, Remedies
from mlplab.report.reproduction import Claim, Crossed, HandSolution, Parity, Reproduction, Task
from mlplab.run import Float64, Run, Runs
from mlplab.statistics import (
    Summary,
    count_failures,
    interquartile_mean,
    outcomes,
    percentile_of,
    summarise,
)

SCHEMA = "mlplab.results/1"

PACKAGES = (
    "mlplab",
    "numpy",
    "scipy",
    "keras",
    "jax",
    "tensorflow",
    "torch",
    "matplotlib",
    "typst",
)


def results(reproduction: Reproduction) -> dict[str, Any]:
    """Return the whole record as JSON's types; what is not finite becomes null.

    Accuracies are fractions, 0 to 1; times are seconds of wall time.
    """
    record: dict[str, Any] = _plain(
        {
            "schema": SCHEMA,
            "versions": package_versions(),
            "machine": machine_in_short(),
            "seed": reproduction.seed,
            "replications": reproduction.replications,
            "seconds": reproduction.seconds,
            "tasks": [_task(task) for task in reproduction.tasks.values()],
            "parity": None if reproduction.parity is None else _parity(reproduction.parity),
            "boundary": [_boundary(solution) for solution in reproduction.by_hand],
            "comparisons": [
                _comparison(claim) for claim in (*reproduction.claims, *reproduction.initializers)
            ],
            "variance": None if reproduction.crossed is None else _variance(reproduction.crossed),
            "errata": [
                {"number": e.number, "title": e.title, "measured": e.measured}
                for e in reproduction.errata
            ],
        }
    )
    return record


def package_versions() -> dict[str, str]:
    """Return the versions of Python and of every package that bears on the numbers, if installed."""
    return {"python": platform.python_version(), **installed_versions(PACKAGES)}


def installed_versions(packages: Iterable[str]) -> dict[str, str]:
    """Return the versions of those packages that are installed."""
    found = {}
    for package in packages:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def machine_in_short() -> dict[str, str | int | None]:
    """Return what the numbers' times depend on."""
    return {
        "system": platform.system(),
        "release": platform.release(),
        "architecture": platform.machine(),
        "cores": os.cpu_count(),
    }


def _summary(values: Float64, published: float | None) -> dict[str, Any]:
    """Summarise runs; `values` lists the diverged ones too, which stand in no other figure."""
    summary = summarise(values)
    names = [field.name for field in fields(Summary)]
    figures = dict.fromkeys(names) if summary is None else asdict(summary)
    mean = interquartile_mean(values)
    return {
        **figures,
        "iqm": None if mean is None else mean.value,
        "iqm_ci95": None if mean is None else (mean.low, mean.high),
        "published_percentile": None if published is None else percentile_of(published, values),
        "values": values,
    }


def _task(task: Task) -> dict[str, Any]:
    """Describe a task; `iqm`, its interval and the percentile also stand beside `failed`, of accuracy."""
    accuracy = _summary(task.test_accuracy, task.published.test_accuracy)
    failures = count_failures(task.replicated.ending)
    return {
        "id": task.id,
        "table": task.published.table,
        "published": {
            name: value
            for name, value in asdict(task.published).items()
            if name != "table" and value is not None
        },
        "keras": _keras(task.keras),
        "replicated": {
            "trainer": task.replicated.trainer,
            "seeds": task.replicated.seed,
            "endings": task.replicated.ending,
            **{name: accuracy[name] for name in ("iqm", "iqm_ci95", "published_percentile")},
            "failed": {
                "count": failures.stuck + failures.diverged,
                "fraction": failures.fraction.value,
                "interval": (failures.fraction.low, failures.fraction.high),
            },
            "test_accuracy": accuracy,
            "test_loss": _summary(task.test_loss, task.published.test_loss),
        },
        "why": None if task.explanation is None else _explanation(task.explanation),
        "rate_held": None if task.held is None else _held(task.held),
        "remedies": None if task.remedies is None else _remedies(task.remedies),
        "linear_regions": None if task.regions is None else _regions(task.regions),
    }


def _explanation(explanation: Explanation) -> dict[str, Any]:
    return {
        "runs": [
            {
                "seed": run.seed,
                "ending": run.ending,
                "causes": [{"code": f.code, "numbers": f.numbers} for f in run.findings],
            }
            for run in explanation.runs
        ]
    }


def _held(runs: Runs) -> dict[str, Any]:
    return {
        "seeds": runs.seed,
        "endings": runs.ending,
        "train_accuracy": outcomes(runs, "train_accuracy"),
        "test_accuracy": outcomes(runs, "test_accuracy"),
    }


def _remedies(remedies: Remedies) -> dict[str, Any]:
    found = []
    for each in remedies.tried:
        failures, difference = each.failures, each.comparison.difference
        found.append(
            {
                "set": each.change.values,
                "failed": failures.stuck + failures.diverged,
                "failed_interval": (failures.fraction.low, failures.fraction.high),
                "p_fewer_corrected": each.p_fewer,
                "difference": None if difference is None else difference.value,
                "difference_ci95": None
                if difference is None
                else (difference.low, difference.high),
                "p_corrected": each.comparison.p_corrected,
                "effect": each.effect,
            }
        )
    return {
        "seeds": remedies.seeds,
        "failed": remedies.failures.stuck + remedies.failures.diverged,
        "changes": found,
    }


def _regions(found: LinearRegions) -> dict[str, Any]:
    return {
        "box": asdict(found.box),
        "count": found.region_count,
        "boundary_segments": len(found.boundary),
        "boundary_length": found.boundary_length,
    }


def _comparison(claim: Claim) -> dict[str, Any]:
    comparison = claim.comparison
    difference, won = comparison.difference, comparison.probability_of_improvement
    return {
        "task": claim.task,
        "other": claim.other,
        "source": claim.source,
        "verdict": comparison.verdict,
        "pairs": comparison.pairs,
        "left_out": comparison.left_out,
        "difference": None if difference is None else difference.value,
        "difference_ci95": None if difference is None else (difference.low, difference.high),
        "probability_of_improvement": won.value,
        "probability_of_improvement_ci95": (won.low, won.high),
        "margin": comparison.margin,
        "p_value": comparison.p_value,
        "p_corrected": comparison.p_corrected,
    }


def _variance(crossed: Crossed) -> dict[str, Any]:
    return {
        "task": crossed.task,
        "seeds": crossed.seeds,
        "fractions": None if crossed.fractions is None else asdict(crossed.fractions),
        "test_accuracy": crossed.runs.test_accuracy.reshape((crossed.seeds,) * 3),
    }


def _keras(run: Run) -> dict[str, Any]:
    names = (
        "test_accuracy",
        "test_loss",
        "train_accuracy",
        "train_loss",
        "updates",
        "seconds",
        "ending",
    )
    return {name: getattr(run, name) for name in names}


def _parity(parity: Parity) -> dict[str, Any]:
    return {
        "keras": asdict(parity.keras),
        "own": asdict(parity.own),
        "largest_difference": parity.largest_difference,
        "trainings": [asdict(training) for training in parity.trainings],
    }


def _boundary(solution: HandSolution) -> dict[str, Any]:
    return {
        "id": solution.id,
        "equation": solution.equation,
        "W": solution.network.W,
        "b": solution.network.b,
        "line": str(solution.check.line),
        "is_wanted_line": solution.check.draws_wanted_line,
        "accuracy": solution.test_accuracy,
    }


def _plain(value: Any) -> Any:
    """Turn arrays and NumPy's numbers into JSON's types, and what is not finite into None."""
    match value:
        case Mapping():
            return {key: _plain(item) for key, item in value.items()}
        case np.ndarray() | np.generic():
            return _plain(value.tolist())
        case list() | tuple():
            return [_plain(item) for item in value]
        case float() if not math.isfinite(value):
            return None
        case _:
            return value
