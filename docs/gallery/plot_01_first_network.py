"""
A first network, and its boundary
=================================

Two moons of points, one network with two hidden layers: what does it answer where?
"""

# %%
# An experiment has three parts: the dataset, the network and its training. Whatever is not said has
# a default.

from mlplab import Experiment, draw, figures, train

experiment = Experiment(
    dataset={"kind": "moons", "sigma": 0.15, "train_per_class": 200},
    network={"hidden_layers": 2, "layer_width": 8, "activation": "tanh"},
    training={
        "optimizer": {"kind": "adam", "learning_rate": 0.01},
        "batch_size": 16,
        "epochs": 60,
    },
)

# %%
# A seed draws everything that is random: the samples, the initial weights, and the order in which
# the samples are shown. The same seed gives the same network again, to the last bit.

run = train(experiment, seed=1)[0]
print(f"{run.ending}: {run.test_accuracy:.1%} of the test samples are right")

# %%
# The network can be asked about any point.

for point in ([0.0, 0.5], [1.0, 0.0]):
    probabilities = run.predict_proba([point])[0]
    print(
        point,
        "is of class",
        run.predict([point])[0],
        "with",
        probabilities.round(3),
    )

# %%
# The colours show which class the network answers at each place. Between them runs the decision
# boundary. A wrong test sample has a ring.

dataset = draw(experiment, run.seed).dataset
figure = figures.classifier_figure(run, dataset, "Two moons")

# %%
# No straight line parts two moons. The network bends its boundary between them, and the few samples
# that are wrong lie where the moons overlap.
