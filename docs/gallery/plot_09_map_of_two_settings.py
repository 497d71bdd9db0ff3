"""
A map of two settings
=====================

Which learning rate suits which batch size? Every combination is trained, several times.
"""

# %%
from mlplab import Experiment
from mlplab.sweep import Axis, MapPlan, train_map
from mlplab.sweep.figure import map_figure

experiment = Experiment(
    dataset={"kind": "moons", "sigma": 0.15},
    network={"hidden_layers": 1, "layer_width": 6, "activation": "tanh"},
    training={"epochs": 10},
)
rates = Axis(
    "training.optimizer.learning_rate",
    (0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0),
    scale="log",
)
sizes = Axis("training.batch_size", (8, 16, 32, 64, 128))
plan = MapPlan.of(experiment, x=rates, y=sizes, replications=30)

# %%
# 35 cells of thirty runs each. All cells have the same seeds, so that they differ by their settings only.

trained = train_map(plan)
row, column = trained.best()
print(
    f"best: learning rate {rates.values[column]}, batch size {sizes.values[row]}"
)
print(f"{trained.as_good_as_best().sum()} cells cannot be told from it")

# %%
figure = map_figure(trained)

# %%
# The bright cells lie on a diagonal: a larger batch wants a larger learning rate. A dozen cells
# cannot be told from the best one, so that the star alone says little. At the lower right, a large
# rate with small batches fails often.
