"""A search beside scikit-learn's: what is measured is in the record, the table and the report."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from mlplab.bench import Settings, run_bench
from mlplab.bench.report import as_markdown
from mlplab.bench.search_beside import GridSeconds, SearchBeside
from mlplab.bench.search_table import search_table

# With one thread scikit-learn starts no processes.
SETTINGS = Settings(rounds=2, threads=1, quick=True, parts=("search",))


def test_the_table_says_how_much_faster_and_whether_as_good():
    grids = GridSeconds(None, 2.0, 1.0, 30.0), GridSeconds(10, 0.5, 0.2, 10.0)
    found = SearchBeside(60, 5, 2, 40, grids, (0.95, 0.94), (0.93, 0.97))
    table = search_table(found)
    assert table.rows == (
        ("all", "2.0", "1.0", "30.0", "15.0 ×", "30.0 ×"),
        ("10", "0.5", "0.2", "10.0", "20.0 ×", "50.0 ×"),
    )
    assert "60 candidates × 5 splits, at most 40 epochs, 2 threads" in table.title
    assert "0.940, which lies in the 95 % interval of ours, 0.930 to 0.970" in table.title
    worse = replace(found, best_scores=(0.95, 0.99))
    assert "which does not lie" in search_table(worse).title
    assert found.ratio == 15
    assert worse.as_json()["is_as_good"] is False


@pytest.mark.slow
def test_both_sides_search(monkeypatch: pytest.MonkeyPatch):
    pytest.importorskip("sklearn")
    grid = {"hidden_layer_sizes": [(10,), (30,)], "learning_rate_init": [1e-2]}
    monkeypatch.setattr("mlplab.bench.search_beside.QUICK_GRID", grid)
    record = run_bench(SETTINGS, [])
    found = record.as_json()["search"]
    json.dumps(found, allow_nan=False)
    assert (found["candidates"], found["splits"], found["threads"]) == (2, 5, 1)
    assert all(0.5 < score <= 1 for score in found["best_scores"])
    assert [each["neurons"] for each in found["grids"]] == [None, 10, 30]
    assert all(each["ours"] > 0 and each["theirs"] > 0 for each in found["grids"])
    assert "## Search" in as_markdown(record)
    assert "It is one search by each side" in as_markdown(record)


def test_without_scikit_learn_it_is_left_out(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("mlplab.bench.run.missing_for_fits", lambda: ["sklearn"])
    record = run_bench(SETTINGS, [])
    assert record.search is None
    assert "A search beside scikit-learn's" in as_markdown(record)
