"""Tiles fit the registers of every target: looked up in the machine code that is written for it."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import llvmlite.binding as llvm
import numpy as np
import pytest
from llvmlite import ir

from mlplab.engine.lanes import LANES
from mlplab.engine.products import multiply_numbers, multiply_rows
from mlplab.engine.tiling import Registers, registers_of, write_product

LINUX, ARM = "x86_64-unknown-linux-gnu", "aarch64-unknown-linux-gnu"
TARGETS = [(LINUX, "x86-64-v3"), (LINUX, "x86-64-v4"), (ARM, "generic")]
each_target = pytest.mark.parametrize(("triple", "cpu"), TARGETS)
each_type = pytest.mark.parametrize("number", [np.float32, np.float64])
each_product = pytest.mark.parametrize("product", [multiply_rows, multiply_numbers])


def require(triple: str) -> None:
    """Skip a test where LLVM was built without a target."""
    llvm.initialize_all_targets()
    llvm.initialize_all_asmprinters()
    try:
        llvm.Target.from_triple(triple)
    except RuntimeError as error:
        pytest.skip(f"this build of llvmlite has no code for {triple}: {error}")


def machine_code(triple: str, cpu: str, number: Any, product: Any, emit: str) -> Any:
    """Return the assembly, or the object file, of a function `product` of any sizes and strides."""
    kind, whole = ir.FloatType() if number is np.float32 else ir.DoubleType(), ir.IntType(64)
    array = [kind.as_pointer(), whole, whole, whole]
    module = ir.Module()
    module.triple = triple
    signature = ir.FunctionType(ir.VoidType(), [*array * 4, whole, whole, whole])
    function = ir.Function(module, signature, "product")
    builder = ir.IRBuilder(function.append_basic_block())
    flat = product is multiply_numbers
    write_product(builder, registers_of(triple, cpu, ""), kind, function.args, flat)
    builder.ret_void()
    machine = llvm.Target.from_triple(triple).create_target_machine(cpu=cpu, opt=3)
    compiled = llvm.parse_assembly(str(module))
    passes = llvm.create_pass_builder(machine, llvm.create_pipeline_tuning_options(speed_level=3))
    passes.getModulePassManager().run(compiled, passes)
    return getattr(machine, emit)(compiled)


def innermost_loops(assembly: str) -> list[list[str]]:
    """Return the instructions of each loop that is one block."""
    loops = []
    for block in re.split(r"^(?=\.L\w+:)", assembly, flags=re.MULTILINE):
        label = block.partition(":")[0]
        lines = [line.strip() for line in block.splitlines() if line.startswith("\t")]
        for place, line in enumerate(lines):
            if re.match(r"[jbct]\S*\s.*" + re.escape(label) + r"\b", line):
                loops.append(lines[: place + 1])
    return loops


VECTOR = re.compile(r"%[xyz]mm\d|\b[qvds]\d")


def on_the_stack(line: str) -> bool:
    return re.search(r"%[er]sp|\bsp\b", line) is not None


def vectors_from_or_to_memory(loop: list[str]) -> int:
    """Count what is read from memory or written to it as vectors, in multiplications too."""
    return sum(bool(re.search(r"\(|\[[xs]", line) and VECTOR.search(line)) for line in loop)


def multiplications(loop: list[str]) -> int:
    return sum(line.startswith(("vfmadd", "fmla")) for line in loop)


@pytest.mark.slow
@each_target
@each_type
@each_product
def test_the_sums_of_a_tile_stay_in_registers(triple: str, cpu: str, number: Any, product: Any):
    require(triple)
    height, width = registers_of(triple, cpu, "").tile
    loops = innermost_loops(machine_code(triple, cpu, number, product, "emit_assembly"))
    tiles = [loop for loop in loops if multiplications(loop) == height * width]
    assert tiles
    assert max(map(multiplications, loops)) == height * width
    for loop in tiles:
        # A row and a column are read; no sum is kept in memory, and none is moved about.
        assert vectors_from_or_to_memory(loop) <= height + width, loop
        assert not [line for line in loop if on_the_stack(line) and VECTOR.search(line)], loop
        # Where all strides are unknown, one of the eight places may have to be fetched.
        assert sum(map(on_the_stack, loop)) <= 1, loop
        assert len(loop) - height * width <= 2 * (height + width), loop


def test_a_number_that_is_kept_in_memory_would_be_seen():
    loop = "\tvmovups\t32(%rsp), %ymm1\n\tvfmadd231ps\t%ymm1, %ymm2, %ymm3\n\tjne\t.LBB0_2\n"
    (lines,) = innermost_loops(f"\tret\n.LBB0_2:\n{loop}.LBB0_3:\n\tjne\t.LBB0_2\n")
    assert lines == [line.strip() for line in loop.splitlines()]
    assert multiplications(lines) == 1
    assert vectors_from_or_to_memory(lines) == 1
    assert on_the_stack(lines[0])
    assert VECTOR.search(lines[0])


# ---- Targets -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("triple", "cpu", "features", "registers"),
    [
        (LINUX, "x86-64", "", Registers(16, 16)),
        (LINUX, "x86-64-v3", "", Registers(32, 16)),
        (LINUX, "x86-64-v4", "", Registers(64, 32)),
        (LINUX, "x86-64", "+avx512f", Registers(64, 32)),
        (LINUX, "x86-64-v4", "-avx512f", Registers(32, 16)),
        (ARM, "generic", "", Registers(16, 32)),
        ("arm64-apple-darwin23.0.0", "apple-m1", "", Registers(16, 32)),
    ],
)
def test_registers_are_those_of_the_compilers_target(
    triple: str, cpu: str, features: str, registers: Registers
):
    require(triple)
    assert registers_of(triple, cpu, features) == registers


def test_a_tile_fits_the_registers():
    for registers in (Registers(16, 16), Registers(32, 16), Registers(64, 32), Registers(16, 32)):
        height, width = registers.tile
        assert height * width + height + 1 <= registers.number


# ---- Arm -----------------------------------------------------------------------------------------

MAIN = """
#include <stdio.h>
typedef long long whole;
void product(NUMBER *, whole, whole, whole, NUMBER *, whole, whole, whole,
             NUMBER *, whole, whole, whole, NUMBER *, whole, whole, whole, whole, whole, whole);
static NUMBER numbers[4][ROWS * LANES];
int main(void) {
    whole of[15];
    if (fread(of, sizeof of, 1, stdin) != 1 || fread(numbers, sizeof numbers, 1, stdin) != 1)
        return 1;
    product(numbers[0], of[0], of[1], of[2], numbers[1], of[3], of[4], of[5],
            numbers[2], of[6], of[7], of[8], numbers[3], of[9], of[10], of[11],
            of[12], of[13], of[14]);
    return fwrite(numbers[0], sizeof numbers[0], 1, stdout) != 1;
}
"""
LINKER, EMULATOR = "aarch64-linux-gnu-gcc", "qemu-aarch64"
ROWS = 400


@pytest.mark.slow
@pytest.mark.skipif(
    not (shutil.which(LINKER) and shutil.which(EMULATOR)), reason=f"needs {LINKER} and {EMULATOR}"
)
@each_type
@each_product
def test_arm_computes_the_same_bits(tmp_path: Path, number: Any, product: Any):
    require(ARM)
    code, source, program = (tmp_path / name for name in ("product.o", "main.c", "program"))
    code.write_bytes(machine_code(ARM, "generic", number, product, "emit_object"))
    source.write_text(MAIN, encoding="ascii")
    kind = "float" if number is np.float32 else "double"
    defined = [f"-DNUMBER={kind}", f"-DROWS={ROWS}", f"-DLANES={LANES}"]
    subprocess.run(
        [LINKER, "-static", "-O1", *defined, source, code, "-o", program], check=True, timeout=60
    )
    generator = np.random.default_rng(5)
    out, start, b = generator.normal(size=(3, ROWS, LANES)).astype(number)
    # Powers of two, by which products are exact: rounding twice, as Python does, is then rounding once.
    a = (2.0 ** generator.integers(-3, 3, (ROWS, LANES))).astype(number)
    m, n, k = 7, 11, 17  # whole tiles, and every kind of remainder
    of = [3, n, 1, 1, n + 1, 1, 2, k, 1, 0, 1, n, m, n, k]
    done = subprocess.run(
        [EMULATOR, program],
        input=b"".join(part.tobytes() for part in (np.array(of, np.int64), out, start, a, b)),
        capture_output=True,
        check=True,
        timeout=60,
    )
    entries = a.ravel() if product is multiply_numbers else a
    product(out, *of[:3], start, *of[3:6], entries, *of[6:9], b, *of[9:12], m, n, k)
    assert done.stdout == out.tobytes()
