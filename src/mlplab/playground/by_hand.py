"""Task 3 of the lab: weights that draw a line, found by hand; for two classes and no hidden layer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from mlplab.boundary import EQUATION_11, EQUATION_12, Line, SingleLayer, check
from mlplab.errors import MlplabError, suggestion
from mlplab.playground.session import Session
from mlplab.playground.timeline import Moment

WANTED = Line.parse("x2 = 1 - x1")
"""The line of the lab, and of its equation 10."""


def applies(moment: Moment) -> bool:
    """Tell whether a network has two classes and no hidden layer."""
    return len(moment.biases) == 1 and len(moment.biases[0]) == 2


def explain(moment: Moment) -> str:
    """Say what line such a network draws, and whether it is the wanted one.

    Examples
    --------
    >>> import numpy as np
    >>> moment = Moment(0, 0, (np.array([[2.0, 1.0], [3.0, 2.0]]),), (np.array([0.5, -0.5]),))
    >>> explain(moment)[:58]
    'These weights draw the line x2 = 1 - x1, as wanted. Class '
    """
    if not all(np.isfinite(part).all() for part in (*moment.weights, *moment.biases)):
        return "These weights are no numbers, and draw no line."
    try:
        return check(moment.weights[0], moment.biases[0], line=WANTED).explain()
    except MlplabError as error:  # a line too steep, flat or far away to be written
        return str(error)


def _given(layer: SingleLayer) -> Callable[[Moment], SingleLayer]:
    return lambda moment: layer


def _switched(moment: Moment) -> SingleLayer:
    return SingleLayer(moment.weights[0][::-1], moment.biases[0][::-1])


ACTS: Mapping[str, Callable[[Moment], SingleLayer]] = MappingProxyType(
    {"equation 11": _given(EQUATION_11), "equation 12": _given(EQUATION_12), "switch": _switched}
)
"""What can be put in at once, by the name on its button: the lab's weights, or the labels switched."""


def act(session: Session, name: str) -> None:
    """Put in what a button says.

    Raises
    ------
    MlplabError
        If there is no such button, or the network has hidden layers or other classes.
    """
    if name not in ACTS:
        raise MlplabError(f"there is no '{name}' here; {suggestion(name, ACTS)}")
    if not applies(session.now):
        raise MlplabError("task 3 needs a network with two classes and without hidden layers")
    layer = ACTS[name](session.now)
    dtype = session.now.weights[0].dtype
    session.set_network((np.array(layer.W, dtype=dtype),), (np.array(layer.b, dtype=dtype),))
