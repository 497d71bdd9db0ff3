"""The words by which tasks are named."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlplab.errors import MlplabError
from mlplab.report import EXPERIMENTS, TASKS, select_tasks

TASKS_OF_1_1 = (
    "1.1-batch-16",
    "1.1-batch-512",
    "1.1-batch-16-sigma-0.1",
    "1.1-batch-512-sigma-0.1",
)


@pytest.mark.parametrize("words", [None, []])
def test_no_word_means_all_tasks(words: list[str] | None) -> None:
    assert select_tasks(words) == TASKS == (*EXPERIMENTS, "2", "3")


@pytest.mark.parametrize("task", TASKS)
def test_every_task_can_be_named_alone(task: str) -> None:
    assert select_tasks([task]) == (task,)


@pytest.mark.parametrize(
    ("words", "chosen"),
    [
        (["1.1", "1.3", "2", "3"], (*TASKS_OF_1_1, "1.3", "2", "3")),
        (["1.2"], ("1.2-linear", "1.2-sigmoid", "1.2-relu")),
        (["1.1-batch-512-sigma-0.1"], ("1.1-batch-512-sigma-0.1",)),
        (["1.3-shared-initializer", "1.3"], ("1.3", "1.3-shared-initializer")),
    ],
)
def test_a_word_names_a_task_or_the_beginning_of_some(
    words: list[str], chosen: tuple[str, ...]
) -> None:
    assert select_tasks(words) == chosen


@given(st.lists(st.sampled_from(TASKS), min_size=1))
def test_tasks_come_once_each_and_in_the_labs_order(words: list[str]) -> None:
    chosen = select_tasks(words)
    assert chosen == tuple(task for task in TASKS if task in chosen)
    assert set(words) <= set(chosen)


@pytest.mark.parametrize(
    ("word", "nearest"), [("1.2-rulu", "1.2-relu"), ("1.2-Sigmoid", "1.2-sigmoid"), ("1.5", "1.4")]
)
def test_an_unknown_word_is_answered_by_the_nearest(word: str, nearest: str) -> None:
    sentence = f"unknown task '{word}'; did you mean '{nearest}'? (known: 1.1, 1.2, 1.3, 1.4, 2, 3,"
    with pytest.raises(MlplabError, match=re.escape(sentence)):
        select_tasks(["1.1", word])


@pytest.mark.parametrize("word", ["", "1", "1.", "1.1-", "all", "4", "2 "])
def test_half_a_word_is_unknown(word: str) -> None:
    with pytest.raises(MlplabError, match=f"unknown task '{re.escape(word)}'"):
        select_tasks([word])
