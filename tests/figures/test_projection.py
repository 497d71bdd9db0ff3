"""Samples of any number of features in pictures of the plane, which say what they show."""

from __future__ import annotations

import io
import warnings
from dataclasses import replace

import numpy as np
import pytest

from mlplab import Experiment, draw, train
from mlplab.boundary import EQUATION_11
from mlplab.data import Dataset, Split, draw_dataset
from mlplab.errors import MlplabError
from mlplab.figures import classifier_figure, dataset_figure, plot_samples
from mlplab.figures.classifier import RING_LABEL
from mlplab.figures.fonts import drawable, families
from mlplab.figures.plane import plane_extent, plane_panels
from mlplab.figures.projection import SPREAD, projection_of
from mlplab.figures.regions import BORDER_LABEL
from mlplab.reference import MultilayerPerceptron
from mlplab.spec import Linear

NAMES = ("length (cm)", "width (cm)", "weight (kg)", "age")


def dataset(features: int = 4, classes: int = 3, names: tuple[str, ...] | None = None) -> Dataset:
    generator = np.random.default_rng(features)

    def split(n: int) -> Split:
        y = np.arange(n) % classes
        x = generator.normal(size=(n, features)) * np.array([1, 10, 100, 1000])[:features]
        return Split(x + 2 * y[:, None], y)

    labels = names or tuple(f"class-{k}" for k in range(classes))
    return Dataset(split(30), split(12), split(15), labels, NAMES[:features])


def model(features: int, classes: int = 3) -> MultilayerPerceptron:
    W = np.random.default_rng(1).normal(size=(classes, features))
    return MultilayerPerceptron([W], [np.zeros(classes)], "linear")


def shown_points(axes) -> np.ndarray:
    return np.sort(np.concatenate([c.get_offsets() for c in axes.collections]), axis=0)


def test_principal_components_are_those_of_the_standardised_training_split():
    data = dataset()
    projection = projection_of(data)
    drawn = projection.transform(data.train).x
    # As one would: the eigenvectors of the correlation matrix, largest first.
    z = (data.train.x - data.train.x.mean(axis=0)) / data.train.x.std(axis=0)
    values, vectors = np.linalg.eigh(np.corrcoef(data.train.x.T))
    largest_first = np.argsort(-values)[:2]
    np.testing.assert_allclose(np.abs(drawn), np.abs(z @ vectors[:, largest_first]), atol=1e-9)
    np.testing.assert_allclose(drawn.var(axis=0), values[largest_first])
    shown = [f"{100 * value / values.sum():.0f} %" for value in values[largest_first]]
    assert projection.labels == (f"1st component ({shown[0]})", f"2nd component ({shown[1]})")
    # The sign is settled: the largest part of a component is positive.
    parts = projection.directions * data.train.x.std(axis=0)
    assert all(part[np.abs(part).argmax()] > 0 for part in parts)


def test_a_constant_feature_is_no_problem_of_components():
    data = dataset()
    flat = {
        name: Split(np.where(np.arange(split.x.shape[1]) == 2, 7.0, split.x), split.y)
        for name, split in data.splits.items()
    }
    data = replace(data, **flat)
    assert np.isfinite(projection_of(data).transform(data.test).x).all()


@pytest.mark.parametrize(
    ("features", "chosen", "labels", "note"),
    [
        (2, None, ("length (cm)", "width (cm)"), None),
        (4, ("age", "width (cm)"), ("age", "width (cm)"), "two of 4 features"),
        (4, ["weight (kg)"], ("weight (kg)", "class"), "one feature of 4 features, a band"),
        (1, None, ("length (cm)", "class"), "one feature, a band"),
        (4, None, ("1st component", "2nd component"), "first two principal components of 4"),
    ],
)
def test_axes_and_title_say_what_is_drawn(
    words_of, spills_of, features: int, chosen: object, labels: tuple[str, str], note: str | None
):
    data = dataset(features)
    figure = dataset_figure(data, "Measured", chosen)
    said = " | ".join(words_of(figure))
    assert labels[0] in figure.axes[0].get_xlabel()
    assert labels[1] in figure.axes[0].get_ylabel()
    assert (note is None) == (figure.get_suptitle() == "Measured")
    assert figure.get_suptitle().startswith("Measured" if note is None else f"Measured: {note}")
    assert "30 samples" in said
    assert spills_of(figure) == []
    for axes, split in zip(figure.axes, data.splits.values(), strict=True):
        wanted = projection_of(data, chosen).transform(split).x
        np.testing.assert_allclose(shown_points(axes), np.sort(wanted, axis=0))


def test_chosen_features_are_drawn_as_they_are():
    data = dataset()
    drawn = projection_of(data, ["age", "width (cm)"]).transform(data.test)
    np.testing.assert_array_equal(drawn.x, data.test.x[:, [3, 1]])
    np.testing.assert_array_equal(drawn.y, data.test.y)


def test_one_feature_has_a_band_for_each_class():
    data = dataset(1)
    drawn = projection_of(data).transform(data.train)
    np.testing.assert_array_equal(drawn.x[:, 0], data.train.x[:, 0])
    assert (np.abs(drawn.x[:, 1] - data.train.y) <= SPREAD / 2).all()
    assert len(dataset_figure(data).axes[0].get_yticks()) == 0


@pytest.mark.parametrize(
    ("features", "sentence"),
    [
        (["Age", "width (cm)"], "no feature 'Age' in the dataset; did you mean 'age'?"),
        (["age", "age"], "one or two different features, received ('age', 'age')"),
        (["age", "width (cm)", "weight (kg)"], "one or two different features, received "),
        ([], "one or two different features, received ()"),
    ],
)
def test_what_cannot_be_drawn_is_refused(features: list[str], sentence: str):
    for make in (
        lambda: dataset_figure(dataset(), features=features),
        lambda: classifier_figure(model(4), dataset(), features=features),
    ):
        with pytest.raises(MlplabError) as refused:
            make()
        assert sentence in str(refused.value)


@pytest.mark.parametrize("features", [1, 3, 4])
def test_errors_are_marked_in_the_projection_and_no_regions_are_drawn(
    spills_of, words_of, features: int
):
    data, network = dataset(features), model(features)
    figure = classifier_figure(network, data, "Measured")
    wrong = network.feedforward(data.test.x).argmax(axis=1) != data.test.y
    assert 0 < wrong.sum() < len(wrong)
    (ring,) = [c for c in figure.axes[1].collections if c.get_label() == RING_LABEL]
    np.testing.assert_allclose(
        ring.get_offsets(), projection_of(data).transform(data.test).x[wrong]
    )
    assert f"{wrong.sum()} of {len(wrong)} misclassified" in words_of(figure)
    assert not any(axes.images for axes in figure.axes)
    assert not any(line.get_label() == BORDER_LABEL for line in figure.axes[0].lines)
    assert figure.get_suptitle().replace("\n", " ").endswith("; no class regions")
    assert spills_of(figure) == []


def test_two_features_have_regions_and_their_names():
    figure = classifier_figure(model(2), dataset(2), resolution=16)
    assert figure.axes[0].images
    assert figure.axes[0].get_xlabel() == "length (cm)"
    assert figure.get_suptitle() == ""


def test_a_run_is_a_model():
    experiment = Experiment(dataset="linear", training={"epochs": 2})
    run = train(experiment)[0]
    data = draw_dataset(Linear(), 0, np.float32)
    heading = classifier_figure(run, data, resolution=8).axes[1].get_title(loc="left")
    assert heading == f"Test: {100 * run.test_accuracy:.2f} % right"


@pytest.mark.parametrize(
    ("came", "sentence"),
    [
        (model(2), "the model takes 2 features, and the dataset has 4"),
        (
            None,
            "a classifier's figure is of one run, such as runs[0], or of another model with a "
            "feedforward, received None",
        ),
        (
            model(4, classes=2),
            "the model must have an output for each of the 3 classes, received 2 outputs",
        ),
    ],
)
def test_what_is_no_model_of_the_dataset_is_refused(came: object, sentence: str):
    with pytest.raises(MlplabError) as refused:
        classifier_figure(came, dataset())
    assert str(refused.value) == sentence


def test_a_run_is_drawn_with_features_as_it_takes_them():
    split = Split(np.array([[1.0, 5.0], [3.0, 9.0], [2.0, 4.0]]), np.array([0, 1, 0]))
    experiment = Experiment(dataset={"kind": "arrays", "standardise": True}, training={"epochs": 1})
    x, y = np.tile(split.x, (3, 1)), np.tile(split.y, 3)
    run = train(experiment, data=(x, y))[0]
    dataset = draw(run.experiment, run.seed, data=(x, y)).dataset
    assert len(classifier_figure(run, dataset).axes) == 2
    with pytest.raises(
        MlplabError, match="the run takes features standardised, and the dataset has them as"
    ):
        classifier_figure(run, dataset.as_measured())


def test_a_trial_is_no_dataset():
    trial = draw(Experiment(), seed=1)
    for picture in (dataset_figure, lambda trial: classifier_figure(EQUATION_11, trial)):
        with pytest.raises(
            MlplabError, match=r"expected the Dataset to draw, such as .*<Trial of seed 1"
        ):
            picture(trial)


def test_samples_outside_the_plane_are_not_drawn_into_it():
    _, (axes,) = plane_panels(1, plane_extent(np.eye(2)), [])
    with pytest.raises(MlplabError, match=r"must have shape \(samples, 2\), received \(30, 4\)"):
        plot_samples(axes, dataset().train, ("a", "b", "c"))


# ---- Names in any script ---------------------------------------------------------------------


@pytest.mark.parametrize("name", ["猫", "नमस्ते", "ไทย", "🦩", "Größe", "кошка", "قطة"])
def test_names_in_any_script_are_drawn_without_a_warning(spills_of, name: str):
    data = dataset(2, names=(name, f"{name} 2", "c"))
    data = Dataset(data.train, data.validation, data.test, data.label_names, (name, "b"))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure = dataset_figure(data, f"{name}.csv")
        assert spills_of(figure) == []
        figure.savefig(io.BytesIO(), format="svg")
    texts = [text.get_text() for text in figure.legends[0].get_texts()]
    assert len(set(texts)) == 3


def test_a_character_that_no_font_has_is_spelled():
    assert drawable("a\U0010fffd") == "a\\U0010fffd"
    assert drawable("Größe, кошка, قطة") == "Größe, кошка, قطة"
    assert families()[0] == "DejaVu Sans"
