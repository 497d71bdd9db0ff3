"""What the page knows of experiments, as one file of JSON: what they may be, presets, and its limits.

`python -m mlplab.playground.spec_table FILE` writes it. The page's forms, messages and TOML are made of
it, so that a kind that is new in Python is in the page after the next build.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any, get_args

from pydantic_core import PydanticKnownError

from mlplab.engine.measuring import MEASURES
from mlplab.explain import changing
from mlplab.explain.causes import CAUSES, CODES, LEARNED
from mlplab.explain.facts import FACTS
from mlplab.explain.judging import MOST_NUMBERS
from mlplab.explain.looking import MOST_LOOKS
from mlplab.explain.neighbours import FOLLOWED, SAMPLE_FACTS
from mlplab.explain.plane import FIRST_SEED, ON_A_LINE, ROUNDING
from mlplab.explain.projection import MARGIN, NARROWEST
from mlplab.explain.remedies import ALWAYS, BEYOND, TOLERATED
from mlplab.explain.training_paths import POINTS
from mlplab.figures import COLOURS
from mlplab.glossary import GLOSSARY
from mlplab.models.numpy_function import numpy_function
from mlplab.playground.lesson import FEWEST_CHOICES, MOST, PARTS, PATH, Tab, lesson_names
from mlplab.playground.limits import LANDSCAPE, LARGEST, LARGEST_WORK
from mlplab.playground.opening import open_lesson
from mlplab.playground.presets import FIRST, PRESETS
from mlplab.run.metric import METRIC_WORDS
from mlplab.spec import ACTIVATIONS, HEADS, REGRESSION_HEADS, Experiment, Head, OptimizerSpec
from mlplab.spec.datasets import planar_recipes
from mlplab.spec.heads import SMOOTHING
from mlplab.spec.optimizers.base import CLIPPING_FORMULAS, DECAY_FORMULA
from mlplab.spec.part import Part
from mlplab.spec.refused import REFUSED
from mlplab.spec.regularizers import SLOPE_FORMULA
from mlplab.spec.stopping import OF_METRIC
from mlplab.spec.variants import field_names

_SENTENCES: dict[str, PydanticKnownError] = {
    "integer": PydanticKnownError("int_type"),
    "number": PydanticKnownError("float_type"),
    "boolean": PydanticKnownError("bool_type"),
    "string": PydanticKnownError("string_type"),
    "array": PydanticKnownError("tuple_type"),
    "object": PydanticKnownError("dict_type"),
    "finite": PydanticKnownError("finite_number"),
    "minimum": PydanticKnownError("greater_than_equal", {"ge": 0}),
    "exclusiveMinimum": PydanticKnownError("greater_than", {"gt": 0}),
    "maximum": PydanticKnownError("less_than_equal", {"le": 0}),
    "exclusiveMaximum": PydanticKnownError("less_than", {"lt": 0}),
    "minLength": PydanticKnownError("string_too_short", {"min_length": 1}),
    "minItems": PydanticKnownError(
        "too_short", {"field_type": "Tuple", "min_length": 1, "actual_length": 0}
    ),
    "pattern": PydanticKnownError("string_pattern_mismatch", {"pattern": ""}),
}
"""Pydantic's error for each keyword of a JSON schema that values can miss."""


def spec_table() -> dict[str, Any]:
    """Return what the page knows of experiments.

    Returns
    -------
    dict
        `schema`, the JSON schema of an experiment; `refused`, why some well-known names are none;
        `messages`, what is said of a value that misses one of the schema's keywords, with names in
        braces for what it is about; `presets`, where one can start, by title, and `first`, the title
        that a new page shows; `lessons`, by name, each as a session that the page opens; `lesson`, what
        a lesson may have and hide; `explanation`, what the page needs to explain why a network does not
        learn; `landscape`, the numbers of a loss landscape; `limits`, the most that the page takes of
        each; `losses`, those of `classes` and those of `targets` by their names, each with what its head
        is like; `metric_monitors`, what rules of stopping look at besides losses; `planar`, kinds of
        datasets whose samples have two features; `colours`, of the classes; `numpy_activations`, each
        activation as a NumPy function, with `{name}` for its own name; `formulas`, the templates of
        `mlplab.spec.formulas`, see `formula_table`; `glossary`, what each term means.
    """
    return {
        "schema": Experiment.model_json_schema(),
        "refused": REFUSED,
        "messages": {keyword: _message(error) for keyword, error in _SENTENCES.items()},
        "presets": {title: _in_order(each) for title, each in PRESETS.items()},
        "first": FIRST,
        "lessons": {name: open_lesson(name).to_table() for name in lesson_names()},
        "lesson": {
            "fewest_choices": FEWEST_CHOICES,
            "most": MOST,
            "parts": list(PARTS),
            "tabs": list(get_args(Tab)),
            "path": PATH.pattern,
        },
        "explanation": _explanation(),
        "landscape": {
            "points": POINTS,
            "most_principal_points": LANDSCAPE["principal_points"],
            "most_numbers": LANDSCAPE["path_numbers"],
            "on_a_line": ON_A_LINE,
            "rounding": ROUNDING,
            "first_seed": str(FIRST_SEED),
            "margin": MARGIN,
            "narrowest": NARROWEST,
        },
        "limits": LARGEST,
        "losses": {"classes": _losses(HEADS), "targets": _losses(REGRESSION_HEADS)},
        "metric_monitors": list(OF_METRIC),
        "planar": list(planar_recipes()),
        "colours": list(COLOURS),
        "numpy_activations": {name: numpy_function("{name}", name) for name in ACTIVATIONS},
        "formulas": formula_table(),
        "glossary": dict(GLOSSARY),
    }


def formula_table() -> dict[str, Any]:
    """Return the formula templates of all parts.

    Returns
    -------
    dict
        `activations`, of each its formula and slope; `classes` and `targets`, by losses, of each head
        its `output`, `backward`, `loss`, the `slope` of it and `within` what p is kept; `smoothing`,
        `penalty_slope`, `clipping` and `decay`; `optimizers`, by kinds, of each its `rules`, the fields
        of its `symbols`, the symbols of its `moments` and `step_sizes`, and the fields that moments
        begin with.
    """
    return {
        "activations": {
            name: {"formula": each.formula, "slope": each.slope}
            for name, each in ACTIVATIONS.items()
        },
        "classes": {loss: _formulas_of_head(head) for loss, head in HEADS.items()},
        "targets": {loss: _formulas_of_head(head) for loss, head in REGRESSION_HEADS.items()},
        "smoothing": SMOOTHING.template,
        "penalty_slope": SLOPE_FORMULA,
        "clipping": CLIPPING_FORMULAS,
        "decay": DECAY_FORMULA.template,
        "optimizers": {
            kind: {
                "rules": [
                    {"when": dict(rule.when), "lines": [list(line) for line in rule.lines]}
                    for rule in each.update_rules
                ],
                "symbols": each.symbols,
                "moments": list(each.moment_symbols),
                "step_sizes": list(each.step_size_symbols),
                "begins_with": each.begins_with,
            }
            for kind, each in OptimizerSpec.kinds.items()
        },
    }


def _formulas_of_head(head: Head) -> dict[str, Any]:
    return {
        "output": head.output_formula,
        "backward": head.backward_formula,
        "loss": head.loss.formula,
        "slope": head.loss.slope,
        "within": head.loss.within,
    }


def _losses(heads: dict[str, Head]) -> dict[str, dict[str, Any]]:
    return {
        loss: {
            "metric": head.metric_name,
            "is_mean_of_outputs": head.loss.is_mean_of_outputs,
            "smooths_labels": head.smooths_labels,
            "has_one_output": head.has_one_output,
        }
        for loss, head in heads.items()
    }


def spec_text() -> str:
    """Return `spec_table` as the file's text."""
    return f"{json.dumps(spec_table(), indent=1, ensure_ascii=False)}\n"


def _explanation() -> dict[str, Any]:
    """Return the names and numbers of kernels that explain, the causes in words, and what is tried."""
    return {
        "codes": list(CODES),
        "learned": list(LEARNED),
        "causes": {code: asdict(text) for code, text in CAUSES.items()},
        "metrics": METRIC_WORDS,
        "measures": len(MEASURES),
        "facts": list(FACTS),
        "sample_facts": list(SAMPLE_FACTS),
        "most_numbers": MOST_NUMBERS,
        "most_looks": MOST_LOOKS,
        "followed": FOLLOWED,
        "factors": list(changing.FACTORS),
        "initializers": list(changing.INITIALIZERS),
        "activations": list(changing.ACTIVATIONS),
        "times_longer": list(changing.TIMES_LONGER),
        "times_wider": list(changing.TIMES_WIDER),
        "first_layer": changing.FIRST_LAYER,
        "largest_work": LARGEST_WORK,
        "beyond": BEYOND,
        "always": ALWAYS,
        "tolerated": TOLERATED,
    }


def _in_order(part: Part) -> dict[str, Any]:
    """Return a part as JSON, its fields in the order of the schema."""
    values, dumped = vars(part), part.model_dump(mode="json")
    return {
        name: _in_order(values[name]) if isinstance(values[name], Part) else dumped[name]
        for name in field_names(type(part))
    }


def _message(error: PydanticKnownError) -> str:
    template = error.message_template
    return f"{template[0].lower()}{template[1:]}"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(spec_text(), encoding="utf-8")
