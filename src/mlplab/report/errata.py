"""What the source report gets wrong or leaves open, each with evidence measured in this very run.

The list is LAB.md's. An erratum whose tasks were not asked for is left out, since there is nothing to
show for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from scipy.special import bdtrc

from mlplab.boundary import best_accuracy
from mlplab.reference import ACTIVATIONS, Network
from mlplab.reference.activations import Float, softmax
from mlplab.report.experiments import EXPERIMENTS
from mlplab.report.published import PUBLISHED, PUBLISHED_UPDATES
from mlplab.report.reproduction import Erratum, Parity, Task
from mlplab.report.wording import (
    listing,
    loss,
    order_of,
    percent,
    plural,
    position,
    spread,
    tiny,
)
from mlplab.run import Runs
from mlplab.spec import Adam, Experiment
from mlplab.statistics import finite
from mlplab.training import train

SIGMOID_VARIANTS: Mapping[str, Experiment] = {
    "200 epochs instead of 20": EXPERIMENTS["1.2-sigmoid"].model_copy(
        update={
            "training": EXPERIMENTS["1.2-sigmoid"].training.model_copy(update={"epochs": 200}),
        }
    ),
    "Adam at 0.05 instead of SGD": EXPERIMENTS["1.2-sigmoid"].model_copy(
        update={
            "training": EXPERIMENTS["1.2-sigmoid"].training.model_copy(
                update={"optimizer": Adam(learning_rate=0.05)}
            ),
        }
    ),
}
"""Task 1.2's sigmoid network with one setting changed, by which it does learn."""


def find_errata(
    tasks: Mapping[str, Task], parity: Parity | None, replications: int, seed: int
) -> tuple[Erratum, ...]:
    """Measure the errata that the reproduced tasks bear on."""
    found: list[Erratum] = []
    if "1.1-batch-16" in tasks:
        found.append(_updates(tasks))
    if parity is not None:
        found.append(_listing(parity))
    if "1.1-batch-16-sigma-0.1" in tasks and "1.1-batch-16" in tasks:
        found.append(_sigma(tasks))
    if "1.3" in tasks and "1.4" in tasks:
        found.append(_spread_of_1_3(tasks))
    if parity is not None:
        found.append(_tables(parity))
    if "1.2-sigmoid" in tasks:
        found.append(_sigmoid(tasks["1.2-sigmoid"], replications, seed))
    return tuple(found)


def _updates(tasks: Mapping[str, Task]) -> Erratum:
    claims = {id: n for id, n in PUBLISHED_UPDATES.items() if id in tasks}
    counted = {id: tasks[id].keras.updates for id in claims}
    points = len(tasks["1.1-batch-16"].dataset.train)
    rows = [
        f"batch {tasks[id].experiment.training.batch_size}: {counted[id]} counted, {n} stated"
        for id, n in claims.items()
    ]
    return Erratum(
        number=1,
        title="The number of updates in task 1.1",
        claim="The text of 3.2.1 counts 4 updates with batches of 512 and 128 with batches of 16.",
        evidence=(
            f"N counts points per class, so there are {points:,} to train on, and an epoch is twice as "
            f"long as the text has it. Keras's own counter after the training says so: {'; '.join(rows)}.",
            "Table 1 itself tells that N is per class: 75.68 % of 1,024 points is a whole number, 775; of "
            "512 it is none (387.5).",
        ),
        measured={f"updates {id}": n for id, n in counted.items()},
    )


def _listing(parity: Parity) -> Erratum:
    x, y = parity.dataset.test.x, parity.dataset.test.y
    network = Network(parity.run.weights, parity.run.biases, "relu")
    true = network.feedforward(x)
    one_hot = parity.dataset.one_hot(y)
    measured: dict[str, float | int | str | list[float]] = {}
    sentences, unlike = [], []
    variants = {
        "with relu on the last layer too": _as_listed(network, x, softmax_in_every_layer=False),
        "with softmax in every layer": _as_listed(network, x, softmax_in_every_layer=True),
    }
    for name, outputs in variants.items():
        accuracy = float((outputs.argmax(axis=1) == y).mean())
        error = float(np.mean((outputs - one_hot) ** 2))
        difference = float(np.abs(outputs - true).max())
        measured |= {f"accuracy {name}": accuracy, f"loss {name}": error}
        if loss(error) != loss(parity.keras.test_loss):
            unlike.append(name)
        sentences.append(
            f"{name} the test loss is {loss(error)}, the accuracy {percent(accuracy)}, and an output "
            f"differs by up to {difference:.2f}"
        )
    with np.errstate(over="ignore", invalid="ignore"):
        large = np.array([[1000.0, 0.0]])
        overflowed = (np.exp(large) / np.exp(large).sum(axis=1, keepdims=True))[0, 0]
    return Erratum(
        number=2,
        title="The listing of feedforward",
        claim="`hidden_layers` is set to len(W), not len(W) - 1, so that the listed `feedforward` puts the "
        "hidden activation on the last layer too; with the indentation as printed, softmax acts in every "
        "layer.",
        evidence=(
            f"The network of task 2 as equation 1 has it: test loss {loss(parity.own.test_loss)}, accuracy "
            f"{percent(parity.own.test_accuracy)}, and Keras finds the same. {_first_up(sentences[0])}; "
            f"{sentences[1]}. {_could_agree(unlike, variants)}",
            f"The listed softmax also overflows: for the sums (1000, 0) it gives {overflowed} in place of "
            f"{softmax(large)[0, 0]:.0f}.",
        ),
        measured=measured,
    )


def _could_agree(unlike: Sequence[str], variants: Mapping[str, Float]) -> str:
    if len(unlike) == len(variants):
        return (
            "Table 5 has the own network and Keras equal to four digits; neither reading of the listing "
            "gives that here, so the table was hardly made by it."
        )
    alike = listing([name for name in variants if name not in unlike])
    return (
        f"To the four digits of Table 5, the network {alike} cannot be told from Keras in this run."
    )


def _as_listed(network: Network, x: Float, softmax_in_every_layer: bool) -> Float:
    """Feed forward as the source report's listing does, in its two readings."""
    y = x
    relu = ACTIVATIONS["relu"].function
    for w, b in zip(network.weights, network.biases, strict=True):
        y = relu(y @ w.T + b)
        if softmax_in_every_layer:
            y = softmax(y)
    return y if softmax_in_every_layer else softmax(y)


def _sigma(tasks: Mapping[str, Task]) -> Erratum:
    published = PUBLISHED["1.1-batch-16"].test_accuracy
    listed, typical = tasks["1.1-batch-16"], tasks["1.1-batch-16-sigma-0.1"]
    points = len(listed.dataset.test)
    wrong = round((1 - (published or 0.0)) * points)
    sentences, measured = [], {}
    for task in (listed, typical):
        sigma = getattr(task.experiment.dataset, "sigma", 0.0)
        best = best_accuracy(2, sigma)
        # bdtrc(k, n, p) is P(X > k).
        chance = float(bdtrc(wrong - 1, points, 1 - best))
        values = task.replicated.test_accuracy
        measured[f"best accuracy sigma {sigma}"] = best
        measured[f"chance of {wrong} errors sigma {sigma}"] = chance
        sentences.append(
            f"With $sigma = {sigma}$ the replications score {spread(values)}; {percent(published)} lies "
            f"{_among(position(published, values))}, and the best that any classifier can reach on average "
            f"is {percent(best, 3)}: it would make {wrong} errors or more with probability {_chance(chance)}."
        )
    distance = [
        abs(float(np.median(finite(task.replicated.test_accuracy))) - (published or 0.0))
        for task in (listed, typical)
    ]
    fits = (
        "0.1 fits the published number better" if distance[1] < distance[0] else "0.06 fits better"
    )
    return Erratum(
        number=3,
        title="The sigma of task 1.1",
        claim="The listing of 3.1 has sigma = 0.06; Table 1 gives 98.83 % with batches of 16, which is "
        f"{wrong} errors among {points:,} test points.",
        evidence=(*sentences, f"By the distance of the median, $sigma =$ {fits}."),
        measured=measured,
    )


def _chance(probability: float) -> str:
    return f"{probability:.2f}" if probability >= 0.01 else tiny(probability)


def _among(where: str) -> str:
    return where if where.startswith(("above", "below", "equal")) else f"among them ({where})"


def _spread_of_1_3(tasks: Mapping[str, Task]) -> Erratum:
    first, second = tasks["1.3"].replicated, tasks["1.4"].replicated
    published = PUBLISHED["1.3"].test_accuracy
    low = int((finite(first.test_accuracy) < 0.8).sum())
    n = len(first)
    return Erratum(
        number=4,
        title="Task 1.4 against 1.3",
        claim="Section 4.4 sees “not much difference here regarding the accuracy”: it compares one run with "
        "one run.",
        evidence=(
            f"Replicated, 1.3 scores {spread(first.test_accuracy)} and 1.4 {spread(second.test_accuracy)}: "
            f"the range of 1.3 is {_range(first):.1f} percentage points wide, that of 1.4 {_range(second):.1f}. "
            f"{low} of {plural(n, 'run')} of 1.3 stayed below 80 %.",
            f"The published {percent(published)} of 1.3 is {position(published, first.test_accuracy)} of its "
            f"replications. {order_of(('task 1.4', second.test_accuracy), ('task 1.3', first.test_accuracy))}",
        ),
        measured={
            "runs of 1.3 below 80 %": low,
            "range of 1.3": _range(first),
            "range of 1.4": _range(second),
        },
    )


def _range(runs: Runs) -> float:
    values = finite(runs.test_accuracy)
    return 100 * float(np.ptp(values)) if len(values) else float("nan")


def _tables(parity: Parity) -> Erratum:
    one, other = PUBLISHED["1.4"], PUBLISHED["2"]
    own = parity.keras
    return Erratum(
        number=5,
        title="Tables 3, 4 and 5",
        claim="The text of task 1.3 points to Table 4 for its values; Tables 4 and 5 are both said to show "
        "the model of task 1.4.",
        evidence=(
            "The values that the text of 1.3 quotes, about 96 % and 0.04, stand in Table 3.",
            f"Table 4 has {percent(one.test_accuracy)} and {loss(one.test_loss)}, Table 5 "
            f"{percent(other.test_accuracy)} and {loss(other.test_loss)}. One model on one test set has one "
            f"accuracy and one loss, so these are different runs. In this reproduction the two tables come "
            f"from one run: Keras's {percent(own.test_accuracy)} and {loss(own.test_loss)} are in both.",
        ),
        measured={"test accuracy": own.test_accuracy, "test loss": own.test_loss},
    )


def _sigmoid(task: Task, replications: int, seed: int) -> Erratum:
    sentences, measured = [], {}
    for name, experiment in SIGMOID_VARIANTS.items():
        runs = train(experiment, replications, seed + 1)
        stuck = int((runs.ending == "stuck").sum())
        measured[f"accuracies with {name}"] = runs.test_accuracy.tolist()
        sentences.append(
            f"{name}: {spread(runs.test_accuracy)}, {stuck} of {plural(len(runs), 'run')} stuck"
        )
    was = task.replicated
    stuck = int((was.ending == "stuck").sum())
    return Erratum(
        number=6,
        title="“Sigmoid can not”",
        claim="Sections 4.2 and 5 say that the sigmoid network cannot fit the polar dataset.",
        evidence=(
            f"At the lab's settings that is so: {spread(was.test_accuracy)}, {stuck} of "
            f"{plural(len(was), 'run')} stuck. The same five sigmoid neurons learn the rings when one "
            f"setting changes. {_first_up('; '.join(sentences))}. It is the settings, not the sigmoid.",
        ),
        measured=measured,
    )


def _first_up(sentence: str) -> str:
    return sentence[0].upper() + sentence[1:]
