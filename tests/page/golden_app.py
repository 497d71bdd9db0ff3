"""What the page is checked by: trainings changed in flight, updates with their numbers, and explanations.

`python -m tests.page.golden_app` writes the files anew.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, get_args

from scipy.stats import binomtest
from tests.explain.planted import PLANTED, SOUND, Planted

from mlplab import Experiment, draw
from mlplab.engine import Stepper
from mlplab.explain import changes, step, why
from mlplab.explain.causes import NumberKind, write_number
from mlplab.playground.limits import LARGEST
from mlplab.playground.presets import FIRST, PRESETS
from mlplab.spec.datasets import planar_recipes
from mlplab.statistics import holm

PAGE = Path(__file__).parents[2] / "page"


def stepper() -> list[dict[str, Any]]:
    """Return trainings that were changed in flight, and how they ended."""
    decaying = {
        "kind": "exponential_decay",
        "initial_learning_rate": 0.05,
        "decay_steps": 20,
        "decay_rate": 0.8,
    }
    return [
        _case(
            PRESETS[FIRST],
            3,
            {"training": {"optimizer": {"learning_rate": decaying}, "batch_size": 48}},
        ),
        _case(
            PRESETS["more  xor"],
            7,
            {"training": {"optimizer": {"learning_rate": 0.002}, "epochs": 9}},
        ),
    ]


def _case(experiment: Experiment, seed: int, changed: dict[str, Any]) -> dict[str, Any]:
    """Train 70 updates, change, and train 50 more."""
    after = experiment.varied(
        {
            "training.batch_size": changed["training"].get(
                "batch_size", experiment.training.batch_size
            ),
            "training.epochs": changed["training"].get("epochs", experiment.training.epochs),
            "training.optimizer.learning_rate": changed["training"]["optimizer"]["learning_rate"],
        }
    )
    trained = Stepper(draw(experiment, seed))
    trained.train(70)
    trained.change(after.training)
    trained.train(50)
    weights, biases = trained.network
    return {
        "experiment": experiment.model_dump(mode="json"),
        "seed": str(seed),
        "after": after.training.model_dump(mode="json"),
        "step": trained.step,
        "epoch": trained.epoch,
        "used": trained.used,
        "learning_rate": trained.learning_rate,
        "weights": [part.ravel().tolist() for part in weights],
        "biases": [part.tolist() for part in biases],
        "train_loss": trained.history.train_loss.tolist(),
    }


def observed() -> list[dict[str, Any]]:
    """Return updates of some trainings, by the batch and by one sample, with all their numbers."""
    first = PRESETS[FIRST]
    besides = {
        "network.dropout": 0.25,
        "network.input_noise": 0.05,
        "network.kernel_regularizer": "l2",
        "training.loss": "categorical_crossentropy",
        "training.label_smoothing": 0.1,
        "training.class_weight": {"1": 2.0},
        "training.optimizer": {"kind": "adamw", "global_clipnorm": 0.05},
    }
    gated = {
        "network.activation": "gelu",
        "training.optimizer": {"kind": "nadam", "learning_rate": 0.01},
        "training.batch_size": 200,
    }
    return [
        _observed(experiment, update, point)
        for experiment, update, point in (
            (first, 7, 3),
            (first, 130, None),
            (first.varied(besides), 9, None),
            (first.varied(besides), 9, 17),
            (first.varied(gated), 5, None),
        )
    ]


def _observed(experiment: Experiment, update: int, point: int | None) -> dict[str, Any]:
    """Make some updates, and look at the next one; arrays are (neurons, samples), as on the page."""
    stepper = Stepper(draw(experiment, 3))
    stepper.train(update)
    made = stepper.observe(point)
    layers = {
        name: [[part.ravel().tolist() for part in pair] for pair in zip(*of, strict=True)]
        for name, of in {
            "gradient": made.gradient,
            "penalised": made.penalised,
            "taken": made.taken,
            "before": made.before,
            "after": made.after,
            "first_moment": made.first_moment[1],
            "second_moment": made.second_moment[1],
        }.items()
    }
    neurons = {
        name: [each.T.ravel().tolist() for each in of]
        for name, of in {"h": made.h, "z": made.z, "delta": made.delta}.items()
    }
    return {
        "experiment": experiment.model_dump(mode="json"),
        "seed": "3",
        "update": update,
        "point": point,
        **neurons,
        **layers,
        "step_sizes": made.step_sizes.tolist(),
        "outputs_after": made.outputs_after.T.ravel().tolist(),
        "losses": [made.loss, made.loss_after],
        "penalties": [made.penalty, made.penalty_after],
        "lines": _lines(experiment, update, point),
    }


def _lines(experiment: Experiment, update: int, point: int | None) -> list[str]:
    """Return what is said of all neurons of an update, but for its inputs and its effect."""
    found = step(experiment, 3, update=update, point=point)
    neurons = [
        (number, j + 1)
        for number, layer in enumerate(found.layers, start=1)
        for j in range(layer.z.shape[1])
    ]
    lines = found.text(neurons=neurons, width=100_000).splitlines()
    return [
        line.removeprefix("  ")
        for line in lines[: lines.index("Effect")]
        if line.startswith("  ") and not line.startswith("  with noise")
    ]


def explained() -> dict[str, Any]:
    """Return what is said of trainings, what is tried, and how numbers are written and tested."""
    planted = [each.experiment for each in (*PLANTED, *SOUND) if each.scale == 1.0]
    known = [each for each in (*planted, *PRESETS.values()) if _is_for_the_page(each)]
    values = [0.0, 0.98765, 12.3456, 1234.5678, 0.00001, 3e15, 1 / 3, -0.5, float("1e-3")]
    p_values = [0.001, 0.04, 0.03, 0.5, 0.04]
    return {
        "changes": [
            {"experiment": plain(each), "changed": [plain(c.experiment) for c in changes(each)]}
            for each in known
        ],
        "runs": [
            _explained(each, seed=3)
            for each in (*filter(_is_small, known), *_with_little_evidence(PLANTED[0], SOUND[0]))
        ],
        "numbers": [
            [value, kind, write_number(value, kind)]
            for value in values
            for kind in get_args(NumberKind)
        ],
        "holm": [p_values, holm(p_values).tolist()],
        "fewer": [
            [a, b, float(binomtest(a, a + b).pvalue)] for a, b in ((0, 5), (3, 17), (40, 60))
        ],
    }


def _with_little_evidence(*set_ups: Planted) -> list[Experiment]:
    """Return set-ups of which little can be said: of one epoch, and of a few samples."""
    little = ({"training.epochs": 1}, {"dataset.train_per_class": 2, "training.epochs": 150})
    return [each.experiment.varied(values) for each in set_ups for values in little]


def _is_for_the_page(experiment: Experiment) -> bool:
    network = experiment.network
    is_narrow = max(network.layer_widths, default=0) <= LARGEST["neurons in a layer"]
    return experiment.dataset.kind in planar_recipes() and is_narrow


def _is_small(experiment: Experiment) -> bool:
    return experiment.network.hidden_layers * max(experiment.network.layer_widths, default=0) < 100


def plain(experiment: Experiment) -> dict[str, Any]:
    """Return an experiment as the page has it."""
    return experiment.model_dump(mode="json")


def _explained(experiment: Experiment, seed: int) -> dict[str, Any]:
    """Train an experiment, and return what is found and said."""
    (run,) = why(experiment, 1, seed).runs
    return {
        "experiment": plain(experiment),
        "seed": str(seed),
        "codes": [finding.code for finding in run.findings],
        "sentences": [finding.sentence for finding in run.findings],
    }


FILES = {
    PAGE / "tests" / "golden" / "explained.json": explained,
    PAGE / "tests" / "golden" / "observed.json": observed,
    PAGE / "tests" / "golden" / "stepper.json": stepper,
}


def written(make: Any) -> str:
    """Return the content of a file."""
    return json.dumps(make(), indent=1) + "\n"


if __name__ == "__main__":
    for path, make in FILES.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(written(make))
