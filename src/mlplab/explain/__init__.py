"""Explanations: one update with its numbers, why a network does not learn, and what would help."""

from mlplab.explain.step import LayerStep, ParameterStep, Step, step

__all__ = ["LayerStep", "ParameterStep", "Step", "step"]
