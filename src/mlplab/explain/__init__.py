"""Explanations: one update with its numbers, why a network does not learn, and what would help."""
