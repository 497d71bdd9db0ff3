"""A page begins its session's studies, shows them as long as they are of its set-up, and ends them."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("panel")

from mlplab.playground.session.own_points import OwnPoints
from mlplab.playground.session.presets import FIRST, PRESETS
from mlplab.playground.studies.replication import RUNS
from mlplab.playground.studies.study import PART
from mlplab.statistics import compare_runs
from mlplab.training import train

pytestmark = pytest.mark.slow

REPLICATE, KEEP, COMPARE = ({"type": name} for name in ("replicate", "keep", "compare"))
MAP = {"type": "map", "across": "training.batch_size", "up": "training.optimizer.learning_rate"}
LOAD = {"type": "load_cell", "row": 4, "column": 3}
OTHER_WIDTHS = {"type": "layers", "widths": [3]}


def look_at(what: str) -> dict[str, Any]:
    """The message of who looks at one of the studies."""
    return {"type": "inspect", "what": what, "layer": 0}


# ---- Replicate -----------------------------------------------------------------------------------


def test_a_hundred_are_trained_and_this_run_has_its_place(pages: Any):
    live = pages.open()
    pages.say(live, look_at("replicate"), REPLICATE)
    pages.wait_for(lambda: pages.told(live, "replication").get("done") == RUNS)
    found = pages.told(live, "replication")
    runs = train(PRESETS[FIRST], RUNS, seed=1)
    assert found["accuracies"] == runs.test_accuracy.tolist()
    assert (found["under_way"], found["trouble"]) == (False, "")
    assert found["stuck"] == (runs.ending == "stuck").sum()
    # Before its first update this run is worse than nearly all.
    assert found["verdict"] == "bad luck"
    assert found["low"] <= found["middle"] <= found["high"]
    best = int(runs.test_accuracy.argmax()) + 1
    live.session.set_seed(best)
    live.session.stop_rule = "after the epochs"
    live.session.pace.speed = "fastest"
    live.transport.act("toggle")
    pages.wait_for(lambda: live.session.has_ended)
    highest = runs.test_accuracy.max()
    pages.wait_for(lambda: pages.told(live, "replication").get("mine") == highest)
    pages.wait_for(lambda: pages.told(live, "replication").get("verdict") == "luck")


def test_a_replication_of_another_set_up_is_shown_no_more(pages: Any):
    live = pages.open()
    pages.say(live, look_at("replicate"), REPLICATE)
    pages.wait_for(lambda: pages.told(live, "replication"))
    pages.say(live, OTHER_WIDTHS)
    pages.wait_for(lambda: pages.last(live).get("replication", 0) is None)


def test_this_run_has_no_place_in_a_replication_of_other_points(pages: Any):
    live = pages.open()
    pages.say(live, look_at("replicate"), REPLICATE)
    pages.wait_for(lambda: pages.told(live, "replication").get("verdict"))
    live.draft.use(OwnPoints.none())
    pages.wait_for(lambda: pages.told(live, "replication").get("mine", 0) is None)
    assert "verdict" not in pages.told(live, "replication")


# ---- Compare -------------------------------------------------------------------------------------


def test_two_set_ups_are_compared_from_the_same_seeds(pages: Any):
    live = pages.open()
    a, b = "1.1  two clouds, batch 16", "1.1  two clouds, batch 512"
    live.choose_preset(a)
    pages.say(live, look_at("compare"), KEEP)
    live.choose_preset(b)
    live.session.set_seed(7)
    pages.say(live, COMPARE)
    pages.wait_for(lambda: pages.told(live, "compare", "found").get("verdict"))
    found = pages.told(live, "compare", "found")
    runs = [train(PRESETS[title], RUNS, seed=8, validate=False) for title in (a, b)]
    assert found["sentence"] == compare_runs(runs[1], runs[0]).sentence("B", "A")
    assert found["differs"] == "batch size 16 → 512"
    live.choose_preset(FIRST)
    pages.wait_for(lambda: pages.told(live, "compare").get("found", 0) is None)


def test_only_what_differs_from_a_set_up_that_was_kept_is_compared(pages: Any):
    live = pages.open()
    pages.say(live, COMPARE)
    assert "keep a set-up as A first" in live.page.message
    pages.say(live, KEEP, COMPARE)
    assert "the same" in live.page.message
    assert live.studies.comparison is None


# ---- Map -----------------------------------------------------------------------------------------


def test_a_cell_of_the_map_is_loaded_with_seed_and_own_points(pages: Any):
    live = pages.open()
    live.session.set_seed(3)
    live.draft.use(OwnPoints.from_dataset(live.session.stepper.trial.dataset))
    live.transport.act("epoch")
    own, before = live.session.own, live.session.experiment
    pages.say(live, look_at("map"), MAP)
    pages.wait_for(lambda: pages.told(live, "map", "found").get("done") == 25)
    pages.say(live, LOAD)
    found = pages.told(live, "map", "found")
    training = live.session.experiment.training
    assert (training.batch_size, training.optimizer.learning_rate) == (64, 16.0)
    assert (found["columns"][3], found["rows"][4]) == (64, 16.0)
    assert (live.session.seed, live.session.step) == (3, 0)
    assert live.session.own is own is not None
    assert live.session.experiment.dataset == before.dataset
    assert (live.setup.batch_size.value, live.setup.rate.rate.value) == (64, 16.0)
    loaded = 4 * len(found["columns"]) + 3
    assert not found["cells"][loaded]["present"]
    pages.wait_for(lambda: pages.told(live, "map", "found")["cells"][loaded]["present"])


def test_a_map_of_another_set_up_is_shown_no_more_and_no_cell_of_it_is_loaded(pages: Any):
    live = pages.open()
    pages.say(live, LOAD)
    assert "no map of this set-up" in live.page.message
    pages.say(live, look_at("map"), MAP)
    pages.wait_for(lambda: pages.told(live, "map", "found"))
    pages.say(live, OTHER_WIDTHS)
    pages.wait_for(lambda: pages.told(live, "map").get("found", 0) is None)
    assert live.page.message == ""
    before = live.session.experiment
    pages.say(live, LOAD)
    assert "no map of this set-up" in live.page.message
    assert live.session.experiment == before


# ---- Who trains them -----------------------------------------------------------------------------


def test_a_population_gives_way_and_ends_when_it_is_told(pages: Any):
    one, other, third = (pages.open() for _ in range(3))
    for live in (one, other):
        live.choose_preset("1.4  five rings, Adam")
        pages.say(live, REPLICATE)
    first, second = one.studies.replication, other.studies.replication
    pages.wait_for(lambda: second.done > 0)
    assert first.done <= 2 * second.done
    pages.say(one, {"type": "stop", "study": "replicate"})
    other.close()
    # In the time of all its turns the two would have had theirs.
    pages.say(third, REPLICATE)
    pages.wait_for(lambda: third.studies.replication.done == RUNS)
    for ended in (first, second):
        assert not ended.under_way
        assert ended.done < RUNS


def test_who_replicates_compares_and_maps_has_one_turn_among_all(pages: Any):
    one, other = pages.open(), pages.open()
    for live in (one, other):
        live.choose_preset("1.2  two rings, sigmoid")
    pages.say(one, KEEP)
    one.choose_preset("1.2  two rings, relu")
    pages.say(one, REPLICATE, COMPARE, MAP)
    ours = one.studies.replication, one.studies.comparison, one.studies.map

    def trained() -> int:
        replication, comparison, drawn = ours
        return replication.done + comparison.done + PART * drawn.done

    before = trained()
    pages.say(other, REPLICATE)
    pages.wait_for(lambda: not other.studies.replication.under_way)
    # As many as the other's, within what is trained before this looks; with three turns, 300.
    assert trained() - before < 2 * RUNS
    assert all(study.under_way for study in ours)
    pages.say(one, *({"type": "stop", "study": what} for what in ("replicate", "compare", "map")))
    assert not any(study.under_way for study in ours)


def test_the_studies_of_a_closed_session_end(pages: Any):
    live = pages.open()
    live.choose_preset("1.4  five rings, Adam")
    pages.say(live, KEEP)
    live.choose_preset("1.2  two rings, relu")
    pages.say(live, REPLICATE, COMPARE, MAP)
    studies = live.studies.replication, live.studies.comparison, live.studies.map
    assert all(study.under_way for study in studies)
    live.close()
    assert not any(study.under_way for study in studies)
