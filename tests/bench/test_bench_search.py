"""A search beside scikit-learn's: what is measured is in the record, the table and the report."""

from __future__ import annotations

import json

import pytest

from mlplab.bench import Settings, run_bench
from mlplab.bench.report import as_markdown
from mlplab.bench.search_beside import SearchBeside
from mlplab.bench.search_table import search_table

SETTINGS = Settings(rounds=2, threads=2, quick=True, parts=("search",))


def test_the_table_says_how_much_faster_and_whether_as_good():
    found = SearchBeside(60, 5, 2, (2.0, 30.0), (0.95, 0.94), (0.93, 0.97))
    table = search_table(found)
    assert table.rows[0] == ("mlplab", "2.0", "0.950", "15.0 ×")
    assert "60 candidates × 5 splits, 2 threads" in table.title
    assert "best score lies in the 95 % interval of ours, 0.930 to 0.970" in table.title
    worse = SearchBeside(60, 5, 2, (2.0, 30.0), (0.95, 0.99), (0.93, 0.97))
    assert "does not lie" in search_table(worse).title
    assert worse.as_json()["is_as_good"] is False


@pytest.mark.slow
def test_both_sides_search():
    pytest.importorskip("sklearn")
    record = run_bench(SETTINGS, [])
    found = record.as_json()["search"]
    json.dumps(found, allow_nan=False)
    assert (found["candidates"], found["splits"], found["threads"]) == (4, 5, 2)
    assert all(0.5 < score <= 1 for score in found["best_scores"])
    assert "## Search" in as_markdown(record)
    assert "It is one search by each side" in as_markdown(record)


def test_without_scikit_learn_it_is_left_out(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("mlplab.bench.run.missing_for_fits", lambda: ["sklearn"])
    record = run_bench(SETTINGS, [])
    assert record.search is None
    assert "A search beside scikit-learn's" in as_markdown(record)
