"""What the source report published, as data. Accuracies are shares, 0 to 1."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class Published:
    """One row of a table of the source report; a value that it does not give is None."""

    table: int
    test_accuracy: float | None = None
    test_loss: float | None = None
    train_accuracy: float | None = None
    train_loss: float | None = None


_BATCH_16 = Published(table=1, test_accuracy=0.9883)
_BATCH_512 = Published(table=1, test_accuracy=0.7568)
_BY_HAND = Published(table=3, test_accuracy=0.9609, test_loss=0.0389)
_GLOROT_AND_ADAM = Published(table=4, test_accuracy=0.9480, test_loss=0.0152)

PUBLISHED: Mapping[str, Published] = MappingProxyType(
    {
        "1.1-batch-16": _BATCH_16,
        "1.1-batch-512": _BATCH_512,
        "1.1-batch-16-sigma-0.1": _BATCH_16,
        "1.1-batch-512-sigma-0.1": _BATCH_512,
        "1.2-linear": Published(table=2, test_accuracy=0.6162),
        "1.2-sigmoid": Published(table=2, test_accuracy=0.5000),
        "1.2-relu": Published(table=2, test_accuracy=0.9902),
        "1.3": _BY_HAND,
        "1.3-shared-initializer": _BY_HAND,
        "1.4": _GLOROT_AND_ADAM,
        "1.4-shared-initializer": _GLOROT_AND_ADAM,
        "2": Published(
            table=5,
            test_accuracy=0.9453,
            test_loss=0.0182,
            train_accuracy=0.9492,
            train_loss=0.0163,
        ),
    }
)
"""By experiment id, and `2` for the comparison of the own network with Keras."""

PUBLISHED_UPDATES: Mapping[str, int] = MappingProxyType({"1.1-batch-16": 128, "1.1-batch-512": 4})
"""Numbers of weight updates that the source report's text states (section 3.2.1)."""
