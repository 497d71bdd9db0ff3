"""What dropout, an L2 penalty and noise on inputs cost: the table of docs/regularisation.md.

The kernels train with each and without in turns, on one thread; given is the median of the rounds'
ratios. To be run while nothing else uses the machine.
"""

from __future__ import annotations

import sys
from statistics import median
from typing import Any

from mlplab import Experiment
from mlplab.engine import LANES, KernelTiming
from mlplab.trial import Trials

RINGS = {"kind": "polar", "classes": 5, "sigma": 0.05, "train_per_class": 200, "test_per_class": 1}


def network(layers: int, width: int, activation: str) -> dict[str, Any]:
    """Return a network's fields."""
    return {"hidden_layers": layers, "layer_width": width, "activation": activation}


NETWORKS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "10 layers of 50, relu, Adam, batches of 32": (
        network(10, 50, "relu"),
        {"optimizer": "adam", "batch_size": 32},
    ),
    "3 layers of 20, relu, Adam, batches of 32": (
        network(3, 20, "relu"),
        {"optimizer": "adam", "batch_size": 32},
    ),
    "1 layer of 8, tanh, SGD, batches of 16": (
        network(1, 8, "tanh"),
        {"optimizer": "sgd", "batch_size": 16},
    ),
}
DROPOUT, L2, NOISE = (
    {"network.dropout": 0.2},
    {"network.kernel_regularizer": {"kind": "l2", "l2": 0.001}},
    {"network.input_noise": 0.1},
)
PARTS = {"dropout 0.2": DROPOUT, "l2": L2, "both": DROPOUT | L2, "noise on inputs": NOISE}
WORK = 4e8
"""Numbers that weights are multiplied by in a measurement: some tenths of a second."""


def main(rounds: int) -> None:
    """Print the table."""
    print(f"| network | | {' | '.join(PARTS)} |")
    print("| --- " * (2 + len(PARTS)) + "|")
    for name, (of_network, of_training) in NETWORKS.items():
        for kind, networks in (("block", LANES), ("alone", 1)):
            experiment = lasting(
                Experiment(dataset=RINGS, network=of_network, training=of_training), networks
            )
            ratios = " | ".join(
                f"{ratio(experiment, part, networks, rounds):.2f}" for part in PARTS.values()
            )
            print(f"| {name if networks > 1 else ''} | {kind} | {ratios} |", flush=True)


def lasting(experiment: Experiment, networks: int) -> Experiment:
    """Return the experiment with so many epochs that its time can be measured."""
    sizes = experiment.layer_sizes(features=2, answers=5)
    weights = sum(a * b for a, b in zip(sizes[1:], sizes[:-1], strict=True))
    epochs = max(1, round(WORK / (1000 * 3 * weights * networks)))
    return experiment.varied({"training.epochs": epochs})


def ratio(experiment: Experiment, part: dict[str, Any], networks: int, rounds: int) -> float:
    """Return how many times as long the networks train with a part."""
    without, having = (
        KernelTiming([Trials.from_seeds(each, range(networks))], 1)
        for each in (experiment, experiment.varied(part))
    )
    without.seconds(False), having.seconds(False)  # which compile
    found = []
    for number in range(rounds):
        turns = (without, having) if number % 2 == 0 else (having, without)
        seconds = {id(timing): timing.seconds(False) for timing in turns}
        found.append(seconds[id(having)] / seconds[id(without)])
    return median(found)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 15)
