"""The order in which pairs are measured, and what is made of their times."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mlplab.bench.rounds import Measurement, Pair, measure_pairs
from mlplab.bench.taken import Taken, time_of


class Clock:
    """A machine that gets slower with every measurement, by the same factor."""

    def __init__(self, slower: float = 1.0) -> None:
        self.order: list[str] = []
        self.slower = slower

    def side(self, name: str, seconds: float) -> Measurement:
        def measure() -> Taken:
            taken = Taken(seconds, 2 * seconds).times(self.slower ** len(self.order))
            self.order.append(name)
            return taken

        return measure


def test_each_pair_is_measured_side_by_side_and_who_is_first_alternates() -> None:
    clock = Clock()
    others = {name: clock.side(name, 1.0) for name in "bcd"}
    measure_pairs(clock.side("a", 1.0), others, rounds=3)
    rounds = ["abacad", "dacaba", "abacad"]
    assert "".join(clock.order) == "".join(rounds)


def test_times_go_to_the_side_that_took_them() -> None:
    clock = Clock()
    others = {"b": clock.side("b", 3.0), "c": clock.side("c", 5.0)}
    pairs = measure_pairs(clock.side("a", 2.0), others, rounds=2)
    assert list(pairs) == ["b", "c"]
    assert pairs["b"] == Pair((Taken(2.0, 4.0),) * 2, (Taken(3.0, 6.0),) * 2)
    assert [pairs[name].ratio for name in "bc"] == [1.5, 2.5]


def test_a_machine_that_gets_slower_favours_nobody() -> None:
    clock = Clock(slower=1.1)
    pairs = measure_pairs(clock.side("a", 1.0), {"b": clock.side("b", 4.0)}, rounds=6)
    assert pairs["b"].ratios == pytest.approx([4.4, 4 / 1.1] * 3)
    assert pairs["b"].ratio == pytest.approx(4.0, rel=0.01)


def test_one_disturbed_round_does_not_move_the_median(pair_of: Callable[..., Pair]) -> None:
    pair = pair_of(ours=[1.0, 1.0, 9.0, 1.0, 1.0], theirs=[10.0, 11.0, 10.0, 12.0, 90.0])
    assert (pair.lowest, pair.ratio, pair.highest) == (10 / 9, 11.0, 90.0)


def test_the_ratio_is_the_median_of_ratios_and_not_the_ratio_of_medians(
    pair_of: Callable[..., Pair],
) -> None:
    assert pair_of(ours=[1.0, 2.0, 4.0], theirs=[8.0, 4.0, 2.0]).ratio == 2.0
    assert pair_of(ours=[1.0, 2.0, 8.0], theirs=[2.0, 10.0, 16.0]).ratio == 2.0


def test_the_processor_has_a_ratio_of_its_own() -> None:
    pair = Pair((Taken(1.0, 2.0),), (Taken(8.0, 8.0),))
    assert (pair.ratio, pair.processor_ratio) == (8.0, 4.0)


def test_every_pair_is_reported() -> None:
    clock, seen = Clock(), []
    others = {name: clock.side(name, 1.0) for name in "bc"}
    measure_pairs(
        clock.side("a", 1.0), others, rounds=2, on_pair=lambda: seen.append(len(clock.order))
    )
    assert seen == [2, 4, 6, 8]


def test_time_of_takes_both_clocks_around_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [10.0]
    monkeypatch.setattr("mlplab.bench.taken.time.perf_counter", lambda: now[0])
    monkeypatch.setattr("mlplab.bench.taken.time.process_time", lambda: 2 * now[0])

    def work() -> None:
        now[0] += 3.0

    assert time_of(work) == Taken(seconds=3.0, processor=6.0)
