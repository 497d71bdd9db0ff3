"""What a hundred runs say, for a notebook: a line for each experiment, and all runs as points."""

from __future__ import annotations

from collections.abc import Mapping

from mlplab.course.showing import show
from mlplab.errors import MlplabError, suggestion
from mlplab.figures import Spread, spread_figure
from mlplab.run import Runs
from mlplab.statistics import Estimate, Failures, count_failures, interquartile_mean, outcomes


def show_runs(runs: Mapping[str, Runs], predicted: Mapping[str, float] | None = None) -> None:
    """Print the typical test accuracy of each experiment and how many runs failed, and show every run.

    Parameters
    ----------
    runs : dict from str to Runs
        By what each is called.
    predicted : dict from str to float, optional
        Test accuracies that were expected, in per cent, as `predict` returns them.

    Raises
    ------
    MlplabError
        If there are no runs, or a prediction is of none of them.

    Examples
    --------
    >>> from mlplab import Experiment, train
    >>> easy = Experiment(
    ...     dataset={"kind": "linear", "sigma": 0.01, "train_per_class": 50, "test_per_class": 50},
    ...     training={"optimizer": {"kind": "sgd", "learning_rate": 1.0}, "epochs": 20},
    ... )
    >>> show_runs({"easy": train(easy, replications=4, trainer="reference")})
    easy
      test accuracy: 100.00 % (interquartile mean; 95 % interval 100.00 to 100.00 %)
      failed runs:   none, of 4 (95 % interval of the fraction: 0 to 49 %)
    A figure was drawn, but there is no notebook to show it: name a file as save_path.
    """
    if not runs:
        raise MlplabError("show_runs needs one experiment at least, received none")
    predicted = predicted or {}
    for name in predicted:
        if name not in runs:
            raise MlplabError(f"the prediction '{name}' is of no runs; {suggestion(name, runs)}")
    accuracies = {name: outcomes(group, "test_accuracy") for name, group in runs.items()}
    for name, group in runs.items():
        print(name)
        typical = interquartile_mean(accuracies[name], resplit_ratio=group.resplit_ratio)
        print(f"  test accuracy: {_typical(typical)}")
        if name in predicted:
            print(
                f"  you predicted: {predicted[name]:.4g} %{_by_how_much(predicted[name], typical)}"
            )
        print(f"  failed runs:   {_failed(count_failures(group.ending))}")
    groups = [
        Spread(name, values, predicted=predicted[name] / 100 if name in predicted else None)
        for name, values in accuracies.items()
    ]
    show(spread_figure(groups))


def _typical(estimate: Estimate | None) -> str:
    if estimate is None:
        return "none, since every run diverged"
    value, low, high = (100 * end for end in (estimate.value, estimate.low, estimate.high))
    return f"{value:.2f} % (interquartile mean; 95 % interval {low:.2f} to {high:.2f} %)"


def _by_how_much(predicted: float, typical: Estimate | None) -> str:
    if typical is None:
        return ""
    points = predicted - 100 * typical.value
    if 100 * typical.low <= predicted <= 100 * typical.high:
        return ", within the interval"
    return f", {abs(points):.1f} points too {'high' if points > 0 else 'low'}"


def _failed(failures: Failures) -> str:
    ways = {"stuck": failures.stuck, "diverged": failures.diverged}
    listing = " and ".join(f"{count} {way}" for way, count in ways.items() if count) or "none"
    low, high = 100 * failures.fraction.low, 100 * failures.fraction.high
    return (
        f"{listing}, of {failures.runs} (95 % interval of the fraction: {low:.0f} to {high:.0f} %)"
    )
