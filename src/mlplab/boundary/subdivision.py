"""A planar subdivision that is cut by functions which are affine on each of its faces, as a kernel.

Faces are convex polygons that share vertices and edges. An edge is two half-edges, 2e and 2e + 1, one in
each direction; each has its face at its left, and knows the half-edges before and after it around that
face (a doubly connected edge list: de Berg et al., Computational Geometry, 3rd edition, chapter 2.2).

A function is known by its values at the vertices. Faces beside an edge see the same values there, so they
agree where the edge is cut, and no gap or overlap can arise, whatever is rounded. A value that is nearly
zero counts as zero (see `TOLERANCE`): the cut then runs through the vertex itself.

Nothing is allocated here. Arrays come with room for more than they hold; where room is missing, a cut
stops halfway and says so, and is completed when it is called again with larger arrays.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mlplab.kernel import kernel

TOLERANCE = 2.0**-40
"""A value counts as zero below this part of the sum of the sizes of the terms that it is made of.

It is some thousand times what rounding leaves of a zero (2⁻⁵² for each of a neuron's terms), so that
lines through one point or along each other are seen as such; and a millionth of a millionth of what a
picture shows.
"""

CHUNK = 128
"""Vertices that a layer is evaluated for at once: their values stay in the first cache."""

OUTSIDE = -1
"""In the place of a face, beside the sides of the box; in the place of a neuron, of their line."""

STATES = ("vertices", "edges", "faces", "layer", "step", "cuts", "status")
"""What stands in `Subdivision.state`, in its order.

Values at the vertices are of the `layer`; `step` counts the cuts done of it, and is -1 before they are
evaluated. `cuts` counts all cuts that were begun; the `status` is one of `ENDINGS`.
"""

VERTICES, EDGES, FACES, LAYER, STEP, CUTS, STATUS = range(len(STATES))

ENDINGS = ("done", "full", "not finite")
"""What a kernel ends with: it is done, needs larger arrays, or met a value that is not finite."""

DONE, FULL, NOT_FINITE = range(len(ENDINGS))


class Subdivision(NamedTuple):
    """The arrays of a subdivision; V, E and F are the vertices, edges and faces that there is room for.

    Attributes
    ----------
    points : ndarray of float64, shape (V, 2)
    values : ndarray of float64, shape (rows, V)
        At the vertices: a row for each function, such as each neuron of the present layer.
    signs : ndarray of int8, shape (V,)
        Of the function that cuts.
    origins, following, preceding, faces : ndarray of int32, shape (2 E,)
        Of each half-edge: where it begins, the next and the last one around its face, and that face.
    neurons : ndarray of int32, shape (E,)
        The neuron that is at a kink along each edge, counted through all layers; `OUTSIDE` for the box.
    sides : ndarray of int32, shape (F,)
        One half-edge of each face.
    regions, classes : ndarray of int32, shape (F,)
        Of each face: the linear region that it is part of, and the class that is predicted.
    marks, waiting : ndarray of int32, shape (F,)
        Scratch: the last cut that touched a face, and the faces that the present one touches.
    scratch : ndarray of float64, shape (rows, CHUNK)
    tolerances : ndarray of float64, shape (rows,)
        Below which values of a row count as zero.
    state : ndarray of int64, shape (7,)
        How many vertices, edges and faces there are, and what is done.
    """

    points: NDArray[np.float64]
    values: NDArray[np.float64]
    signs: NDArray[np.int8]
    origins: NDArray[np.int32]
    following: NDArray[np.int32]
    preceding: NDArray[np.int32]
    faces: NDArray[np.int32]
    neurons: NDArray[np.int32]
    sides: NDArray[np.int32]
    regions: NDArray[np.int32]
    classes: NDArray[np.int32]
    marks: NDArray[np.int32]
    waiting: NDArray[np.int32]
    scratch: NDArray[np.float64]
    tolerances: NDArray[np.float64]
    state: NDArray[np.int64]


@kernel
def begin(s: Any, x1_min: float, x1_max: float, x2_min: float, x2_max: float) -> None:
    """Make the box the only face, its corners counter-clockwise from the lower left one."""
    for corner in range(4):
        s.points[corner, 0] = x1_max if corner in (1, 2) else x1_min
        s.points[corner, 1] = x2_max if corner >= 2 else x2_min
        s.values[0, corner], s.values[1, corner] = s.points[corner, 0], s.points[corner, 1]
        after, before = (corner + 1) % 4, (corner + 3) % 4
        s.origins[2 * corner], s.origins[2 * corner + 1] = corner, after
        s.following[2 * corner], s.preceding[2 * corner] = 2 * after, 2 * before
        s.following[2 * corner + 1], s.preceding[2 * corner + 1] = 2 * before + 1, 2 * after + 1
        s.faces[2 * corner], s.faces[2 * corner + 1] = 0, OUTSIDE
        s.neurons[corner] = OUTSIDE
    s.sides[0] = s.regions[0] = s.classes[0] = s.marks[0] = 0
    s.state[VERTICES], s.state[EDGES], s.state[FACES] = 4, 4, 1
    s.state[LAYER], s.state[STEP], s.state[CUTS], s.state[STATUS] = 0, -1, 0, DONE


@kernel
def cut(s: Any, row: int, level: float, tolerance: float, rows: int, neuron: int) -> bool:
    """Cut all faces along the line on which a function has a level.

    Parameters
    ----------
    s : Subdivision
    row : int
        Of the function's values; they are affine on each face.
    level, tolerance : float
        The line is where |value - level| is 0, or at vertices not above the tolerance.
    rows : int
        So many rows of values are interpolated for new vertices.
    neuron : int
        What new edges are said to belong to.

    Returns
    -------
    bool
        Whether it is complete; else room is missing for a vertex, an edge or a face.
    """
    if not _set_signs(s, row, level, tolerance):
        return True
    s.state[CUTS] += 1
    cuts = s.state[CUTS]
    waiting = 0
    for edge in range(s.state[EDGES]):
        a, b = s.signs[s.origins[2 * edge]], s.signs[s.origins[2 * edge + 1]]
        if a == b and a != 0:
            continue
        if a * b < 0 and not _split(s, edge, row, level, rows):
            return False
        for half in (2 * edge, 2 * edge + 1):
            face = s.faces[half]
            if face != OUTSIDE and s.marks[face] != cuts:
                s.marks[face] = cuts
                s.waiting[waiting] = face
                waiting += 1
    for i in range(waiting):
        if not _cut_face(s, s.waiting[i], row, level, neuron):
            return False
    return True


@kernel
def _set_signs(s: Any, row: int, level: float, tolerance: float) -> bool:
    """Set the sign of a function at each vertex; tell whether it has both signs."""
    least, most = 0, 0
    for v in range(s.state[VERTICES]):
        above = s.values[row, v] - level
        sign = int(above > tolerance) - int(above < -tolerance)
        s.signs[v] = sign
        least, most = min(least, sign), max(most, sign)
    return least < 0 < most


@kernel
def _split(s: Any, edge: int, row: int, level: float, rows: int) -> bool:
    """Put a vertex on an edge, where a function has the level; False where there is no room."""
    v, new = s.state[VERTICES], s.state[EDGES]
    if v == len(s.points) or new == len(s.neurons):
        return False
    a, b = s.origins[2 * edge], s.origins[2 * edge + 1]
    above, below = s.values[row, a] - level, s.values[row, b] - level
    t = above / (above - below)
    for i in range(2):
        s.points[v, i] = s.points[a, i] + t * (s.points[b, i] - s.points[a, i])
    for i in range(rows):
        s.values[i, v] = s.values[i, a] + t * (s.values[i, b] - s.values[i, a])
    s.values[row, v] = level
    s.signs[v] = 0
    # The edge keeps its half at a; the new one has that at b.
    there, back = 2 * new, 2 * new + 1
    after, before = s.following[2 * edge], s.preceding[2 * edge + 1]
    s.origins[there], s.origins[back], s.origins[2 * edge + 1] = v, b, v
    s.following[2 * edge], s.preceding[there] = there, 2 * edge
    s.following[there], s.preceding[after] = after, there
    s.following[before], s.preceding[back] = back, before
    s.following[back], s.preceding[2 * edge + 1] = 2 * edge + 1, back
    s.faces[there], s.faces[back] = s.faces[2 * edge], s.faces[2 * edge + 1]
    s.neurons[new] = s.neurons[edge]
    s.state[VERTICES], s.state[EDGES] = v + 1, new + 1
    return True


@kernel
def _cut_face(s: Any, face: int, row: int, level: float, neuron: int) -> bool:
    """Cut what is below the level off a face, between vertices that are at it; False without room.

    Around a convex face an affine function is below the level once at most. Where rounding makes it seem
    so more often, each of these parts is cut off, and the subdivision stays one.
    """
    first = s.sides[face]
    half = first
    while s.signs[s.origins[half]] <= 0:
        half = s.following[half]
        if half == first:
            return True
    first = half  # begins above the level
    last_sign, at_level, entry = 1, half, half
    nearest = np.inf
    while True:
        half = s.following[half]
        v = s.origins[half]
        sign = s.signs[v]
        if sign == 0:
            distance = abs(s.values[row, v] - level)
            if distance < nearest:
                nearest, at_level = distance, half
            continue
        if sign < 0 < last_sign:
            entry = at_level
        elif last_sign < 0 < sign and not _cut_off(s, face, entry, at_level, neuron):
            return False
        last_sign, nearest = sign, np.inf
        if half == first:
            return True


@kernel
def _cut_off(s: Any, face: int, entry: int, end: int, neuron: int) -> bool:
    """Make the half-edges from `entry` to before `end` a face of their own; False without room."""
    edge, new = s.state[EDGES], s.state[FACES]
    if edge == len(s.neurons) or new == len(s.sides):
        return False
    there, back = 2 * edge, 2 * edge + 1
    before, last = s.preceding[entry], s.preceding[end]
    s.origins[there], s.origins[back] = s.origins[entry], s.origins[end]
    s.following[before], s.preceding[there] = there, before
    s.following[there], s.preceding[end] = end, there
    s.following[last], s.preceding[back] = back, last
    s.following[back], s.preceding[entry] = entry, back
    s.faces[there], s.faces[back] = face, new
    half = entry
    while half != back:
        s.faces[half] = new
        half = s.following[half]
    s.neurons[edge] = neuron
    s.sides[face], s.sides[new] = there, back
    s.regions[new], s.classes[new] = s.regions[face], s.classes[face]
    s.marks[new] = 0
    s.state[EDGES], s.state[FACES] = edge + 1, new + 1
    return True
