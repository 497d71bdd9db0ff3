"""The experiment of most tests of `mlplab train`: `small.toml` in the folder where they run."""

SMALL = """
dataset = {kind = "linear", train_per_class = 16, test_per_class = 8}
[training]
optimizer = {kind = "sgd", learning_rate = 1.0}
batch_size = 4
epochs = 6
"""
