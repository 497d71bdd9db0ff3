"""A trained network as a Keras program: the same model, its weights, and how it was trained."""

from __future__ import annotations

from typing import Any

from mlplab.playground.session.timeline import Moment
from mlplab.playground.take_away.numpy_code import array_lines, origin_of, title_of
from mlplab.spec import Experiment, InitializerSpec, LearningRate, OptimizerSpec
from mlplab.trial import Float

_PROGRAM = '''\
"""{title}

{origin}
Needs Keras 3 and a backend: pip install keras jax. Run it to see what it answers for a few points.
Keras keeps a layer's weights as (inputs, outputs): they are transposed where they are set.
"""

import os

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

# To train it from fresh weights, leave the loop above out and call
#     model.fit(x, keras.utils.to_categorical(y), batch_size={batch_size}, epochs={epochs})

if __name__ == "__main__":
    points = np.array({points}, dtype=np.float32)
    print(model.predict(points, verbose=0))
'''


def keras_code(experiment: Experiment, moment: Moment, seed: int, points: Float) -> str:
    """Return the program; parameters as those of `numpy_code`."""
    training = experiment.training
    widths = [len(b) for b in moment.biases]
    # Layers of one shape that share an initializer begin with the same weights; else each has its own.
    own = initializer_code(experiment.network.initializer)
    shared = experiment.network.initializer.shared
    initializer = "initializer" if shared else own
    layers = zip(widths, (*experiment.network.activations, "softmax"), strict=True)
    return _PROGRAM.format(
        title=title_of(moment, experiment),
        origin=origin_of(moment, seed),
        arrays=array_lines(moment),
        shared=f"\n# One for all layers, as in the experiment.\ninitializer = {own}\n"
        if shared
        else "",
        layers="\n".join(
            f'        keras.layers.Dense({units}, activation="{name}", '
            f"kernel_initializer={initializer}),"
            for units, name in layers
        ),
        optimizer=optimizer_code(training.optimizer),
        loss=training.loss,
        batch_size=training.batch_size,
        epochs=training.epochs,
        points=points.tolist(),
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
