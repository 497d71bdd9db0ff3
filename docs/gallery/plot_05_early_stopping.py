"""
Learning by heart, and early stopping
=====================================

Few noisy samples and many neurons: the network learns its samples by heart. When should it stop?
"""

# %%
# 50 training samples, of which the two classes overlap.

import numpy as np

from mlplab import Experiment, figures, train

experiment = Experiment(
    dataset={
        "kind": "moons",
        "sigma": 0.3,
        "train_per_class": 25,
        "test_per_class": 256,
    },
    network={"hidden_layers": 1, "layer_width": 50, "activation": "relu"},
    training={
        "loss": "categorical_crossentropy",
        "optimizer": {"kind": "adam", "learning_rate": 0.01},
        "batch_size": 10,
        "epochs": 200,
    },
)
runs = train(experiment, replications=30)

# %%
# The loss of the training samples falls on and on. That of the validation samples, from which the
# network does not learn, rises again: the network is ever surer of wrong answers.

figure = figures.curves_figure(runs, loss_name="categorical_crossentropy")

# %%
# Early stopping ends a run when its validation loss has not improved for ten epochs, and goes back
# to the best weights.

stopped = train(
    experiment.varied(
        {
            "training.early_stopping": {
                "patience": 10,
                "restore_best_weights": True,
            }
        }
    ),
    replications=30,
)
for name, each in (("to the end", runs), ("stopped early", stopped)):
    loss, accuracy = np.median(each.test_loss), each.test_accuracy.mean()
    print(
        f"{name}: {np.median(each.epochs):.0f} epochs, test loss {loss:.2f}, {accuracy:.1%} right"
    )

# %%
# Stopped early, the networks are trained for a third of the time, and their test loss is lower. They
# are not right more often: what early stopping mends here is how sure the network is of what is wrong.
