"""Own points: clicked, moved, removed, read from a CSV; and what is said of a CSV that is wrong."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mlplab.data import draw_dataset
from mlplab.errors import MlplabError
from mlplab.playground.session.own_points import LARGEST_FILE, MOST_POINTS, OwnPoints
from mlplab.spec import Polar, SamplesFile


def clicked(*labels: str) -> OwnPoints:
    points = OwnPoints.none()
    for i, label in enumerate(labels):
        points = points.with_point(float(i), 0.5, label)
    return points


def test_the_first_three_of_a_class_go_to_three_splits_and_then_three_of_five_are_trained_on():
    points = clicked(*"aabbabaaaaaab")
    of_a = [s for s, label in zip(points.split, points.labels, strict=True) if label == "a"]
    assert of_a[:5] == ["train", "validation", "test", "train", "train"]
    assert of_a[5:8] == ["train", "validation", "test"]


def test_moving_and_removing_leave_the_others():
    points = clicked("a", "b", "a")
    moved = points.with_moved(1, -3.0, 0.25)
    assert moved.x.tolist() == [[0, 0.5], [-3, 0.25], [2, 0.5]]
    assert points.x[1].tolist() == [1, 0.5]
    left = moved.without(0)
    assert (left.x.tolist(), left.labels) == ([[-3, 0.25], [2, 0.5]], ("b", "a"))


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1e7])
def test_a_coordinate_must_be_a_number_within_reason(value: float):
    with pytest.raises(MlplabError, match="a coordinate must lie between"):
        OwnPoints.none().with_point(value, 0, "a")
    with pytest.raises(MlplabError, match="a coordinate must lie between"):
        clicked("a").with_moved(0, 0, value)


def test_points_of_a_dataset_are_not_edited_where_one_is_too_far():
    wide = draw_dataset(Polar(sigma=1e6, train_per_class=50, test_per_class=10), seed=0)
    with pytest.raises(MlplabError, match="a coordinate must lie between"):
        OwnPoints.from_dataset(wide)


@pytest.mark.parametrize(
    ("labels", "sentence"),
    [
        ("", "two classes at least are needed, there are 0"),
        ("aaaa", "two classes at least are needed, there are 1"),
        ("aaabb", "class b needs a point in each"),
        ("aaabbb", ""),
    ],
)
def test_what_is_missing(labels: str, sentence: str):
    assert sentence in clicked(*labels).what_is_missing()
    assert bool(sentence) == bool(clicked(*labels).what_is_missing())


def test_a_csv_comes_back_as_it_was(tmp_path: Path):
    dataset = draw_dataset(Polar(classes=3, train_per_class=7, test_per_class=3), seed=1)
    points = OwnPoints.from_dataset(dataset)
    spec = points.write(tmp_path / "points.csv")
    again = draw_dataset(spec, seed=99)
    for name, split in dataset.splits.items():
        np.testing.assert_array_equal(again.splits[name].x, split.x)
        np.testing.assert_array_equal(again.splits[name].y, split.y)
    read = OwnPoints.from_csv((tmp_path / "points.csv").read_bytes(), "mine.csv")
    assert read.to_csv() == points.to_csv()
    assert isinstance(spec, SamplesFile)


def test_a_csv_may_have_quotes_and_ends_at_the_edge():
    content = HEADER + '1e6,-1e6,"a, of mine"\r\n\r\n1,2,"b"\r\n' * 3
    points = OwnPoints.from_csv(content.encode(), "mine.csv")
    assert sorted(set(points.labels)) == ["a, of mine", "b"]
    assert len(points) == 6


HEADER = "x1,x2,label\n"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "mine.csv: the label's column 'label' is missing"),
        ("x1;x2;label\n1;2;a\n", "separate columns by commas"),
        (HEADER, "mine.csv: no samples below the header"),
        (
            HEADER + "1,2,a\n1,x,b\n",
            "mine.csv, line 3, column 'x2': expected a number, received 'x'",
        ),
        (HEADER + "1,nan,a\n", "expected a finite number"),
        (HEADER + "1,2,a\n" * 5, "two classes at least"),
        (HEADER + "1,2,a\n" * 5 + "1,2,b\n", "each class needs three samples"),
        ("\xff\xfe\x00", "mine.csv is not text in UTF-8"),
        ("a" * (LARGEST_FILE + 1), "files of 4 MB at most, received 4.0 MB"),
        (HEADER + "1,2,a\n1,2,b\n" * MOST_POINTS, "at most 10,000 own points, received 20,000"),
        (HEADER + "1,2,a\n1,2,b\n" * 3 + "1,-1e300,b\n", "line 8, column 'x2': .* -1,000,000 and"),
        (HEADER + "1,2,a\n1,2,b\n" * 3 + "1000001,1,b\n", "line 8, column 'x1': .* 1000001.0"),
        (HEADER + "1,2,a\n1,2,b\n" * 3 + '1,2,"b\n', "mine.csv, line 8: .* quotation mark closed"),
        (HEADER + '1,2,"a\n' + "1,2,b\n" * 9, "mine.csv, line 2: .* quotation mark closed"),
        ("a,b,c,label\n1,2,3,a\n4,5,6,b\n" + "1,2,3,a\n4,5,6,b\n" * 2, "2 features, received 3: "),
        ("a,label\n" + "1,a\n4,b\n" * 3, "mine.csv: .* 2 features, received 1: "),
        (HEADER + "".join(f"1,2,{k}\n" * 3 for k in range(11)), "at most 10 classes"),
    ],
)
def test_a_csv_that_is_wrong_says_why_and_names_no_path_of_ours(content: str, sentence: str):
    with pytest.raises(MlplabError, match=sentence) as caught:
        OwnPoints.from_csv(content.encode("latin-1"), "mine.csv")
    assert "/" not in str(caught.value)
    assert "\n" not in str(caught.value)
