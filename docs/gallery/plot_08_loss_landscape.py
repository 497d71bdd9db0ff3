"""
The landscape of the loss, and the path through it
==================================================

Training goes downhill. A plane through the weights of the start, the end and a point between shows
how.
"""

# %%
from mlplab import Experiment, explain, figures

experiment = Experiment(
    dataset={"kind": "moons", "sigma": 0.1},
    network={"hidden_layers": 1, "layer_width": 6, "activation": "tanh"},
    training={
        "optimizer": {"kind": "sgd", "learning_rate": 0.5},
        "batch_size": 32,
        "epochs": 30,
    },
)
found = explain.landscape(experiment, seed=4, grid=41)

# %%
# A plane shows two of many directions. How much of the path lies in it is known:

print(f"{found.length_fraction[0]:.0%} of the path's length lies in the plane")

# %%
figure = figures.landscape_figure(
    found, "Two moons, one hidden layer of six neurons"
)

# %%
# The path starts where it is steep, turns, and follows a valley to the end. Downhill at a place is
# not the way to the end: no straight line would have found it. The loss of the path in the plane
# (dashed) is nearly its true loss, so that the picture can be believed.
