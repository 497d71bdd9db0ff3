"""How an epoch is divided into batches."""

from __future__ import annotations


def count_batches(samples: int, batch_size: int) -> int:
    """Return how many batches so many samples make, the last one perhaps smaller; each is one update.

    Parameters
    ----------
    samples : int
        At least 0.
    batch_size : int
        At least 1.

    Examples
    --------
    >>> count_batches(1024, 16), count_batches(1025, 16), count_batches(5, 16)
    (64, 65, 1)
    """
    return -(-samples // batch_size)
