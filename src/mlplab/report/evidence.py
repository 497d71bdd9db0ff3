"""The chapters that only replication makes possible: claims judged, and the spread explained."""

from __future__ import annotations

from collections.abc import Sequence

from mlplab.report.elements import Element, Heading, Paragraph, Picture, Table
from mlplab.report.reproduction import Claim, Crossed
from mlplab.report.wording import NOTHING, caution, percent, plural
from mlplab.statistics import VarianceFractions


def judged_claims(claims: Sequence[Claim], replications: int) -> list[Element]:
    """Return the chapter that judges the source's comparisons; nothing where there are none."""
    if not claims:
        return []
    return [
        Heading("The source's comparisons, judged"),
        Paragraph(
            "The source compares one run with one run. Here the runs of two tasks are paired by their seeds, "
            "which share samples, shuffles and the random numbers behind the weights, and the difference of their test accuracies is taken pair by "
            "pair. A verdict needs the whole 95 % interval of the mean difference beyond, or within, a margin "
            "of one percentage point, and a p-value of at most 0.05 after Holm's correction for all "
            "comparisons of this table. " + caution(replications)
        ),
        Table(
            "The comparisons that the source makes, by paired replications. Probability of "
            "improvement: the fraction of pairs in which the first is better, ties counted half.",
            (
                "",
                "Difference (95 % interval)",
                "Probability of improvement (95 % interval)",
                "Verdict",
            ),
            tuple(_row(claim) for claim in claims),
        ),
        *(Paragraph(claim.sentence, f"{claim.source.rstrip('.')}") for claim in claims),
    ]


def _row(claim: Claim) -> tuple[str, ...]:
    difference = claim.comparison.difference
    won = claim.comparison.probability_of_improvement
    told = (
        NOTHING
        if difference is None
        else f"{100 * difference.value:+.2f} ({100 * difference.low:+.2f} to {100 * difference.high:+.2f}) pp"
    )
    return (
        f"{claim.task} against {claim.other}",
        told,
        f"{percent(won.value, 0)} ({percent(won.low, 0).removesuffix(' %')} to {percent(won.high, 0)})",
        claim.comparison.verdict,
    )


def explained_spread(crossed: Crossed) -> list[Element]:
    """Return what is said of the sources of a task's spread."""
    runs = plural(len(crossed.runs), "run")
    method = (
        f"To see what makes the runs of task {crossed.task} differ, {crossed.seeds} draws of the samples, "
        f"{crossed.seeds} of the initial weights and {crossed.seeds} of the shuffles were combined in "
        f"every way, {runs} in all."
    )
    if crossed.fractions is None:
        return [Paragraph(f"{method} Some diverged, or all came out the same: nothing to split.")]
    fractions = crossed.fractions
    return [
        Heading(f"What makes task {crossed.task} differ from run to run", level=2),
        Paragraph(f"{method} {_largest(fractions)}"),
        Table(
            f"Fractions of the variance of the test accuracy of task {crossed.task} (random-effects analysis "
            f"of variance of {runs}; with {crossed.seeds} draws of each they are rough).",
            ("Samples", "Weights", "Shuffles", "Only together"),
            (
                tuple(
                    percent(fraction, 0)
                    for fraction in (
                        fractions.samples,
                        fractions.weights,
                        fractions.shuffle,
                        fractions.interactions,
                    )
                ),
            ),
        ),
    ]


def _largest(fractions: VarianceFractions) -> str:
    named = {
        "the draw of the samples alone": fractions.samples,
        "the initial weights alone": fractions.weights,
        "the shuffles alone": fractions.shuffle,
        "combinations of them, which no single one explains,": fractions.interactions,
    }
    name = max(named, key=lambda key: named[key])
    return f"In these runs most of the variance, {percent(named[name], 0)}, comes from {name.rstrip(',')}."


def agreement_picture(id: str, runs: int) -> Picture:
    """Return the picture of where the replicated networks of a task agree."""
    return Picture(
        f"agreement-{id}",
        f"Task {id}: the class that most of {plural(runs, 'network')} call each place, the paler the fewer "
        "agree.",
        f"Map of the plane with the agreement of the replicated networks of task {id}.",
        width=0.58,
    )
