"""What does not fit into memory is refused before anything is drawn."""

from __future__ import annotations

import pytest

import mlplab.engine.memory
from mlplab.errors import MlplabError
from mlplab.explain import landscape, step, why
from mlplab.spec import Experiment
from mlplab.training import train

NETWORK = {"hidden_layers": 2, "layer_width": 10**8, "activation": "relu"}
WIDE = Experiment(dataset="linear", network=NETWORK)


@pytest.mark.parametrize("look", [step, landscape, why])
def test_a_network_that_is_too_wide(look):
    with pytest.raises(MlplabError, match="training needs about"):
        look(WIDE)


def test_runs_that_would_not_fit_when_they_are_trained_again(monkeypatch: pytest.MonkeyPatch):
    runs = train(Experiment(dataset={"kind": "linear", "train_per_class": 8}))
    monkeypatch.setattr(mlplab.engine.memory, "available_memory", lambda: 1000)
    with pytest.raises(MlplabError, match="training needs about"):
        why(runs)
