"""The terms of the field, a sentence each: the page's help and `docs/glossary.md` are made of them.

`python -m mlplab.glossary FILE` writes the page of the docs. A term that the design page has, too, has
the same sentence there; a test compares them.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

GLOSSARY: Mapping[str, str] = MappingProxyType(
    {
        "accuracy": "The fraction of samples whose predicted class is the right one.",
        "activation": "The function that a neuron applies to its pre-activation, such as relu, tanh or"
        " sigmoid; without one, many layers can do no more than one.",
        "Adam": "An optimizer that scales each weight's step by the size of that weight's own recent"
        " gradients.",
        "backpropagation": "The chain rule, from the last layer to the first: it gives the gradient of"
        " the loss by every weight in one pass back through the network.",
        "batch": "The samples of one update.",
        "bias": "The number that a neuron adds to its weighted sum of inputs.",
        "class": "A class is one of K kinds of sample, numbered from 0; a label is a sample's class, a"
        " label name what that class is called.",
        "confusion matrix": "A table that counts, for each class, how often the network predicted which"
        " class; what is right stands on the diagonal.",
        "converged": "Of a training: the loss hardly falls any more, and the weights hardly move.",
        "cross-entropy": "A loss for classes: minus the logarithm of the probability that the network"
        " gave to the right class.",
        "dead neuron": "A neuron of relu whose pre-activation is negative for every sample: it always"
        " answers 0, and no gradient reaches its weights any more.",
        "decision boundary": "Where the predicted class changes from one to another: in the plane, a"
        " line or a curve.",
        "diverged": "Of a run: a training loss or a weight became infinite or not a number.",
        "dropout": "In each update, neurons of hidden layers are left out by chance, so that the others"
        " cannot rely on them; only in training.",
        "early stopping": "To end the training when a score has not improved for some epochs.",
        "epoch": "One pass over all training samples, in batches.",
        "experiment": "What to train: dataset, network and training.",
        "exploding gradient": "A gradient that grows from layer to layer on its way back, until updates"
        " are so large that the training diverges.",
        "feature": "One of the numbers that a sample has, a column of `x`.",
        "glorot": "An initializer (Glorot and Bengio, 2010): the variance of a layer's weights is"
        " 2 / (inputs + outputs), so that signals neither fade nor grow from layer to layer.",
        "gradient": "How fast the loss changes with each weight and bias; an update goes against it,"
        " downhill.",
        "he": "An initializer for relu (He and others, 2015): the variance of a layer's weights is"
        " 2 / inputs.",
        "hidden layer": "A layer of neurons between the inputs and the output.",
        "initializer": "The rule by which the first weights are drawn by chance, before any update.",
        "interquartile mean": "The mean of the middle half of some runs: the best and the worst quarter"
        " are left out.",
        "interval": "A range around an estimate; a 95 % interval is made by a method that catches the"
        " true value 95 times in 100.",
        "learning rate": "The factor by which an update moves the weights against the gradient: too"
        " small is slow, too large overshoots.",
        "linear region": "A part of the plane in which no neuron comes to a kink of its activation, such"
        " as that of relu at 0: the network's outputs before softmax are one linear function there.",
        "logit": "An output of the last layer before softmax or sigmoid makes a probability of it.",
        "loss": "The number that training makes smaller: how far the outputs are from what they should"
        " be, as a mean over samples.",
        "mean absolute error": "The mean size of the residuals.",
        "mean squared error": "A loss: the mean of the squared differences between outputs and what they"
        " should be.",
        "median": "The value in the middle: half of the runs are at or below it.",
        "metric": "The number by which predictions are judged beside the loss: accuracy of classes; of"
        " targets R² or the mean absolute error.",
        "momentum": "The fraction of the last step that an update keeps: steps in one direction add up,"
        " and those to and fro cancel.",
        "nesterov": "Momentum that looks ahead: the gradient counts as if the kept part of the step had"
        " already been made.",
        "neuron": "A unit of a layer: it weighs its inputs, adds its bias and applies its activation.",
        "noise": "Which neurons dropout leaves out of an update, and what is added to the inputs.",
        "one-hot": "A class as a row of zeros with a single 1 at the class's place; outputs are compared"
        " with it.",
        "optimizer": "The rule that makes an update of a gradient, such as SGD or Adam.",
        "overfitting": "A network learns its training samples by heart: their loss falls on, and that"
        " of validation samples rises.",
        "penalty": "What a regularizer adds to the loss for the size of the weights; losses are shown"
        " without it.",
        "percentile": "A place in an order: a run at the 95th percentile is at least as good as 95 of"
        " 100 runs.",
        "plateau": "Epochs in which a score does not improve.",
        "pre-activation": "z = W h + b, before the activation is applied to it.",
        "regularizer": "A price for large weights, which is added to the loss: l1 is of their sizes, l2"
        " of their squares.",
        "relu": "An activation: negative numbers become 0, and others stay as they are.",
        "residual": "Of a sample with a target: true - predicted.",
        "run": "What the training of one trial left behind.",
        "R²": "A metric of targets: 1 is perfect, 0 is as good as always predicting their mean, and"
        " below 0 is worse than that.",
        "sample": "One example to learn from: its features, and its class or its targets.",
        "saturated": "Of a neuron: its activation is so flat where its pre-activations lie that hardly"
        " any gradient passes, as of tanh near -1 and 1.",
        "schedule": "A plan by which the learning rate changes from update to update.",
        "score": "A number that an epoch or a run is judged by: its loss or its metric.",
        "seed": "The whole number from which all that is random in a trial follows.",
        "SGD": "Stochastic gradient descent: each update goes against the gradient of one batch.",
        "shuffle": "The order in which an epoch takes the training samples.",
        "sigma": "σ, the standard deviation of the noise in a dataset: the larger, the more the classes"
        " overlap.",
        "sigmoid": "An activation: an S-shaped curve from 0 to 1.",
        "softmax": "The last layer's activation: it makes positive numbers of the outputs that add up to"
        " 1, a probability for each class.",
        "split": "One of the three parts of a dataset: training, validation and test.",
        "standard deviation": "How far numbers lie from their mean: the root of the mean squared"
        " distance.",
        "stddev": "The standard deviation of the weights that an initializer draws: how large the first"
        " weights are.",
        "stopped early": "Of a run: ended before its last epoch, since a score had not improved for some"
        " epochs.",
        "stuck": "Of a run: nearly all training samples are predicted to be of one class, or those that"
        " are right are no more than the most common class has or luck explains; of targets, the"
        " training loss is no better than that of the best constant answer.",
        "tanh": "An activation: an S-shaped curve from -1 to 1.",
        "target": "A number that a network is to approximate, where samples have no class.",
        "test": "The split that is looked at only to judge the network: nothing was learned or chosen"
        " by it.",
        "training": "The split that the network learns from; also the learning itself.",
        "trial": "All that is random in a run, drawn before it: samples, initial weights, shuffles and"
        " noise.",
        "update": "One change of all weights and biases, by the gradient of one batch.",
        "validation": "The split by which settings are chosen and early stopping decides: the network"
        " does not learn from it.",
        "vanishing gradient": "A gradient that shrinks from layer to layer on its way back, so that the"
        " first layers hardly learn.",
        "velocity": "Of SGD with momentum: the step that fades and is carried on.",
        "weight": "The number that an input of a neuron is multiplied by: a link of the network.",
        "weight decay": "Each update takes a small fraction of every weight away, besides the"
        " optimizer's step.",
    }
)
"""What each term means in mlplab: one sentence, in alphabetical order of the terms."""


def glossary_page() -> str:
    """Return the glossary as a page of the docs, in Markdown.

    Examples
    --------
    >>> glossary_page().splitlines()[0]
    '# Glossary'
    """
    head = [
        "# Glossary",
        "",
        "What the terms mean here, a sentence each. The playground has them under “?”. The page on how",
        "mlplab is built has [terms of its own](design.md#glossary) besides.",
        "",
        "| term | what it means |",
        "| --- | --- |",
    ]
    rows = [f"| {term} | {says} |" for term, says in GLOSSARY.items()]
    return "\n".join([*head, *rows, ""])


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(glossary_page(), encoding="utf-8")
