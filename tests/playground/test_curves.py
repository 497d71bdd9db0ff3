"""The curves, before a browser draws them."""

from __future__ import annotations

import numpy as np
import pytest

from mlplab.playground.session.presets import FIRST, PRESETS
from mlplab.playground.session.session import Session
from mlplab.spec import Adam

pytest.importorskip("panel")

from mlplab.playground.controls.curves import Curves  # after what it needs is known to be there


def shown(session: Session) -> Curves:
    curves = Curves()
    curves.show(session.history, session.experiment, session.stepper.updates_per_epoch)
    return curves


def test_before_the_first_epoch_the_legend_has_a_row_for_its_colours_and_nothing_is_drawn():
    session = Session(PRESETS[FIRST])
    curves = shown(session)
    assert len(curves.scores.data["epoch"]) == 1
    assert np.isnan([column[0] for column in curves.scores.data.values()]).all()
    session.train_updates(session.stepper.updates_per_epoch)
    assert shown(session).scores.data["epoch"].tolist() == [1]
    session.close()


def test_of_epochs_that_diverged_there_is_neither_loss_nor_accuracy():
    preset = PRESETS[FIRST]
    training = preset.training.model_copy(update={"optimizer": Adam(learning_rate=1e38)})
    session = Session(preset.model_copy(update={"training": training}))
    session.train_updates(session.stepper.updates_per_epoch)
    data = shown(session).scores.data
    assert data["epoch"].tolist() == [1]
    for name in set(data) - {"epoch"}:
        assert np.isnan(data[name]).all(), name
    session.close()


def test_a_line_marks_where_one_looks_back_to_and_goes_with_the_present():
    curves = Curves()
    marks = [mark for panel in curves.panels for mark in panel.center if mark.name == "looked at"]
    assert len(marks) == 3
    assert not any(mark.visible for mark in marks)
    curves.look_back(2.5)
    assert [(mark.visible, mark.location) for mark in marks] == [(True, 2.5)] * 3
    curves.look_back(None)
    assert not any(mark.visible for mark in marks)
