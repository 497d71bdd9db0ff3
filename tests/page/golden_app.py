"""What the page is checked by: trainings that are changed in flight.

`python -m tests.page.golden_app` writes the files anew.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from mlplab import Experiment, draw
from mlplab.engine import Stepper
from mlplab.playground.presets import FIRST, PRESETS

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


FILES = {
    PAGE / "tests" / "golden" / "stepper.json": stepper,
}


def written(make: Any) -> str:
    """Return the content of a file."""
    return json.dumps(make(), indent=1) + "\n"


if __name__ == "__main__":
    for path, make in FILES.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(written(make))
