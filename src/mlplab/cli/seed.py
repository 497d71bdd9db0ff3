"""The option --seed, the same for every command that draws."""

from __future__ import annotations

from typing import Annotated

import typer


def _check(seed: int) -> int:
    from mlplab.streams import check_seed

    return check_seed(seed, "--seed")


Seed = Annotated[
    int,
    typer.Option(
        callback=_check,
        metavar="S",
        help="What the randomness starts from: the same seed, the same points for ever.",
    ),
]
