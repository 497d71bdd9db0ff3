"""What paired runs say of two experiments: how far apart they are, and the verdict."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from mlplab.statistics.intervals import Estimate

Verdict = Literal["better", "worse", "no meaningful difference", "inconclusive"]

COMPARABLE = 30
"""Below so many pairs there is no verdict."""

SIGNIFICANT = 0.05
"""The largest p-value, corrected for the family, with which a verdict stands."""


@dataclass(frozen=True)
class Comparison:
    """A against B, by pairs of runs that share their seeds.

    Attributes
    ----------
    pairs : int
        All pairs.
    left_out : int
        Pairs in which a run diverged: they are not in `difference`, but they are in `ahead`.
    difference : Estimate or None
        Mean of A - B over the other pairs, in the unit of the values; None if there are none.
    ahead : Estimate
        Probability that A is better than B in a pair. Ties count half; a diverged run loses.
    margin : float
        The smallest difference that is called meaningful, in the unit of the values.
    lower_is_better : bool
    p_value : float
        Of the hypothesis that the difference, of the sign that was seen, is just the margin. It is small
        where the difference is clearly larger, and where it is clearly smaller. With a margin of 0 it is
        the usual p-value of no difference. Resampled, it is never below 0.0002.
    p_corrected : float
        The same in its family, as `correct_family` sets it; else `p_value`.
    """

    pairs: int
    left_out: int
    difference: Estimate | None
    ahead: Estimate
    margin: float
    lower_is_better: bool
    p_value: float
    p_corrected: float

    @property
    def verdict(self) -> Verdict:
        """What may be said of A against B.

        It is `better` or `worse` if the whole interval of the difference lies beyond the margin, and
        `no meaningful difference` if it lies within, between the margin's two sides. Otherwise it is
        `inconclusive`, and so it is unless all of these hold:

        - at least 30 pairs have two values;
        - the corrected p-value is at most 0.05;
        - where runs diverged, of which the difference knows nothing, the interval of `ahead` lies on the
          same side of one half. `no meaningful difference` is never said then.
        """
        return self._judge()[0]

    @property
    def reason(self) -> str:
        """Why the verdict is what it is, as a clause."""
        return self._judge()[1]

    def _judge(self) -> tuple[Verdict, str]:
        complete = self.pairs - self.left_out
        if self.difference is None or complete < COMPARABLE:
            few = f"{complete} of {self.pairs}" if self.left_out else f"{complete}"
            return "inconclusive", f"{few} pairs are fewer than {COMPARABLE}"
        claim, reason = self._place(self.difference)
        if claim == "inconclusive":
            return claim, reason
        if self.p_corrected > SIGNIFICANT:
            corrected = "corrected " if self.p_corrected > self.p_value else ""
            return (
                "inconclusive",
                f"the {corrected}p-value {self.p_corrected:.4f} is above {SIGNIFICANT}",
            )
        if self.left_out and claim != self._leader():
            return "inconclusive", "the difference knows nothing of the runs that diverged"
        return claim, reason

    def _place(self, difference: Estimate) -> tuple[Verdict, str]:
        """Place the interval of the difference against the margin."""
        low, high = difference.low, difference.high
        if self.lower_is_better:
            low, high = -high, -low
        if low > self.margin:
            return "better", "the interval lies beyond the margin"
        if high < -self.margin:
            return "worse", "the interval lies beyond the margin"
        if -self.margin < low and high < self.margin:
            return "no meaningful difference", "the interval lies within the margin"
        return "inconclusive", "the interval reaches across the margin"

    def _leader(self) -> Verdict:
        """Say who wins more pairs than not, diverged runs counted."""
        if self.ahead.low > 0.5:
            return "better"
        return "worse" if self.ahead.high < 0.5 else "inconclusive"

    def _diverged(self) -> str:
        if self.left_out == self.pairs:
            return "in each pair a run diverged"
        if self.left_out == 1:
            return "1 pair with a diverged run is only in the latter"
        return f"{self.left_out} pairs with a diverged run are only in the latter"

    def sentence(self, a: str = "A", b: str = "B", *, percentage_points: bool = True) -> str:
        """Say the comparison in plain words.

        Parameters
        ----------
        a, b : str
            What to call A and B.
        percentage_points : bool
            Whether the values are shares, as accuracies are; losses are said as they are.

        Examples
        --------
        >>> difference, ahead = Estimate(0.042, 0.031, 0.053), Estimate(0.93, 0.86, 0.97)
        >>> comparison = Comparison(100, 0, difference, ahead, 0.01, False, 2e-4, 2e-4)
        >>> comparison.sentence("Adam", "SGD").split(": ")[0]
        'Adam is better than SGD'
        >>> comparison.sentence("Adam", "SGD").split(": ")[1].split("; ")[0]
        'Adam minus SGD is 4.20 percentage points on average (95 % interval 3.10 to 5.30, margin 1.00)'
        >>> comparison.sentence("Adam", "SGD").split("; ")[1]
        'Adam is ahead in 93 % of 100 pairs, ties counted half (95 % interval 86 to 97 %).'
        """
        scale, digits, unit = (100, 2, " percentage points") if percentage_points else (1, 4, "")

        def said(value: float) -> str:
            # Adding 0 makes 0.00 of -0.00.
            return f"{round(scale * value, digits) + 0.0:.{digits}f}"

        verdict, reason = self._judge()
        head = {
            "better": f"{a} is better than {b}",
            "worse": f"{a} is worse than {b}",
            "no meaningful difference": f"{a} and {b} show no meaningful difference",
            "inconclusive": f"{a} against {b} is inconclusive, since {reason}",
        }[verdict]
        found = []
        if self.difference is not None:
            mean, low, high = self.difference.value, self.difference.low, self.difference.high
            interval = f"95 % interval {said(low)} to {said(high)}, " if math.isfinite(low) else ""
            found.append(
                f"{a} minus {b} is {said(mean)}{unit} on average ({interval}margin {said(self.margin)})"
            )
        share, low, high = (
            100 * end for end in (self.ahead.value, self.ahead.low, self.ahead.high)
        )
        found.append(
            f"{a} is ahead in {share:.0f} % of {self.pairs} pairs, ties counted half "
            f"(95 % interval {low:.0f} to {high:.0f} %)"
        )
        if self.left_out:
            found.append(self._diverged())
        return f"{head}: {'; '.join(found)}."
