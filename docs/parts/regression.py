"""What losses and parts do where targets are to be approximated: the last table of docs/parts.md.

Each line compares a hundred runs with a part to a hundred without, from the same seeds: by how far what
they predict is from the sine without noise, on average over a grid.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlplab import Experiment, Runs, draw, train
from mlplab.statistics import Measure, compare
from mlplab.trial import Trial, Trials

SINE = Experiment(
    dataset={"kind": "noisy_sine", "sigma": 0.1, "train_samples": 128, "test_samples": 128},
    network={"hidden_layers": 1, "layer_width": 20, "activation": "tanh"},
    training={
        "optimizer": {"kind": "adam", "learning_rate": 0.01},
        "batch_size": 16,
        "epochs": 100,
    },
)
FEW = SINE.varied({"dataset.sigma": 0.5, "dataset.train_samples": 24, "training.epochs": 1000})
PROBLEMS = {"sine": SINE, "sine with outliers": SINE, "few and noisy": FEW}

ERROR = Measure("error", "mean distance from the sine", lower_is_better=True)
MARGIN = 0.01
GRID = np.linspace(-1, 1, 201)[:, None]

LINES: list[tuple[str, dict[str, Any]]] = [
    ("sine", {"training.loss": "huber"}),
    ("sine with outliers", {"training.loss": "huber"}),
    ("few and noisy", {"training.loss": "huber"}),
    ("sine", {"training.loss": "mean_absolute_error"}),
    ("sine with outliers", {"training.loss": "mean_absolute_error"}),
    ("few and noisy", {"training.loss": "mean_absolute_error"}),
    ("sine", {"network.kernel_regularizer": {"kind": "l2", "l2": 0.003}}),
    ("few and noisy", {"network.kernel_regularizer": {"kind": "l2", "l2": 0.003}}),
    ("sine", {"network.dropout": 0.2}),
    ("sine", {"training.early_stopping": {"patience": 10, "restore_best_weights": True}}),
]


def main(replications: int) -> None:
    """Print the table."""
    print("| problem | changed | distance without | with | verdict |")
    print("| --- | --- | --- | --- | --- |")
    for problem, part in LINES:
        base = PROBLEMS[problem]
        without, having = (
            distances(trained(each, problem, replications)) for each in (base, base.varied(part))
        )
        found = compare(having, without, MARGIN, measure=ERROR)
        said = ", ".join(
            f"`{path.rsplit('.', maxsplit=1)[-1]}` {value_text(value)}"
            for path, value in part.items()
        )
        low, high = found.difference.low, found.difference.high
        print(
            f"| {problem} | {said} | {without.mean():.3f} | {having.mean():.3f} | {found.verdict}: "
            f"{low:+.3f} to {high:+.3f} |"
        )


def trained(experiment: Experiment, problem: str, replications: int) -> Runs:
    """Train runs; of a problem with outliers, on samples of which every tenth is 4 too high."""
    trials = [draw(experiment, seed) for seed in range(replications)]
    if "outliers" in problem:
        trials = [with_outliers(trial) for trial in trials]
    return train(Trials.from_trials(trials))


def with_outliers(trial: Trial) -> Trial:
    """Return a trial in which every tenth training target is 4 too high."""
    y = trial.dataset.train.y.copy()
    y[::10] += 4
    return replace(trial, dataset=replace(trial.dataset, train=replace(trial.dataset.train, y=y)))


def distances(runs: Runs) -> NDArray[np.float64]:
    """Return the mean distance of each run's predictions from the sine, shape (runs,)."""
    sine = np.sin(np.pi * GRID)
    return np.array(
        [np.abs(run.predict(GRID) - sine).mean() for run in map(runs.__getitem__, range(len(runs)))]
    )


def value_text(value: Any) -> str:
    """Return a value as one would write it."""
    if not isinstance(value, dict):
        return str(value)
    fields = ", ".join(f"{k} {v}" for k, v in value.items() if k != "kind")
    return f"{value.get('kind', '')} ({fields})".strip()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
