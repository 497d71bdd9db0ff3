"""The programs' texts as one file of JSON: the page fills them in as Python does.

`python -m mlplab.playground.programs.program_texts FILE` writes it. An activation, initializer, optimizer
or schedule that is new in Python is in the page's programs after the next build.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, get_args

from mlplab.playground.programs import keras_program, numpy_program, provenance
from mlplab.spec import ACTIVATIONS, InitializerSpec, OptimizerSpec, Schedule
from mlplab.spec.family import Family


def program_texts() -> dict[str, Any]:
    """Return what the page makes programs of.

    Returns
    -------
    dict
        `numpy` and `keras`, templates with names in braces; `keras_pieces`, those that not each program
        has; `changed`, a sentence on networks that were changed on the way; `activations`, the NumPy
        function of each, with `{name}` for its own name; `initializers`, `optimizers` and `schedules` by
        kind: `name`, what Keras calls it, `fields` in order, and `floats`, those of them that are no
        whole numbers.
    """
    return {
        "numpy": numpy_program.PROGRAM,
        "keras": keras_program.PROGRAM,
        "keras_pieces": {
            "modules": keras_program.MODULES,
            "shared": keras_program.SHARED,
            "samples": keras_program.SAMPLES,
            "training": keras_program.TRAINING,
            "changed": keras_program.CHANGED,
            "evaluation": keras_program.EVALUATION,
        },
        "changed": provenance.CHANGED,
        "activations": {
            name: numpy_program.function_text("{name}", name) for name in sorted(ACTIVATIONS)
        },
        "initializers": _parts(InitializerSpec),
        "optimizers": _parts(OptimizerSpec),
        "schedules": _parts(Schedule),
    }


def file_of(texts: dict[str, Any]) -> str:
    """Write such texts as JSON."""
    return f"{json.dumps(texts, indent=1, ensure_ascii=False)}\n"


def _parts(family: type[Family]) -> dict[str, Any]:
    return {kind: _described(part) for kind, part in sorted(family.kinds.items())}


def _described(part: type[Family]) -> dict[str, Any]:
    fields = {name: field.annotation for name, field in part.model_fields.items() if name != "kind"}
    return {
        "name": part.__name__,
        "fields": list(fields),
        "floats": [name for name, annotation in fields.items() if _holds_floats(annotation)],
    }


def _holds_floats(annotation: Any) -> bool:
    """Whether float stands in an annotation, such as `tuple[float, ...] | None`."""
    return annotation is float or any(map(_holds_floats, get_args(annotation)))


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(file_of(program_texts()), encoding="utf-8")
