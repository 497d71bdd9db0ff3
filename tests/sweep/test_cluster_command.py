"""`mlplab map --scheduler`: the same files as one machine leaves, and what it refuses."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from mlplab.cli import app
from mlplab.errors import StoreError
from mlplab.installation import install_command
from mlplab.store import Store
from mlplab.sweep.cluster import versions

pytest.importorskip("distributed")

pytestmark = pytest.mark.slow  # processes of Dask

SMALL = """
dataset = {kind = "linear", train_per_class = 16, test_per_class = 8}
[training]
optimizer = {kind = "sgd", learning_rate = 1.0}
batch_size = 4
epochs = 2
"""

MAP = (
    *("map", "small.toml", "--x", "training.optimizer.learning_rate=log:0.01:10:5"),
    *("--y", "training.batch_size=1,4,16"),
)

LONG = (
    *("map", "small.toml", "--set", "training.epochs=120", *MAP[4:]),
    *("--x", "training.optimizer.learning_rate=log:0.01:10:360"),
)
PAGE = Path(__file__).parents[2] / "docs" / "cluster.md"


@pytest.fixture(autouse=True)
def _in_a_folder_with_an_experiment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("small.toml").write_text(SMALL)


def run(*arguments: object) -> Any:
    return CliRunner().invoke(app, list(map(str, arguments)), prog_name="mlplab")


def refused(*arguments: object) -> str:
    """Run a command that is refused, in one sentence, and changes nothing; return the sentence."""
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert [path.name for path in Path().iterdir()] == ["small.toml"]
    [line] = result.stderr.splitlines()
    return str(line)


def test_the_numbers_are_those_of_one_machine(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mlplab.figures.save", lambda figure, stem: None)
    there = run(*MAP, "--scheduler", client.scheduler.address)
    assert there.exit_code == 0, there.stderr
    assert there.stderr == ""
    here = run(*MAP, "--store", "here.sqlite", "--out", "here")
    assert here.exit_code == 0, here.stderr
    assert Path("small-map/cells.csv").read_bytes() == Path("here/cells.csv").read_bytes()


@pytest.mark.parametrize(
    "address", ["127.0.0.1:8786", "tcp://127.0.0.1", "tcp://h:99999", "foo://h:1"]
)
def test_an_address_that_is_none(address: str) -> None:
    said = f"--scheduler expects an address such as tcp://127.0.0.1:8786, received '{address}'"
    assert refused(*MAP, "--scheduler", address) == f"mlplab: {said}"


def test_nobody_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mlplab.cli.scheduler.TIMEOUT", 0.3)
    said = refused(*MAP, "--scheduler", "tcp://127.0.0.1:1")
    assert said.startswith("mlplab: no scheduler answers at 'tcp://127.0.0.1:1': Timed out")


def test_tls_without_certificates() -> None:
    import dask

    said = refused(*MAP, "--scheduler", "tls://127.0.0.1:8786")
    assert said.startswith(
        "mlplab: a tls:// scheduler needs certificates: set distributed.comm.tls"
    )
    keys = ("ca-file", "client.cert", "client.key")
    with dask.config.set({f"distributed.comm.tls.{key}": "no-such.pem" for key in keys}):
        said = refused(*MAP, "--scheduler", "tls://127.0.0.1:8786")
    assert said.startswith("mlplab: the certificates of Dask's configuration cannot be read")


def test_threads_are_the_workers() -> None:
    said = refused(*MAP, "--scheduler", "tcp://127.0.0.1:8786", "--threads", 2)
    assert said == "mlplab: with --scheduler the threads are the workers': leave out --threads"


def test_without_dask_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    said = refused(*MAP, "--scheduler", "tcp://127.0.0.1:8786")
    needs = "a cluster needs Dask's distributed: install it with"
    assert f"{needs}  {install_command('cluster')}" in said


def test_a_worker_that_differs_is_named(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    ours = {**versions.versions(), "numerics": "99"}
    monkeypatch.setattr(versions, "versions", lambda: ours)
    said = refused(*MAP, "--scheduler", client.scheduler.address)
    assert re.fullmatch(
        r"mlplab: the worker 'tcp://.*' [(]name .*[)] has version 2 of the numerics, and this has 99"
        r" [(]another one differs, too[)]",
        said,
    )


def runs_there() -> int:
    try:
        with Store("mlplab-runs.sqlite", read_only=True) as store:
            return store.count()[0]
    except StoreError:  # it is just being made
        return 0


def test_a_signal_keeps_what_is_done(client: Any, wait_for: Callable[..., None]) -> None:
    long = (*LONG, "--scheduler", client.scheduler.address)
    began = subprocess.Popen(
        [sys.executable, "-m", "mlplab", *long], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    wait_for(runs_there)
    began.send_signal(signal.SIGTERM)
    _, stderr = began.communicate(timeout=60)
    assert began.returncode == 143, stderr
    done = runs_there()
    assert f"interrupted; {done:,} of 4,320 runs are in 'mlplab-runs.sqlite'".encode() in stderr
    assert b"Traceback" not in stderr
    wait_for(lambda: not any(client.processing().values()))
    assert run(*long, "--yes").exit_code == 0
    assert runs_there() == 4320


def test_a_scheduler_that_dies(dask: Any, wait_for: Callable[..., None]) -> None:
    address = dask.scheduler()
    process: subprocess.Popen[bytes] = dask.last
    dask.worker(address, "--nthreads", "1")
    began = subprocess.Popen(
        [sys.executable, "-m", "mlplab", *LONG, "--scheduler", address],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    wait_for(runs_there)
    process.kill()
    _, stderr = began.communicate(timeout=60)
    assert began.returncode == 2, stderr
    assert f"mlplab: the scheduler at '{address}' was lost" in stderr
    assert "Traceback" not in stderr
    assert 0 < runs_there() < 4320


def test_the_pages_python_runs(client: Any, capsys: pytest.CaptureFixture[str]) -> None:
    (block,) = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    exec(block.replace("tcp://192.168.1.10:8786", client.scheduler.address), {})  # our own page
    assert capsys.readouterr().out == "60\n"
