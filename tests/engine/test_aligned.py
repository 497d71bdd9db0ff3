"""What kernels read row by row begins where a cache line begins: else every row lies in two lines."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np
import pytest

from mlplab import Experiment
from mlplab.engine import block, prepared, single
from mlplab.engine.aligned import LINE, aligned_copy, aligned_zeros
from mlplab.engine.drawn import draw_jobs
from mlplab.engine.jobs import Job, Shape
from mlplab.trial import Trials

READ_BY_ROWS = {
    *("theta", "h", "delta", "gradient", "first_moment", "second_moment"),
    *("answers", "scratch", "rate", "repeated"),
}


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("shape", [1, 5, (3, 16), (2, 7, 16)])
def test_an_aligned_array_begins_where_a_line_does(dtype: Any, shape: Any):
    kept = [aligned_zeros(shape, dtype) for _ in range(20)]
    for array in kept:
        assert array.ctypes.data % LINE == 0
        assert array.dtype == dtype
        assert array.shape == np.zeros(shape).shape
        assert array.flags.c_contiguous
        assert array.flags.writeable
        assert not array.any()


def test_a_copy_is_aligned_and_its_own():
    array = np.arange(12, dtype=np.float32).reshape(3, 4)
    copy = aligned_copy(array)
    assert copy.ctypes.data % LINE == 0
    np.testing.assert_array_equal(copy, array)
    copy[0] = 7
    assert array[0].tolist() == [0, 1, 2, 3]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(("module", "networks"), [(block, 2), (single, 1)])
def test_kernels_get_aligned_arrays(
    monkeypatch: pytest.MonkeyPatch, module: Any, networks: int, dtype: str
):
    experiment = Experiment(
        dataset={"kind": "xor", "train_per_class": 5, "test_per_class": 3},
        network={"hidden_layers": 1, "layer_width": 3, "activation": "relu"},
        training={"epochs": 1, "batch_size": 4, "dtype": dtype},
    )
    trials = Trials.from_seeds(experiment, range(networks))
    job = Job(Shape.from_trials(trials), np.zeros(networks, np.int64), np.arange(networks))
    names, seen = list(inspect.signature(module.train).parameters), {}
    monkeypatch.setattr(module, "train", lambda *given: seen.update(zip(names, given, strict=True)))
    laid_out = prepared.prepare(job, *draw_jobs([job], [trials]))
    for _ in range(5):
        laid_out.train(np.zeros(1, np.uint8), np.zeros(1, np.int64))
        begins = {name: seen[name].ctypes.data % LINE for name in READ_BY_ROWS}
        assert begins == dict.fromkeys(READ_BY_ROWS, 0)
