"""Make a store to be kept:  python make_kept_store.py PATH. Run once for each released schema."""

from __future__ import annotations

import sys

import numpy as np

from mlplab.run import Outcomes
from mlplab.spec import Experiment
from mlplab.store import Store, changes_text, spec_text
from mlplab.training import train


def main(path: str) -> None:
    base = Experiment(dataset={"kind": "linear", "train_per_class": 16, "test_per_class": 8})
    changes = {"training.batch_size": 4, "training.optimizer.learning_rate": 1e30}
    variant = base.varied(changes)
    plane = Experiment(dataset={"kind": "plane", "train_samples": 16, "test_samples": 8})
    with Store(path) as store:
        (number,) = store.add_experiments([base.key], [spec_text(base)])
        (other,) = store.add_experiments([variant.key], [changes_text(changes)], int(number))
        command = store.add_command("mlplab train linear.toml --replications 3")
        for experiment, place in ((base, number), (variant, other)):
            runs = Outcomes.from_runs(train(experiment, replications=3, seed=5))
            store.add_runs(runs, np.array([place]), command)
        metric = plane.head.metric_name
        ids = store.add_experiments([plane.key], [spec_text(plane)], metric=metric)
        runs = train(plane, replications=3, seed=5, trainer="reference")
        store.add_runs(Outcomes.from_runs(runs), ids, command)
        sweep = store.add_sweep("01" * 32, {"x": "training.batch_size"})
        store.add_cells(sweep, np.arange(2), np.array([number, other]))


if __name__ == "__main__":
    main(sys.argv[1])
