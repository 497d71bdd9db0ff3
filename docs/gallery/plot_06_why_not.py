"""
Why does it not learn, and what would help?
===========================================

A network with sigmoid answers one class for every point. The cause is named with its evidence, and
single changes are tried.
"""

# %%
# This is task 1.2 of the lab with sigmoid. The report says: sigmoid cannot.

from mlplab import explain, figures, train
from mlplab.report import EXPERIMENTS

experiment = EXPERIMENTS["1.2-sigmoid"]
runs = train(experiment, replications=30)
stuck = (runs.ending == "stuck").sum()
print(
    f"{stuck} of {len(runs)} runs are stuck; mean test accuracy {runs.test_accuracy.mean():.1%}"
)

# %%
# The worst runs are trained again, and each layer is measured on the way.

explanation = explain.why(runs, most=5)
print(explanation.headline)
print(explanation.runs[0].findings[0].sentence)

# %%
# Then single settings are changed, each trained from the same thirty seeds.

found = explain.remedies(experiment, replications=30)
print(found.headline)

# %%
figure = figures.remedies_figure(
    found, "Task 1.2 with sigmoid: what single changes do"
)

# %%
# Sigmoid can: with the weights of ``he_normal``, or with 200 epochs, nearly all runs learn. More
# neurons and more layers help nothing. The report's conclusion came from one setting.
