"""The browser's modules in the bench: Node, its program, and speeds beside the engine's."""

from __future__ import annotations

import gc
import json
import shlex
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mlplab import train
from mlplab.bench import Record, Settings, run_bench, tasks
from mlplab.bench.browser_rate import (
    BROWSER_GOAL,
    EXACT,
    FUSED,
    NATIVE,
    TIMES,
    BrowserCase,
    browser_workloads,
)
from mlplab.bench.browser_sides import ExactInNode, FusedInNode, InNode, Native, weights_digest
from mlplab.bench.browser_table import browser_tables
from mlplab.bench.node import PROGRAM, Node, NodeProcess, find_node
from mlplab.bench.report import as_markdown
from mlplab.bench.rounds import Pair
from mlplab.bench.tables import left_out_sentences
from mlplab.bench.workload import Workload
from mlplab.engine import LANES

pytestmark = pytest.mark.slow

SETTINGS = Settings(rounds=3, threads=1, quick=True, parts=("browser",))
PAGE = Path(__file__).parents[2] / "page"

needs_node = pytest.mark.usefixtures("node")


@pytest.fixture(scope="module")
def node() -> Node:
    """What there is of Node; without it a test is skipped."""
    found = find_node()
    if isinstance(found, str):
        pytest.skip(f"the modules are measured in Node: {found}")
    return found


@pytest.fixture
def record(fake_bench: Any) -> Record:
    return run_bench(SETTINGS, [])


@pytest.fixture
def fake_node(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """A function that puts a program in Node's place."""

    def put(script: str) -> None:
        path = tmp_path / "node"
        path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        path.chmod(0o755)
        monkeypatch.setenv("PATH", str(tmp_path))

    return put


def test_speed_is_a_fraction_of_the_engines(record: Record) -> None:
    part = record.browser
    assert part is not None
    one, _ = part.cases
    # An epoch of a network takes 1 s natively, 2.5 s by the fused module and 8 s by the exact one.
    for case in part.cases:
        assert (case.fraction(FUSED.name), case.fraction(EXACT.name)) == (0.4, 0.125)
    assert (one.native, one.seconds(EXACT.name)) == (1.0, 8.0)
    alone, together = browser_tables(part)
    assert (alone.title, together.title) == (
        "Node 20.1.0, one thread: one network",
        "Node 20.1.0, one thread: a block of 16 networks",
    )
    assert alone.rows == (
        ("1.3, mlplab", "1.00 s", "", "", "", ""),
        ("1.3, fused module", "2.50 s", "40 %", "40 to 40 %", "", ""),
        ("1.3, exact module", "8.00 s", "12 %", "12 to 12 %", "", ""),
    )
    assert [row[:2] for row in together.rows] == [
        ("1.3 (1 epoch), mlplab", "1.00"),
        ("1.3 (1 epoch), fused module", "0.400"),
        ("1.3 (1 epoch), exact module", "0.125"),
    ]


@pytest.mark.parametrize(("seconds", "reached"), [(3.0, True), (4.0, True), (4.1, False)])
def test_the_fused_module_should_have_a_quarter_of_the_engines_speed_in_1_2(
    tiny_workload: Callable[..., Workload],
    pair_of: Callable[..., Pair],
    seconds: float,
    reached: bool,
) -> None:
    pairs = {name: pair_of([1.0], [seconds]) for name in (FUSED.name, EXACT.name)}
    case = BrowserCase(replace(tiny_workload(1), id="1.2-relu"), pairs)
    verdict = case.verdict(FUSED.name)
    assert verdict is not None
    assert (verdict.goal, verdict.reached) == (BROWSER_GOAL, reached)
    assert case.verdict(EXACT.name) is None
    assert BrowserCase(tiny_workload(1), pairs).verdict(FUSED.name) is None


def test_all_are_measured_in_turn(record: Record, fake_bench: Any) -> None:
    native, fused, exact = NATIVE.name, FUSED.name, EXACT.name
    measured = [name for name, what in fake_bench.asked if what == "measure"]
    forward, back = [native, fused, native, exact], [exact, native, fused, native]
    assert measured == [*forward, *back, *forward] * 2
    assert fake_bench.threads_of == [(native, 1), (fused, 1), (exact, 1)]


def test_what_takes_milliseconds_is_measured_more_often(
    fake_bench: Any, monkeypatch: pytest.MonkeyPatch, tiny_workload: Callable[..., Workload]
) -> None:
    short = replace(tiny_workload(1), id="1.2-relu")
    monkeypatch.setattr("mlplab.bench.run.browser_workloads", lambda quick: [short])
    steps: list[tuple[str, int, int]] = []
    record = run_bench(SETTINGS, [], lambda *step: steps.append(step))
    assert record.browser is not None
    [case] = record.browser.cases
    assert {name: len(pair.ours) for name, pair in case.pairs.items()} == {
        FUSED.name: 15,
        EXACT.name: 15,
    }
    assert steps[-1][1:] == (33, 33)
    assert [verdict.reached for verdict in record.verdicts()] == [True]


def test_json_and_report_have_every_round(record: Record) -> None:
    found = json.loads(json.dumps(record.as_json(), allow_nan=False))["browser"]
    assert found["node"] == "20.1.0"
    assert [case["networks"] for case in found["cases"]] == [1, LANES]
    fused = found["cases"][0]["modules"][FUSED.name]
    assert (len(fused["native"]), len(fused["module"]), fused["fraction"]) == (3, 3, 0.4)
    report = as_markdown(record)
    for wanted in (
        "## Browser",
        "**Node 20.1.0, one thread: one network**",
        "| 1.3, exact module |",
        "SHA-256",
    ):
        assert wanted in report


def test_its_progress_goes_to_the_end(fake_bench: Any) -> None:
    steps: list[tuple[str, int, int]] = []
    run_bench(SETTINGS, [], lambda *step: steps.append(step))
    assert tasks(SETTINGS) == ["the browser's modules"]
    assert steps == [("the browser's modules", done, 18) for done in range(1, 19)]


@pytest.mark.parametrize(
    ("script", "why"),
    [
        (None, "Node is not installed"),
        ("echo v18.19.1", "Node 20 or newer is needed, and 18.19.1 is installed"),
    ],
)
def test_without_node_it_is_left_out(
    fake_bench: Any,
    fake_node: Callable[[str], None],
    monkeypatch: pytest.MonkeyPatch,
    script: str | None,
    why: str,
) -> None:
    monkeypatch.setattr("mlplab.bench.run.find_node", find_node)
    if script is None:
        monkeypatch.setenv("PATH", "")
    else:
        fake_node(script)
    record = run_bench(SETTINGS, [])
    assert record.browser is None
    assert left_out_sentences(record) == [f"Training by the browser's modules is left out: {why}."]
    assert "## Browser" not in as_markdown(record)
    assert record.as_json()["browser"] is None


def test_without_its_instruction_the_fused_module_is_left_out(
    fake_bench: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mlplab.bench.run.find_node", lambda: Node("20.1.0", fused=False))
    record = run_bench(SETTINGS, [])
    assert left_out_sentences(record) == [
        "The browser's fused module is left out: here Node has no instruction that rounds a product and "
        "a sum once."
    ]
    assert record.browser is not None
    assert [list(case.pairs) for case in record.browser.cases] == [[EXACT.name]] * 2


def test_what_is_trained_is_the_lab_whole() -> None:
    assert {each.id for each in browser_workloads(quick=False)} == set(TIMES)
    for quick in (False, True):
        found = browser_workloads(quick)
        names = {(each.id, each.population) for each in found}
        lab = {(id, n) for id in ("1.1-batch-16", "1.2-relu", "1.3") for n in (1, LANES)}
        assert names == lab - ({("1.3", LANES)} if quick else set())
        assert all(each.experiment.dataset.test_per_class > 1 for each in found)


@pytest.mark.parametrize("population", [1, LANES])
def test_the_native_weights_are_those_of_train(
    tiny_workload: Callable[..., Workload], population: int
) -> None:
    workload = tiny_workload(population, epochs=2)
    side = Native(workload, threads=1)
    taken = side.train()
    assert taken.seconds > 0
    runs = train(workload.experiment, population, keep_weights=population)
    assert weights_digest(side.trained) == weights_digest(
        [(run.weights, run.biases) for run in runs]
    )


@needs_node
@pytest.mark.parametrize("module", [FusedInNode, ExactInNode])
@pytest.mark.parametrize("population", [1, LANES])
def test_a_module_trains_the_same_weights_again_and_again(
    tiny_workload: Callable[..., Workload],
    monkeypatch: pytest.MonkeyPatch,
    module: type[InNode],
    population: int,
) -> None:
    monkeypatch.setattr("mlplab.bench.browser_sides.WARM_UP", 0.01)
    side = module(tiny_workload(population, epochs=2), 1)
    for _ in range(2):
        assert side.train().seconds > 0


@needs_node
@pytest.mark.parametrize("population", [1, LANES])
def test_other_weights_are_not_timed(
    tiny_workload: Callable[..., Workload], monkeypatch: pytest.MonkeyPatch, population: int
) -> None:
    monkeypatch.setattr("mlplab.bench.browser_sides.weights_digest", lambda networks: "0" * 64)
    with pytest.raises(RuntimeError, match="the exact module trains other weights than the engine"):
        ExactInNode(tiny_workload(population), 1)


@needs_node
def test_node_ends_with_who_asks_it() -> None:
    node = NodeProcess()
    process = node._process
    assert process.poll() is None
    del node
    gc.collect()
    assert process.poll() == 0


def test_a_node_that_ends_is_said(fake_node: Callable[[str], None]) -> None:
    fake_node("exit 3")
    with pytest.raises(RuntimeError, match="Node ended, status 3"):
        NodeProcess()


@needs_node
def test_the_program_is_what_its_sources_make(tmp_path: Path) -> None:
    bundler = PAGE / "node_modules" / ".bin" / "esbuild"
    if not bundler.exists():
        pytest.skip("it is bundled by esbuild: `npm install` in page/")
    script = json.loads((PAGE / "package.json").read_text(encoding="utf-8"))["scripts"]["speed"]
    _, *words, last = shlex.split(script)
    assert last.startswith("--outfile=")
    assert (PAGE / last.removeprefix("--outfile=")).resolve() == PROGRAM
    anew = tmp_path / "speed.mjs"
    subprocess.run([bundler, *words, f"--outfile={anew}"], cwd=PAGE, check=True)
    assert anew.read_bytes() == PROGRAM.read_bytes(), "bundle it anew: npm run speed, in page/"


@needs_node
def test_a_tiny_one_in_earnest(tiny_bench: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mlplab.bench.browser_sides.WARM_UP", 0.01)
    record = run_bench(replace(SETTINGS, rounds=1), [])
    assert record.browser is not None
    assert all(case.fraction(EXACT.name) > 0 for case in record.browser.cases)
