"""Machine code kept on disk: compiled once for all processes, and anew where it is damaged.

Numba moves whole files into place, but a loss of power may cut one, and a disk may be full.
It would raise what `pickle` does, at every training until somebody finds and removes the file.
Of several processes that begin at once each would compile the same, and forget what another one kept.
"""

from __future__ import annotations

import contextlib
import hashlib
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from numba.core.caching import FunctionCache, IndexDataCacheFile

from mlplab.locking import lock, unlock
from mlplab.slow_compiling import told_if_slow

LONGEST = 60.0
"""Seconds to wait for another process that compiles: several times what the longest function takes."""


class _Files(IndexDataCacheFile):
    """Numba's index of one function's files, which takes no file for that of another signature.

    Numba counts files. Two processes that keep code for two signatures at once, where nothing can be
    locked, would give both the same number, and the index would lead to the other one's code from then
    on. By its name a file belongs to one signature and one processor, and is there before the index
    says so.
    """

    def save(self, key: Any, data: Any) -> None:
        """Keep the code for a signature on a processor."""
        digest = hashlib.sha256(repr(key).encode()).digest()
        name = self._data_name(int.from_bytes(digest[:6]))
        self._save_data(name, data)
        overloads = self._load_index()
        if overloads.get(key) != name:
            self._save_index({**overloads, key: name})


class KeptCode(FunctionCache):
    """Numba's cache of one function, which forgets files that it cannot read."""

    def __init__(self, function: Any) -> None:
        super().__init__(function)
        kept = self._cache_file
        self._cache_file = _Files(kept._cache_path, self._impl.filename_base, kept._source_stamp)

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """Return the code for a signature, None if there is none that can be read."""
        try:
            return super().load_overload(sig, target_context)
        except Exception:  # noqa: BLE001  # pickle raises almost anything at bytes that are none of its own
            self._forget()
            return None

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep the code for a signature, if there is room."""
        try:
            super().save_overload(sig, data)
        except OSError:
            return  # it is in memory, where this process uses it

    def _forget(self) -> None:
        try:
            self.flush()
        except OSError:
            # It can be read, and not be written: then nothing of this function is kept from now on.
            self.disable()

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
    cache = KeptCode(dispatcher.py_func)
    compile_it = dispatcher.compile

    def compile_alone(signature: Any) -> Any:
        with cache.alone(), told_if_slow():
            return compile_it(signature)

    dispatcher._cache, dispatcher.compile = cache, compile_alone
