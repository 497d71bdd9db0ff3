"""Where one can start: the lab's tasks, by the names that a student reads."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from mlplab.report import EXPERIMENTS
from mlplab.spec import (
    SGD,
    Adam,
    Circles,
    Experiment,
    Franke,
    Linear,
    Moons,
    Network,
    Spirals,
    Training,
    Xor,
    Zeros,
)

_LAB = {
    "1.1-batch-16": "1.1  two clouds, batch 16",
    "1.1-batch-512": "1.1  two clouds, batch 512",
    "1.1-batch-16-sigma-0.1": "1.1  wider clouds, batch 16",
    "1.1-batch-512-sigma-0.1": "1.1  wider clouds, batch 512",
    "1.2-linear": "1.2  two rings, linear",
    "1.2-sigmoid": "1.2  two rings, sigmoid",
    "1.2-relu": "1.2  two rings, relu",
    "1.3": "1.3  five rings, momentum",
    "1.4": "1.4  five rings, Adam",
}


def _more(dataset: Moons | Circles | Spirals | Xor | Franke, widths: tuple[int, ...]) -> Experiment:
    return Experiment(
        dataset=dataset,
        network=Network(hidden_layers=len(widths), layer_width=widths, activation="tanh"),
        training=Training(optimizer=Adam(learning_rate=0.01), batch_size=32, epochs=60),
    )


PRESETS: Mapping[str, Experiment] = MappingProxyType(
    {title: EXPERIMENTS[name] for name, title in _LAB.items()}
    | {
        "3  a line, by hand": Experiment(
            dataset=Linear(sigma=0.1),
            network=Network(initializer=Zeros()),
            training=Training(optimizer=SGD(learning_rate=1.0), batch_size=16, epochs=4),
        ),
        "more  moons": _more(Moons(train_per_class=256, test_per_class=256), (8, 8)),
        "more  circles": _more(Circles(factor=0.5, train_per_class=256, test_per_class=256), (8,)),
        "more  xor": _more(Xor(train_per_class=256, test_per_class=256), (8,)),
        "more  three spirals": _more(
            Spirals(classes=3, sigma=0.03, train_per_class=256, test_per_class=256), (16, 16)
        ),
        "more  Franke's surface": _more(Franke(sigma=0.05), (16, 16)),
    }
)
"""Experiments by title, the lab's first, in its order."""

FIRST = _LAB["1.2-relu"]
"""What a new page shows."""
