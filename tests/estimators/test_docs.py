"""The page "In scikit-learn" runs from top to bottom, and its table is that of the script."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

pytest.importorskip("sklearn")
pytest.importorskip("pandas")

import mlplab

PAGE = (Path(__file__).parents[2] / "docs" / "scikit-learn.md").read_text(encoding="utf-8")


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_the_page_runs(capsys: pytest.CaptureFixture[str]):
    names: dict[str, object] = {}
    for block in re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL):
        exec(block, names)  # our own page
    score = float(capsys.readouterr().out.split()[0])
    assert score > 0.9
    assert isinstance(names["classifier"].run_, mlplab.Run)


def test_every_parameter_beyond_scikit_learns_is_on_the_page():
    sklearn = pytest.importorskip("sklearn.neural_network")
    for own, theirs in (
        (mlplab.MLPClassifier, sklearn.MLPClassifier),
        (mlplab.MLPRegressor, sklearn.MLPRegressor),
    ):
        for name in set(own().get_params()) - set(theirs().get_params()):
            assert re.search(rf"\b{name}\b", PAGE), name
