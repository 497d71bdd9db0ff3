"""The sampled boundary: its grid, its orientation, and what it says of bad requests."""

import numpy as np
import pytest

from mlplab.boundary import Extent, SingleLayer, class_agreement, class_regions
from mlplab.errors import MlplabError
from mlplab.reference import MultilayerPerceptron

UNIT = Extent(0.0, 1.0, 0.0, 1.0)


class Coordinates:
    """Answers with a point's own coordinates."""

    def feedforward(self, x, /):
        return x


class Constant:
    """Answers the same array whatever it is asked."""

    def __init__(self, outputs):
        self.outputs = np.asarray(outputs)

    def feedforward(self, x, /):
        return self.outputs


def test_columns_are_x1_and_rows_are_x2():
    regions = class_regions(Coordinates(), Extent(-1.0, 2.0, 10.0, 11.0), resolution=7)
    np.testing.assert_array_equal(regions.x1, [-1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 2.0])
    assert (regions.x2[0], regions.x2[-1]) == (10.0, 11.0)
    assert regions.outputs.shape == (7, 7, 2)
    for row in range(7):
        for column in range(7):
            expected = [regions.x1[column], regions.x2[row]]
            np.testing.assert_array_equal(regions.outputs[row, column], expected)


def test_the_model_is_asked_as_it_would_be_point_by_point():
    layer = SingleLayer(np.random.default_rng(3).normal(size=(4, 2)), [0.1, -0.2, 0.3, 0.0])
    regions = class_regions(layer, Extent(-1.0, 1.0, -2.0, 1.0), resolution=9)
    for row in (0, 4, 8):
        for column in (0, 3, 8):
            point = np.array([[regions.x1[column], regions.x2[row]]])
            np.testing.assert_allclose(
                regions.outputs[row, column], layer.feedforward(point)[0], rtol=1e-12
            )


def test_class_is_the_largest_output_and_confidence_its_value():
    outputs = [[0.1, 0.7, 0.2], [0.4, 0.4, 0.2], [0.0, 0.1, 0.9], [1.0, 0.0, 0.0]]
    regions = class_regions(Constant(outputs), UNIT, resolution=2)
    np.testing.assert_array_equal(regions.classes, [[1, 0], [2, 0]])
    assert regions.classes.dtype == np.int64
    np.testing.assert_array_equal(regions.confidence, [[0.7, 0.4], [0.9, 1.0]])


def test_a_diverged_model_has_no_confidence():
    regions = class_regions(Constant([[1.0, np.nan]] * 4), UNIT, resolution=2)
    assert np.isnan(regions.confidence).all()
    assert (regions.classes == 1).all()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_points_have_the_dtype_asked_for(dtype):
    regions = class_regions(Coordinates(), UNIT, resolution=3, dtype=dtype)
    assert regions.x1.dtype == regions.x2.dtype == regions.outputs.dtype == dtype


def test_points_are_float64_and_256_a_side_unless_told():
    regions = class_regions(Coordinates(), UNIT)
    assert regions.outputs.shape == (256, 256, 2)
    assert regions.outputs.dtype == np.float64


@pytest.mark.parametrize("resolution", [1, 0, -5])
def test_one_point_is_no_grid(resolution):
    with pytest.raises(MlplabError, match=f"must be 2 at least, received {resolution}"):
        class_regions(Coordinates(), UNIT, resolution=resolution)


@pytest.mark.parametrize("outputs", [np.zeros(4), np.zeros((3, 2)), np.zeros((2, 4)), 0.0])
def test_outputs_of_another_shape_are_refused(outputs):
    with pytest.raises(MlplabError, match=r"\(4, K\), received"):
        class_regions(Constant(outputs), UNIT, resolution=2)


@pytest.mark.parametrize(
    ("bounds", "message"),
    [
        ((1.0, 1.0, 0.0, 1.0), "x1_min < x1_max, received 1.0 and 1.0"),
        ((0.0, 1.0, 2.0, 1.0), "x2_min < x2_max, received 2.0 and 1.0"),
        ((float("nan"), 1.0, 0.0, 1.0), "finite x1_min"),
        ((0.0, 1.0, 0.0, float("inf")), "finite x2_min"),
        ((-1e308, 1e308, 0.0, 1.0), "at most 1e.100 wide and high"),
    ],
)
def test_an_empty_or_immeasurable_extent_is_refused(bounds, message):
    with pytest.raises(MlplabError, match=message):
        Extent(*bounds)


def test_extent_holds_all_points_and_a_margin():
    train, test = np.array([[0.0, 5.0], [2.0, 6.0]]), np.array([[-2.0, 5.5]], dtype=np.float32)
    assert Extent.around(train, test, margin=0.1) == Extent(-2.4, 2.4, 4.9, 6.1)
    assert Extent.around(train, margin=0) == Extent(0.0, 2.0, 5.0, 6.0)


def test_extent_around_one_point_has_a_size():
    assert Extent.around(np.array([[3.0, 4.0]]), margin=0.5) == Extent(2.5, 3.5, 3.5, 4.5)


def test_extent_needs_points():
    with pytest.raises(MlplabError, match="one point at least"):
        Extent.around(np.empty((0, 2)))
    with pytest.raises(MlplabError, match="one point at least"):
        Extent.around()
    with pytest.raises(MlplabError, match="finite"):
        Extent.around(np.array([[0.0, np.nan], [1.0, 1.0]]))
    with pytest.raises(MlplabError, match=r"\(points, 2\), received \(2, 3\)"):
        Extent.around(np.zeros((2, 3)))


@pytest.mark.parametrize("features", [1, 4])
def test_a_model_of_other_features_than_two_has_no_regions(features: int):
    network = MultilayerPerceptron([np.ones((2, features))], [np.zeros(2)], "linear")
    with pytest.raises(MlplabError) as refused:
        class_regions(network, Extent(0, 1, 0, 1))
    assert str(refused.value) == (
        f"class regions are those of a plane: 2 features were expected, received {features}"
    )
    with pytest.raises(MlplabError) as refused:
        class_agreement([network], Extent(0, 1, 0, 1))
    assert str(refused.value) == (
        f"an agreement is that of a plane: 2 features were expected, received {features}"
    )
