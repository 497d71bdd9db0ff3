"""The arrays of a subdivision: made, enlarged, and kept for the next network."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlplab.boundary.subdivision import CHUNK, FACES, Subdivision
from mlplab.errors import MlplabError

MEMORY = 2**30
"""Bytes that arrays may take where nothing else is said."""

FIRST_REGIONS = 1024
"""Regions that there is room for at first."""

_STEP = 16  # numbers: rows whose places differ by a power of two would share few lines of the cache


class Workspace:
    """Arrays for the regions of one network after the other.

    Parameters
    ----------
    rows : int
        Of values: for each neuron of the widest layer, or for each output and two more.
    most_regions : int or None
        How many regions there may be room for; by default, as many as `MEMORY` bytes hold.
    bound : int
        How many regions the network can have at most.

    Examples
    --------
    A cut makes two vertices, an edge on each side, and one along it, at most:

    >>> space = Workspace(rows=2, most_regions=None, bound=10)
    >>> [len(space.arrays.sides), len(space.arrays.neurons)]
    [10, 34]
    """

    def __init__(self, rows: int, most_regions: int | None, bound: int) -> None:
        self.rows, self.bound = rows, bound
        self.most_regions = MEMORY // _bytes_of(rows) if most_regions is None else most_regions
        self.given = most_regions is not None
        self.regions = min(self.most_regions, max(bound, 2), FIRST_REGIONS)
        self.arrays = _arrays(self.regions, rows)

    def enlarge(self) -> None:
        """Make room for twice as many regions, and keep what is there.

        Raises
        ------
        MlplabError
            If there were to be more than may be.
        """
        if self.regions >= self.most_regions:
            limit = "most_regions" if self.given else f"{MEMORY / 2**30:g} GiB of memory"
            raise MlplabError(
                f"too many linear regions: such a network can have {_rounded(self.bound)}, in this box "
                f"there are more than {self.most_regions:,}, and that is the limit by {limit}: take a "
                "smaller box or network, or raise most_regions of mlplab.boundary.exact"
            )
        self.regions = min(2 * self.regions, self.most_regions)
        before, self.arrays = self.arrays, _arrays(self.regions, self.rows)
        pairs: Any = zip(before, self.arrays, strict=True)
        for old, new in pairs:
            new[tuple(slice(length) for length in old.shape)] = old

    @property
    def faces(self) -> int:
        """How many faces there are."""
        return int(self.arrays.state[FACES])


def _arrays(regions: int, rows: int) -> Subdivision:
    """Return arrays with room for so many regions, whatever is cut."""
    # Each cut of a face adds two vertices and three edges at most to the four of the box.
    vertices, edges = 2 * regions + 4, 3 * regions + 4
    stride = -(-vertices // (2 * _STEP)) * 2 * _STEP + _STEP
    values = np.empty((rows, stride))

    def half_edges() -> NDArray[np.int32]:
        return np.empty(2 * edges, np.int32)

    def of_faces() -> NDArray[np.int32]:
        return np.empty(regions, np.int32)

    return Subdivision(
        points=np.empty((vertices, 2)),
        values=values,
        signs=np.empty(vertices, np.int8),
        origins=half_edges(),
        following=half_edges(),
        preceding=half_edges(),
        faces=half_edges(),
        neurons=np.empty(edges, np.int32),
        sides=of_faces(),
        regions=of_faces(),
        classes=of_faces(),
        marks=of_faces(),
        waiting=of_faces(),
        scratch=np.empty((rows, CHUNK)),
        tolerances=np.empty(rows),
        state=np.zeros(7, np.int64),
    )


def _bytes_of(rows: int) -> int:
    """Return the bytes that arrays take for a region, those of its vertices and edges included."""
    of_vertex, of_edge, of_face = 8 * rows + 16 + 1, 2 * 4 * 4 + 4, 5 * 4
    return 2 * of_vertex + 3 * of_edge + of_face


def _rounded(bound: int) -> str:
    """Write a number of regions, which may be too large for a float.

    >>> _rounded(1276), _rounded(1276**10), _rounded(1276**200)
    ('up to 1,276', 'up to 1.1e+31', 'up to 1.5e+621')
    """
    if bound < 10**9:
        return f"up to {bound:,}"
    exponent = int(math.log10(bound))
    return f"up to {10 ** (math.log10(bound) - exponent):.1f}e+{exponent}"
