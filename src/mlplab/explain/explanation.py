"""Why runs came out as they did: what was measured while they were trained again, in sentences."""

from __future__ import annotations

import html
from collections import Counter
from dataclasses import dataclass

from mlplab.explain.causes import CAUSES, LEARNED, CauseCode, sentence_of
from mlplab.run import Ending
from mlplab.spec import MetricName


@dataclass(frozen=True)
class Finding:
    """A cause with its evidence.

    Attributes
    ----------
    code : str
    numbers : dict of str to float
        The evidence; what each is, `sentence` says.
    sentence : str
    """

    code: CauseCode
    numbers: dict[str, float]
    sentence: str

    @classmethod
    def of(cls, code: CauseCode, numbers: dict[str, float], metric: MetricName) -> Finding:
        """Put a cause into words."""
        return cls(code, numbers, sentence_of(code, numbers, metric))


@dataclass(frozen=True)
class RunExplanation:
    """Why one run came out as it did.

    Attributes
    ----------
    seed : int
    ending : str
    reason : str
        How it ended, as `Run.reason` says.
    findings : tuple of Finding
        What has evidence, the likeliest first; at least one.
    again : str
        What else came of it when it was trained again by the engine, after another trainer: a sentence.
        Empty where it came out alike.
    """

    seed: int
    ending: Ending
    reason: str
    findings: tuple[Finding, ...]
    again: str = ""

    @property
    def code(self) -> CauseCode:
        """The likeliest cause."""
        return self.findings[0].code

    @property
    def learned(self) -> bool:
        """Whether nothing is wrong with it."""
        return self.code in LEARNED

    def __str__(self) -> str:
        first, *others = self.findings
        lines = [f"seed {self.seed} {self.reason}", *([self.again] if self.again else [])]
        lines.append(first.sentence)
        return "\n".join([*lines, *(f"Besides: {each.sentence}" for each in others)])


@dataclass(frozen=True)
class Explanation:
    """Why some runs came out as they did.

    Attributes
    ----------
    runs : tuple of RunExplanation
        Those that were looked at.
    trained, failed : int
        Of how many runs they are, and how many of these got stuck or diverged.
    """

    runs: tuple[RunExplanation, ...]
    trained: int
    failed: int

    @property
    def counts(self) -> dict[CauseCode, int]:
        """Of how many of the runs each is the likeliest cause, the most common first."""
        return dict(Counter(run.code for run in self.runs).most_common())

    @property
    def failures(self) -> dict[CauseCode, int]:
        """As `counts`, of those only that did not learn."""
        return {code: n for code, n in self.counts.items() if code not in LEARNED}

    @property
    def headline(self) -> str:
        """What there is to say of all of them, in a sentence."""
        if self.trained == 1:
            return f"Seed {self.runs[0].seed} {self.runs[0].reason}."
        wrong = sum(self.failures.values())
        looked_at = len(self.runs)
        few = "fails" if self.failed == 1 else "fail"
        start = f"Of {self.trained} runs {self.failed or 'none'} {few}."
        worst = "the worst" if looked_at == 1 else f"the {looked_at} worst"
        where = "all of them" if looked_at == self.trained else worst
        if not wrong:
            return f"{start} Nothing is wrong with {where}."
        causes = "; ".join(f"{CAUSES[code].short} ({n})" for code, n in self.failures.items())
        if wrong == looked_at:
            return f"{start} The likeliest cause in {where}: {causes}."
        of_whom = "them" if looked_at == self.trained else worst
        others = "the other one" if wrong == 1 else "the others"
        return (
            f"{start} Nothing is wrong with {looked_at - wrong} of {of_whom}; the likeliest cause in "
            f"{others}: {causes}."
        )

    def example(self, code: CauseCode) -> RunExplanation:
        """Return the first run of which this is the likeliest cause."""
        return next(run for run in self.runs if run.code == code)

    def __repr__(self) -> str:
        return f"<Explanation: {self.headline}>"

    def __str__(self) -> str:
        if self.trained == 1:
            return str(self.runs[0])
        examples = [self.example(code) for code in self.failures or self.counts]
        return "\n\n".join([self.headline, *map(str, examples)])

    def _repr_html_(self) -> str:
        paragraphs = str(self).split("\n\n")
        return "".join(f"<p>{html.escape(p).replace(chr(10), '<br>')}</p>" for p in paragraphs)
