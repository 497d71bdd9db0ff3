"""Numbers in words: nothing is said that the numbers do not hold."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mlplab.report.wording import (
    COMPARABLE,
    NOTHING,
    caution,
    count,
    endings,
    first_up,
    is_usual,
    listing,
    loss,
    order_of,
    percent,
    plural,
    position,
    rank_of,
    single,
    spread,
    tiny,
)

NAN = float("nan")

fraction = st.integers(0, 2560).map(lambda right: right / 2560)
fractions = arrays(np.float64, st.integers(1, 12), elements=fraction)
some_diverged = arrays(np.float64, st.integers(1, 12), elements=fraction | st.just(NAN))


def counts(where: str, n: int) -> dict[str, int]:
    """How many replications a position says the published value is above, equal to, and below."""
    found = dict.fromkeys(("above", "equal to", "below"), 0)
    for part in where.split(", "):
        said = re.fullmatch(r"(above|equal to|below) (.+)", part)
        assert said is not None
        word, number = said.groups()
        found[word] = n if number in ("the one run", f"all {n}") else int(number)
    return found


@pytest.mark.parametrize(
    ("value", "said"),
    [(0.98828125, "98.83 %"), (1.0, "100.00 %"), (0.0, "0.00 %"), (None, "–"), (NAN, "–")],
)
def test_a_share_is_said_as_a_percentage(value: float | None, said: str) -> None:
    assert percent(value) == said


def test_a_percentage_has_the_digits_that_are_asked_for() -> None:
    assert percent(0.99996, 3) == "99.996 %"


@pytest.mark.parametrize(
    ("value", "said"), [(0.03891, "0.0389"), (None, "–"), (NAN, "–"), (np.inf, "–")]
)
def test_a_loss_has_four_digits(value: float | None, said: str) -> None:
    assert loss(value) == said


@given(st.floats(1e-300, 1e300))
def test_a_tiny_number_reads_back_to_two_digits(value: float) -> None:
    said = re.fullmatch(r"\$(.+) dot 10\^\((.+)\)\$", tiny(value))
    assert said is not None
    mantissa, exponent = said.groups()
    assert float(f"{mantissa}e{exponent}") == pytest.approx(value, rel=0.051)


def test_nothing_is_said_as_0() -> None:
    assert tiny(0.0) == "0"


def test_counts_and_lists_read_as_one_says_them() -> None:
    assert count(1_234_567) == "1,234,567"
    assert [plural(n, "run") for n in (0, 1, 2, 1000)] == [
        "0 runs",
        "1 run",
        "2 runs",
        "1,000 runs",
    ]
    assert plural(2, "boundary", "boundaries") == "2 boundaries"
    assert [listing(list(w)) for w in ("a", "ab", "abc")] == ["a", "a and b", "a, b and c"]
    assert first_up("the runs") == "The runs"


@given(some_diverged)
def test_a_spread_is_the_median_and_range_of_what_did_not_diverge(values: Any) -> None:
    known = values[~np.isnan(values)]
    said = [float(number) for number in re.findall(r"[\d.]+", spread(values))]
    match len(known):
        case 0:
            assert spread(values) == "diverged"
        case 1:
            assert said == [pytest.approx(100 * known[0], abs=0.0051)]
        case _:
            expected = [np.median(known), known.min(), known.max()]
            assert said == [pytest.approx(100 * value, abs=0.0051) for value in expected]


def test_a_spread_of_losses_has_no_per_cent() -> None:
    assert spread(np.array([0.01, NAN, 0.03]), loss) == "0.0200 (0.0100 to 0.0300)"


@given(fraction, some_diverged)
def test_a_position_counts_every_replication_once(published: float, values: Any) -> None:
    known = values[~np.isnan(values)]
    where = position(published, values)
    if not len(known):
        assert where == NOTHING
        return
    found = counts(where, len(known))
    assert sum(found.values()) == len(known)
    # Fractions of 2,560 are further apart than a rounding, so that here equal means equal.
    assert found["above"] == (known < published).sum()
    assert found["below"] == (known > published).sum()
    rank = rank_of(published, values)
    assert rank is not None
    assert rank.is_outside == (published > known.max() or published < known.min())
    assert rank == tuple(found[where] for where in ("above", "equal to", "below"))


@pytest.mark.parametrize("say", [percent, loss])
@given(fraction)
def test_a_value_that_rounds_to_the_published_one_is_equal_to_it(
    say: Callable[[float], str], value: float
) -> None:
    digits = float(say(value).removesuffix(" %"))
    published = digits / 100 if say is percent else digits
    assert position(published, np.array([value])) == "equal to the one run"


def test_775_of_1024_are_the_published_75_68_per_cent_and_their_neighbours_are_not() -> None:
    assert position(0.7568, np.array([774, 775, 776]) / 1024) == "above 1, equal to 1, below 1"


def test_a_position_outside_says_so_whatever_the_number_of_runs() -> None:
    assert position(0.9, np.array([0.8, 0.7])) == "above all 2"
    assert position(0.9, np.array([0.95])) == "below the one run"
    assert position(0.9, np.array([0.9, 0.9])) == "equal to all 2"
    assert position(None, np.array([0.9])) == NOTHING
    assert rank_of(None, np.array([0.9])) is None
    assert is_usual(None, np.array([0.9]))


@pytest.mark.parametrize(
    ("rank", "usual"), [(0, False), (4, False), (5, True), (95, True), (96, False), (100, False)]
)
def test_of_many_replications_the_outer_tenth_is_unusual(rank: int, usual: bool) -> None:
    values = np.arange(100) / 100
    assert is_usual(rank / 100 - 0.005, values) == usual


def test_of_few_replications_only_what_is_beyond_all_is_unusual() -> None:
    assert is_usual(0.9, np.array([0.9, 0.95]))
    assert not is_usual(0.8, np.array([0.9, 0.95]))
    assert is_usual(1.0, np.ones(100))


@given(some_diverged, some_diverged)
def test_an_order_is_claimed_only_of_ranges_that_do_not_meet(one: Any, another: Any) -> None:
    said = order_of(("a", one), ("b", another))
    a, b = one[~np.isnan(one)], another[~np.isnan(another)]
    if not len(a) or not len(b):
        assert said == "No comparison of a with b: all runs of one of them diverged."
        return
    assert ("very run with a scored above every run with b." in said) == (a.min() > b.max())
    assert ("very run with a scored below every run with b." in said) == (a.max() < b.min())
    meet = a.min() <= b.max() and a.max() >= b.min()
    assert ("he ranges of a and b overlap" in said) == meet
    if meet:
        assert said.endswith(f"{percent(float(np.median(a)))} and {percent(float(np.median(b)))}.")
    diverged = len(a) < len(one) or len(b) < len(another)
    assert said.startswith("Diverged runs aside, ") == diverged


@given(fractions, fractions)
def test_an_order_turned_round_claims_the_opposite(one: Any, another: Any) -> None:
    there, back = order_of(("a", one), ("b", another)), order_of(("b", another), ("a", one))
    assert ("above" in there, "below" in there) == ("below" in back, "above" in back)


@given(st.integers(1, 200))
def test_too_few_replications_are_owned_up_to(replications: int) -> None:
    said = caution(replications)
    assert (said == "") == (replications >= COMPARABLE == 30)
    if said:
        assert plural(replications, "replication") in said
        assert "at least 30" in said


def test_endings_count_what_did_not_finish(scenario: Any) -> None:
    runs = scenario((0.5, 0.5, 0.9, 0.5), ("stuck", "diverged", "finished", "stuck"))
    assert endings(runs.task("1.1-batch-16").replicated) == (
        "1 of 4 runs diverged, 2 of 4 runs got stuck"
    )
    assert endings(scenario((0.9,)).task("1.1-batch-16").replicated) == ""


def test_a_single_run_that_diverged_has_no_number(scenario: Any) -> None:
    task = scenario((0.9,), keras=0.5, keras_ending="diverged").task("1.1-batch-16")
    assert single(task.keras, task.keras.test_accuracy) == "diverged"
    assert single(task.replicated[0], 0.9) == "90.00 %"
    assert single(task.replicated[0], 0.5, loss) == "0.5000"
