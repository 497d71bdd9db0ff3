"""Source that is very deep ends nothing but its own reading, also on a small stack."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import mlplab

DEEP = {
    "signs": "b'x = ' + b'-' * 100_000 + b'1'",
    "brackets": "b'(' * 100_000",
    "sums": "b'x = 1' + b'+1' * 100_000",
    "calls": "b'x = a' + b'()' * 100_000",
    "branches": "b'if a: pass\\n' + b'elif a: pass\\n' * 20_000",
    "functions": "b'x = ' + b'lambda: ' * 50_000 + b'1'",
    "patterns": "b'match x:\\n case a' + b'.b' * 50_000 + b': pass'",
}
PROGRAM = """
import json, threading
from mlplab.course.checker.borrowing import copy_notes
from mlplab.course.checker.notebooks import definitions_of_notebook
from mlplab.course.checker.style import modules_to_preload, style_advice

def read():
    for source in ({}):
        cell = {{"cell_type": "code", "source": source.decode()}}
        found = style_advice(source), modules_to_preload(source), copy_notes({{"mlp.py": source}})
        assert found == ([], [], ()), found
        assert definitions_of_notebook(json.dumps({{"cells": [cell]}}).encode()) is None
    print("read")

threading.stack_size(2**19)
reader = threading.Thread(target=read)
reader.start()
reader.join()
"""


@pytest.mark.slow
def test_deep_source_does_not_end_the_process_that_reads_it() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(", ".join(DEEP.values()))],
        env={"PYTHONPATH": str(Path(mlplab.__file__).parents[1])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "read\n"), done.stderr
