"""How a network came about: its seed, and what was changed on the way, which no seed says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from mlplab.trial import Float


class TrainedNetwork(Protocol):
    """A network as it was after some updates."""

    @property
    def step(self) -> int:
        """Updates made."""

    @property
    def epoch(self) -> int:
        """Whole epochs done."""

    @property
    def weights(self) -> tuple[Float, ...]:
        """W of each layer, (outputs, inputs)."""

    @property
    def biases(self) -> tuple[Float, ...]:
        """The bias vector of each layer, (outputs,)."""


@dataclass(frozen=True)
class Change:
    """What a user changed in a training under way, in words.

    Attributes
    ----------
    update : int
        How many updates had been made.
    what : str
        What was changed, such as `learning rate`.
    before, after : str
        What it was, and what it became.
    """

    update: int
    what: str
    before: str
    after: str


@dataclass(frozen=True)
class Provenance:
    """Where a network comes from.

    Attributes
    ----------
    seed : int
        Of its data, initial weights and order of samples.
    changes : tuple of Change
        Of its settings.
    by_hand : tuple of Change
        Numbers that were put in the place of weights and biases.
    """

    seed: int
    changes: tuple[Change, ...] = ()
    by_hand: tuple[Change, ...] = ()

    @property
    def is_from_seed_alone(self) -> bool:
        """Whether the seed and the experiment alone make the same network again."""
        return not (self.changes or self.by_hand)


CHANGED = (
    "It cannot be made again from the seed alone: it was changed on the way. Its weights are below."
)


def origin_of(network: TrainedNetwork, provenance: Provenance) -> str:
    """Return the lines of a program that say how its weights came about.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> network = SimpleNamespace(step=1200, epoch=4, weights=(), biases=())
    >>> print(origin_of(network, Provenance(3)))
    Trained in the mlplab playground from seed 3: 1,200 updates, 4 whole epochs.
    >>> print(origin_of(network, Provenance(3, (Change(400, "learning rate", "1", "0.01"),))))
    Made in the mlplab playground, begun with seed 3: 1,200 updates, 4 whole epochs.
    It cannot be made again from the seed alone: it was changed on the way. Its weights are below.
    - after 400 updates: learning rate, from 1 to 0.01
    <BLANKLINE>
    """
    done = f"{network.step:,} updates, {network.epoch:,} whole epochs."
    if provenance.is_from_seed_alone:
        return f"Trained in the mlplab playground from seed {provenance.seed}: {done}"
    entries = [(each, "") for each in provenance.changes]
    entries += [(each, ", by hand") for each in provenance.by_hand]
    lines = [
        f"- after {each.update:,} updates{how}: "
        f"{_plain(each.what)}, from {_plain(each.before)} to {_plain(each.after)}"
        for each, how in sorted(entries, key=lambda entry: entry[0].update)
    ]
    begun = f"Made in the mlplab playground, begun with seed {provenance.seed}: {done}"
    return "\n".join([begun, CHANGED, *lines, ""])


def _plain(text: str) -> str:
    r"""Write a text so that it can stand in a program's docstring: on one line, and closing nothing.

    >>> _plain("the\n  line"), _plain('a"') == r'a\"'
    ('the line', True)
    """
    printable = "".join(each if each.isprintable() else " " for each in text)
    words = " ".join(each for each in printable.split(" ") if each)
    return words.replace("\\", "\\\\").replace('"', '\\"')
