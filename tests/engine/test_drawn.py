"""Jobs that are drawn together, which saves time, have what each has when it is drawn by itself."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from mlplab.data import Samples
from mlplab.engine.drawn import draw_jobs
from mlplab.engine.jobs import make_jobs
from mlplab.engine.lanes import LANES
from mlplab.spec import Experiment, Linear, Network, Training
from mlplab.trial import Trials

DRAWN = Experiment(
    dataset=Linear(train_per_class=3, test_per_class=2),
    network=Network(hidden_layers=1, layer_width=3, activation="tanh"),
    training=Training(epochs=1, batch_size=4),
)
RNG = np.random.default_rng(1)
X, Y = RNG.normal(size=(30, 2)), np.arange(30) % 3
SPLIT = np.repeat(["train", "validation", "test"], 10)


def own(standardise: bool, split: Any = None) -> tuple[Experiment, Samples]:
    dataset = {"kind": "arrays", "standardise": standardise}
    experiment = Experiment(dataset=dataset, network=DRAWN.network, training=DRAWN.training)
    return experiment, Samples.from_arrays(X, Y, split)


KINDS = {
    "a recipe": (DRAWN, None),
    "own samples": own(standardise=False),
    "own samples, standardised": own(standardise=True),
    "own splits": own(standardise=False, split=SPLIT),
    "own splits, standardised": own(standardise=True, split=SPLIT),
}


@pytest.mark.parametrize("count", [2 * LANES + 5, 3], ids=["blocks", "one by one"])
@pytest.mark.parametrize("kind", KINDS)
def test_jobs_are_drawn_together_as_each_by_itself(kind: str, count: int):
    experiment, samples = KINDS[kind]
    groups = [Trials.from_seeds(experiment, range(count), samples)]
    jobs = make_jobs(groups, threads=1)
    assert len(jobs) == 3
    for job, drawn in zip(jobs, draw_jobs(jobs, groups), strict=True):
        (alone,) = draw_jobs([job], groups)
        assert drawn.experiments == alone.experiments
        assert all(split.flags.c_contiguous for split in drawn.splits)  # as kernels want them
        arrays = [
            (
                *d.splits,
                *(part for layer in d.layers for part in layer),
                d.keys,
                *(d.standardising or ()),
            )
            for d in (drawn, alone)
        ]
        for one, other in zip(*arrays, strict=True):
            assert one.shape == other.shape
            assert (one == other).all()


def test_small_blocks_are_drawn_together_and_large_ones_by_themselves():
    experiment, samples = own(standardise=False, split=SPLIT)
    small = make_jobs([Trials.from_seeds(experiment, range(20), samples)], threads=1)[0].shape
    large = experiment.varied({"network.layer_width": 100, "network.hidden_layers": 2})
    wide = make_jobs([Trials.from_seeds(large, range(20), samples)], threads=1)[0].shape
    assert small.drawn_together > 1
    assert wide.drawn_together == 1
