"""Predictions that a notebook asks for before it shows anything."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mlplab.course.new import lab_files
from mlplab.course.predicting import PredictionError, predict


def test_predictions_are_numbers_by_name() -> None:
    assert predict({"a": 50, "b": 99.5}) == {"a": 50.0, "b": 99.5}


def test_without_a_number_nothing_goes_on_and_there_is_no_traceback() -> None:
    with pytest.raises(PredictionError, match=r"^Predict first: .* '512'") as missing:
        predict({"16": 95, "512": ...})
    [shown] = missing.value._render_traceback_()
    assert shown == str(missing.value)


@pytest.mark.parametrize("wrong", [-1, 101, "95", None, True, float("nan")])
def test_what_is_no_accuracy_is_refused(wrong: Any) -> None:
    with pytest.raises(PredictionError, match="a number from 0 to 100"):
        predict({"16": wrong})


@pytest.mark.parametrize("task", ["1.1", "1.2", "1.3", "1.4"])
def test_a_student_predicts_before_the_first_training_of_a_task(task: str) -> None:
    cells = json.loads(lab_files()["lab.ipynb"])["cells"]
    sources = ["".join(cell["source"]) for cell in cells]
    name = f"predicted_{task.replace('.', '_')}"
    asks, trains = f"{name} = predict(", "train_with_keras(\n"
    heading = next(i for i, source in enumerate(sources) if f"Task {task}:" in source)
    asked = next(i for i, source in enumerate(sources) if asks in source)
    trained = next(i for i, s in enumerate(sources) if i > heading and trains in s)
    shows = [i for i, s in enumerate(sources) if i > heading and "show_runs(" in s and name in s]
    assert heading < asked < trained < shows[0]
    assert "...," in sources[asked]
