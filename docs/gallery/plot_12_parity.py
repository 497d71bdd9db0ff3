"""
One trial, two trainers
=======================

The network from scratch is written to be read, the engine to be fast. Do they do the same?
"""

# %%
# A trial is all that is random, drawn before the training: both trainers have the same samples,
# the same initial weights and the same order.

from mlplab import Experiment, figures
from mlplab.parity import compare_libraries
from mlplab.parity.libraries import LIBRARIES

double = Experiment(
    dataset={"kind": "polar", "classes": 3, "sigma": 0.05},
    network={"hidden_layers": 2, "layer_width": 10, "activation": "relu"},
    training={
        "optimizer": "adam",
        "batch_size": 32,
        "epochs": 4,
        "dtype": "float64",
    },
)
single = double.varied({"training.dtype": "float32"})

# %%
# After every update the largest difference of a weight is taken.

engine = LIBRARIES[:1]
largest = {}
for name, experiment in (("in float64", double), ("in float32", single)):
    found = compare_libraries(experiment, defaults=False, libraries=engine)
    largest[name] = found.differences[0].largest
    print(
        f"engine {name}: at most {largest[name].max():.1e} after {found.updates} updates"
    )

# %%
figure = figures.parity_figure(
    largest, 1e-9, "The engine's weights beside the reference's"
)

# %%
# In float64 both stay within the rounding of the last digit, where a wrong formula would show at
# once. In float32 numbers have seven digits, so that the same formulas part by 1e-7: this is above
# the tolerance of float64, and no error.
