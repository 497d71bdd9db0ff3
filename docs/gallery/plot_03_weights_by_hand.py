"""
Weights by hand
===============

Which weights draw the line x2 = 1 - x1? Task 3 of the lab, without any training.
"""

# %%
# A network without a hidden layer has z = W x + b. Its boundary is where both outputs are equal.
# All weights and biases that draw a given line are one family:

import numpy as np

from mlplab import Experiment, boundary, draw, figures

line = boundary.Line.parse("x2 = 1 - x1")
family = boundary.LineFamily.from_line(line)
print(family)
print("\n".join(family.constraints))

# %%
# Two answers of the lab's report are both in it.

for layer in (boundary.EQUATION_11, boundary.EQUATION_12):
    print(layer.W.tolist(), layer.b.tolist(), family.contains(layer.W, layer.b))

# %%
# Both have the same side for class 0. Who exchanges the rows draws the same line, and answers the
# wrong class nearly everywhere: the check says so, and so do samples.

samples = draw(
    Experiment(dataset={"kind": "linear", "sigma": 0.1}), seed=0
).dataset
swapped = boundary.SingleLayer(
    boundary.EQUATION_11.W[::-1], boundary.EQUATION_11.b[::-1]
)
for layer in (boundary.EQUATION_11, boundary.EQUATION_12, swapped):
    found = boundary.check(layer.W, layer.b, line=line, class_0="below")
    right = np.mean(
        layer.feedforward(samples.test.x).argmax(axis=1) == samples.test.y
    )
    print(
        f"class 0 is {found.class_0} the line, {right:.1%} of the test samples are right"
    )

# %%
figure = figures.boundary_figure(
    boundary.EQUATION_11, line, samples, "W = [[-1, 0], [0, 1]], b = [1, 0]"
)

# %%
# The dashed line is the wanted one, and it covers the one that the network draws. Some samples lie
# on the wrong side of it: the classes overlap, and no line could do much better.
