"""What paired runs say of two experiments: how far apart they are, and the verdict."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from mlplab.statistics.intervals import Estimate
from mlplab.statistics.measures import Measure

Verdict = Literal["better", "worse", "no meaningful difference", "inconclusive"]
"""What a comparison says of the first side."""

COMPARABLE = 30
"""Below so many pairs there is no verdict."""

SIGNIFICANT = 0.05
"""The largest p-value, corrected for the family, with which a verdict stands."""


@dataclass(frozen=True)
class Comparison:
    """A against B, by pairs of runs with the same seed.

    Attributes
    ----------
    measure : Measure
        What is compared.
    pairs : int
        All pairs.
    left_out : int
        Pairs in which a run diverged: `difference` leaves them out, `probability_of_improvement` counts
        them.
    difference : Estimate or None
        Mean of A - B over the other pairs, in the unit of the values; None if there are none.
    probability_of_improvement : Estimate
        Probability that A is better than B in a pair. Ties count one half; a diverged run loses.
    margin : float
        The smallest difference that is called meaningful, in the unit of the values.
    p_value : float
        Of the hypothesis that the difference, with the sign that was seen, is exactly the margin. It is
        small where the difference is clearly larger and where it is clearly smaller. With a margin of 0
        it is the usual p-value of no difference. From a permutation test it is never below 0.0002.
    p_corrected : float
        The p-value corrected for its family by `correct_family`; without a family, `p_value`.
    resplit_ratio : float or None
        n_test / n_train where all runs re-split one set of samples: intervals and p-value are then
        corrected for what the runs have in common.
    one_split : bool
        Whether all runs have the same training and test samples.
    """

    measure: Measure
    pairs: int
    left_out: int
    difference: Estimate | None
    probability_of_improvement: Estimate
    margin: float
    p_value: float
    p_corrected: float
    resplit_ratio: float | None = None
    one_split: bool = False

    @property
    def verdict(self) -> Verdict:
        """What may be said of A against B.

        It is `better` or `worse` if the whole interval of the difference lies beyond the margin, and
        `no meaningful difference` if it lies between minus the margin and the margin. Otherwise it is
        `inconclusive`. It is also `inconclusive` unless all of these hold:

        - in at least 30 pairs neither run diverged;
        - the corrected p-value is at most 0.05;
        - if runs diverged, which the difference leaves out, the interval of
          `probability_of_improvement` lies on the same side of one half. The verdict is then never
          `no meaningful difference`.
        """
        return self._judge()[0]

    @property
    def reason(self) -> str:
        """Why the verdict is what it is, as a clause."""
        return self._judge()[1]

    @property
    def scope(self) -> str:
        """What samples the comparison holds for, as a clause; empty where each run drew its own."""
        if self.one_split:
            return "all runs share one split, so that this says nothing of other samples"
        if self.resplit_ratio is not None:
            return "all runs re-split one set of samples, and intervals and p-value are corrected for it"
        return ""

    def _judge(self) -> tuple[Verdict, str]:
        complete = self.pairs - self.left_out
        if self.difference is None or complete < COMPARABLE:
            few = f"{complete} of {_pairs(self.pairs)}" if self.left_out else _pairs(complete)
            verb = "is" if complete == 1 else "are"
            return "inconclusive", f"{few} {verb} fewer than {COMPARABLE}"
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
            return "inconclusive", "the difference leaves out the runs that diverged"
        return claim, reason

    def _place(self, difference: Estimate) -> tuple[Verdict, str]:
        """Compare the interval of the difference with the margin."""
        low, high = difference.low, difference.high
        if self.measure.lower_is_better:
            low, high = -high, -low
        interval = "the interval"
        if self.resplit_ratio is not None:
            interval = "the interval, corrected for re-splits of one set of samples,"
        if low > self.margin:
            return "better", f"{interval} lies beyond the margin"
        if high < -self.margin:
            return "worse", f"{interval} lies beyond the margin"
        if -self.margin < low and high < self.margin:
            return "no meaningful difference", f"{interval} lies within the margin"
        return "inconclusive", f"{interval} has differences within the margin and beyond it"

    def _leader(self) -> Verdict:
        """Say which is better in more than half of all pairs, diverged runs counted."""
        if self.probability_of_improvement.low > 0.5:
            return "better"
        return "worse" if self.probability_of_improvement.high < 0.5 else "inconclusive"

    def sentence(self, a: str = "A", b: str = "B") -> str:
        """Say the comparison in plain words.

        Parameters
        ----------
        a, b : str
            What to call A and B.

        Examples
        --------
        >>> from mlplab.statistics import MEASURES
        >>> comparison = Comparison(
        ...     MEASURES["test_accuracy"],
        ...     pairs=100,
        ...     left_out=0,
        ...     difference=Estimate(0.042, 0.031, 0.053),
        ...     probability_of_improvement=Estimate(0.93, 0.86, 0.97),
        ...     margin=0.01,
        ...     p_value=2e-4,
        ...     p_corrected=2e-4,
        ... )
        >>> head, rest = comparison.sentence("Adam", "SGD").split(": ")
        >>> head
        'Adam is better than SGD'
        >>> rest.split("; ")[0]
        'Adam minus SGD is 4.20 percentage points on average (95 % interval 3.10 to 5.30, margin 1.00)'
        >>> rest.split("; ")[1]
        'Adam is better in 93 % of 100 pairs, ties counted half (95 % interval 86 to 97 %).'
        """
        return f"{self.headline(a, b)}: {'; '.join(self.clauses(a, b))}."

    def headline(self, a: str = "A", b: str = "B") -> str:
        """Say the verdict alone, as the beginning of `sentence`."""
        verdict, reason = self._judge()
        head = {
            "better": f"{a} is better than {b}",
            "worse": f"{a} is worse than {b}",
            "no meaningful difference": f"{a} and {b} show no meaningful difference",
            "inconclusive": f"{a} against {b} is inconclusive, since {reason}",
        }[verdict]
        return f"On this one split of the samples {head}" if self.one_split else head

    def clauses(self, a: str = "A", b: str = "B") -> tuple[str, ...]:
        """Say what the verdict rests on, as `sentence` does: difference, pairs, and how far it holds."""
        return (
            *self._difference_in_words(a, b),
            self._pairs_in_words(a),
            *self._diverged_in_words(),
            *([self.scope] if self.scope else []),
        )

    def _difference_in_words(self, a: str, b: str) -> list[str]:
        if self.difference is None:
            return []
        write, unit = self.measure.write, self.measure.unit and f" {self.measure.unit}"
        low, high = self.difference.low, self.difference.high
        interval = f"95 % interval {write(low)} to {write(high)}, " if math.isfinite(low) else ""
        mean = f"{write(self.difference.value)}{unit} on average"
        return [f"{a} minus {b} is {mean} ({interval}margin {write(self.margin)})"]

    def _pairs_in_words(self, a: str) -> str:
        found = self.probability_of_improvement
        won, low, high = (f"{100 * end:.0f}" for end in (found.value, found.low, found.high))
        return (
            f"{a} is better in {won} % of {_pairs(self.pairs)}, ties counted half "
            f"(95 % interval {low} to {high} %)"
        )

    def _diverged_in_words(self) -> list[str]:
        if not self.left_out:
            return []
        if self.left_out == self.pairs:
            return ["in each pair a run diverged"]
        if self.left_out == 1:
            return ["1 pair with a diverged run counts only in the latter"]
        return [f"{self.left_out} pairs with a diverged run count only in the latter"]


def _pairs(count: int) -> str:
    return "1 pair" if count == 1 else f"{count} pairs"
