"""A class's files are read side by side."""

from __future__ import annotations

import gc
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from mlplab.course.checker.style import imported_modules


def let_others_go(phase: str, info: dict[str, Any]) -> None:
    time.sleep(0)


@pytest.mark.slow
def test_threads_that_read_files_do_not_meet_in_pythons_own_parser() -> None:
    # In Python 3.11 it is a SystemError if another thread parses while the garbage of one is collected.
    source = b"import numpy as np\n" + b"x = f(g(h(1 + (2 * (3 - 4)))))\n" * 200
    usual = gc.get_threshold()
    gc.callbacks.append(let_others_go)
    gc.set_threshold(50)
    try:
        with ThreadPoolExecutor(4) as pool:
            found = list(pool.map(imported_modules, [source] * 40))
    finally:
        gc.set_threshold(*usual)
        gc.callbacks.remove(let_others_go)
    assert found == [{"numpy"}] * 40
