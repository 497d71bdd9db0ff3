"""The course's `data_generator`: attributes, draws, prints and pictures."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure

from mlplab.course import data_generator, showing
from mlplab.course.data_generator import KINDS, DataGenerator
from mlplab.data import draw_dataset
from mlplab.errors import MlplabError

SPLITS = ("train", "valid", "test")


class Halves:
    """Answers class 1 where x1 is positive, else class 0; never class 2."""

    def feedforward(self, x: Any) -> Any:
        return np.stack([x[:, 0] <= 0, x[:, 0] > 0, np.zeros(len(x))], axis=1).astype(float)


@pytest.fixture
def shown_figures(monkeypatch: pytest.MonkeyPatch) -> list[Figure]:
    figures: list[Figure] = []
    monkeypatch.setattr(data_generator, "show", lambda figure, path=None: figures.append(figure))
    return figures


@pytest.mark.parametrize("kind", KINDS)
def test_generate_sets_what_the_course_has(kind: str) -> None:
    data = DataGenerator(verbose=False)
    data.generate(dataset=kind, N_train=7, N_test=5, K=3, sigma=0.1, seed=4)
    assert (data.dataset, data.N_train, data.N_test, data.K) == (kind, 7, 5, 3)
    assert (data.sigma, data.seed) == (0.1, 4)
    for split, n in zip(SPLITS, (7, 5, 5), strict=True):
        x, y, one_hot = (
            getattr(data, name) for name in (f"x_{split}", f"y_{split}", f"y_{split}_oh")
        )
        assert (x.shape, y.shape, one_hot.shape) == ((3 * n, 2), (3 * n,), (3 * n, 3))
        assert np.bincount(y).tolist() == [n, n, n]
        np.testing.assert_array_equal(one_hot, np.eye(3)[y])


@pytest.mark.parametrize(("kind", "spec"), KINDS.items())
def test_the_points_are_the_packages(kind: str, spec: Any) -> None:
    data = DataGenerator(verbose=False)
    data.generate(dataset=kind, N_train=7, N_test=5, K=3, sigma=0.1, seed=4)
    wanted = draw_dataset(spec(classes=3, sigma=0.1, train_per_class=7, test_per_class=5), 4)
    for name, split in zip(SPLITS, wanted.splits.values(), strict=True):
        np.testing.assert_array_equal(getattr(data, f"x_{name}"), split.x)
        np.testing.assert_array_equal(getattr(data, f"y_{name}"), split.y)


def test_defaults_are_the_courses() -> None:
    data = DataGenerator()
    data.generate()
    assert (data.dataset, data.N_train, data.N_test) == ("linear", 32, 512)
    assert (data.K, data.sigma, data.verbose) == (2, 0.05, True)


def test_without_a_seed_numpys_global_generator_decides() -> None:
    data, again = DataGenerator(verbose=False), DataGenerator(verbose=False)
    np.random.seed(3)  # noqa: NPY002  # what a notebook does
    data.generate()
    first = data.x_train
    data.generate()
    np.random.seed(3)  # noqa: NPY002  # the same
    again.generate()
    np.testing.assert_array_equal(again.x_train, first)
    assert not np.array_equal(data.x_train, first)


def test_generate_says_what_it_drew(capsys: pytest.CaptureFixture[str]) -> None:
    DataGenerator().generate(dataset="polar", N_train=7, N_test=5, K=3, sigma=0.1)
    printed = capsys.readouterr().out
    for words in ("polar", "Number of classes:      3", "0.1", "(21, 2)", "(15, 2)"):
        assert words in printed
    DataGenerator(verbose=False).generate()
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"dataset": "polr"}, "unknown dataset 'polr'; did you mean 'polar'?"),
        ({"dataset": 3}, "unknown dataset 3; known: linear, polar"),
        ({"K": 1}, "classes: input should be greater than or equal to 2"),
        ({"N_train": 0}, "train_per_class"),
        ({"sigma": -1.0}, "sigma"),
        ({"seed": -1}, "a seed must be a whole number from 0 to 2^62, received -1"),
    ],
)
def test_what_cannot_be_drawn_is_refused_and_changes_nothing(
    rings: DataGenerator, arguments: dict[str, Any], sentence: str
) -> None:
    before = dict(vars(rings))
    with pytest.raises(MlplabError) as refusal:
        rings.generate(**arguments)
    assert sentence in str(refusal.value)
    assert vars(rings) == before


def test_pictures_before_points_are_refused() -> None:
    data = DataGenerator()
    for ask in (
        data.plot,
        lambda: data.plot_classifier(Halves()),
        lambda: data.sample_input_space(Halves(), 4),
    ):
        with pytest.raises(MlplabError, match="call generate"):
            ask()


def test_sample_input_space(rings: DataGenerator) -> None:
    on_grid, on_test = rings.sample_input_space(Halves(), 4, mi=-1, ma=2)
    # x1 is -1, 0, 1, 2 along each row.
    assert on_grid.tolist() == [0, 0, 1, 1] * 4
    np.testing.assert_array_equal(on_test, rings.x_test[:, 0] > 0)
    assert rings.sample_input_space(Halves(), 3)[0].tolist() == [0, 1, 1] * 3  # from 0 to 1


def test_a_classifier_is_drawn_on_the_points_as_they_are_now(
    rings: DataGenerator, shown_figures: list[Figure]
) -> None:
    rings.x_test = np.array([[-1.0, 0.0], [1.0, 0.0], [1.0, 1.0], [1.0, 2.0]])
    rings.y_test = np.array([0, 1, 1, 2])
    rings.plot_classifier(Halves(), G=8)
    [figure] = shown_figures
    titles = [panel.get_title(loc="left") for panel in figure.axes]
    assert titles[1] == "Test: 75.00 % right"
    assert figure.get_suptitle() == "polar, K = 3, σ = 0.05"


def test_the_points_are_drawn(rings: DataGenerator, shown_figures: list[Figure]) -> None:
    rings.plot()
    [figure] = shown_figures
    titles = [panel.get_title(loc="left") for panel in figure.axes]
    assert titles == ["Training", "Validation", "Test"]


@pytest.mark.parametrize(
    ("name", "written", "start"),
    [
        ("1.3.png", "1.3.png", b"\x89PNG"),
        ("a", "a.png", b"\x89PNG"),
        ("a.pdf", "a.pdf", b"%PDF"),
        ("a.svg", "a.svg", b"<?xml"),
    ],
)
def test_a_figure_is_written_where_one_says(
    rings: DataGenerator,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    name: str,
    written: str,
    start: bytes,
) -> None:
    rings.plot(save_path=str(tmp_path / name))
    assert (tmp_path / written).read_bytes().startswith(start)
    assert capsys.readouterr().out == ""


def test_in_plain_python_a_figure_is_mentioned(
    rings: DataGenerator, capsys: pytest.CaptureFixture[str]
) -> None:
    rings.plot()
    assert "name a file as save_path" in capsys.readouterr().out


def test_in_a_notebook_a_figure_is_displayed(
    rings: DataGenerator, monkeypatch: pytest.MonkeyPatch
) -> None:
    display = pytest.importorskip("IPython.display")
    displayed: list[Any] = []
    monkeypatch.setattr(display, "display", displayed.append)
    monkeypatch.setattr(showing, "in_notebook", lambda: True)
    rings.plot()
    [picture] = displayed
    assert picture.data.startswith(b"\x89PNG")


@pytest.mark.slow
def test_no_pyplot() -> None:
    code = (
        "import sys\n"
        "from mlplab.course.data_generator import DataGenerator\n"
        "data = DataGenerator(); data.generate(); data.plot()\n"
        "print('matplotlib.pyplot' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout.splitlines()[-1] == "False"


@pytest.mark.parametrize("name", ["x_train", "x_valid", "x_test"])
@pytest.mark.parametrize("features", [1, 4])
def test_points_of_a_notebook_stay_in_the_plane(name: str, features: int) -> None:
    data = DataGenerator(verbose=False)
    data.generate(N_train=5, N_test=5)
    setattr(data, name, np.zeros((10, features)))
    for show in (data.plot, lambda: data.plot_classifier(Halves())):
        with pytest.raises(MlplabError) as refused:
            show()
        assert str(refused.value) == (
            f"the course's points lie in the plane: {name} must have shape (points, 2), received "
            f"(10, {features}); mlplab.train takes samples of more features"
        )
