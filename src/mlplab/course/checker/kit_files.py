"""Which files of the course's kit are handed out, lie beside a student's, or must not be copied."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).parents[2]
KIT = PACKAGE / "course" / "kit"

HANDED_OUT = ("mlp.py", "data_generator.py", "keras_mlp.py")
"""Files whose lines are everybody's."""

COURSE_MODULES = ("data_generator.py",)
"""What lies beside a student's `mlp.py` in a test: not the solution, and `keras_mlp` is a stub, as Keras
is."""

COURSE_FILES = {"data_generator.py", "keras_mlp.py", "mlp_solution.py"}
"""Files of the course that lie beside a student's where it is handed in; they are no `mlp.py`."""

RIGHT_NETWORKS = ("course/kit/mlp_solution.py", "course/mlp.py", "reference/*.py")
"""Files of mlplab with a network that is right, by their paths in the package."""
