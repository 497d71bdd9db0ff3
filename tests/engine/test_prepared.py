"""Step sizes of a job: kept once for all jobs, and each job has its own numbers."""

from __future__ import annotations

import numpy as np

from mlplab.engine.prepared import _step_sizes, _steps
from mlplab.spec import SGD, Adam, ExponentialDecay

DECAY = SGD(
    learning_rate=ExponentialDecay(initial_learning_rate=1.0, decay_steps=2, decay_rate=0.25)
)


def test_what_is_kept_for_others_cannot_be_written():
    assert _steps(DECAY, 5) is _steps(DECAY, 5)
    assert not _steps(DECAY, 5).flags.writeable
    columns = _step_sizes([DECAY] * 3, 5, np.float32)
    columns[:] = 0  # as a kernel might
    assert _step_sizes([DECAY] * 3, 5, np.float32)[:, 1].tolist() == [1, 0.5, 0.25, 0.125, 0.0625]


def test_each_network_has_a_column():
    other = SGD(learning_rate=0.5)
    mixed = _step_sizes([DECAY, other, DECAY], 3, np.float32)
    assert mixed.tolist() == [[1, 0.5, 1], [0.5, 0.5, 0.5], [0.25, 0.5, 0.25]]
    assert mixed.flags.c_contiguous
    assert mixed.dtype == np.float32
    adam = _step_sizes([Adam()] * 2, 4, np.float64)
    steps = Adam().step_sizes(np.arange(4.0))
    np.testing.assert_array_equal(adam, np.stack([steps, steps], axis=1))
