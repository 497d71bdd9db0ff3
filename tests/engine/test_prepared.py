"""What kernels know of the optimizers of a job: each network has its own numbers."""

from __future__ import annotations

import numpy as np

from mlplab.engine.jobs import Shape
from mlplab.engine.prepared import _updates
from mlplab.spec import SGD, Experiment, ExponentialDecay, Linear, Training
from mlplab.trial import Trials

DECAY = SGD(
    learning_rate=ExponentialDecay(initial_learning_rate=1.0, decay_steps=2, decay_rate=0.25)
)


def test_each_network_has_a_column():
    experiment = Experiment(
        dataset=Linear(train_per_class=3, test_per_class=1),
        training=Training(epochs=1, batch_size=2, optimizer=DECAY),
    )
    shape = Shape.from_trials(Trials.from_seeds(experiment, range(3)))
    other = SGD(learning_rate=0.5, momentum=0.25)
    _, constants, step_sizes = _updates((DECAY, other, DECAY), shape)
    assert step_sizes.tolist() == [[[1, 0.5, 1]], [[0.5, 0.5, 0.5]], [[0.25, 0.5, 0.25]]]
    assert constants.tolist() == [[0, 0.25, 0], [0, 0, 0], [0, 0, 0]]
    for array in (constants, step_sizes):
        assert array.flags.c_contiguous
        assert array.dtype == np.float32
