"""The yardstick: how fast this machine multiplies float32 matrices."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from mlplab.bench.taken import Taken, time_of
from mlplab.bench.workload import Workload

SIZE = 1024
"""Rows and columns; from about 512 on the rate no longer depends on it."""

PRODUCTS = 20
"""Of each thread in a measurement: a few tenths of a second."""


class Sgemm:
    """As many floating-point operations as a workload's, in products of large matrices.

    Each thread multiplies matrices of its own, so that none waits for another; with one network there
    is one thread, as there is in the engine. The ratio to the engine's time is the fraction of this rate
    that the engine reaches: above 100 % where NumPy's BLAS leaves wider registers unused, as OpenBLAS
    does on some processors with AVX-512 (`numpy.show_runtime()` names its architecture).
    """

    def __init__(self, workload: Workload, threads: int) -> None:
        self.networks = 1
        self.threads = min(threads, workload.population)
        self.operations = workload.operations * workload.epochs
        generator = np.random.default_rng(0)
        shape = (self.threads, 3, SIZE, SIZE)
        self.matrices = generator.random(shape, dtype=np.float32)

    def train(self) -> Taken:
        """Multiply, and return what the workload's operations take at this rate."""

        def multiply(thread: int) -> None:
            a, b, product = self.matrices[thread]
            for _ in range(PRODUCTS):
                np.matmul(a, b, out=product)

        with ThreadPoolExecutor(self.threads) as pool:
            # A pool starts a thread when the first work for it comes: not in the time taken.
            list(pool.map(time.sleep, [0.001] * self.threads))
            taken = time_of(lambda: list(pool.map(multiply, range(self.threads))))
        return taken.times(self.operations / (self.threads * PRODUCTS * 2 * SIZE**3))

    def outcome(self) -> None:
        """Return nothing: nothing is trained."""
