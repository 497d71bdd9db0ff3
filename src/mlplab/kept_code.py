"""Machine code kept on disk: what is damaged there, or cannot be written, is compiled anew and no error.

Numba moves whole files into place, but a loss of power may cut one, and a disk may be full.
It would raise what `pickle` does, at every training until somebody finds and removes the file.
"""

from __future__ import annotations

from typing import Any

from numba.core.caching import FunctionCache


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


def keep_code(dispatcher: Any) -> None:
    """Let a dispatcher that keeps its code on disk bear damage there; a plain function stays as it is."""
    if hasattr(dispatcher, "py_func"):
        dispatcher._cache = KeptCode(dispatcher.py_func)  # type: ignore[no-untyped-call]  # Numba
