"""How fast a session trains: as many updates as its speed grants for the time that has passed."""

from __future__ import annotations

import math

SPEEDS = {
    "5 updates/s": (5.0, "updates"),
    "½ epoch/s": (0.5, "epochs"),
    "1 epoch/s": (1.0, "epochs"),
    "2 epochs/s": (2.0, "epochs"),
    "5 epochs/s": (5.0, "epochs"),
    "20 epochs/s": (20.0, "epochs"),
    "fastest": (math.inf, "epochs"),
}
"""Speeds by name: so many updates, or epochs, in a second."""

DEFAULT_SPEED = "2 epochs/s"


class Pace:
    """A budget of updates that grows with time.

    Parameters
    ----------
    speed : str
        A key of `SPEEDS`.

    Examples
    --------
    >>> pace = Pace("1 epoch/s")
    >>> pace.grant(now=10.0, per_epoch=64), pace.grant(now=10.5, per_epoch=64)
    (1, 32)
    """

    LONGEST = 0.5
    """Seconds that are made up for at most: a page that was away does not come back with a leap."""

    def __init__(self, speed: str = DEFAULT_SPEED) -> None:
        self.speed = speed
        self._last: float | None = None
        self._owed = 0.0

    @property
    def is_fastest(self) -> bool:
        """Whether there is no limit."""
        return math.isinf(SPEEDS[self.speed][0])

    def rest(self) -> None:
        """Forget the time that passes until the next grant."""
        self._last, self._owed = None, 0.0

    def take_back(self, updates: float) -> None:
        """Owe updates again that were granted and not made."""
        if math.isfinite(updates):
            self._owed += updates

    def grant(self, now: float, per_epoch: int) -> float:
        """Return how many updates may be made now: a whole number, or infinity.

        Parameters
        ----------
        now : float
            Seconds of any clock.
        per_epoch : int
            Updates of one epoch.
        """
        number, unit = SPEEDS[self.speed]
        if math.isinf(number):
            return math.inf
        rate = number * (per_epoch if unit == "epochs" else 1)
        first = self._last is None
        passed = 0.0 if self._last is None else min(now - self._last, self.LONGEST)
        self._last = now
        self._owed = 1.0 if first else self._owed + rate * passed
        whole = math.floor(self._owed)
        self._owed -= whole
        return whole
