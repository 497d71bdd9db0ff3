"""What is said of the machine."""

from __future__ import annotations

import json
import platform
from importlib.metadata import version
from pathlib import Path

import pytest

from mlplab.bench.machine import Watch, load, machine, memory_gib, processor
from mlplab.report.results import installed_versions


def test_the_machine_is_described_in_json() -> None:
    described = json.loads(json.dumps(machine()))
    assert described["python"].endswith(platform.python_version())
    assert 1 <= described["usable_cores"] <= described["cores"]
    assert all(described[name] for name in ("processor", "system", "blas"))


def test_versions_are_of_what_is_installed() -> None:
    found = installed_versions(["numpy", "no-such-distribution-here", "mlplab"])
    assert found == {"numpy": version("numpy"), "mlplab": version("mlplab")}


def test_the_processor_is_what_linux_calls_it(tmp_path: Path) -> None:
    path = tmp_path / "cpuinfo"
    path.write_text("processor\t: 0\nmodel name\t: Some Processor @ 3 GHz\nflags\t: a b\n")
    assert processor(path) == "Some Processor @ 3 GHz"


@pytest.mark.parametrize("content", [None, "Hardware\t: a board\n"])
def test_elsewhere_the_platform_says_it(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "cpuinfo"
    if content is not None:
        path.write_text(content)
    assert processor(path) == (platform.processor() or platform.machine())


def test_where_nobody_counts_nothing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("mlplab.bench.machine.os.getloadavg", raising=False)
    monkeypatch.delattr("mlplab.bench.machine.os.sysconf", raising=False)
    assert (load(), memory_gib()) == (None, None)


def test_memory_is_in_gib(monkeypatch: pytest.MonkeyPatch) -> None:
    pages = {"SC_PAGE_SIZE": 4096, "SC_PHYS_PAGES": 2**20}
    monkeypatch.setattr("mlplab.bench.machine.os.sysconf", pages.get)
    assert memory_gib() == 4.0


CORES = """cpu  999 999 999 999 0 0 0 0 0 0
cpu0 {user} 10 20 5000 7 1 1 {stolen} 3 3
cpu1 50 0 0 9000 0 0 0 0 0 0
cpu2 {user} 0 0 0 0 0 0 0 0 0
"""


def watched(path: Path, monkeypatch: pytest.MonkeyPatch, own: float, user: int) -> float | None:
    """Return what is said of 10 s on cores 0 and 1, a hundred ticks a second."""
    clock, used = iter([0.0, 10.0]), iter([0.0, own])
    module = "mlplab.bench.machine"
    monkeypatch.setattr(f"{module}.time.perf_counter", lambda: next(clock))
    monkeypatch.setattr(f"{module}.own_seconds", lambda: next(used))
    monkeypatch.setattr(f"{module}.usable_cores", lambda: 2)
    monkeypatch.setattr(f"{module}.os.sched_getaffinity", lambda process: {0, 1}, raising=False)
    monkeypatch.setattr(f"{module}.os.sysconf", {"SC_CLK_TCK": 100}.get)
    path.write_text(CORES.format(user=100, stolen=0))
    watch = Watch(path)
    path.write_text(CORES.format(user=100 + user, stolen=200))
    return watch.others()


@pytest.mark.parametrize(
    ("own", "user", "fraction"),
    [(4.0, 600, 0.2), (8.0, 600, 0.0), (9.0, 600, 0.0), (0.0, 9000, 1.0)],
)
def test_what_others_use_is_what_cores_did_but_not_for_us(
    own: float, user: int, fraction: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert watched(tmp_path / "stat", monkeypatch, own, user) == fraction


@pytest.mark.parametrize("content", [None, "cpu  0 0 0 0 0 0 0 0\ncpu0 0 0 0 0 0 0 0 0\n"])
def test_where_no_core_counts_nothing_is_said_of_others(
    content: str | None, tmp_path: Path
) -> None:
    path = tmp_path / "stat"
    if content is not None:
        path.write_text(content)
    assert Watch(path).others() is None
