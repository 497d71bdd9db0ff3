"""The engine is compiled when a server starts, beside all else, so that the page is there at once."""

from __future__ import annotations

import threading

from mlplab.engine import Stepper
from mlplab.spec import Experiment, Linear
from mlplab.training import train
from mlplab.trial import draw


class Warming:
    """A thread that trains next to nothing, for which the kernels are compiled or fetched from the disk.

    Attributes
    ----------
    ready : threading.Event
        Set when one network can be trained at once.
    """

    def __init__(self) -> None:
        self.ready = threading.Event()
        self._thread = threading.Thread(target=self._warm, name="mlplab-warming", daemon=True)

    def start(self) -> None:
        """Begin, if that has not been done."""
        if self._thread.ident is None:
            self._thread.start()

    def _warm(self) -> None:
        try:
            smallest = Experiment(dataset=Linear(train_per_class=1, test_per_class=1))
            stepper = Stepper(draw(smallest, seed=0))
            stepper.train(1)
            stepper.scores("test")
        finally:
            # Whatever went wrong here goes wrong again where it can be shown.
            self.ready.set()
        train(smallest, replications=2, threads=1)  # the kernel of many, for replications
