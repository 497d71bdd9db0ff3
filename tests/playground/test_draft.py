"""Own points that are too few: they stay, nothing trains on others meanwhile, and there is a way back."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("panel")

from mlplab.playground.pictures.frames import unpack
from mlplab.playground.session.own_points import OwnPoints
from mlplab.playground.session.presets import FIRST, PRESETS
from mlplab.spec import Moons, SamplesFile

pytestmark = pytest.mark.slow

ONE_CLASS = "two classes at least are needed, there are 1"


def click(pages: Any, live: Any, labels: str) -> None:
    for i, label in enumerate(labels):
        pages.say(live, {"type": "add_point", "x1": 0.1 * i, "x2": 0.5, "label": label})


def points_on_page(live: Any) -> int:
    _, arrays = unpack(live.page.scene)
    return sum(len(arrays[f"{name}_y"]) for name in ("train", "validation", "test"))


@pytest.fixture
def drawn(pages: Any) -> Any:
    """A page with four points of one class, clicked."""
    live = pages.open()
    live.draft.use(OwnPoints.none())
    click(pages, live, "aaaa")
    return live


# ---- It stays ------------------------------------------------------------------------------------


@pytest.mark.parametrize("act", ["new_seed", "reset"])
def test_clicked_points_stay_when_it_begins_anew(act: str, drawn: Any):
    version = drawn.session.version
    drawn.transport.act(act)
    assert drawn.session.version > version
    assert drawn.draft.points.labels == ("a",) * 4
    assert points_on_page(drawn) == 4
    assert ONE_CLASS in drawn.page.message


def test_clicked_points_go_with_another_dataset(drawn: Any):
    drawn.choose_preset("more  moons")
    assert len(drawn.draft.points) == 0
    assert drawn.page.message == ""


def test_what_is_missing_is_said_again_after_another_change(drawn: Any, pages: Any):
    pages.say(drawn, {"type": "layers", "widths": [3, 3]})
    assert ONE_CLASS in drawn.page.message
    assert points_on_page(drawn) == 4
    drawn.setup.epochs.value += 1
    assert ONE_CLASS in drawn.page.message
    pages.say(drawn, {"type": "number", "layer": 9, "output": 0, "source": 0, "value": 1})
    assert "no weight or bias" in drawn.page.message
    pages.say(drawn, {"type": "number", "layer": 0, "output": 0, "source": 0, "value": 1})
    assert ONE_CLASS in drawn.page.message


# ---- Nothing trains ------------------------------------------------------------------------------


@pytest.mark.parametrize("act", ["toggle", "update", "epoch"])
def test_what_trains_says_what_is_missing_instead(act: str, drawn: Any, pages: Any):
    said: list[str] = []
    drawn.page.param.watch(lambda event: said.append(event.new), "message")
    pages.say(drawn, {"type": "key", "act": act})
    assert (drawn.session.playing, drawn.session.step) == (False, 0)
    # A page forgets a sentence after a while, and shows one that is another.
    assert said[0] == ""
    assert ONE_CLASS in said[1]
    drawn.wake()
    pages.wait_for(lambda: pages.told(drawn, "status") == "own points are too few")


@pytest.mark.parametrize(
    "message", [{"type": "replicate"}, {"type": "keep"}, {"type": "compare"}, {"type": "map"}]
)
def test_no_population_is_trained_on_points_that_are_not_shown(
    message: dict[str, Any], drawn: Any, pages: Any
):
    sides = {"across": "training.batch_size", "up": "training.optimizer.learning_rate"}
    pages.say(drawn, message | sides)
    assert ONE_CLASS in drawn.page.message
    studies = drawn.studies
    assert studies.replication is studies.kept is studies.comparison is studies.map is None


def test_the_scores_of_other_points_do_not_stand_over_a_draft(drawn: Any, pages: Any):
    pages.wait_for(lambda: pages.told(drawn, "status") == "own points are too few")
    assert pages.last(drawn)["scores"] is None
    click(pages, drawn, "bbbb")
    pages.wait_for(lambda: pages.last(drawn)["scores"] is not None)


def test_a_draft_ends_training_and_enough_points_train(pages: Any):
    live = pages.open()
    live.session.stop_rule = "never"
    live.transport.act("toggle")
    pages.wait_for(lambda: live.session.step > 0)
    live.draft.use(OwnPoints.none())
    assert not live.session.playing
    click(pages, live, "aaabbb")
    assert live.page.message == ""
    live.transport.act("update")
    assert live.session.step == 1
    live.transport.act("toggle")
    pages.wait_for(lambda: live.session.step > 1)
    # One of the three of a class is taken away again.
    pages.say(live, {"type": "remove_point", "split": "validation", "index": 0})
    assert not live.session.playing
    assert "class a needs a point in each" in live.page.message
    assert points_on_page(live) == 5
    live.transport.act("reset")
    assert points_on_page(live) == 5
    step = live.session.step
    live.transport.act("epoch")
    assert live.session.step == step


# ---- The way back --------------------------------------------------------------------------------


def test_the_way_back_is_there_as_long_as_own_points_are(drawn: Any, pages: Any):
    way_back = drawn.sharing._leave
    assert way_back.visible
    click(pages, drawn, "bbb")
    assert drawn.session.own is not None
    assert way_back.visible
    drawn.draft.leave()
    assert not way_back.visible


def test_from_a_draft_one_goes_back_to_what_was_trained(pages: Any):
    live = pages.open()
    live.transport.act("epoch")
    live.draft.use(OwnPoints.none())
    live.draft.leave()
    assert live.session.epoch == 1
    assert points_on_page(live) == 3 * 2 * 512
    assert live.page.message == ""
    assert not live.sharing._leave.visible


def test_one_goes_back_to_the_dataset_from_before_with_the_set_up_as_it_is(pages: Any):
    live = pages.open()
    live.choose_preset("more  moons")
    sigma = live.setup.dataset.fields["sigma"]
    sigma.value = 0.25
    live.draft.use(OwnPoints.none())
    click(pages, live, "aaabbb")
    click(pages, live, "ab")
    pages.say(live, {"type": "layers", "widths": [3]})
    live.setup.epochs.value = 7
    own = live.session.experiment
    assert isinstance(own.dataset, SamplesFile)
    live.draft.leave()
    wanted = Moons(sigma=0.25, train_per_class=256, test_per_class=256)
    assert live.session.experiment == own.model_copy(update={"dataset": wanted})
    assert live.session.experiment.network.layer_widths == (3,)
    assert live.session.own is None


def test_where_none_is_known_one_goes_back_to_the_first_presets_dataset(pages: Any):
    live = pages.open()
    live.choose_preset("more  moons")
    live.draft.use(OwnPoints.none())
    click(pages, live, "aaabbb")
    live.open_link(live.link())
    network = live.session.experiment.network
    live.draft.leave()
    assert live.session.experiment.dataset == PRESETS[FIRST].dataset
    assert live.session.experiment.network == network
