"""Mistakes that show as errors: what Python says, in words for someone who sees it for the first time.

An error of one type has many causes. So a row asks for its context too: the line of code, the function,
and the shapes in the message. Where nothing fits, the error is quoted, and no cause is named.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mlplab.course.checker.mistakes.mistake import Mistake


@dataclass(frozen=True)
class Pattern:
    """An error that is recognised by regular expressions.

    Attributes
    ----------
    mistake : Mistake
    type : str
        Of the whole name of the error's type.
    message, code, function : str
        Of some part of the message, of the line of code, and of the name of the function that it is in.
    """

    mistake: Mistake
    type: str
    message: str = ""
    code: str = ""
    function: str = ""


_PRODUCT = (
    "Print both shapes. W has shape (outputs, inputs): for a point as a column, h of shape (inputs, 1), it is "
    "W @ h; for points as rows it is x @ W.T. If it is written so, W or h belongs to another layer."
)
_WIDTH = (
    "In feedforward, print both shapes. The result has a column for each class, np.zeros((len(x), K)), and "
    "only the last layer has K outputs: is the row written after the last layer, outside its loop?"
)
DATASET = "'types.SimpleNamespace' object"
"""What Python calls a dataset of the tests."""

OTHER_WIDTH = Mistake(
    "output-of-another-width",
    "What is written into a row of the result is longer or shorter than the row.",
    _WIDTH,
    of_shapes=True,
)
ANOTHER_NAME = Mistake(
    "another-name-asked",
    "activation is asked for a name that it does not know.",
    "In feedforward, the name is self.activation in hidden layers and 'softmax' in the last one. Print it "
    "before the call.",
    caused_by=("name-refused",),
)
LABELS = Mistake(
    "labels-of-other-points",
    "Outputs are compared with labels that have another shape.",
    "In evaluate, print both shapes. The outputs of x_train go with y_train_oh in the loss; their argmax along "
    "axis=1 goes with y_train in the accuracy. The same for test.",
)
_MEMBERS = {
    "activation": ("module 'mlp'", "The function activation", "The file needs a function activation(x, activation)."),
    "MLP": ("module 'mlp'", "The class MLP", "The file needs a class MLP."),
    "setup_model": ("'MLP' object", "The method setup_model", "The class MLP needs setup_model(self, W, b, activation)."),
    "feedforward": ("'MLP' object", "The method feedforward", "The class MLP needs feedforward(self, x)."),
    "evaluate": ("'MLP' object", "The method evaluate", "The class MLP needs evaluate(self)."),
}  # fmt: skip

# fmt: off
PATTERNS = (
    *(
        Pattern(
            Mistake(f"{name}-missing", f"{what} is not there.", f"{where} Is it spelt exactly like this?"),
            "AttributeError", rf"{owner} has no attribute '{name}'")
        for name, (owner, what, where) in _MEMBERS.items()
    ),
    Pattern(Mistake("attribute-not-set", "An attribute or method of self is used that is not there.",
        "Is it spelt the same everywhere? __init__ sets self.dataset; setup_model sets self.W, self.b, "
        "self.activation, self.hidden_layers and self.N."),
        "AttributeError", "'MLP' object has no attribute"),
    Pattern(Mistake("dataset-without-attribute", "The dataset is asked for something that it does not have.",
        "A dataset has x_train, y_train and y_train_oh, the same of valid and test, K, N_train and N_test, in "
        "exactly this spelling."),
        "AttributeError", f"{DATASET} has no attribute"),
    Pattern(ANOTHER_NAME,
        ".*", code=r"^raise\b|^assert (False|0)", function="activation"),
    Pattern(Mistake("name-not-in-dictionary", "A dictionary is asked for a name that it does not have.",
        "The names are spelt linear, sigmoid, relu and softmax, in small letters."),
        "KeyError", "^'(linear|sigmoid|relu|softmax)'$"),
    Pattern(Mistake("asks-for-input", "The code waits for something to be typed.",
        "Take input() out: weights and points come as arguments.", general=True),
        "EOFError", code=r"\binput\("),
    Pattern(Mistake("file-not-there", "A file is opened that is not there when yours is checked.",
        "Weights, points and labels come as arguments and from the dataset, not from files."),
        "FileNotFoundError"),
    Pattern(Mistake("maximum-of-one-array", "np.max is called like np.maximum.",
        "np.max(x) is the largest number of one array; the larger one of two is np.maximum(0, x).",
        general=True),
        "TypeError|AxisError|ValueError", code=r"(?:np|numpy)\.(?:a?max)\(\s*0(?:\.0*)?\s*,"),
    Pattern(Mistake("column-into-row", "A column does not fit into a row of the output.",
        "The network gives a column of shape (K, 1), the result takes rows of K numbers: y[i] = "
        "column.flatten().", of_shapes=True),
        "ValueError", r"could not broadcast input array from shape \((\d+),1\) into shape \(\1,?\)"),
    Pattern(OTHER_WIDTH,
        "ValueError",
        r"could not broadcast input array from shape \((?!(\d+),1\) into shape \(\1)[\d,]+\) into shape",
        function="feedforward"),
    Pattern(OTHER_WIDTH,
        "ValueError", "setting an array element with a sequence", code=r"^\w+\[\w+\] *=",
        function="feedforward"),
    Pattern(Mistake("unequal-shapes-in-one-array",
        "Arrays or lists of different shapes are used as one array.",
        "Print what it is made of. W and b, for example, are lists of arrays of different shapes; W[l] and b[l] "
        "are those of one layer.", of_shapes=True),
        "ValueError", "inhomogeneous shape"),
    Pattern(Mistake("shapes-do-not-fit", "The shapes of a product of matrices do not fit.", _PRODUCT,
        of_shapes=True,
        caused_by=("output-layer-counted", "input-layer-counted", "too-few-layers-counted")),
        "ValueError",
        "matmul(?!.*enough dimensions)|shapes .* not aligned|core dimension|einsum|dimensions? mismatch",
        function="(?!evaluate)"),
    Pattern(Mistake("math-on-an-array", "A function for single numbers was given an array.",
        "Use NumPy's functions for arrays: np.exp, not math.exp.", general=True),
        "TypeError", "Python scalars|must be real number|only 0-dimensional|only length-1",
        code=r"\bmath\.|(?<!\.)\bexp\("),
    Pattern(LABELS, "ValueError", "operands could not be broadcast|shape mismatch", function="evaluate"),
    Pattern(LABELS, "ValueError", "operands could not be broadcast|shape mismatch",
        code=r"(?:-|==|equal\().*\b(?:y|labels?|targets?)(?:_\w+)?\b|\b(?:y|labels?|targets?)(?:_\w+)? *(?:-|==)",
        function="(?!feedforward|activation|softmax)"),
    Pattern(Mistake("shapes-do-not-add", "Two arrays have shapes that cannot be added.",
        "Print both shapes. Biases have shape (outputs, 1): beside a column W @ h they fit as they are, beside "
        "rows x @ W.T they must lie as a row, b.T. W and b must be those of one layer.", of_shapes=True),
        "ValueError|.*UFunc.*", "operands could not be broadcast|non-broadcastable output", code=r"\+",
        function="(?!evaluate|activation|softmax)"),
    Pattern(Mistake("sums-of-another-shape",
        "The softmax divides by sums of a shape that does not fit beside its numbers.",
        "In softmax, sum with axis=1 and keepdims=True for points as rows.", of_shapes=True),
        "ValueError", "operands could not be broadcast", code="/", function="activation|softmax"),
    Pattern(Mistake("axis-not-there",
        "A sum or maximum is taken along an axis that the array does not have.",
        "For a vector or a column there is axis 0, for points as rows axis 1.", of_shapes=True),
        "AxisError"),
    Pattern(Mistake("one-layer-too-many",
        "A list is asked for an entry that it does not have: the loop over the layers runs once too "
        "often.",
        "W and b have len(W) entries, numbered from 0 to len(W) - 1; there are len(W) - 1 hidden layers.",
        of_shapes=True, caused_by=("output-layer-counted", "input-layer-counted")),
        "IndexError", "list index", code=r"\b[Wb]\[(?![-\d])"),
    Pattern(Mistake("index-too-large", "An array or list is asked for an entry that it does not have.",
        "Compare its shape with the index: points come as rows, x of shape (points, 2).", of_shapes=True),
        "IndexError", "out of (range|bounds)|too many indices"),
    Pattern(Mistake("index-not-whole", "An index in square brackets is no whole number.",
        "Print what stands in the brackets: it must be a whole number, or an array of whole numbers.",
        general=True),
        "IndexError|TypeError", "of integer|only integers|indices must be integers"),
    Pattern(Mistake("if-on-an-array",
        "A whole array stands where one True or False belongs: after if, and, or, or in max().",
        "For whole arrays, use np.maximum(0, x) or np.where in place of if and max().",
        general=True),
        "ValueError", "truth value"),
    Pattern(Mistake("undefined-name", "A name is used that was never given a value.",
        "Is it spelt the same everywhere? What belongs to the object needs self. in front.",
        general=True),
        "NameError|UnboundLocalError"),
    Pattern(Mistake("not-a-function", "Something is called, with (...) after it, that is not a function.",
        "w.size and w.shape have no (), and an entry of a list is W[l]. Where a parameter is called activation, "
        "it hides the function of that name.", general=True),
        "TypeError", "object is not callable"),
    Pattern(Mistake("none-among-numbers", "A value is None where numbers belong.",
        "Does each function end with return, in every branch? An attribute set to None stays None until it is "
        "set again.", general=True, caused_by=("nothing-returned",)),
        "TypeError|AttributeError", "NoneType"),
    Pattern(Mistake("wrong-arguments", "A function is called with other arguments than it takes.",
        "The lab calls activation(x, activation), MLP(dataset), setup_model(W, b, activation), "
        "feedforward(x) and evaluate(); methods take self first."),
        "TypeError", r"\(\) (missing|takes|got an unexpected|got multiple)"),
    Pattern(Mistake("library-missing",
        "A library is imported that is not there when your file is checked.",
        "Is its name spelt right? The lab needs NumPy only; take the line out if it is not needed.",
        general=True),
        "ModuleNotFoundError|ImportError|NotHereError"),
    Pattern(Mistake("no-python", "Python cannot read the file.",
        "Look at this line and the one above it: a bracket, a colon, a quotation mark or the "
        "indentation.", general=True),
        "SyntaxError|IndentationError|TabError|UnicodeDecodeError"),
    Pattern(Mistake("endless-recursion", "A function calls itself without end.",
        "Does a method call itself where it should call the function of the same name?", general=True),
        "RecursionError"),
)
# fmt: on

EXIT = Mistake(
    "exit-called",
    "The code ends Python by itself (exit, quit or sys.exit).",
    "Take that line out; a function returns, or raises an exception.",
    general=True,
)
MEMORY = Mistake(
    "too-much-memory",
    "The code asks for more memory than a test may use.",
    "Does a loop make a list or an array grow without end, or is a shape far too large?",
    general=True,
)
TIME = Mistake(
    "too-slow",
    "It took too long.",
    "Is there a loop that never ends, or an input() that waits?",
    general=True,
)
CRASH = Mistake(
    "crashed",
    "Python itself ended before there was an answer.",
    "Look for os._exit, os.abort, os.kill or a library that crashes.",
    general=True,
)
ANY_ERROR = Mistake(
    "error",
    "Your code raises an error.",
    "Look at the line that is named.",
    general=True,
    of_shapes=True,
)
NOT_WRITTEN = Mistake(
    "not-written", "This is still to be written.", "Write it, and check again.", general=True
)
NOTHING_RETURNED = Mistake(
    "nothing-returned",
    "Nothing is returned (None).",
    "Does the function end with return, in every branch?",
    general=True,
)
AT_IMPORT = Mistake(
    "error-at-import",
    "This runs as soon as your file is imported: it is called outside of all functions and classes.",
    'Put the call, and all that only tries your code out, at the end under if __name__ == "__main__":.',
    general=True,
)
NAME_REFUSED = Mistake(
    "name-refused",
    "activation raises an error for one of the lab's names.",
    "The names are spelt linear, sigmoid, relu and softmax, in small letters. Does each branch compare the "
    "right variable with the right name?",
)

MISTAKES = (
    *(pattern.mistake for pattern in PATTERNS),
    *(EXIT, MEMORY, TIME, CRASH, ANY_ERROR, NOT_WRITTEN, NOTHING_RETURNED, AT_IMPORT, NAME_REFUSED),
)

GENERAL = frozenset(mistake.name for mistake in MISTAKES if mistake.general)
"""Errors of which what is said is true of any lab, not only of ours."""


def not_written(function: str | None) -> Mistake:
    """Return the mistake, if it is one, that a function is still open."""
    if function is None:
        return NOT_WRITTEN
    return Mistake(
        f"{function}-not-written",
        f"{function} is still to be written.",
        "Replace the line that raises the error by your own code, and check again.",
        general=True,
    )


def recognise_error(fault: Mapping[str, Any]) -> Mistake:
    """Return the mistake behind an error, as `inside.faults` describes it.

    >>> recognise_error({"type": "NameError", "message": "name 'np' is not defined"}).name
    'undefined-name'
    """
    match fault.get("kind"):
        case "exit":
            return EXIT
        case "memory":
            return MEMORY
        case "unwritten":
            return not_written(fault.get("function"))
    if fault.get("when") == "import" and fault.get("function") not in (None, "<module>"):
        return AT_IMPORT
    for pattern in PATTERNS:
        matches = (
            re.fullmatch(pattern.type, str(fault.get("type"))),
            re.search(pattern.message, str(fault.get("message"))),
            re.search(pattern.code, str(fault.get("code") or "")),
            re.match(pattern.function, str(fault.get("function") or "")),
        )
        if all(matches):
            return pattern.mistake
    return ANY_ERROR


def quote_error(fault: Mapping[str, Any]) -> str:
    """Return what Python said, and where, as far as it is known.

    >>> quote_error({"type": "NameError", "message": "no x", "file": "mlp.py", "line": 3, "code": "x"})
    'Line 3 of mlp.py, `x`: NameError: no x.'
    >>> quote_error({"type": "SyntaxError", "message": "null bytes", "file": "", "line": None})
    'SyntaxError: null bytes.'
    """
    message = str(fault.get("message")).replace(DATASET, "the dataset")
    message = re.sub(r", with gufunc signature \S+", "", message)
    said = f"{fault.get('type')}: {message}".rstrip(": .")
    if not fault.get("line") or not fault.get("file"):
        return f"{said}."
    code = f", `{fault['code']}`" if fault.get("code") else ""
    return f"Line {fault['line']} of {fault['file']}{code}: {said}."
