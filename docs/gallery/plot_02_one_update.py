"""
One update, with every number
=============================

Backpropagation by hand: one sample, one update, each formula filled in.
"""

# %%
# A small network, so that all numbers fit on a page.

from mlplab import Experiment, explain, figures

experiment = Experiment(
    dataset={"kind": "xor", "train_per_class": 50},
    network={"hidden_layers": 1, "layer_width": 3, "activation": "tanh"},
    training={
        "optimizer": {"kind": "sgd", "learning_rate": 0.5},
        "batch_size": 1,
        "epochs": 5,
    },
)

# %%
# The update after 20 others. The numbers are those with which the training itself goes on.

step = explain.step(experiment, seed=3, update=20)
print(step.text())

# %%
# The picture has the signals of the sample in the network, and what the update does to the classes.

figure = figures.step_figure(step)

# %%
# The sample was of class 0 and its network said class 1, with 58 %. One step against the gradient
# moved the boundary across the sample: its loss falls from 0.338 to 0.107. What that does to the
# other samples, the update did not ask.
