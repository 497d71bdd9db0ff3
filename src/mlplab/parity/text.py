"""What parity found, as text and as rows of a table."""

from __future__ import annotations

import csv
import io
import textwrap
from collections.abc import Iterator, Sequence

import numpy as np

from mlplab.parity.compare import Parity
from mlplab.parity.differences import Differences
from mlplab.parity.effects import Effect, Ledger
from mlplab.parity.mine import MOST_UPDATES

WIDTH = 80
_ROWS = (1, 2, 5)


def text_of(found: Parity) -> str:
    """Return all that was found, to print: differences, where they begin, and defaults."""
    trial = found.trial
    head = (
        f"Seed {trial.seed}, {found.updates:,} of {trial.updates:,} updates in "
        f"{trial.experiment.training.dtype}: the largest difference of a weight or bias from "
        "the reference."
    )
    parts = [_filled(head), table_of(found), "\n".join(map(_filled, verdicts(found)))]
    if found.left_out:
        parts.append("\n".join(map(_filled, found.left_out)))
    if found.mine is not None:
        parts.append("\n".join(map(_filled, _of_mine(found))))
    if found.ledger is not None:
        parts.append(ledger_text(found.ledger))
    return "\n\n".join(part for part in parts if part)


def shown_updates(updates: int) -> list[int]:
    """Return 1, 2, 5, 10, 20, 50, … and the last update.

    >>> shown_updates(40)
    [1, 2, 5, 10, 20, 40]
    """
    rows = [
        row * 10**power
        for power in range(len(str(updates)))
        for row in _ROWS
        if row * 10**power < updates
    ]
    return [*rows, updates]


def table_of(found: Parity) -> str:
    """Return a table: an update on each line, a library in each column."""
    columns = found.columns
    if not columns:
        return ""
    widths = [max(len(each.name), 9) for each in columns]
    lines = ["  ".join(["  update", *_set(columns, widths)])]
    for update in shown_updates(found.updates):
        numbers = [
            f"{each.largest[update - 1]:.1e}" if update <= len(each.largest) else ""
            for each in columns
        ]
        cells = [f"{number:>{width}}" for number, width in zip(numbers, widths, strict=True)]
        lines.append("  ".join([f"{update:>8,}", *cells]).rstrip())
    return "\n".join(lines)


def _set(columns: Sequence[Differences], widths: Sequence[int]) -> list[str]:
    return [f"{each.name:>{width}}" for each, width in zip(columns, widths, strict=True)]


def verdicts(found: Parity) -> list[str]:
    """Return for each library the first update that exceeds the tolerance, a sentence each."""
    said = []
    for each in found.columns:
        first = each.first_above(found.tolerance)
        if first is None:
            most = float(each.largest.max())
            said.append(
                f"{each.name}: within {found.tolerance:.0e} in all {len(each.largest):,} updates, "
                f"{most:.1e} at most."
            )
            continue
        layers = np.flatnonzero((each.by_layer[first - 1] > found.tolerance).any(axis=1)) + 1
        where = f"layer {layers[0]}" if len(layers) == 1 else f"layers {_listed(layers.tolist())}"
        if 1 < len(layers) == each.by_layer.shape[1]:
            where = "all layers"
        before = float(each.largest[0]) if first > 1 else None
        grown = "" if before is None else f"; after the first update it was {before:.1e}"
        said.append(
            f"{each.name}: exceeds {found.tolerance:.0e} first at update {first:,} "
            f"({each.largest[first - 1]:.1e}, in {where}){grown}."
        )
    return said


def _listed(numbers: Sequence[int]) -> str:
    return f"{', '.join(map(str, numbers[:-1]))} and {numbers[-1]}"


def _of_mine(found: Parity) -> Iterator[str]:
    mine = found.mine
    if mine is None:
        return
    if found.updates > MOST_UPDATES:
        yield f"Of mine, {MOST_UPDATES} updates are made at most: each starts a process."
    if mine.finding is None:
        return
    if mine.finding.right:
        yield (
            "The gradients of this update agree with the reference's to 1e-5 of a layer's largest: what "
            "parts the weights is rounding, as of float32, or a factor near 1."
        )
        return
    yield mine.finding.facts
    if mine.mistake is not None:
        yield f"The likely cause: {mine.mistake.what} {mine.mistake.look}"


def ledger_text(ledger: Ledger) -> str:
    """Return the defaults that differ and what they do, a paragraph each."""
    name = ledger.metric_name.replace("_", " ")
    head = (
        "Defaults that differ. Each effect is that of one other default, all else as in the experiment: "
        "the largest difference of a weight at the end, and the scores on the test samples, which are "
        f"{name} {ledger.metric:.4f} and loss {ledger.loss:.4g} as it is. One seed: for what a default "
        "does in general, see `mlplab compare`."
    )
    parts = [_filled(head)]
    for default, effects in ledger.rows:
        lines = [default.what]
        values = (
            ("Keras", default.keras),
            ("scikit-learn", default.scikit_learn),
            ("PyTorch", default.pytorch),
        )
        lines += [f"  {library + ':':14}{value}" for library, value in values]
        lines += [_effect_text(effect, name) for effect in effects]
        parts.append("\n".join(lines))
    return "\n\n".join(parts)


def _effect_text(effect: Effect, name: str) -> str:
    return (
        f"  as {effect.library}: weights differ by {effect.difference:.1e}, {name} "
        f"{effect.metric:.4f}, loss {effect.loss:.4g}"
    )


def differences_csv(found: Parity) -> str:
    """Return the largest difference by update as CSV: a column for each library, empty where it ended."""
    buffer = io.StringIO()
    rows = csv.writer(buffer, lineterminator="\n")
    rows.writerow(["update", *(each.name for each in found.columns)])
    for update in range(found.updates):
        numbers = [
            f"{each.largest[update]:.6e}" if update < len(each.largest) else ""
            for each in found.columns
        ]
        rows.writerow([update + 1, *numbers])
    return buffer.getvalue()


def ledger_csv(ledger: Ledger) -> str:
    """Return the defaults as CSV: a row for each effect, or one for a default without any."""
    buffer = io.StringIO()
    rows = csv.writer(buffer, lineterminator="\n")
    effect_columns = ["taken from", "weight difference", f"test {ledger.metric_name}", "test loss"]
    rows.writerow(["what", "Keras", "scikit-learn", "PyTorch", *effect_columns])
    for default, effects in ledger.rows:
        values = [default.what, default.keras, default.scikit_learn, default.pytorch]
        for effect in effects or (None,):
            numbers = ("", "", "", "")
            if effect is not None:
                scores = (f"{effect.metric:.6f}", f"{effect.loss:.6g}")
                numbers = (effect.library, f"{effect.difference:.6e}", *scores)
            rows.writerow([*values, *numbers])
    return buffer.getvalue()


def _filled(text: str) -> str:
    return textwrap.fill(text, WIDTH, break_on_hyphens=False)
