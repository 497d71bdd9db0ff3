"""Explanations: one update with its numbers, why a network does not learn, and what would help.

`step` takes one update apart. `why` trains runs again and measures them on the way (`looking`, by the
kernel `engine.measuring`); what it sees is judged by one kernel (`judging`), which the page has, too,
and said in sentences (`causes`). `remedies` trains single changes (`changing`) from the same seeds.
`landscape` shows the loss around a training.
"""

from mlplab.explain.changing import Change, changes
from mlplab.explain.explanation import Explanation, Finding, RunExplanation
from mlplab.explain.landscape import Landscape, landscape
from mlplab.explain.plane import Plane
from mlplab.explain.remedies import Remedies, Remedy, remedies
from mlplab.explain.step import LayerStep, ParameterStep, Step, step
from mlplab.explain.why import why

__all__ = [
    "Change",
    "Explanation",
    "Finding",
    "Landscape",
    "LayerStep",
    "ParameterStep",
    "Plane",
    "Remedies",
    "Remedy",
    "RunExplanation",
    "Step",
    "changes",
    "landscape",
    "remedies",
    "step",
    "why",
]
