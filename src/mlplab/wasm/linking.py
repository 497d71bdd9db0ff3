"""From Numba's code to a module of WebAssembly: joined, compiled once more, and linked by `wasm-ld`.

A function of the module takes one argument: where in memory its arguments lie, each in eight bytes. An
array is seven numbers or more, as Numba passes it: two addresses that are not looked at, the number of
its elements, the bytes of one, the address of the first, its shape, and the bytes from one index to the
next. A function returns 0, or what Numba returns for an exception.

Functions that are called by their address have it in `addresses`, one after the other.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import llvmlite.binding as llvm

from mlplab.wasm.kernels import Function

TRIPLE = "wasm32-unknown-unknown"
DATA_LAYOUT = "e-m:e-p:32:32-p10:8:8-p20:8:8-i64:64-i128:128-n32:64-S128-ni:1:10:20"

FEATURES = {
    "fused": "+simd128,+relaxed-simd,+bulk-memory,+nontrapping-fptoint,+sign-ext,+mutable-globals",
    "exact": "+simd128,+bulk-memory,+nontrapping-fptoint,+sign-ext,+mutable-globals",
}
"""What each module asks of a browser."""

RENAMED = {"llvm.fma.": "fused.", "llvm.x86.atomic.sub.cc.": "count_down."}
"""Instructions that WebAssembly has not: functions of `runtime` stand in their place."""

_OPERAND = r"(splat \([^)]*\)|<[^>]*>|[^\s,]+)"
VECTOR_CHOICE = re.compile(
    rf"select <(\d+) x i1> {_OPERAND}, <\d+ x float> {_OPERAND}, <\d+ x float> {_OPERAND}"
)
"""A choice between float32 numbers lane by lane, in LLVM's text.

Where one number is compared with the other, LLVM takes relaxed SIMD's minimum or maximum for it, which
may return anything where one of them is not a number. `choose` in `fused.ll` is none that LLVM knows.
"""

RELAXED = re.compile(r"\S+\.relaxed_(?!madd|nmadd)\S+")
"""Instructions of relaxed SIMD that mean something else on each processor."""

ASKED_FOR_LATE = {"__multi3"}
"""What LLVM calls only once it writes instructions: kept until then."""

OWN_EXPORTS = ("addresses", "heap", "multiply_add")
"""What the module has for who loads it, besides its functions."""

_FOLDER = Path(__file__).parent


def compile_again(exported: Sequence[Function], called: Sequence[Function], how: str) -> bytes:
    """Return the code of a module, which is still to be linked.

    Parameters
    ----------
    exported : sequence of Function
        Which can be called from outside, by their names.
    called : sequence of Function
        Whose addresses stand in the module's `addresses`, in this order.
    how : {"fused", "exact"}
        How a product and a sum are rounded once.
    """
    llvm.initialize_all_targets()
    llvm.initialize_all_asmprinters()
    module = _joined([*exported, *called])
    for function in list(module.functions):
        for begin, ours in RENAMED.items():
            if function.name.startswith(begin):
                function.name = ours + function.name.removeprefix(begin)
    if how == "fused":
        module = llvm.parse_assembly(
            VECTOR_CHOICE.sub(
                r"call <\1 x float> @choose.v\1f32(<\1 x i1> \2, <\1 x float> \3, <\1 x float> \4)",
                _declaring_choices(str(module)),
            )
        )
    _retarget(module)
    for name in ("runtime", how):
        module.link_in(_retarget(llvm.parse_assembly((_FOLDER / f"{name}.ll").read_text("utf-8"))))
    module.link_in(_retarget(llvm.parse_assembly(_entries(module, exported, called))))
    kept = {*(function.name for function in exported), *OWN_EXPORTS, *ASKED_FOR_LATE}
    for value in [*module.functions, *module.global_variables]:
        if not value.is_declaration and value.name not in kept:
            value.linkage = llvm.Linkage.internal
    module.verify()
    machine = llvm.Target.from_triple(TRIPLE).create_target_machine(
        cpu="generic", features=FEATURES[how], opt=3, reloc="static"
    )
    options = llvm.create_pipeline_tuning_options(speed_level=2)
    # Numba's code has its vectors already; more of them would be more choices.
    options.loop_vectorization = options.slp_vectorization = False
    builder = llvm.create_pass_builder(machine, options)
    builder.getModulePassManager().run(module, builder)
    relaxed = sorted(set(RELAXED.findall(machine.emit_assembly(module))))
    if relaxed:
        raise RuntimeError(f"these instructions depend on the processor: {', '.join(relaxed)}")
    return bytes(machine.emit_object(module))


def _declaring_choices(text: str) -> str:
    """Return LLVM's text of a module with a declaration of `choose` for each number of lanes."""
    lanes = sorted({match[1] for match in VECTOR_CHOICE.finditer(text)})
    return text + "".join(
        f"\ndeclare <{n} x float> @choose.v{n}f32(<{n} x i1>, <{n} x float>, <{n} x float>)\n"
        for n in lanes
    )


def link(code: bytes, exported: Sequence[Function]) -> bytes:
    """Return the module of some code, with these functions to be called."""
    names = [*sorted(function.name for function in exported), *OWN_EXPORTS, "__heap_base"]
    options = ["--no-entry", "--strip-all", "--export-table", "--fatal-warnings"]
    with TemporaryDirectory() as folder:
        source, target = Path(folder, "engine.o"), Path(folder, "engine.wasm")
        source.write_bytes(code)
        exports = [f"--export={name}" for name in names]
        _run_linker(*options, *exports, "-o", str(target), str(source))
        return target.read_bytes()


def linker_version() -> str:
    """Return what `wasm-ld` says of itself."""
    return _run_linker("--version").strip()


def _run_linker(*arguments: str) -> str:
    command = ["wasm-ld", *arguments]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603  # as PATH has it
    return done.stdout


def _joined(functions: Sequence[Function]) -> Any:
    """Return one module of LLVM with the code of all functions; heads have some in common."""
    first, *others = {function.symbol: function for function in functions}.values()
    module = llvm.parse_assembly(first.code)
    for function in others:
        module.link_in(llvm.parse_assembly(function.code))
    return module


def _retarget(module: Any) -> Any:
    module.triple, module.data_layout = TRIPLE, DATA_LAYOUT
    return module


def _entries(module: Any, exported: Sequence[Function], called: Sequence[Function]) -> str:
    """Return LLVM's text of the functions that the page calls, and of the table of addresses."""
    declared = {
        function.symbol: [
            str(argument.type) for argument in module.get_function(function.symbol).arguments
        ]
        for function in [*exported, *called]
    }
    lines = [f'declare i32 @"{symbol}"({", ".join(kinds)})' for symbol, kinds in declared.items()]
    for function in exported:
        # Numba's own two come first: where a result and an exception are written to.
        kinds = declared[function.symbol][2:]
        lines += [
            f"define i32 @{function.name}(ptr %arguments) {{",
            "  %result = alloca ptr",
            "  %exception = alloca ptr",
        ]
        for i, kind in enumerate(kinds):
            lines += [
                f"  %at{i} = getelementptr i64, ptr %arguments, i32 {i}",
                f"  %a{i} = load {kind}, ptr %at{i}",
            ]
        passed = ", ".join(
            ["ptr %result", "ptr %exception", *(f"{kind} %a{i}" for i, kind in enumerate(kinds))]
        )
        lines += [f'  %status = call i32 @"{function.symbol}"({passed})', "  ret i32 %status", "}"]
    table = ", ".join(f'ptr @"{function.symbol}"' for function in called)
    lines.append(f"@addresses = constant [{len(called)} x ptr] [{table}]")
    return "\n".join(lines)
