"""What the engine's arrays are called by: the kernels' own types, each with its shape."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.floating[Any]]
"""Rows of LANES numbers, shape (rows, LANES)."""

Flat = NDArray[np.floating[Any]]
"""Numbers in a line, shape (numbers,)."""

Scratch = NDArray[np.floating[Any]]
"""What a kernel writes to and nobody reads afterwards, shape (…, LANES)."""

Whole = NDArray[np.int64]
"""Sizes, places and addresses."""

Indices = NDArray[np.int32]
"""Which sample stands at each place of a shuffle, shape (networks, places)."""
