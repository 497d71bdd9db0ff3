"""
The linear regions of a relu network
====================================

A network with relu is made of flat pieces. They can be cut out exactly.
"""

# %%
# Each neuron of relu has a kink along a line. The lines of the first layer are straight; deeper
# layers bend theirs where they cross those before.

from mlplab import Experiment, boundary, draw, figures, train

experiment = Experiment(
    dataset={"kind": "polar", "classes": 3, "sigma": 0.05},
    network={
        "hidden_layers": 2,
        "layer_width": 12,
        "activation": "relu",
        "initializer": "he_normal",
    },
    training={"optimizer": "adam", "batch_size": 16, "epochs": 40},
)
run = train(experiment, seed=2)[0]

# %%
box = boundary.Extent(-1, 1, -1, 1)
found = boundary.exact(run, box)
print(f"{found.region_count} linear regions in the box")
print(f"the decision boundary is {found.boundary_length:.2f} long")
print("area of each class:", found.class_areas.round(3))

# %%
dataset = draw(experiment, run.seed).dataset
figure = figures.linear_regions_figure(
    found, dataset, "Three rings, 2 × 12 neurons of relu"
)

# %%
# Within one region the outputs before softmax are a single linear function, so that the boundary
# is a chain of straight pieces: what looks like a circle is a polygon.
