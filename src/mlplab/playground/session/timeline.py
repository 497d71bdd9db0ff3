"""What a network was: its weights now and then, so that one can look back."""

from __future__ import annotations

from dataclasses import dataclass

from mlplab.trial import Float

MOST_BYTES = 6_000_000
"""Of all the moments of a session together."""

MOST_MOMENTS = 400


@dataclass(frozen=True, eq=False)
class Moment:
    """A network as it was after some updates.

    Attributes
    ----------
    step : int
        Updates made.
    epoch : int
        Whole epochs done.
    weights, biases : tuple of ndarray
    """

    step: int
    epoch: int
    weights: tuple[Float, ...]
    biases: tuple[Float, ...]

    @property
    def nbytes(self) -> int:
        """Bytes of its numbers."""
        return sum(part.nbytes for part in (*self.weights, *self.biases))


class Timeline:
    """Moments of one training, evenly spread over its updates, within a fixed memory.

    Every moment is kept at first; when there are too many, every second one goes, and from then on they
    are kept half as often. The first is never lost.

    Examples
    --------
    >>> timeline = Timeline(most=4)
    >>> for step in range(12):
    ...     timeline.add(Moment(step, 0, (), ()))
    >>> [moment.step for moment in timeline.moments]
    [0, 4, 8]
    """

    def __init__(self, most: int = MOST_MOMENTS) -> None:
        self.moments: list[Moment] = []
        self._most = most
        self._spacing = 1

    def is_due(self, step: int) -> bool:
        """Whether a moment after so many updates would be kept: the last one is not too near."""
        return not self.moments or step >= self.moments[-1].step + self._spacing

    def add(self, moment: Moment) -> None:
        """Keep a moment, if it is due."""
        if not self.is_due(moment.step):
            return
        self.moments.append(moment)
        most = min(self._most, max(2, MOST_BYTES // max(1, moment.nbytes)))
        while len(self.moments) > most:
            self._spacing *= 2
            self.moments = _spaced(self.moments, self._spacing)

    def nearest(self, step: int) -> Moment:
        """Return the moment whose step is nearest to one that was asked for."""
        return min(self.moments, key=lambda moment: abs(moment.step - step))


def _spaced(moments: list[Moment], spacing: int) -> list[Moment]:
    kept = moments[:1]
    for moment in moments[1:]:
        if moment.step >= kept[-1].step + spacing:
            kept.append(moment)
    return kept
