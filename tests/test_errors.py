"""Errors of mlplab pass through a pickle, as between the processes of a pool."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

import mlplab.course.checker.lab
import mlplab.course.checker.points
import mlplab.course.checker.tree  # noqa: F401  # their errors are found below
from mlplab.errors import MissingExtraError, MlplabError, UnwrittenFileError
from mlplab.training import Interrupted


def classes_below(base: type[MlplabError]) -> list[type[MlplabError]]:
    below = [each for child in base.__subclasses__() for each in classes_below(child)]
    return [base, *below]


@pytest.mark.parametrize("kind", classes_below(MlplabError), ids=lambda kind: kind.__name__)
def test_an_error_is_the_same_after_a_pickle(kind: type[MlplabError]) -> None:
    words = {
        MissingExtraError: ("a figure needs pandas", "data"),
        UnwrittenFileError: (Path("runs.csv"), "the disk is full"),
    }
    error = kind(*words.get(kind, ("what and where",)))
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is kind
    assert str(again) == str(error)
    assert vars(again) == vars(error)


def test_an_interrupt_keeps_its_runs_in_a_pickle() -> None:
    again = pickle.loads(pickle.dumps(Interrupted([None])))
    assert (str(again), again.runs) == ("interrupted", [None])
