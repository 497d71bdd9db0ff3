"""The option --seed, the same for every command that draws, or that takes trained runs instead."""

from __future__ import annotations

from typing import Annotated

import typer


def _check(seed: int | None) -> int | None:
    from mlplab.streams import check_seed

    return None if seed is None else check_seed(seed, "--seed")


Seed = Annotated[
    int,
    typer.Option(
        callback=_check,
        metavar="S",
        help="What the randomness starts from: the same seed, the same points for ever.",
    ),
]

FirstSeed = Annotated[
    int | None,
    typer.Option(
        "--seed",
        callback=_check,
        metavar="S",
        help="Of the first run to train; 0 if not given.",
        show_default=False,
    ),
]
