from __future__ import annotations

import warnings
from dataclasses import replace

import numpy as np
import pytest

from mlplab.errors import MlplabError
from mlplab.figures import curves_figure
from mlplab.figures.curves import medians
from mlplab.run import History
from mlplab.spec import SGD, Experiment, Linear, Network, Training
from mlplab.training import train


def history(runs: int | None, epochs: int) -> History:
    generator = np.random.default_rng(3)
    shape = (epochs,) if runs is None else (runs, epochs)
    loss = np.exp(-np.arange(epochs) / 10) / 5 + 0.02 * generator.uniform(size=shape)
    return History(loss, 1 - 2 * loss, 1.1 * loss, 1 - 2.2 * loss)


def changed(h: History, where, value, *names: str) -> History:
    """Return a history with a value at a place of some of its arrays, of all if none is named."""
    arrays = {name: array.copy() for name, array in h.arrays().items()}
    for name in names or arrays:
        arrays[name][where] = value
    return History(**arrays)


def strong(axes):
    """Return the two strong lines of a panel by what they show."""
    return {line.get_label(): line for line in axes.lines if not line.get_label().startswith("_")}


def pale(axes):
    return [line for line in axes.lines if line.get_label().startswith("_")]


def test_one_run_is_drawn_as_it_was():
    h = history(None, 20)
    loss, accuracy = curves_figure(h).axes
    for axes, training, validation in (
        (loss, h.train_loss, h.validation_loss),
        (accuracy, 100 * h.train_accuracy, 100 * h.validation_accuracy),
    ):
        lines = strong(axes)
        np.testing.assert_allclose(lines["training"].get_ydata(), training)
        np.testing.assert_allclose(lines["validation"].get_ydata(), validation)
        assert lines["training"].get_xdata().tolist() == list(range(1, 21))
        assert pale(axes) == []


@pytest.mark.parametrize("runs", [2, 5, 100])
def test_every_run_is_a_pale_line_and_the_median_a_strong_one(runs):
    h = history(runs, 15)
    loss, _ = curves_figure(h).axes
    assert len(pale(loss)) == 2 * runs
    drawn = sorted(line.get_ydata().tolist() for line in pale(loss))
    assert drawn == sorted([*h.train_loss.tolist(), *h.validation_loss.tolist()])
    np.testing.assert_allclose(
        strong(loss)["training"].get_ydata(), np.median(h.train_loss, axis=0)
    )
    assert all(line.get_alpha() < 0.5 for line in pale(loss))
    assert strong(loss)["training"].get_linewidth() > 2 * pale(loss)[0].get_linewidth()


def test_a_list_of_runs_is_the_same_as_their_stack():
    h = history(4, 6)
    parts = [h.map(lambda array, i=i: array[i]) for i in range(4)]
    one, other = curves_figure(h).axes[0], curves_figure(parts).axes[0]
    assert [line.get_ydata().tolist() for line in one.lines] == [
        line.get_ydata().tolist() for line in other.lines
    ]


@pytest.mark.parametrize("runs", [None, 1, 60])
@pytest.mark.parametrize("epochs", [1, 100])
def test_all_is_labelled_and_nothing_spills(words_of, spills_of, runs, epochs):
    figure = curves_figure(history(runs, epochs), title="Learning", loss_name="mean_squared_error")
    said = words_of(figure)
    assert said.count("epoch") == 2
    assert {"loss (mean squared error)", "accuracy (%)", "Learning"} <= set(said)
    many = runs is not None and runs > 1
    wanted = {"training: median", "validation: median"} if many else {"training", "validation"}
    assert wanted <= set(said)
    assert (f"each of {runs} runs" in said) == many
    assert spills_of(figure) == []


def test_a_single_epoch_is_seen():
    loss, _ = curves_figure(history(3, 1)).axes
    assert all(line.get_marker() == "o" for line in loss.lines)
    assert loss.get_xticks().tolist() == [1]


@pytest.mark.parametrize("epochs", [2, 20, 100, 1000])
def test_no_tick_says_epoch_zero(epochs):
    figure = curves_figure(history(None, epochs))
    figure.draw_without_rendering()
    low, high = figure.axes[0].get_xlim()
    shown = [tick for tick in figure.axes[0].get_xticks() if low <= tick <= high]
    assert min(shown) >= 1
    assert all(tick == round(tick) for tick in shown)


def test_a_run_that_diverged_ends_and_is_counted_and_moves_no_median(words_of):
    h = changed(history(5, 30), (2, slice(10, None)), np.nan)
    h = changed(h, (2, 9), np.inf, "train_loss")
    figure = curves_figure(h)
    assert "1 of 5 diverged" in words_of(figure)
    middle = strong(figure.axes[0])["training"].get_ydata()
    np.testing.assert_allclose(
        middle[10:], np.median(np.delete(h.train_loss, 2, axis=0), axis=0)[10:]
    )
    assert np.isfinite(middle).all()


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_a_run_whose_last_loss_is_not_finite_has_diverged(words_of, value):
    figure = curves_figure(changed(history(3, 6), (1, -1), value, "train_loss"))
    assert "1 of 3 diverged" in words_of(figure)
    assert np.isfinite(figure.axes[0].get_ylim()).all()


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_validation_loss_that_is_not_finite_is_no_divergence(words_of, value):
    figure = curves_figure(changed(history(3, 6), (1, -1), value, "validation_loss"))
    assert not [word for word in words_of(figure) if "diverged" in word]
    assert np.isfinite(figure.axes[0].get_ylim()).all()


def test_runs_and_a_run_are_drawn_as_their_histories_are(words_of):
    training = Training(epochs=3, optimizer=SGD(learning_rate=1e38))
    network = Network(hidden_layers=1, layer_width=4, activation="relu")
    runs = train(Experiment(dataset=Linear(), network=network, training=training), 2)
    assert (runs.ending == "diverged").all()
    for drawn, history in (
        (runs, runs.history),
        (runs[0], runs[0].history),
        (list(runs), runs.history),
    ):
        figure, wanted = curves_figure(drawn), curves_figure(history)
        assert words_of(figure) == words_of(wanted)
        for line, same in zip(figure.axes[0].lines, wanted.axes[0].lines, strict=True):
            np.testing.assert_array_equal(line.get_ydata(), same.get_ydata())
    assert "2 of 2 diverged" in words_of(curves_figure(runs))


def test_runs_that_stop_at_different_epochs_say_from_where_on_only_some_are_left(words_of):
    rule = {"monitor": "val_accuracy", "patience": 1}
    training = {
        "epochs": 12,
        "early_stopping": rule,
        "optimizer": {"kind": "sgd", "learning_rate": 1.0},
    }
    runs = train(Experiment(dataset=Linear(train_per_class=20), training=training), 5)
    first = int(runs.epochs[runs.stopped_early].min())
    assert 1 < first < runs.epochs.max()
    figure = curves_figure(runs)
    count = np.count_nonzero(runs.stopped_early)
    assert f"of those that went on ({count} stopped early)" in words_of(figure)
    dashed = [line for line in figure.axes[0].lines if line.get_linestyle() == "--"]
    for line in dashed:
        assert line.get_xdata()[0] == first
    for line in strong(figure.axes[0]).values():
        assert line.get_xdata()[-1] == first
    middle = np.nanmedian(runs.history.train_loss[:, : runs.epochs.max()], axis=0)
    both = strong(figure.axes[0])["training"], dashed[0]
    drawn = np.concatenate([both[0].get_ydata(), both[1].get_ydata()[1 : 1 + len(middle) - first]])
    np.testing.assert_allclose(drawn, middle)


@pytest.mark.parametrize("other", [np.zeros((2, 3)), "runs", 3, None])
def test_other_things_have_no_learning_curves(other):
    with pytest.raises(
        MlplabError, match=r"^learning curves are drawn of Runs, a Run or a History"
    ):
        curves_figure(other)


def test_runs_that_all_diverged_are_said_to_have(words_of):
    h = changed(history(2, 5), slice(None), np.nan)
    assert "2 of 2 diverged" in words_of(curves_figure(h))
    single = h.map(lambda array: array[0])
    assert "the run diverged" in words_of(curves_figure(single))


def test_medians_of_epochs_that_no_run_reached_are_missing_without_a_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert np.isnan(medians(np.full((3, 2), np.nan))).all()


def test_one_run_that_shoots_up_does_not_squeeze_the_others():
    h = history(50, 40)
    usual = curves_figure(h).axes[0].get_ylim()[1]
    h = changed(h, (7, 20), 1e6, "train_loss")
    assert curves_figure(h).axes[0].get_ylim()[1] <= 2 * usual


def test_axes_start_and_end_where_the_quantities_do():
    loss, accuracy = curves_figure(history(3, 50)).axes
    assert loss.get_ylim()[0] == 0
    assert accuracy.get_ylim()[1] <= 103


def test_no_runs_and_unequal_epochs_are_refused():
    with pytest.raises(MlplabError, match="received 0 histories"):
        curves_figure([])
    with pytest.raises(MlplabError, match=r"received 2 histories of \[3, 4\] epochs"):
        curves_figure([history(None, 3), history(None, 4)])


def test_the_axis_says_that_losses_are_without_a_penalty():
    down = np.array([0.3, 0.2, 0.1])
    figure = curves_figure(History(down, down, down, down, down, down))
    assert figure.axes[0].get_ylabel() == "loss without penalty\n(mean squared error)"
    assert "penalty" not in curves_figure(History(down, down, down, down)).axes[0].get_ylabel()


def of_targets(metric, runs=3, targets=("price",)):
    """Return runs of an experiment with targets whose metric is this one."""
    losses = {"r2": "mean_squared_error", "mean_absolute_error": "huber"}
    experiment = Experiment(
        dataset={"kind": "noisy_sine", "train_samples": 8, "test_samples": 8},
        training={"loss": losses[metric], "epochs": 3},
    )
    return replace(train(experiment, runs, trainer="reference"), target_names=targets)


@pytest.mark.parametrize(
    ("metric", "targets", "label"),
    [
        ("r2", ("price",), "R²"),
        ("mean_absolute_error", ("price",), "mean absolute error\nof price"),
        ("mean_absolute_error", ("price", "rent"), "mean absolute error\nof 2 targets"),
    ],
)
def test_targets_have_their_own_metric_in_its_unit(words_of, spills_of, metric, targets, label):
    runs = of_targets(metric, targets=targets)
    figure = curves_figure(runs, loss_name=runs.experiment.training.loss)
    assert figure.axes[1].get_ylabel() == label
    shown = strong(figure.axes[1])["validation"].get_ydata()
    np.testing.assert_allclose(shown, np.median(runs.history.validation_metric, axis=0))
    assert spills_of(figure) == []


def test_a_history_alone_does_not_know_its_target():
    runs = of_targets("mean_absolute_error")
    assert curves_figure(runs.history).axes[1].get_ylabel() == "mean absolute error"


def test_r2_ends_at_one_and_a_few_bad_runs_do_not_press_the_others_together():
    rows = np.tile(np.linspace(0.2, 0.9, 50), (30, 1))
    wild = rows.copy()
    wild[0, :3] = -500
    part = History(1 - rows, rows, 1 - rows, rows, metric="r2")
    low, high = curves_figure(part).axes[1].get_ylim()
    assert 0 < low < 0.2
    assert 1 < high < 1.05
    part = History(1 - rows, wild, 1 - rows, rows, metric="r2")
    assert curves_figure(part).axes[1].get_ylim()[0] > -0.5


def test_metrics_are_not_mixed():
    of_labels, of_r2 = history(None, 3), of_targets("r2", 1).history.map(lambda array: array[0])
    with pytest.raises(MlplabError, match="one metric, received accuracy and r2"):
        curves_figure([of_labels, of_r2])
