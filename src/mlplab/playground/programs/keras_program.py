"""A trained network as a Keras program: the same model, its weights, and how it was trained."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mlplab.playground.programs.numpy_program import array_lines, title_of
from mlplab.playground.programs.provenance import Provenance, TrainedNetwork, origin_of
from mlplab.spec import Experiment, InitializerSpec, LearningRate, OptimizerSpec
from mlplab.trial import Float

PROGRAM = '''\
"""{title}

{origin}
Needs Keras 3 and a backend: pip install keras jax. Run it to see what it answers for a few points.
Keras keeps a layer's weights as (inputs, outputs): they are transposed where they are set.
"""

{modules}import os

os.environ.setdefault("KERAS_BACKEND", "jax")

import keras
import numpy as np
{shared}
# W of each layer, (outputs, inputs), and b of each, (outputs,).
{arrays}

model = keras.Sequential(
    [
        keras.Input((2,)),
{layers}
    ]
)
model.compile(
    optimizer={optimizer},
    loss="{loss}",
    metrics=["accuracy"],
)
for layer, w, b in zip(model.layers, W, B):
    layer.set_weights([w.T, b])

{samples}# To train it from fresh weights, leave the loop above out and call
{training}#     model.fit(x, keras.utils.to_categorical(y), batch_size={batch_size}, epochs={epochs})
{changed}
if __name__ == "__main__":
    points = np.array({points}, dtype=np.float32)
    print(model.predict(points, verbose=0))
{evaluation}'''

SHARED = "\n# One for all layers, as in the experiment.\ninitializer = {initializer}\n"

CHANGED = "# with the settings of the end, not those that were changed on the way.\n"

MODULES = "import csv\n"

SAMPLES = '''\
LABELS = {labels}  # of the classes, in the order of the outputs


def read_samples(split, path=os.path.join(os.path.dirname(__file__), "points.csv")):
    """Return x, shape (points, 2), and the class of each, of "train", "validation" or "test"."""
    with open(path, encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["split"] == split]
    x = np.array([[float(row["x1"]), float(row["x2"])] for row in rows], dtype=np.float32)
    return x, np.array([LABELS.index(row["label"]) for row in rows])


'''

TRAINING = '#     x, y = read_samples("train")\n'

EVALUATION = """\
    x, y = read_samples("test")
    print(model.evaluate(x, keras.utils.to_categorical(y), verbose=0, return_dict=True))
"""


def keras_program(
    experiment: Experiment,
    network: TrainedNetwork,
    provenance: Provenance,
    points: Float,
    labels: Sequence[str] = (),
) -> str:
    """Return the program.

    Parameters
    ----------
    experiment, network, provenance, points
        As those of `numpy_program`.
    labels : sequence of str
        The classes' names, in the order of the outputs, if a file `points.csv` of the samples comes with
        the program, which then reads it.
    """
    training = experiment.training
    widths = [len(b) for b in network.biases]
    # Layers of one shape that share an initializer begin with the same weights; else each has its own.
    own = initializer_code(experiment.network.initializer)
    shared = experiment.network.initializer.shared
    initializer = "initializer" if shared else own
    layers = zip(widths, (*experiment.network.activations, "softmax"), strict=True)
    return PROGRAM.format(
        title=title_of(network, experiment),
        origin=origin_of(network, provenance),
        modules=MODULES if labels else "",
        shared=SHARED.format(initializer=own) if shared else "",
        arrays=array_lines(network),
        layers="\n".join(
            f'        keras.layers.Dense({units}, activation="{name}", '
            f"kernel_initializer={initializer}),"
            for units, name in layers
        ),
        optimizer=optimizer_code(training.optimizer),
        loss=training.loss,
        samples=SAMPLES.format(labels=list(labels)) if labels else "",
        training=TRAINING if labels else "",
        batch_size=training.batch_size,
        epochs=training.epochs,
        changed="" if provenance.is_from_seed_alone else CHANGED,
        points=points.tolist(),
        evaluation=EVALUATION if labels else "",
    )


def initializer_code(spec: InitializerSpec) -> str:
    """Return an initializer as a line of Keras.

    Examples
    --------
    >>> from mlplab.spec import RandomNormal
    >>> initializer_code(RandomNormal(mean=0.1, stddev=0.1))
    'keras.initializers.RandomNormal(mean=0.1, stddev=0.1)'
    """
    return f"keras.initializers.{type(spec).__name__}({_arguments(spec, 'shared')})"


def optimizer_code(spec: OptimizerSpec) -> str:
    """Return an optimizer as a line of Keras.

    Examples
    --------
    >>> from mlplab.spec import SGD
    >>> optimizer_code(SGD(learning_rate=1.0))
    'keras.optimizers.SGD(learning_rate=1.0, momentum=0.0, nesterov=False)'
    """
    rate, rest = _rate_code(spec.learning_rate), _arguments(spec, "learning_rate")
    return f"keras.optimizers.{type(spec).__name__}(learning_rate={rate}, {rest})"


def _rate_code(spec: LearningRate) -> str:
    if isinstance(spec, float | int):
        return repr(spec)
    return f"keras.optimizers.schedules.{type(spec).__name__}({_arguments(spec)})"


def _arguments(spec: Any, *but: str) -> str:
    values = spec.model_dump(exclude={"kind", *but})
    written = {k: list(v) if isinstance(v, tuple) else v for k, v in values.items()}
    return ", ".join(f"{name}={value!r}" for name, value in written.items())
