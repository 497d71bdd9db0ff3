"""Explanations: one update with its numbers, why a network does not learn, and what would help."""

from mlplab.explain.landscape import Landscape, landscape
from mlplab.explain.plane import Plane

__all__ = ["Landscape", "Plane", "landscape"]
