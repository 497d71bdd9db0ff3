"""Build both modules, in a process that compiles for no processor in particular."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from mlplab.kernel import package_digest

_FOLDER = Path(__file__).parent

BUILT = _FOLDER / "built"
"""The modules that come with the package, and `engine.json`, which says what is in them."""


MODULES = ("fused", "exact")
"""How they round a product and a sum once: by an instruction, or by float64."""


def build(folder: Path, modules: Sequence[str] = MODULES) -> None:
    """Build `fused.wasm`, `exact.wasm` or both into a folder, and `engine.json`.

    Raises
    ------
    CalledProcessError
        If a kernel cannot be compiled, or there is no `wasm-ld`.
    """
    with TemporaryDirectory() as kept:
        # From code that was kept on disk, Numba has nothing to show.
        compiling = {"NUMBA_CPU_NAME": "generic", "NUMBA_CPU_FEATURES": "", "NUMBA_CACHE_DIR": kept}
        subprocess.run(  # noqa: S603  # ourselves
            [sys.executable, "-m", "mlplab.wasm.building", str(folder), *modules],
            env=os.environ | compiling,
            check=True,
        )


def sources_digest() -> str:
    """Return a hash of all sources from which the modules are built."""
    own = b"".join(path.read_bytes() for path in sorted(_FOLDER.glob("*.[pl][yl]")))
    return hashlib.sha256(package_digest() + own).hexdigest()
