"""What is said of the machine."""

from __future__ import annotations

import json
import platform
from importlib.metadata import version
from pathlib import Path

import pytest

from mlplab.bench.machine import load, machine, memory_gib, processor, versions


def test_the_machine_is_described_in_json() -> None:
    described = json.loads(json.dumps(machine()))
    assert described["python"].endswith(platform.python_version())
    assert 1 <= described["usable_cores"] <= described["cores"]
    assert all(described[name] for name in ("processor", "system", "blas"))


def test_versions_are_of_what_is_installed() -> None:
    found = versions(["numpy", "no-such-distribution-here", "mlplab"])
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
