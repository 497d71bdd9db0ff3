"""A search: what its rounds train, who wins, and what fresh runs say of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.special import stdtrit

from mlplab.cli.sweeping import runs_in
from mlplab.errors import MlplabError
from mlplab.spec import Experiment
from mlplab.store import Store
from mlplab.sweep import SearchPlan, Space, TrainedSearch, train_search
from mlplab.sweep.importance import importances
from mlplab.sweep.numbers import candidate_table
from mlplab.sweep.optimism import measure_optimism
from mlplab.sweep.search_figures import search_pictures, search_points
from mlplab.sweep.search_plan import FRESH
from mlplab.sweep.summary import as_markdown, finalist_rows, sentences
from mlplab.training import train

BASE = Experiment(
    dataset={"kind": "linear", "train_per_class": 24, "test_per_class": 40, "sigma": 0.15},
    training={"epochs": 9, "batch_size": 8},
)
RATE = "training.optimizer.learning_rate"
SPACE = Space.from_table({RATE: "log:0.001:3", "training.batch_size": [4, 8, 24]}, BASE)


def planned(**changes: Any) -> SearchPlan:
    return SearchPlan.of(
        BASE, SPACE, **({"candidates": 12, "replications": 4, "final": 30} | changes)
    )


@pytest.fixture(scope="module")
def found() -> TrainedSearch:
    return train_search(planned())


def by_hand(changes: dict[str, Any], seeds: range, epochs: int = 9) -> np.ndarray:
    experiment = BASE.varied(changes | {"training.epochs": epochs})
    return train(experiment, len(seeds), seed=seeds.start).history.validation_accuracy[:, -1]


def test_candidates_are_judged_by_validation_samples(found: TrainedSearch) -> None:
    means = [by_hand(changes, range(4)).mean() for changes in found.changes]
    assert found.column("mean").tolist() == pytest.approx(means, abs=1e-15)
    assert found.ranking[0] == np.argmax(means)
    assert found.verdict.winner.changes == found.changes[int(np.argmax(means))]
    assert found.verdict.winner.score == max(means)


def test_the_winner_is_judged_by_fresh_runs_on_test_samples(found: TrainedSearch) -> None:
    verdict = found.verdict
    assert [each.name for each in verdict.finalists] == ["winner", "runner-up", "given setting"]
    assert verdict.cells.seed == FRESH
    for place, finalist in enumerate(verdict.finalists):
        runs = train(BASE.varied(finalist.changes), 30, seed=FRESH)
        assert verdict.cells.values["test_accuracy"][place].tolist() == runs.test_accuracy.tolist()
    assert verdict.optimism == pytest.approx(
        verdict.winner.score - by_hand(verdict.winner.changes, range(FRESH, FRESH + 30)).mean()
    )
    assert set(verdict.comparisons) == {"runner-up", "given setting"}
    given = verdict.comparisons["given setting"]
    assert given.difference is not None
    assert given.difference.value == pytest.approx(
        float(verdict.test.mean[0] - verdict.test.mean[2])
    )
    # Corrected for the family of two.
    assert given.p_corrected >= given.p_value


def test_halving_gives_the_best_more(tmp_path: Path) -> None:
    plan = planned(candidates=18, replications=9, halving="both")
    found = train_search(plan)
    for before, after in zip(found.rounds, found.rounds[1:], strict=False):
        means = before.cells.statistics().mean
        best = before.numbers[np.argsort(-means, kind="stable")[: after.round.candidates]]
        assert sorted(best.tolist()) == after.numbers.tolist()
        place = int(after.numbers[0])
        values = by_hand(found.changes[place], range(after.round.replications), after.round.epochs)
        assert after.cells.values["validation_accuracy"][0].tolist() == values.tolist()


@pytest.mark.parametrize(
    ("halving", "rounds"),
    [
        ("replications", [(18, 1, 9), (6, 3, 9), (2, 9, 9)]),
        ("epochs", [(18, 9, 1), (6, 9, 3), (2, 9, 9)]),
        ("both", [(18, 3, 3), (6, 5, 5), (2, 9, 9)]),
    ],
)
def test_rounds_of_halving(halving: Any, rounds: list[tuple[int, int, int]]) -> None:
    plan = planned(candidates=18, replications=9, halving=halving)
    said = [(each.candidates, each.replications, each.epochs) for each in plan.rounds]
    assert said == rounds


def test_a_round_that_would_repeat_the_one_before_is_left_out() -> None:
    plan = planned(candidates=81, replications=4, halving="replications")
    said = [(each.candidates, each.replications) for each in plan.rounds]
    assert said == [(81, 1), (3, 4)]


def test_runs_of_the_round_before_are_not_trained_again(tmp_path: Path) -> None:
    plan = planned(candidates=6, replications=9, halving="replications", factor=3)
    told: list[tuple[int, int]] = []
    with Store(tmp_path / "a.sqlite") as store:
        with_store = train_search(plan, store)
        assert store.count()[0] == plan.run_count == 6 * 3 + 2 * 6 + 3 * 30
        # Of each experiment that was in both rounds, all nine; of the others, three.
        again = train_search(plan, store, progress=lambda *each: told.append(each))
        assert store.count()[0] == plan.run_count
    without = train_search(plan)
    assert told[-1] == (plan.run_count, plan.run_count)
    for one, other in ((with_store, without), (with_store, again)):
        assert one.changes == other.changes
        for a, b in zip(one.rounds, other.rounds, strict=True):
            np.testing.assert_array_equal(
                a.cells.values["validation_loss"], b.cells.values["validation_loss"]
            )
        np.testing.assert_array_equal(
            one.verdict.cells.values["test_loss"], other.verdict.cells.values["test_loss"]
        )


@pytest.mark.parametrize("sampler", ["random", "tpe"])
def test_a_search_finds_what_others_have_trained(sampler: str, tmp_path: Path) -> None:
    with Store(tmp_path / "a.sqlite") as store:
        few = train_search(planned(sampler=sampler, replications=2), store)
        before = store.count()[0]
        many = train_search(planned(sampler=sampler, replications=3), store)
        new = store.count()[0] - before
    if sampler == "random":
        # The third run of each candidate, and fresh ones of finalists who were none before.
        others = [each.changes for each in many.verdict.finalists]
        known = [each.changes for each in few.verdict.finalists]
        assert new == 12 + 30 * sum(each not in known for each in others)
    assert few.changes[:8] == many.changes[:8]


def test_a_diverged_run_puts_its_candidate_last() -> None:
    layers = {"hidden_layers": 3, "layer_width": 4, "activation": "linear"}
    base = BASE.varied({"network": layers})
    space = Space.from_table({RATE: [0.5, 1e38]}, base)
    plan = SearchPlan.of(base, space, "grid", replications=3, final=30)
    found = train_search(plan)
    assert found.column("diverged").tolist() == [0.0, 1.0]
    assert found.ranking.tolist() == [0]
    assert [each.name for each in found.verdict.finalists] == ["winner", "given setting"]
    worst = Space.from_table({RATE: [1e37, 1e38]}, base)
    with pytest.raises(MlplabError, match="every run of every candidate diverged"):
        train_search(SearchPlan.of(base, worst, "grid", replications=2, final=30))


def rates_of_halving(rates: list[float]) -> SearchPlan:
    """Plan a grid of learning rates, in three rounds; the greatest ones diverge."""
    layers = {"hidden_layers": 3, "layer_width": 4, "activation": "linear"}
    base = BASE.varied({"network": layers})
    space = Space.from_table({RATE: rates}, base)
    return SearchPlan.of(base, space, "grid", replications=9, halving="replications", final=3)


def test_runs_are_counted_where_fewer_candidates_are_left_than_were_planned(tmp_path: Path) -> None:
    plan = rates_of_halving([0.1, 0.2, *(k * 1e37 for k in range(1, 17))])
    with Store(tmp_path / "a.sqlite") as store:
        found = train_search(plan, store)
        assert [len(each.numbers) for each in found.rounds] == [18, 2, 2]
        # The first run of all candidates, eight more of two, and fresh ones of three settings.
        assert store.count()[0] == 18 + 2 * 8 + 3 * 3
        assert runs_in(store, plan.description, plan.parts) == store.count()[0]


def test_a_first_round_that_diverged_wholly_ends_the_search() -> None:
    plan = rates_of_halving([k * 1e37 for k in range(1, 19)])
    with pytest.raises(MlplabError, match="every run of every candidate diverged"):
        train_search(plan)


def test_the_given_setting_may_win() -> None:
    given = BASE.varied({RATE: 1.0})
    space = Space.from_table({RATE: [1e-6, 1.0]}, given)
    found = train_search(SearchPlan.of(given, space, "grid", replications=4, final=30))
    assert found.verdict.winner.changes == {RATE: 1.0}
    assert set(found.verdict.comparisons) == {"runner-up"}
    assert "The given setting is itself the winner." in " ".join(sentences(found)[1])
    assert search_points(found).given_score == pytest.approx(100 * found.verdict.validation.mean[0])


def test_losses_are_better_when_lower() -> None:
    found = train_search(planned(objective="validation_loss"))
    assert found.ranking[0] == np.argmin(found.column("mean"))
    assert found.verdict.test_measure == "test_loss"
    fresh = float(found.verdict.validation.mean[0])
    assert found.verdict.optimism == pytest.approx(fresh - found.verdict.winner.score)
    assert found.verdict.comparisons["given setting"].margin == 0


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"objective": "test_accuracy"}, "by validation samples"),
        ({"sampler": "tpee"}, "did you mean 'tpe'"),
        ({"candidates": 1}, "candidates must be at least 2"),
        ({"candidates": 10**6}, "at most 100,000 candidates"),
        ({"replications": 0}, "replications must be at least 1"),
        ({"final": 1}, "final must be at least 2"),
        ({"seed": -1}, "from 0 to 2^62"),
        ({"halving": "runs"}, "replications, epochs, both"),
        ({"halving": "both", "factor": 1}, "factor must be at least 2"),
        ({"halving": "both", "factor": 10**400}, "factor must be at most 100,000"),
        ({"halving": "both", "factor": 12}, "comes to a single round: take more candidates"),
        ({"halving": "replications", "replications": 1}, "comes to a single round"),
        ({"factor": 4}, "factor=4 is one of halving, and there is none"),
        ({"replications": 10**9}, "of memory"),
        ({"replications": 10**30}, "at most 1,000,000,000 replications"),
        ({"final": 10**12}, "of memory"),
        ({"halving": "both", "sampler": "tpe"}, "TPE names them one after the other"),
        ({"sampler": "grid"}, "has the candidates that it has"),
        ({"sampler": "grid", "candidates": None}, "a grid needs a number of values"),
    ],
)
def test_what_does_not_go_together_is_refused(changes: dict[str, Any], says: str) -> None:
    with pytest.raises(MlplabError) as refused:
        planned(**changes)
    assert says in str(refused.value)


def test_epochs_are_not_searched_and_halved() -> None:
    space = Space.from_table({"training.epochs": [3, 6, 9]}, BASE)
    with pytest.raises(MlplabError, match="cannot both be searched and grow"):
        SearchPlan.of(BASE, space, candidates=3, halving="epochs")
    table = {"training": [{"epochs": 3}, {"epochs": 6}]}
    with pytest.raises(MlplabError, match="cannot both be searched and grow"):
        SearchPlan.of(BASE, Space.from_table(table, BASE), candidates=2, halving="epochs", factor=2)


def test_epochs_that_are_searched_are_those_of_each_candidate() -> None:
    space = Space.from_table({"training.epochs": [2, 5]}, BASE)
    found = train_search(SearchPlan.of(BASE, space, "grid", replications=2, final=3))
    assert candidate_table(found)["epochs"] == [2, 5]
    notes = [text.get_text() for text in search_pictures(found)["history"].texts]
    assert "grid: 2 candidates × 2 runs; seeds 0 to 1." in notes


def test_different_losses_are_not_compared() -> None:
    losses = ["mean_squared_error", "categorical_crossentropy"]
    space = Space.from_table({"training.loss": losses}, BASE)
    with pytest.raises(MlplabError, match="values of different losses cannot be compared"):
        SearchPlan.of(BASE, space, "grid", objective="validation_loss")
    SearchPlan.of(BASE, space, "grid")


def test_a_table_has_a_row_for_each_candidate(found: TrainedSearch) -> None:
    table = candidate_table(found)
    assert table["candidate"] == list(range(12))
    assert table[RATE] == [changes[RATE] for changes in found.changes]
    assert sorted(table["rank"]) == list(range(1, 13))
    assert table["rank"][int(found.ranking[0])] == 1
    assert table["validation_accuracy_mean"] == found.column("mean").tolist()


def test_a_summary_says_by_how_much_the_search_flattered(found: TrainedSearch) -> None:
    text = as_markdown(found, "mlplab sweep a.toml b.toml", ["history"])
    points = f"{100 * abs(found.verdict.optimism):.2f} percentage points"
    assert f"the search saw it {points} " in text
    assert "![history](history.png)" in text
    assert len(finalist_rows(found)) == 4


def test_own_samples_are_said_not_to_be_new(tmp_path: Path) -> None:
    generator = np.random.default_rng(0)
    x = generator.normal(size=(80, 2))
    lines = [f"{a},{b},{int(a > b)}" for a, b in x]
    (tmp_path / "own.csv").write_text("\n".join(["a,b,label", *lines]))
    base = BASE.varied({"dataset": {"kind": "file", "path": str(tmp_path / "own.csv")}})
    plan = SearchPlan.of(base, Space.from_table({RATE: "log:0.01:1"}, base), candidates=4, final=30)
    found = train_search(plan)
    assert "not new to the search" in " ".join(sentences(found)[1])
    assert found.verdict.comparisons["runner-up"].resplit_ratio is not None
    # Their intervals are corrected, as those of `mlplab train` are: 16 of 80 samples are test samples.
    values = found.verdict.cells.values["test_accuracy"][0]
    half = stdtrit(29, 0.975) * values.std(ddof=1) * np.sqrt(1 / 30 + 16 / 48)
    assert found.verdict.test.low[0] == pytest.approx(values.mean() - half)


def test_own_samples_are_said_not_to_be_new_where_there_is_no_one_to_compare_with(
    tmp_path: Path,
) -> None:
    (tmp_path / "own.csv").write_text(
        "\n".join(["a,label", *(f"{i % 7},{i % 2}" for i in range(40))])
    )
    network = {"hidden_layers": 3, "layer_width": 4, "activation": "linear"}
    own = {"kind": "file", "path": str(tmp_path / "own.csv")}
    base = BASE.varied({"dataset": own, "network": network, RATE: 0.01})
    space = Space.from_table({RATE: [0.01, 1e38]}, base)
    found = train_search(SearchPlan.of(base, space, "grid", replications=2, final=3))
    assert [each.name for each in found.verdict.finalists] == ["winner"]
    assert "not new to the search" in " ".join(sentences(found)[1])


def test_the_winners_curse_grows_with_candidates_and_fades_with_runs(
    found: TrainedSearch,
) -> None:
    """Candidates that are all alike: the best of n runs exceeds the mean as order statistics say."""
    plan = replace(found.plan, candidates=64, replications=32)
    cells = type(found.rounds[0].cells)((64,), 32, 0)
    values = np.random.default_rng(5).normal(0.9, 0.01, (64, 32))
    cells._values["validation_accuracy"][:] = values
    cells._ending[:] = 1
    first = replace(found.rounds[0], cells=cells, numbers=np.arange(64))
    measured = measure_optimism(replace(found, plan=plan, rounds=[first]))
    by = {(each.candidates, each.replications): each for each in measured}
    assert by[1, 1].mean == pytest.approx(0, abs=0.001)
    # Expected largest of n standard normals: 0.564 (2), 1.539 (10), 2.04 (32).
    assert by[2, 1].mean == pytest.approx(0.00564, rel=0.15)
    assert by[32, 1].mean == pytest.approx(0.0207, rel=0.1)
    assert by[32, 16].mean < by[32, 4].mean < by[32, 1].mean
    assert by[32, 4].mean == pytest.approx(0.0207 / 2, rel=0.35)
    assert measure_optimism(replace(found, plan=replace(plan, sampler="tpe"))) == []


def test_importances_find_what_matters() -> None:
    """The learning rate decides; a seed for nothing else than batches of one size does not."""
    space = Space.from_table({RATE: "log:0.0001:3", "training.batch_size": [7, 8]}, BASE)
    searched = train_search(SearchPlan.of(BASE, space, candidates=40, replications=4, final=30))
    found = importances(searched)
    assert next(iter(found)) == RATE
    assert found[RATE] > 0.8
    assert sum(found.values()) == pytest.approx(1)
    assert importances(searched) == found
    few = replace(
        searched, rounds=[replace(searched.rounds[0], cells=searched.rounds[0].cells.first(9))]
    )
    assert importances(few) == {}


def test_pictures_show_what_the_search_has(found: TrainedSearch) -> None:
    points = search_points(found)
    assert points.winner == found.ranking[0]
    assert points.score.tolist() == pytest.approx((100 * found.column("mean")).tolist())
    rate, batch = points.settings
    assert rate.positions[3] == pytest.approx(np.log10(found.changes[3][RATE]))
    assert rate.given == pytest.approx(-2)
    # The given batch size, 8, is the second of the list.
    assert (batch.labels, batch.given) == (["4", "8", "24"], 1)
    assert points.given_score == pytest.approx(100 * found.verdict.validation.mean[2])
    assert set(search_pictures(found)) == {"history", "slices", "parallel"}
