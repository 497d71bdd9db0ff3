"""What early stopping does, in numbers: the table of docs/stopping.md.

Each line compares a hundred runs that stop early to a hundred that do not, from the same seeds.
"""

from __future__ import annotations

import sys
from typing import Any

from compare import accuracy_text, interval, median_loss

from mlplab import Experiment, train
from mlplab.statistics import compare_runs

NOISY = Experiment(
    dataset={"kind": "moons", "sigma": 0.3, "train_per_class": 25, "test_per_class": 256},
    network={
        "hidden_layers": 1,
        "layer_width": 50,
        "activation": "relu",
        "initializer": "he_normal",
    },
    training={
        "loss": "categorical_crossentropy",
        "optimizer": {"kind": "adam", "learning_rate": 0.01},
        "batch_size": 10,
        "epochs": 300,
    },
)
CLEAN = NOISY.varied(
    {
        "dataset": {"sigma": 0.1, "train_per_class": 256},
        "training": {
            "loss": "mean_squared_error",
            "optimizer": {"kind": "sgd", "learning_rate": 0.5},
            "epochs": 100,
        },
    }
)
LINES = [
    ("50 noisy moons (σ = 0.3), 50 neurons, Adam, 300 epochs; patience 10", NOISY, 10),
    ("512 clean moons (σ = 0.1), SGD, 100 epochs; patience 2", CLEAN, 2),
]


def main(replications: int) -> None:
    """Print the table."""
    print("| | without | with early stopping | verdict on the test accuracy |")
    print("| --- | --- | --- | --- |")
    for title, experiment, patience in LINES:
        rule = {"patience": patience, "restore_best_weights": True}
        stopping = experiment.varied({"training.early_stopping": rule})
        without, having = (train(each, replications) for each in (experiment, stopping))
        found = compare_runs(having, without)
        verdict = f"{found.verdict}: {interval(found)}"
        print(f"| {title} | {text(without)} | {text(having)} | {verdict} |")


def text(runs: Any) -> str:
    """Return what runs came to, and how many updates they took in the mean."""
    accuracy, loss = accuracy_text(runs), median_loss(runs)
    return f"{accuracy}, test loss {loss}, {runs.updates.mean():,.0f} updates"


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
