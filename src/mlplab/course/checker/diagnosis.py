"""Which mistake explains what: the findings of one submission, taken together.

In one test, two mistakes may give the same answer. The one that explains more of the other tests is the
likelier. Errors are ambiguous too: where shapes do not fit, and another test shows that W is used the
wrong way round, that is why.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from mlplab.course.checker.checks import Finding
from mlplab.course.checker.mistakes import Mistake

BEHIND_ERRORS = {
    "shapes-do-not-fit": (
        "transposed-weights",
        "first-layer-skipped",
        "last-hidden-layer-skipped",
        "last-layer-twice",
        "layers-reversed",
        "same-weights-in-all-hidden-layers",
        "elementwise-product",
    ),
    "shapes-do-not-add": (
        "transposed-weights",
        "bias-along-points",
        "softmax-without-keepdims",
        "biases-of-another-layer",
        "elementwise-product",
    ),
}
"""What an error may come from, if another test shows it."""


def choose_mistakes(findings: Sequence[Finding]) -> list[Mistake | None]:
    """Return for each finding the mistake that explains it best, or None.

    Examples
    --------
    >>> one, other = Mistake("one", "", ""), Mistake("other", "", "")
    >>> found = choose_mistakes([Finding(False, "", (one, other)), Finding(False, "", (other,))])
    >>> [mistake.name for mistake in found]
    ['other', 'other']
    """
    seen: dict[str, Mistake] = {}
    for finding in findings:
        for mistake in finding.mistakes:
            seen.setdefault(mistake.name, mistake)
    candidates = [_with_causes(finding, seen) for finding in findings]
    votes = Counter(mistake.name for group in candidates for mistake in group)
    return [
        max(group, key=lambda mistake: votes[mistake.name]) if group else None
        for group in candidates
    ]


def _with_causes(finding: Finding, seen: dict[str, Mistake]) -> list[Mistake]:
    """Return the mistakes behind a finding; what has been seen elsewhere goes before an error's name."""
    causes = [
        seen[name]
        for mistake in finding.mistakes
        for name in BEHIND_ERRORS.get(mistake.name, ())
        if name in seen
    ]
    return causes or list(finding.mistakes)
