from __future__ import annotations

import base64
import io
import re
from itertools import pairwise

import numpy as np
import pytest
from PIL import Image

from mlplab.boundary import EQUATION_11
from mlplab.data import draw_dataset
from mlplab.errors import MlplabError
from mlplab.figures import FORMATS, Spread, classifier_figure, dataset_figure, save, spread_figure
from mlplab.figures.file import rendered
from mlplab.reference import MultilayerPerceptron
from mlplab.spec import Polar


@pytest.fixture(scope="module")
def rings():
    """Return the lab's largest dataset, and a network with many borders that knows nothing of it."""
    generator = np.random.default_rng(0)
    sizes = (2, 40, 40, 5)
    weights = [generator.normal(size=(m, n)) for n, m in pairwise(sizes)]
    network = MultilayerPerceptron(
        weights, [generator.normal(size=len(w)) for w in weights], "tanh"
    )
    return network, draw_dataset(Polar(classes=5, sigma=0.05), 1)


def small():
    return spread_figure([Spread("a", [0.1, 0.2, 0.2], published=0.15)])


@pytest.mark.slow
@pytest.mark.parametrize("name", FORMATS)
def test_the_same_figure_gives_the_same_bytes(tmp_path, make_clusters, nearest_mean, name):
    def written(folder):
        figure = classifier_figure(nearest_mean(3), make_clusters(3), resolution=16)
        (path,) = save(figure, tmp_path / folder / "f", (name,))
        return path.read_bytes()

    assert written("one") == written("two")


def test_saving_twice_gives_the_same_bytes(tmp_path):
    figure = small()
    first, second = (save(figure, tmp_path / stem)[1].read_bytes() for stem in "ab")
    assert first == second


def test_figures_in_one_page_have_no_id_in_common_and_find_their_own():
    figures = [small(), spread_figure([Spread("b", [0.1, 0.3, 0.2], published=0.15)])]
    found = []
    for figure in figures:
        svg = rendered(figure, "svg").decode()
        ids = re.findall(r'\bid="([^"]+)"', svg)
        used = set(re.findall(r'(?:href="#|url\(#)([^")]+)', svg))
        assert len(ids) == len(set(ids))
        assert used <= set(ids)
        assert any("clip0" in name for name in used)
        found.append(set(ids))
    assert not found[0] & found[1]


def test_no_date_is_written(tmp_path):
    _, svg = save(small(), tmp_path / "f")
    assert b"<dc:date>" not in svg.read_bytes()


def test_paths_are_the_stem_with_each_suffix_and_folders_are_made(tmp_path):
    paths = save(small(), tmp_path / "new" / "classifier-1.3", ("png", "svg", "pdf"))
    assert [path.name for path in paths] == [f"classifier-1.3.{s}" for s in ("png", "svg", "pdf")]
    assert all(path.stat().st_size for path in paths)


def test_a_stem_may_be_text(tmp_path):
    (path,) = save(small(), str(tmp_path / "f"), ("png",))
    assert path == tmp_path / "f.png"


@pytest.mark.parametrize("name", ["curves.png", "curves.PDF"])
def test_a_stem_with_a_format_s_suffix_is_refused(tmp_path, name):
    with pytest.raises(MlplabError) as refused:
        save(small(), tmp_path / name)
    assert str(refused.value) == (
        "save adds the suffix of each format, so that "
        f"'{tmp_path / name}' must be '{tmp_path / 'curves'}'"
    )
    assert not any(tmp_path.iterdir())


def test_png_has_200_dots_an_inch(tmp_path):
    figure = small()
    (path,) = save(figure, tmp_path / "f", ("png",))
    with Image.open(path) as image:
        assert image.size == tuple((200 * figure.get_size_inches()).astype(int))


def test_text_in_svg_is_paths(tmp_path):
    (path,) = save(small(), tmp_path / "f", ("svg",))
    text = path.read_text(encoding="utf-8")
    assert "<text" not in text
    assert "<image" not in text


def test_a_classifier_of_thousands_of_points_is_a_small_svg(tmp_path, rings):
    network, data = rings
    figure = classifier_figure(network, data)
    assert len(data.train) == len(data.test) == 2560
    (path,) = save(figure, tmp_path / "f", ("svg",))
    assert path.stat().st_size < 400_000
    # The regions, the points and the rings of each panel are pictures; borders and letters are not.
    text = path.read_text(encoding="utf-8")
    assert 4 <= text.count("<image") <= 8
    assert "<path" in text


def test_a_dataset_of_thousands_of_points_is_a_small_svg(tmp_path, rings):
    _, data = rings
    (path,) = save(dataset_figure(data), tmp_path / "f", ("svg",))
    assert path.stat().st_size < 400_000


def test_the_regions_picture_in_svg_keeps_its_colours_and_has_no_steps(tmp_path, make_clusters):
    figure = classifier_figure(EQUATION_11, make_clusters(2))
    (path,) = save(figure, tmp_path / "f", ("svg",))
    encoded = re.findall(r"data:image/png;base64,\s*([^\"]+)", path.read_text(encoding="utf-8"))
    # Matplotlib stores pictures upside down, so that x2 rises with the rows.
    with Image.open(io.BytesIO(base64.b64decode(encoded[0]))) as image:
        found = np.asarray(image.convert("RGB"), dtype=float)
    wanted = 255 * np.asarray(figure.axes[0].images[0].get_array())
    rows, columns = (((np.arange(256) + 0.5) / 256 * n).astype(int) for n in found.shape[:2])
    error = np.abs(found[np.ix_(rows, columns)] - wanted).max(axis=-1)
    # All but the border, where the picture is smooth and the grid is not.
    assert np.quantile(error, 0.97) < 3


def test_an_unknown_format_is_refused_before_anything_is_written(tmp_path):
    with pytest.raises(MlplabError, match="unknown figure format 'sgv'; did you mean 'svg'"):
        save(small(), tmp_path / "f", ("png", "sgv"))
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(MlplabError, match=r"cannot write the file '.*f\.png': "):
        save(small(), tmp_path / "file" / "f", ("png",))
