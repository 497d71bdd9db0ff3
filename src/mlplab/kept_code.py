"""Machine code kept on disk: compiled once for all processes, and anew where it is damaged.

Numba moves whole files into place, but a loss of power may cut one, and a disk may be full.
It would raise what `pickle` does, at every training until somebody finds and removes the file.
Of several processes that begin at once each would compile the same, and forget what another one kept.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from numba.core.caching import FunctionCache

from mlplab.locking import lock, unlock
from mlplab.slow_compiling import told_if_slow

LONGEST = 60.0
"""Seconds to wait for another process that compiles: several times what the longest function takes."""


class KeptCode(FunctionCache):
    """Numba's cache of one function, which forgets files that it cannot read."""

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """Return the code for a signature, None if there is none that can be read."""
        try:
            return super().load_overload(sig, target_context)  # type: ignore[no-untyped-call]  # Numba
        except Exception:  # noqa: BLE001  # pickle raises almost anything at bytes that are none of its own
            self._forget()
            return None

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep the code for a signature, if there is room."""
        try:
            super().save_overload(sig, data)  # type: ignore[no-untyped-call]  # Numba
        except OSError:
            return  # it is in memory, where this process uses it

    def _forget(self) -> None:
        try:
            self.flush()  # type: ignore[no-untyped-call]  # Numba
        except OSError:
            # It can be read, and not be written: then nothing of this function is kept from now on.
            self.disable()  # type: ignore[no-untyped-call]  # Numba

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Keep other processes from compiling the function, which will find here what this one keeps.

        Where nothing can be locked, all go on: what they keep is the same. Numba's own lock is taken
        within this one, so no kernel may call another one that is kept by itself.
        """
        with contextlib.ExitStack() as stack:
            with contextlib.suppress(OSError):  # the disk may be one that cannot be written
                self._impl.locator.ensure_cache_path()
                path = Path(self.cache_path, f"{self._impl.filename_base}.lock")
                file = stack.enter_context(path.open("a"))
                _wait_for(file)
                stack.callback(unlock, file)
            yield


def _wait_for(file: IO[Any]) -> None:
    """Lock a file, once no other process has it; at the longest, wait for a minute."""
    end = time.monotonic() + LONGEST
    while not lock(file) and time.monotonic() < end:
        time.sleep(0.02)


def keep_code(dispatcher: Any) -> None:
    """Make a dispatcher survive damaged files on disk, and compile in one process at a time.

    Where it takes long, it is told (`slow_compiling`). A plain function stays as it is.
    """
    if not hasattr(dispatcher, "py_func"):
        return
    cache = KeptCode(dispatcher.py_func)  # type: ignore[no-untyped-call]  # Numba
    compile_it = dispatcher.compile

    def compile_alone(signature: Any) -> Any:
        with cache.alone(), told_if_slow():
            return compile_it(signature)

    dispatcher._cache, dispatcher.compile = cache, compile_alone
