"""The engine for the browser: its kernels, and those that draw trials, as a module of WebAssembly.

The functions are those that run here. Numba's code for them is handed to LLVM once more, with another
machine in mind, so that a browser trains the same numbers to the last bit, and a new activation,
dataset or schedule is in the module after the next build.

A product and a sum that are rounded once are what WebAssembly has no instruction for that is certain.
So there are two modules. `fused.wasm` uses relaxed SIMD's `f32x4.relaxed_madd`, which rounds once where
the processor can; who loads it finds that out by a try. `exact.wasm` computes the same by doubles, and is
slower.

`python -m mlplab.wasm` builds them anew; it needs `wasm-ld`, LLVM's linker.
"""

from __future__ import annotations

from mlplab.wasm.build import BUILT, build, sources_digest

__all__ = ["BUILT", "build", "sources_digest"]
