"""What reading a zip file raises if it is damaged, made to do harm, or of a kind that is not known."""

from __future__ import annotations

import importlib.util
import struct
import zipfile
import zlib


def _of_lzma() -> tuple[type[Exception], ...]:
    """Return what LZMA raises; where Python was built without it, zipfile raises RuntimeError."""
    if importlib.util.find_spec("_lzma") is None:
        return ()
    from lzma import LZMAError

    return (LZMAError,)


ZIP_ERRORS: tuple[type[Exception], ...] = (
    zipfile.BadZipFile,
    zlib.error,
    *_of_lzma(),
    struct.error,
    EOFError,
    OSError,
    ValueError,
    RuntimeError,  # of an encrypted member; NotImplementedError of a kind of compression
    OverflowError,
    IndexError,
    MemoryError,
)
