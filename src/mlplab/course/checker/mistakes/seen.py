"""Mistakes that a test sees by itself, with no guess at what was written."""

from __future__ import annotations

from mlplab.course.checker.mistakes.mistake import Mistake

OVERWRITTEN = Mistake(
    "argument-overwritten",
    "The result is right, but activation overwrites the x that it is given.",
    "In activation, x[x < 0] = 0 and x += ... write into the array itself, which may be needed again. Make a "
    "new one: np.maximum(0, x), or x = x.copy() first.",
    credit=0.5,
)
NAME_ACCEPTED = Mistake(
    "unknown-name-accepted",
    "activation raises no exception for a name that it does not know.",
    "In activation, let the last else raise one: raise ValueError(...). Else a misspelt name goes unnoticed.",
)
AMONG_OTHERS = Mistake(
    "depends-on-other-points",
    "The first point is right, and each one alone; among others it is not: its outputs depend on other points.",
    "In feedforward, a loop over the points must start again with each: h = x[i], and nothing added to what "
    "the network keeps. Without a loop, the sum in softmax must be that of each point.",
    credit=0.25,
)
INPUTS_CHANGED = Mistake(
    "inputs-changed",
    "feedforward changes what it is given.",
    "In feedforward, += and x[...] = ... write into the array itself. Make a new one: h = h + b.",
    credit=0.25,
)
SECOND_CALL = Mistake(
    "second-call-differs",
    "The same points have other outputs when feedforward is called the second time.",
    "In feedforward, use x, W and b only: nothing random, and nothing that is kept in self or in a list from "
    "the call before.",
    credit=0.25,
)
HALF = Mistake(
    "half-precision",
    "The outputs have half precision (float16), which is good for three digits only.",
    "In feedforward, compute in float64 or float32.",
    credit=0.75,
)
POINTS_LEFT_OUT = Mistake(
    "points-left-out",
    "Some points have no output: the loop over the points does not reach them.",
    "In feedforward, the loop over the points goes from the first to the last: range(len(x)).",
    credit=0.5,
)
NOTHING_FOUND = Mistake(
    "numbers-not-found",
    "A loss or an accuracy of the test points is not found in what evaluate() prints and returns.",
    "Print each with its name, as: print('Train loss: %0.4f' % train_loss), and the same for Train "
    "accuracy, Test loss and Test accuracy.",
)
TOO_FEW_DIGITS = Mistake(
    "too-few-digits",
    "A digit is missing: the numbers are right as far as they go, but rounded too far.",
    "In evaluate, print the loss with four digits, '%0.4f', and the accuracy with at least two.",
    credit=0.75,
)
DATASET_CHANGED = Mistake(
    "dataset-changed",
    "evaluate changes the dataset that it is given.",
    "In evaluate, sorting, shuffling, deleting and += write into the dataset's own arrays. Work on copies.",
    credit=0.5,
)
KEPT = Mistake(
    "kept-from-before",
    "The first network is right, the next one in the same run is not: something is kept from one to the next.",
    "A list in the class (W = [] above the methods), a stored result or a number copied from a report is the "
    "same for all networks. Start again in setup_model: self.W = [].",
    credit=0.5,
    caused_by=("second-call-differs",),
)
WRONG_FORM = Mistake(
    "gradients-in-wrong-form",
    "Backpropagation must return two lists, dL/dW and dL/db, with an array for each layer.",
    "return dW, db: each a list as long as self.W, in the shapes of W and b.",
)
SWAPPED = Mistake(
    "labels-swapped",
    "The line is right, but the classes lie on the wrong sides of it.",
    "Exchange the rows of W, and the biases.",
    credit=0.75,
)
OTHER_LINE = Mistake(
    "another-boundary",
    "These weights do not draw the line x2 = 1 - x1.",
    "On the line both outputs are equal: w11 - w12 = w21 - w22 and w12 + b1 = w22 + b2.",
)

MISTAKES = tuple(value for value in list(vars().values()) if isinstance(value, Mistake))
