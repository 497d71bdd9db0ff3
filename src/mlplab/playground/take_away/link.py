"""Everything about a session in one text, short enough for the fragment of an address.

`mlplab-1-` and then, in the letters that an address may have, the compressed bytes of `frames.pack`: the
experiment, the seed, own points, and how far training has come, to the last bit, so that it goes on as it
would have. The text comes from anyone: whatever it says is checked as if it were typed.
"""

from __future__ import annotations

import base64
import binascii
import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlplab.data import SPLITS
from mlplab.engine import Snapshot
from mlplab.errors import MlplabError
from mlplab.playground.pictures.frames import pack, unpack
from mlplab.playground.session.own_points import OwnPoints
from mlplab.playground.session.pace import SPEEDS
from mlplab.playground.session.session import Session
from mlplab.playground.session.stopping import STOP_RULES
from mlplab.spec import Experiment

PREFIX = "mlplab-1-"

LARGEST = 32_000_000
"""Bytes of what a link says, uncompressed."""

_OWN_PATH = "points.csv"
"""Stands in an experiment for own points, wherever they lie."""


def write_link(session: Session) -> str:
    """Return a session as text.

    Examples
    --------
    >>> session = Session()
    >>> session.train_updates(10)
    >>> again = read_link(write_link(session))
    >>> again.step, again.scores("test") == session.scores("test")
    (10, True)
    """
    described = session.experiment.model_dump(exclude_none=True)
    snapshot = session.stepper.snapshot
    meta: dict[str, Any] = {
        "experiment": described,
        "seed": session.seed,
        "stop_rule": session.stop_rule,
        "speed": session.pace.speed,
        "step": snapshot.step,
        "epoch": snapshot.epoch,
        "used": snapshot.used,
    }
    arrays: dict[str, NDArray[Any]] = {"history": snapshot.history}
    for name in _PARTS:
        arrays |= {f"{name}{i}": a for i, a in enumerate(getattr(snapshot, name))}
    if session.own is not None:
        described["dataset"]["path"] = _OWN_PATH
        meta |= {"labels": list(session.own.labels), "split": list(session.own.split)}
        arrays["points"] = session.own.x
    content = zlib.compress(pack(meta, arrays), level=9)
    return PREFIX + base64.urlsafe_b64encode(content).decode().rstrip("=")


_PARTS = (
    "weights",
    "biases",
    "weight_first_moment",
    "bias_first_moment",
    "weight_second_moment",
    "bias_second_moment",
)


def read_link(text: str) -> Session:
    """Return a new session as a text says.

    Raises
    ------
    MlplabError
        If the text is no such link, is damaged, or says what cannot be; one sentence.
    """
    meta, arrays = _unpacked(text)
    try:
        own = None
        experiment = meta["experiment"]
        if "points" in arrays:
            own = _own_points(arrays["points"], meta["labels"], meta["split"])
            experiment = {**experiment, "dataset": "linear"}  # until the points are there
        parts = {name: _numbered(arrays, name) for name in _PARTS}
        snapshot = Snapshot(
            step=meta["step"],
            epoch=meta["epoch"],
            used=meta["used"],
            history=arrays["history"].copy(),
            **parts,
        )
        session = Session(Experiment(**experiment), meta["seed"], own=own)
        try:
            session.resume(snapshot)
            session.stop_rule = _known(meta["stop_rule"], STOP_RULES)
            session.pace.speed = _known(meta["speed"], SPEEDS)
        except BaseException:
            session.close()
            raise
    except (KeyError, TypeError, AttributeError) as error:
        raise MlplabError(f"the link is damaged: {error}") from error
    return session


def _unpacked(text: str) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    if not text.startswith(PREFIX):
        raise MlplabError(f"a link begins with '{PREFIX}', received '{text[:20]}'")
    code = text[len(PREFIX) :]
    try:
        packed = base64.b64decode(code + "=" * (-len(code) % 4), altchars=b"-_", validate=True)
        reader = zlib.decompressobj()
        content = reader.decompress(packed, LARGEST)
        if reader.eof:
            return unpack(content)
    except (binascii.Error, zlib.error, ValueError, KeyError, TypeError) as error:
        raise MlplabError(f"the link is damaged: {error}") from error
    raise MlplabError("the link is cut off, or says more than the playground takes")


def _own_points(x: Any, labels: Any, split: Any) -> OwnPoints:
    if x.ndim == 2 and x.shape[1] != 2:
        raise MlplabError(
            f"the link's points lie in the plane of 2 features, received {x.shape[1]} features"
        )
    whole = x.ndim == 2 and np.isfinite(x).all()
    if not (whole and len(x) == len(labels) == len(split) and set(split) <= set(SPLITS)):
        raise MlplabError("the link is damaged: its points do not fit together")
    points = OwnPoints(x.astype(np.float64), tuple(map(str, labels)), tuple(split))
    points.check()
    return points


def _numbered(arrays: dict[str, NDArray[Any]], name: str) -> tuple[NDArray[Any], ...]:
    found: list[NDArray[Any]] = []
    while f"{name}{len(found)}" in arrays:
        found.append(arrays[f"{name}{len(found)}"].copy())
    return tuple(found)


def _known(word: str, words: dict[str, Any]) -> str:
    if word not in words:
        raise MlplabError(f"the link is damaged: there is no '{word}'")
    return word
