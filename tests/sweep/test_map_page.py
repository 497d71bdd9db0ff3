"""The numbers in the page of a map are the map's."""

from __future__ import annotations

import base64
import json
import re
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mlplab.errors import MlplabError
from mlplab.sweep import Axis, MapPlan, TrainedMap
from mlplab.sweep.page import map_page, write_page

from .made_maps import BASE, NAMED, NUMERIC, RATE, made


def described(page: str) -> dict[str, Any]:
    found = re.search(r'id="description">(.*?)</script>', page, re.DOTALL)
    assert found
    return json.loads(found[1])


def decoded(page: str) -> dict[str, np.ndarray]:
    """Return the page's arrays, read by what its description says of them."""
    found = re.search(r'id="numbers">(.*?)</script>', page, re.DOTALL)
    assert found
    content = np.frombuffer(zlib.decompress(base64.b64decode(found[1])), np.uint8)
    description = described(page)
    shape = len(description["y"]["labels"]), len(description["x"]["labels"])
    arrays, start = {}, 0
    for array in description["arrays"]:
        width, cells = array["width"], shape[0] * shape[1]
        planes = content[start : start + width * cells].reshape(width, cells).astype(np.uint32)
        start += width * cells
        highest = 3 if array["kind"] == "float" else width - 1
        whole = np.bitwise_or.reduce([p << 8 * (highest - i) for i, p in enumerate(planes)])
        if array["kind"] == "float":
            whole = whole.astype(np.uint32).view(np.float32)
        arrays[array["name"]] = whole.reshape(shape)
    assert start == len(content)
    return arrays


@pytest.mark.parametrize(
    ("axes", "replications", "part"),
    [(NUMERIC, 40, 1.0), (NAMED, 1, 1.0), (NUMERIC, 300, 0.5), (NAMED, 2, 0.4)],
)
def test_the_numbers_are_those_of_the_map(
    axes: tuple[str, str], replications: int, part: float
) -> None:
    trained = made(*axes, replications, part)
    page = map_page(trained)
    arrays = decoded(page)
    assert (arrays["trained"] == trained.trained).all()
    for ending, code in (("stuck", 2), ("diverged", 3)):
        assert (arrays[ending] == (trained.ending == code).sum(axis=-1)).all()
    for measure in described(page)["measures"]:
        name = measure["name"]
        cells = trained.statistics(name)
        mean, half = arrays[f"{name} mean"].astype(float), arrays[f"{name} half"].astype(float)
        assert (arrays[f"{name} count"] == cells.count).all()
        np.testing.assert_allclose(mean, cells.mean, rtol=2e-5)
        lowest, highest = measure["bounds"]
        slack = 0.005 * half + 2e-5 * np.abs(mean)
        for found, true in (
            (np.maximum(mean - half, -np.inf if lowest is None else lowest), cells.low),
            (np.minimum(mean + half, np.inf if highest is None else highest), cells.high),
        ):
            known = np.isfinite(true)
            assert (np.isfinite(found) == known).all()
            assert (np.abs(found[known] - true[known]) <= slack[known]).all()
        alike = trained.as_good_as_best(name)
        assert measure["has_alike"] == (alike is not None)
        if alike is not None:
            assert (arrays[f"{name} alike"] == alike).all()
        best = trained.best(name)
        assert best == (measure["best"]["y"], measure["best"]["x"])


def test_numbers_beyond_those_of_32_bits_are_finite() -> None:
    trained = made(*NAMED, 2)
    trained.values["test_loss"][:] = np.where(
        np.isfinite(trained.values["test_loss"]), 1e200, np.nan
    )
    mean = decoded(map_page(trained))["test_loss mean"]
    assert np.nanmax(mean) > 1e38
    assert not np.isinf(mean).any()


def test_no_name_ends_the_script_or_becomes_an_element() -> None:
    evil = '</script><script>alert("x")</script><img src=x onerror=alert(1)>{{style}}'
    plan = MapPlan(BASE, Axis("network.activation", (evil, "b")), Axis(RATE, (0.1, 0.2)), 1, 0)
    page = map_page(TrainedMap(plan), title=evil)
    assert page.count("<script") == 3
    assert page.count("</script") == 3
    assert "<img" not in page
    assert described(page)["x"]["labels"] == [evil, "b"]


def test_the_page_asks_for_nothing_from_elsewhere() -> None:
    page = map_page(made(*NAMED, 1))
    assert "default-src 'none'" in page
    assert not re.search(r"https?://|//cdn|@import|url\(", page)


@pytest.mark.slow
def test_a_page_of_a_quarter_million_cells_has_some_megabytes() -> None:
    axes = (f"{RATE}=log:1e-3:10:512", "training.optimizer.momentum=lin:0:0.9:512")
    assert len(map_page(made(*axes, 2))) < 8_000_000


def test_an_unknown_measure_and_a_folder_that_is_none_are_refused(tmp_path: Path) -> None:
    trained = made(*NAMED, 1)
    with pytest.raises(MlplabError, match="unknown measure 'test_acuracy'"):
        map_page(trained, "test_acuracy")
    with pytest.raises(MlplabError, match=r"cannot write the page '.*nowhere.*'"):
        write_page(trained, tmp_path / "nowhere" / "map.html")
