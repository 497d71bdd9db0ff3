"""
Your own CSV file: a regression
===============================

A file with a column of numbers to be predicted becomes an experiment.
"""

# %%
# Any program can write such a file. This one has the height of a ball at 120 moments, as a shaky
# hand measured it.

from pathlib import Path
from tempfile import mkdtemp

import numpy as np
from matplotlib.figure import Figure

from mlplab import Experiment, figures, train

blue, orange = figures.COLOURS[:2]
random = np.random.default_rng(0)
time = random.uniform(0, 2, 120)
height = 10 * time - 4.905 * time**2 + random.normal(0, 0.2, 120)
path = Path(mkdtemp()) / "ball.csv"
table = np.column_stack([time, height])
np.savetxt(
    path, table, "%.4f", delimiter=",", header="time,height", comments=""
)
print(path.read_text()[:60])

# %%
# ``target`` names the column that is to be predicted. ``standardise`` brings time and height to a
# mean of 0 and a standard deviation of 1, which suits a network.

experiment = Experiment(
    dataset={
        "kind": "file",
        "path": str(path),
        "target": "height",
        "standardise": True,
    },
    network={"hidden_layers": 1, "layer_width": 10, "activation": "tanh"},
    training={
        "optimizer": {"kind": "adam", "learning_rate": 0.03},
        "batch_size": 16,
        "epochs": 300,
    },
)

# %%
# Each run splits the samples anew, into training, validation and test.

runs = train(experiment, replications=30)
print(
    f"R² on test samples: {np.median(runs.test_metric):.3f}, worst {runs.test_metric.min():.3f}"
)
for moment in (0.5, 1.0, 3.0):
    predicted = float(np.ravel(runs[0].predict([[moment]]))[0])
    print(
        f"{moment} s: predicted {predicted:.2f} m, true {10 * moment - 4.905 * moment**2:.2f} m"
    )

# %%
figure = Figure(figsize=(7, 4.5), layout="constrained")
axes = figure.subplots()
moments = np.linspace(0, 3, 151)
for run in runs:
    axes.plot(
        moments, np.ravel(run.predict(moments[:, None])), color=blue, alpha=0.25
    )
axes.plot([], [], color=blue, label="each of 30 networks")
axes.plot(
    moments,
    10 * moments - 4.905 * moments**2,
    "--",
    color="black",
    label="true height",
)
axes.scatter(time, height, 14, color=orange, zorder=3, label="a sample")
axes.set(xlabel="time (s)", ylabel="height (m)", ylim=(-15, 7))
axes.legend(loc="lower left")

# %%
# Where there are samples, all networks agree, and are right. At 3 s, where they have seen none, they
# know nothing of gravity: each is wrong by metres, whatever its R² on test samples.
