"""Mistakes that show as errors: what Python says, in words for someone who sees it for the first time."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mlplab.course.checker.mistakes.mistake import Mistake


@dataclass(frozen=True)
class Pattern:
    """An error that is recognised by its type, message and line of code, as regular expressions."""

    mistake: Mistake
    type: str
    message: str = ""
    code: str = ""


_PRODUCT = (
    "W has shape (outputs, inputs). For a point as a column it is W @ h, with h of shape "
    "(inputs, 1); for "
    "points as rows it is x @ W.T."
)

PATTERNS = (
    *(
        Pattern(
            Mistake(
                f"{name}-missing",
                f"{what} is not there.",
                f"{where} Is it spelt exactly like this?",
            ),
            "AttributeError",
            rf"{owner} has no attribute '{name}'",
        )
        for name, owner, what, where in (
            (
                "activation",
                "module 'mlp'",
                "The function activation",
                "The file needs a function activation(x, activation).",
            ),
            ("MLP", "module 'mlp'", "The class MLP", "The file needs a class MLP."),
            (
                "setup_model",
                "'MLP' object",
                "The method setup_model",
                "The class MLP needs setup_model(self, W, b, activation).",
            ),
            (
                "feedforward",
                "'MLP' object",
                "The method feedforward",
                "The class MLP needs feedforward(self, x).",
            ),
            (
                "evaluate",
                "'MLP' object",
                "The method evaluate",
                "The class MLP needs evaluate(self).",
            ),
        )
    ),
    Pattern(
        Mistake(
            "attribute-not-set",
            "setup_model does not set this attribute.",
            "setup_model sets self.W, self.b, self.activation, self.hidden_layers and self.N.",
        ),
        "AttributeError",
        r"'MLP' object has no attribute '(hidden_layers|N|W|b|activation|dataset)'",
    ),
    Pattern(
        Mistake(
            "shapes-do-not-fit",
            "The shapes of a product of matrices do not fit: W may be the wrong way round, "
            "or the points.",
            _PRODUCT,
        ),
        "ValueError",
        r"matmul|shapes .* not aligned|core dimension|einsum|dimensions? mismatch",
    ),
    Pattern(
        Mistake(
            "math-on-an-array",
            "A function for single numbers was given an array.",
            "Use NumPy's functions for arrays: np.exp, not math.exp.",
        ),
        "TypeError",
        r"Python scalars|must be real number",
        r"math\.|\bexp\(",
    ),
    Pattern(
        Mistake(
            "column-into-row",
            "A column does not fit into a row of the output.",
            "The network gives a column of shape (K, 1), the output takes rows of K numbers: "
            "y[i] = column.flatten().",
        ),
        "ValueError|TypeError",
        r"could not broadcast input array|setting an array element|only length-1|only 0-dimensional",
    ),
    Pattern(
        Mistake(
            "shapes-do-not-add",
            "Two arrays have shapes that cannot be added, subtracted or divided.",
            "Biases have shape (outputs, 1): beside a column W @ h they fit as they are, "
            "beside rows x @ W.T "
            "they must lie as a row, b.T. In softmax, sum with keepdims=True.",
        ),
        "ValueError|.*UFunc.*",
        r"could not be broadcast|broadcast",
    ),
    Pattern(
        Mistake(
            "one-layer-too-many",
            "A list is asked for an entry that it does not have: a loop may have a turn too many.",
            "W and b have len(W) entries, numbered from 0 to len(W) - 1; there are len(W) - "
            "1 hidden layers.",
        ),
        "IndexError",
        r"list index|tuple index",
    ),
    Pattern(
        Mistake(
            "index-too-large",
            "An array is asked for an entry that it does not have.",
            "Compare the shape of the array with the index: points come as rows, x of shape (points, 2).",
        ),
        "IndexError|AxisError",
    ),
    Pattern(
        Mistake(
            "if-on-an-array",
            "An array of numbers is asked whether it is true or larger, as if it were one number.",
            "if and max() look at one number. For whole arrays, use np.maximum(0, x) or np.where.",
        ),
        "ValueError",
        r"truth value",
    ),
    Pattern(
        Mistake(
            "undefined-name",
            "A name is used that was never given a value.",
            "Is it spelt the same everywhere? What belongs to the object needs self. in front.",
        ),
        "NameError|UnboundLocalError",
    ),
    Pattern(
        Mistake(
            "name-hides-function",
            "Something is called like a function that is none: a parameter may have the function's name.",
            "Inside setup_model and activation, the parameter `activation` is a text. The function "
            "activation(x, name) is called from feedforward.",
        ),
        "TypeError",
        r"'str' object is not callable",
    ),
    Pattern(
        Mistake(
            "wrong-arguments",
            "A function is called with other arguments than it takes.",
            "The lab calls activation(x, activation), MLP(dataset), setup_model(W, b, "
            "activation), feedforward(x) "
            "and evaluate(); methods take self first.",
        ),
        "TypeError",
        r"argument|takes \d+",
    ),
    Pattern(
        Mistake(
            "library-missing",
            "A library is imported that is not there when your file is checked.",
            "Is its name spelt right? The lab needs NumPy only; take the line out if it is not needed.",
        ),
        "ModuleNotFoundError|ImportError|NotHereError",
    ),
    Pattern(
        Mistake(
            "no-python",
            "Python cannot read the file.",
            "Look at this line and the one above it: a bracket, a colon, a quotation mark or "
            "the indentation.",
        ),
        "SyntaxError|IndentationError|TabError|UnicodeDecodeError",
    ),
    Pattern(
        Mistake(
            "endless-recursion",
            "A function calls itself without end.",
            "Does a method call itself where it should call the function of the same name?",
        ),
        "RecursionError",
    ),
    Pattern(
        Mistake(
            "read-only",
            "Something was written into the network's inputs.",
            "Copy before you change: h = x.copy().",
        ),
        "ValueError",
        r"read-only",
    ),
)

EXIT = Mistake(
    "exit-called",
    "The code ends Python by itself (exit, quit or sys.exit).",
    "Take that line out; a function returns, or raises an exception.",
)
MEMORY = Mistake(
    "too-much-memory",
    "The code asks for more memory than a test may use.",
    "Does a loop make a list or an array grow without end, or is a shape far too large?",
)
TIME = Mistake(
    "too-slow",
    "It took too long.",
    "Is there a loop that never ends, or an input() that waits?",
)
CRASH = Mistake(
    "crashed",
    "Python itself ended before there was an answer.",
    "Look for os._exit, os.abort, os.kill or a library that crashes.",
)
ANY_ERROR = Mistake(
    "error",
    "Your code raises an error.",
    "Look at the line that is named, and at the shapes there.",
)
NOTHING_RETURNED = Mistake(
    "nothing-returned",
    "Nothing is returned (None).",
    "Does the function end with return, in every branch?",
)


def not_written(function: str | None) -> Mistake:
    """Return the mistake, if it is one, that a function is still open."""
    if function is None:
        return Mistake("not-written", "This is still to be written.", "Write it, and check again.")
    return Mistake(
        f"{function}-not-written",
        f"{function} is still to be written.",
        "Replace the line that raises the error by your own code, and check again.",
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
    for pattern in PATTERNS:
        matches = (
            re.fullmatch(pattern.type, str(fault.get("type"))),
            re.search(pattern.message, str(fault.get("message"))),
            re.search(pattern.code, str(fault.get("code", ""))),
        )
        if all(matches):
            return pattern.mistake
    return ANY_ERROR


def quote_error(fault: Mapping[str, Any]) -> str:
    """Return what Python said, and where.

    >>> quote_error({"type": "NameError", "message": "no x", "file": "mlp.py", "line": 3, "code": "x"})
    'Line 3 of mlp.py, `x`: NameError: no x.'
    """
    said = f"{fault.get('type')}: {fault.get('message')}".rstrip(": .")
    if "line" not in fault:
        return f"{said}."
    code = f", `{fault['code']}`" if fault.get("code") else ""
    return f"Line {fault['line']} of {fault['file']}{code}: {said}."
