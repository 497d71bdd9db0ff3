"""`python -m mlplab.wasm`: build the modules of the package anew."""

from __future__ import annotations

from mlplab.wasm.build import BUILT, build

build(BUILT)
