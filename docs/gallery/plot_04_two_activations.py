"""
Is relu better than tanh? A hundred runs each
=============================================

One run of each could say yes or no. A hundred runs from the same seeds give an interval and a
verdict.
"""

# %%
# Both experiments differ in one setting only.

import textwrap

import numpy as np

from mlplab import Experiment, figures, train
from mlplab.statistics import bootstrap, compare_runs

relu = Experiment(
    dataset={"kind": "circles", "sigma": 0.1},
    network={"hidden_layers": 1, "layer_width": 5, "activation": "relu"},
    training={
        "optimizer": {"kind": "sgd", "learning_rate": 0.5},
        "batch_size": 16,
        "epochs": 20,
    },
)
tanh = relu.varied({"network.activation": "tanh"})
relu_runs, tanh_runs = train([relu, tanh], replications=100)

# %%
# This is what one sees after a single run of each, for the first five seeds:

for seed in range(5):
    a, b = relu_runs.test_accuracy[seed], tanh_runs.test_accuracy[seed]
    print(f"seed {seed}: relu {a:.1%}, tanh {b:.1%}")

# %%
# Of a hundred runs, the mean has a 95 % interval. How far single runs lie from it is another matter.

for name, runs in (("relu", relu_runs), ("tanh", tanh_runs)):
    mean = bootstrap(runs.test_accuracy, np.mean)
    print(
        f"{name}: mean {mean.value:.2%}, interval {mean.low:.2%} to {mean.high:.2%}"
    )

# %%
# Runs of one seed have the same samples, so that they are compared in pairs. A difference counts
# only if it is beyond one percentage point, with its whole interval.

sentence = compare_runs(relu_runs, tanh_runs).sentence("relu", "tanh")
print(textwrap.fill(sentence, 80))

# %%
rows = [
    figures.Spread(name, runs.test_accuracy)
    for name, runs in (("relu", relu_runs), ("tanh", tanh_runs))
]
figure = figures.spread_figure(
    rows, title="Circles, five hidden neurons, a hundred runs each"
)

# %%
# Single seeds say now relu, now tanh. A hundred pairs say that relu is a little better: the interval
# of the difference does not reach zero. Yet it begins within the margin of one point, so that the
# verdict is *inconclusive*: whether the difference is worth anything is not known. More runs would
# tell.
