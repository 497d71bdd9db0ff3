"""Maps with made-up outcomes, whose pages are looked at."""

from __future__ import annotations

import numpy as np

from mlplab.run import Outcomes
from mlplab.spec import Experiment
from mlplab.sweep import Axis, MapPlan, TrainedMap

BASE = Experiment(
    dataset="linear", network={"hidden_layers": 1, "layer_width": 4, "activation": "relu"}
)
RATE = "training.optimizer.learning_rate"


def made(x: str, y: str, replications: int = 40, part: float = 1.0) -> TrainedMap:
    """Return a map with made-up outcomes: better towards its middle, diverged at its right end."""
    plan = MapPlan(BASE, Axis.parse(x, BASE), Axis.parse(y, BASE), replications, 3)
    rows, columns = plan.shape
    generator = np.random.default_rng(4)
    place = np.repeat(np.arange(round(part * plan.cell_count)), replications)
    seed = np.tile(3 + np.arange(replications), len(place) // replications)
    u, v = (place % columns + 0.5) / columns - 0.5, (place // columns + 0.5) / rows - 0.5
    accuracy = np.clip(0.95 - u**2 - v**2 + 0.02 * generator.normal(size=len(place)), 0, 1)
    ending = np.select(
        [u + 0.1 * generator.normal(size=len(place)) > 0.4, generator.random(len(place)) < 0.05],
        ["diverged", "stuck"],
        "finished",
    )
    trained = TrainedMap(plan)
    scores = {
        each.attribute: accuracy if each.metric else 1e3 ** (2 * u) * (1.01 - accuracy)
        for each in trained.measures.values()
    }
    outcomes = Outcomes(
        experiment=place,
        seed=seed,
        ending=ending,
        cause=np.full(len(place), "", "<U9"),
        updates=np.ones(len(place), np.int64),
        seconds=np.zeros(len(place)),
        **scores,
    )
    trained.write(np.arange(plan.cell_count), outcomes)
    return trained


NUMERIC = (f"{RATE}=log:1e-3:10:24", "training.optimizer.momentum=lin:0:0.9:16")
NAMED = ("training.optimizer=sgd,adam,rmsprop,adagrad", "network.activation=relu,tanh,sigmoid")
