"""The option --seed, the same for every command that draws."""

from __future__ import annotations

from typing import Annotated

import typer

from mlplab.errors import MlplabError

LARGEST = 2**62
"""Far from where seeds, and numbers added to them, stop fitting into 64 bits."""


def check_seed(seed: int) -> int:
    """Return a seed that can be drawn from.

    Raises
    ------
    MlplabError
        If it is negative or above 2^62.
    """
    if not 0 <= seed <= LARGEST:
        raise MlplabError(f"--seed must be a whole number from 0 to 2^62, received {seed}")
    return seed


Seed = Annotated[
    int,
    typer.Option(
        callback=check_seed,
        metavar="S",
        help="What the randomness starts from: the same seed, the same points for ever.",
    ),
]
