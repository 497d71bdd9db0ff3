"""The bench as a whole, with workers that take no time: what is measured, recorded and said."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from mlplab.bench import PEERS, Record, Settings, run_bench, tasks
from mlplab.bench.curves import ALONE, Curve
from mlplab.bench.report import as_markdown, cautions, keras_sentences
from mlplab.bench.rounds import Pair
from mlplab.bench.side import Side
from mlplab.bench.tables import bounds, cliffs_table, compared_table, left_out_sentences
from mlplab.errors import MlplabError

KERNELS = ("peers", "curves", "start")
SETTINGS = Settings(rounds=3, threads=1, quick=False, parts=KERNELS)
NAMES = ("jax-scan", "jax-vmap", "numpy")
CALM = {"before": 0.1, "after": 1.0, "others": 0.05}
ABSENT = Side("pytorch", "PyTorch", "nowhere:PyTorch", "", needs=("no_such_module_here",))


@pytest.fixture
def record(fake_bench: Any) -> Record:
    return run_bench(SETTINGS, [*(PEERS[name] for name in NAMES), ABSENT])


def test_peers_that_cannot_be_measured_are_left_out_by_name(record: Record) -> None:
    assert record.left_out == {
        "pytorch": "no_such_module_here is not installed",
        "jax-scan": "it is broken",
    }
    assert left_out_sentences(record) == [
        "PyTorch is left out: no_such_module_here is not installed.",
        "JAX jit + scan is left out: it is broken.",
    ]
    first, second = record.compared
    assert list(first.pairs) == ["sgemm", "jax-vmap", "numpy"]
    assert list(second.pairs) == ["sgemm", "numpy"], "vmap of one network is none"


def test_pairs_alternate_and_the_whole_call_comes_last(record: Record, fake_bench: Any) -> None:
    asked = fake_bench.asked
    start = asked.index(("engine", "measure"))
    order = [name for name, what in asked[start : start + 18] if what == "measure"]
    forward = ["engine", "sgemm", "engine", "jax-vmap", "engine", "numpy"]
    assert order == forward + forward[::-1] + forward
    assert asked[start + 18 : start + 20] == [("whole", "prepare 1.3, population of 2")] * 2


def test_ratios_and_verdicts_follow_from_the_times(record: Record) -> None:
    first = record.compared[0]
    assert (first.seconds, first.processor) == (1.0, 2.0)
    assert first.rate == first.workload.operations
    assert {name: pair.ratio for name, pair in first.pairs.items()} == {
        "sgemm": 0.5,
        "jax-vmap": 10.0,
        "numpy": 10.0,
    }
    verdicts = {verdict.what: verdict for verdict in record.verdicts()}
    of_first = {k: v.reached for k, v in verdicts.items() if k.startswith(first.workload.name)}
    assert of_first == {
        "1.3, population of 2: sgemm": False,
        "1.3, population of 2: numpy": True,
        "1.3, population of 2: jax-vmap": True,
    }
    assert (first.whole_seconds, first.whole_epochs) == (3.0 * 2 * 5, 5)
    assert verdicts["first training, seconds"].value == 0.5
    assert verdicts["compiling, seconds"].value == 4.0
    assert verdicts["start, seconds"].value == 0.5


@pytest.mark.parametrize(
    ("ratio", "goal", "reached"), [(10.0, 10, True), (9.99, 10, False), (10.01, 10, True)]
)
def test_a_goal_is_reached_from_its_number_on(
    record: Record, pair_of: Callable[..., Pair], ratio: float, goal: float, reached: bool
) -> None:
    first = record.compared[0]
    workload = replace(first.workload, goals={"numpy": goal})
    pairs = {"sgemm": first.pairs["sgemm"], "numpy": pair_of([1.0], [ratio])}
    changed = replace(record, compared=(replace(first, workload=workload, pairs=pairs),))
    assert changed.verdicts()[0].reached is reached
    row = compared_table(changed.compared[0]).rows[2]
    assert row[-2:] == ("≥ 10 ×", "reached" if reached else "missed")
    assert bool(bounds(changed)) is not reached


@pytest.mark.parametrize(
    ("most", "said"), [(8.0, "no engine could reach it"), (12.0, "so that the machine allows it")]
)
def test_what_bounds_a_missed_goal_is_measured(
    record: Record, pair_of: Callable[..., Pair], most: float, said: str
) -> None:
    first = record.compared[0]
    workload = replace(first.workload, goals={"numpy": 10})
    pairs = {"sgemm": pair_of([1.0], [0.5]), "numpy": pair_of([1.0], [most / 2])}
    part = replace(first, workload=workload, pairs=pairs)
    assert part.most("numpy") == most
    [sentence] = bounds(replace(record, compared=(part,)))
    assert said in sentence
    assert "at 50 % of the machine's rate" in sentence


def test_a_missed_share_of_sgemm_is_explained(record: Record) -> None:
    [sentence, _] = bounds(record)
    assert "run at 50 % of the machine's rate, and 60 % is the goal" in sentence
    assert sentence.endswith("waiting for memory.")
    operations = (10**9, 10**9, 10**9)
    seconds = ((0.5,), (0.1,), (0.2,))
    curves = (
        Curve("batch_size", "32 networks", (8, 64, 512), operations, seconds),
        Curve("batch_size", ALONE, (8, 64, 512), operations, seconds),
        Curve("population", "1.3", (4, 64, 512), operations, seconds),
        Curve("width", "32 networks", (4, 5, 6), operations, seconds[::-1]),
    )
    [sentence, _] = bounds(replace(record, curves=curves))
    assert sentence.endswith(
        "waiting for memory. By batch size the rate is 2.00 GFLOP/s at 8 and at its best "
        "10.0 GFLOP/s, at 64. By layer width the rate is 5.00 GFLOP/s at 4 and at its best "
        "10.0 GFLOP/s, at 5."
    )


def test_keras_at_its_best_is_said(record: Record, pair_of: Callable[..., Pair]) -> None:
    ways = {"keras-fit": 9.0, "keras-steps": 3.0, "keras-batch": 20.0, "numpy": 1.0}
    pairs = {name: pair_of([1.0], [ratio]) for name, ratio in ways.items()}
    part = replace(record.compared[0], pairs=pairs)
    said = ["Against Keras at its best, Keras/JAX fit, steps_per_execution: 3.00 ×."]
    assert keras_sentences(part) == said
    assert keras_sentences(replace(part, pairs={"keras-fit": pairs["keras-fit"]})) == []


def test_a_cliff_is_seen(record: Record) -> None:
    assert all(row[-1] == "reached" for row in cliffs_table(record.curves).rows)
    steep = replace(record.curves[0], seconds=((1.0,), (1.6,)))
    assert cliffs_table([steep]).rows[0][-4:] == ("1.60 ×", "1 to 2", "≤ 1.5 ×", "missed")


def test_progress_goes_from_nothing_to_all_of_every_task(
    fake_bench: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: dict[str, list[tuple[int, int]]] = {}
    run_bench(
        SETTINGS,
        [PEERS["numpy"]],
        lambda task, done, total: steps.setdefault(task, []).append((done, total)),
    )
    assert len(steps) == 4
    for seen in steps.values():
        total = seen[0][1]
        assert seen == [(done, total) for done in range(1, total + 1)]
    assert list(steps)[-2:] == tasks(SETTINGS)[-2:] == ["cost curves", "compiling and starting"]


def test_a_quick_bench_compiles_nothing_and_shortens_the_whole_call(fake_bench: Any) -> None:
    record = run_bench(replace(SETTINGS, quick=True), [])
    assert record.starting.compiling is None
    assert record.compared[0].whole_epochs == record.compared[0].workload.epochs == 1
    assert "compiling, seconds" not in {verdict.what for verdict in record.verdicts()}


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        (replace(SETTINGS, rounds=0), "rounds must be at least 1, received 0"),
        (replace(SETTINGS, parts=("peer",)), "unknown part 'peer'; did you mean 'peers'"),
        (replace(SETTINGS, threads=0), "threads must be from 1 to"),
        (replace(SETTINGS, threads=10**6), "the cores that this process may use, received 1000000"),
    ],
)
def test_wrong_settings_are_one_sentence(settings: Settings, sentence: str) -> None:
    with pytest.raises(MlplabError, match=sentence):
        run_bench(settings, [])


def test_the_record_is_json(record: Record) -> None:
    found = json.loads(json.dumps(record.as_json(), allow_nan=False))
    assert list(found) == [
        "schema",
        "began",
        "seconds",
        "settings",
        "machine",
        "load",
        "versions",
        "left_out",
        "end_to_end",
        "regularised",
        "compared",
        "curves",
        "starting",
        "store",
        "tuning",
        "estimators",
        "search",
        "cluster",
        "browser",
        "page",
        "verdicts",
    ]
    assert found["schema"] == 1
    assert found["settings"] == {
        "rounds": 3,
        "threads": 1,
        "quick": False,
        "parts": list(KERNELS),
    }
    assert {"numpy", "numba", "mlplab"} <= set(found["versions"])
    part = found["compared"][0]
    assert part["updates"] == 3
    assert part["sides"]["numpy"]["outcome"] == {
        "updates": 3,
        "loss_before": 0.2,
        "loss_after": 0.1,
    }
    assert part["pairs"]["numpy"] == {
        "ours": [{"seconds": 1.0, "processor": 2.0}] * 3,
        "theirs": [{"seconds": 10.0, "processor": 20.0}] * 3,
        "ratio": 10.0,
        "lowest": 10.0,
        "highest": 10.0,
        "processor_ratio": 10.0,
        "goal": 3,
    }
    curve = found["curves"][0]
    assert (curve["quantity"], curve["sizes"], curve["medians"]) == ("population", [1, 2], [1, 1])
    assert len(curve["seconds"]) == len(curve["operations"]) == 2
    assert (found["starting"]["first"], found["starting"]["in_all"]) == (0.5, 4.0)
    assert set(found["load"]) == {"before", "after", "others"}
    assert {verdict["sense"] for verdict in found["verdicts"]} == {"least", "most"}
    assert all(isinstance(verdict["reached"], bool) for verdict in found["verdicts"])


def test_the_report_has_every_number_and_says_how(record: Record) -> None:
    report = as_markdown(record)
    for wanted in (
        "# mlplab bench",
        "3 rounds on 1 thread in",
        "PyTorch is left out",
        "**1.3, population of 2**",
        "| NumPy | 10.0 s | 10.0 × | 10.0 to 10.0 × | ≥ 3 × | reached |",
        "| SGEMM | 500 ms | 50 % | 50 to 50 % | ≥ 60 % | missed |",
        "the updates are 33 %",
        "What bounds what was missed",
        "![Cost of one epoch of one network](curves.png)",
        "compiling float64, one network",
        "- NumPy: the network from scratch",
    ):
        assert wanted in report
    assert "- PyTorch" not in report
    widths = {line.count("|") for line in report.splitlines() if line.startswith("| NumPy")}
    assert len(widths) == 2, "a row of each table, with all its cells"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"load": CALM | {"before": 3.5}}, "3.5 processes wanted"),
        ({"load": CALM | {"others": 0.31}}, "other processes used 31 % of its cores"),
        ({"settings": Settings(2, 2, quick=True)}, "quick look"),
        ({"settings": Settings(2, 1, quick=False)}, "set for 2 threads; this was measured on 1"),
    ],
)
def test_what_makes_numbers_less_is_said(record: Record, change: dict[str, Any], said: str) -> None:
    calm = replace(record, settings=Settings(7, 2, quick=False), load=CALM)
    assert cautions(calm) == []
    [sentence] = cautions(replace(calm, **change))
    assert said in sentence


def test_where_nobody_counts_the_load_nothing_is_said_of_it(record: Record) -> None:
    unknown = dict.fromkeys(CALM)
    calm = replace(record, settings=Settings(7, 2, quick=False), load=unknown)
    assert cautions(calm) == []
