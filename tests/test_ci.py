"""What CI runs: tests, those without training on every other Python, what is built, docs, then lint."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def make_program(path: Path, script: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def run_ci(folder: Path, linker: str = "LLD 99") -> list[str]:
    """Run CI where only the programs of a folder and the system's own are on PATH."""
    make_program(folder / "bin/make", 'echo "make $*"')
    for installed in ("chromium-headless-shell", "npm"):
        make_program(folder / "bin" / installed, "true")
    make_program(folder / "bin/wasm-ld", f'echo "{linker}"')
    built = folder / "src/mlplab/wasm/built"
    built.mkdir(parents=True)
    (built / "engine.json").write_text('{"linker": "LLD 99"}')
    (folder / "bin/python3").symlink_to(sys.executable)
    environment = {**os.environ, "PATH": f"{folder}/bin:/usr/bin:/bin", "PYENV_ROOT": str(folder)}
    environment.pop("PYTHON", None)
    (folder / ".ci").mkdir()
    shutil.copy(ROOT / ".ci/run", folder / ".ci/run")
    done = subprocess.run(
        [folder / ".ci/run"], env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout.splitlines()


def test_other_pythons_run_the_quick_tests_between_the_tests_and_lint(tmp_path):
    this = sys.version_info[1]
    on_path, of_pyenv, shim = [minor for minor in (11, 12, 13, 14) if minor != this]
    make_program(tmp_path / f"bin/python3.{on_path}", "exit 0")
    python = tmp_path / f"versions/3.{of_pyenv}.1/bin/python"
    make_program(python, "exit 0")
    make_program(
        tmp_path / f"bin/python3.{shim}", "exit 127"
    )  # pyenv's, of no version that is chosen
    lines = run_ci(tmp_path)
    runs = [line for line in lines if line.startswith("make ")]
    assert runs == [
        "make bare",
        "make test",
        *(["make lowest"] if this == 11 else []),
        f"make quick PYTHON={tmp_path}/bin/python3.{on_path} VENV=.venv-3.{on_path}",
        f"make quick PYTHON={python} VENV=.venv-3.{of_pyenv}",
        "make built",
        "make docs",
        "make lint",
    ]
    assert f"Python 3.{shim} is not here: its tests are left out." in lines


def test_what_another_linker_makes_is_not_compared(tmp_path):
    lines = run_ci(tmp_path, linker="LLD 98")
    assert "make built" not in lines
    assert any(
        line.startswith("The linker is not that of engine.json, but LLD 98") for line in lines
    )


def test_a_virtual_environment_can_be_made_elsewhere():
    command = ["make", "--dry-run", "quick", "VENV=elsewhere", "PYTHON=python3"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert "elsewhere/bin/python -m pytest" in done.stdout
    assert ".venv" not in done.stdout
