"""Products of matrices are told apart by their names in machine code that is kept.

Two processes that compile different kernels number what these call by themselves. Were the products
called alike, code of one process would call the wrong product in another.
"""

from __future__ import annotations

from typing import Any

import numba
import pytest

from mlplab.engine.compiling import COMPILES
from mlplab.engine.lanes import pointer
from mlplab.engine.products import multiply_numbers, multiply_rows


@pytest.mark.skipif(not COMPILES, reason="nothing is compiled")
def test_the_products_have_names_of_their_own():
    @numba.njit(_nrt=False)  # type: ignore[untyped-decorator,unused-ignore]
    def both(a: Any) -> None:
        p = pointer(a)
        multiply_rows(p, 0, 1, 1, p, 0, 1, 1, p, 0, 1, 1, p, 0, 1, 1, 1, 1, 1)
        multiply_numbers(p, 0, 1, 1, p, 0, 1, 1, p, 0, 1, 1, p, 0, 1, 1, 1, 1, 1)

    both.compile((numba.types.float32[:, ::1],))
    (compiled,) = both.overloads.values()
    code = compiled.library.get_llvm_str()
    assert "multiply_numbers" in code
    assert "multiply_rows" in code
