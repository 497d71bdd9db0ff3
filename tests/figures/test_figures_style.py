from __future__ import annotations

import subprocess
import sys

import matplotlib
import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.markers import MarkerStyle

from mlplab.figures.fonts import families
from mlplab.figures.style import (
    COLOURS,
    MARKERS,
    WRONG,
    colour,
    marker,
    region_tint,
    style,
    style_ticks,
)

# Linear RGB to linear RGB at severity 1 (Machado, Oliveira & Fernandes 2009).
VISION = {
    "full": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritanopia": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}


def linear(colours):
    rgb = np.array([to_rgb(c) for c in colours])
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def oklab(rgb):
    to_cones = np.array(
        [
            [0.4122214708, 0.5363325363, 0.0514459929],
            [0.2119034982, 0.6806995451, 0.1073969566],
            [0.0883024619, 0.2817188376, 0.6299787005],
        ]
    )
    to_lab = np.array(
        [
            [0.2104542553, 0.7936177850, -0.0040720468],
            [1.9779984951, -2.4285922050, 0.4505937099],
            [0.0259040371, 0.7827717662, -0.8086757660],
        ]
    )
    return np.cbrt(rgb @ to_cones.T) @ to_lab.T


@pytest.mark.parametrize("vision", VISION)
def test_no_two_classes_and_no_class_and_the_rings_look_alike(vision):
    seen = oklab(np.clip(linear([*COLOURS, WRONG]) @ VISION[vision].T, 0, 1))
    distance = np.linalg.norm(seen[:, None] - seen, axis=-1)
    nearest = distance[np.triu_indices(len(seen), 1)].min()
    assert nearest > (0.07 if vision == "tritanopia" else 0.09)


def test_ten_classes_have_ten_colours_and_ten_markers():
    assert len({colour(k) for k in range(10)}) == len({marker(k) for k in range(10)}) == 10


def test_no_pair_of_colour_and_marker_returns_before_a_hundred_classes():
    assert len({(colour(k), marker(k)) for k in range(100)}) == 100


@pytest.mark.parametrize("name", MARKERS)
def test_markers_are_filled(name):
    assert MarkerStyle(name).is_filled()


@pytest.mark.parametrize("k", range(10))
def test_a_point_stands_out_from_its_own_region(k):
    point, region = linear([colour(k)]), linear([region_tint(k)])
    luminance = np.array([0.2126, 0.7152, 0.0722])
    assert (region @ luminance).item() > 0.45
    assert np.linalg.norm(oklab(point) - oklab(region)) > 0.1


def test_settings_hold_inside_only():
    before = dict(matplotlib.rcParams)
    with style():
        assert matplotlib.rcParams["svg.fonttype"] == "path"
        assert matplotlib.rcParams["font.family"] == [*families()]
    assert dict(matplotlib.rcParams) == before


def test_ticks_keep_their_looks_when_they_are_made_after_the_settings_have_ended():
    with style():
        axes = Figure().add_subplot()
        style_ticks(axes)
    with matplotlib.rc_context({"xtick.labelsize": 40, "font.family": "serif"}):
        axes.set_xlim(0, 1000)
        axes.figure.draw_without_rendering()
    label = axes.get_xticklabels()[0]
    assert label.get_fontsize() == 7.5
    assert label.get_fontfamily() == [*families()]


def test_neither_pyplot_and_its_global_state_nor_a_compiler_is_imported():
    """Nor what takes long: a student who draws points waits for it."""
    others = {"matplotlib.pyplot", "mlplab.engine", "numba", "scipy.stats"}
    program = f"import sys, mlplab.figures; sys.exit(', '.join({others} & set(sys.modules)) or 0)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
