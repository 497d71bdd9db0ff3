"""Cases of what the page exports: programs and points as Python writes them, and the numbers in them.

`python -m tests.page.golden_exports` writes them to `page/tests/golden/exports.json`, and beside the
page's sources the texts that it makes programs of.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
from tests.page.golden_boundary import as_json_numbers, lines_of

from mlplab.playground.controls.menus import INITIALIZERS, OPTIMIZERS, SCHEDULES, first_values
from mlplab.playground.programs.keras_program import keras_program
from mlplab.playground.programs.numpy_program import numpy_program
from mlplab.playground.programs.program_texts import file_of, program_texts
from mlplab.playground.programs.provenance import Change, Provenance
from mlplab.playground.session.own_points import OwnPoints
from mlplab.spec import ACTIVATIONS, SGD, Adam, Experiment, Training

PAGE = Path(__file__).parents[2] / "page"
FILE = PAGE / "tests" / "golden" / "exports.json"
TEXTS = PAGE / "src" / "exports" / "program_texts.json"

Case = dict[str, Any]

AS_THE_SEED_SAYS = Provenance(3)

LABELS = ["a", "it's", 'say "b", c', "ä\\n"]


def cases() -> list[Case]:
    """Return all cases, each of them with its call, arguments and result."""
    return [*_programs(), *_points(), *_numbers(), *_texts()]


def _experiment(
    names: tuple[str, ...] = ("relu",), initializer: Any = None, training: Training | None = None
) -> Experiment:
    hidden: dict[str, Any] = {}
    if names:
        hidden = {"layer_width": tuple(3 + i % 2 for i in range(len(names))), "activation": names}
    if initializer is not None:
        hidden["initializer"] = initializer
    return Experiment(
        dataset="polar",
        network={"hidden_layers": len(names), **hidden},
        training=training or Training(optimizer=SGD(learning_rate=1)),
    )


def _programs() -> list[Case]:
    rng = np.random.default_rng(17)
    found = []
    mixed = (("tanh", "relu"), ("relu", "relu"), ("sigmoid", "tanh", "sigmoid"), ())
    for names in (*(((each,)) for each in _of_mlplab(ACTIVATIONS)), *mixed):
        found += _both(rng, _experiment(names))
    for kind in _of_mlplab(INITIALIZERS):
        for shared in (False, True):
            values = first_values(INITIALIZERS[kind]) | {"shared": shared}
            found.append(_keras(rng, _experiment((), INITIALIZERS[kind](**values))))
    for kind in _of_mlplab(SCHEDULES):
        rate = SCHEDULES[kind](**first_values(SCHEDULES[kind]))
        for optimizer in _of_mlplab(OPTIMIZERS):
            training = Training(optimizer=OPTIMIZERS[optimizer](learning_rate=rate), epochs=3)
            found.append(_keras(rng, _experiment((), training=training)))
    fine = Adam(learning_rate=1e-5, epsilon=1e-16, beta_1=0.0)
    warm = SCHEDULES["cosine_decay"](
        initial_learning_rate=0, decay_steps=10, warmup_target=2, warmup_steps=3
    )
    for each in (fine, SGD(learning_rate=warm), SGD(learning_rate=2, momentum=1, nesterov=True)):
        training = Training(optimizer=each, loss="categorical_crossentropy", batch_size=7)
        found.append(_keras(rng, _experiment((), training=training)))
    for provenance in _provenances():
        found += _both(rng, _experiment(()), provenance)
    for labels in (["a", "b"], LABELS):
        for provenance in _provenances()[:2]:
            found.append(_keras(rng, _experiment((), None), provenance, labels))
    return found


def _provenances() -> list[Provenance]:
    rate = Change(400, "learning rate", "1.0", "0.01")
    late = Change(1_234_567, "batch size", "16", "32")
    hand = Change(0, "the line", "none", "x2 = 1 - x1")
    odd = Change(3, 'a"""b\\', "one\n\ttwo \u00a0 three", "\u200b'\U0001f9ff é")
    return [
        Provenance(2**63 + 1),
        Provenance(7, (rate, late)),
        Provenance(7, (), (hand,)),
        Provenance(0, (late, rate, Change(0, "epochs", "4", "20")), (hand, odd)),
    ]


def _both(
    rng: np.random.Generator, experiment: Experiment, provenance: Provenance = AS_THE_SEED_SAYS
) -> list[Case]:
    return [
        _program("numpy", rng, experiment, provenance, []),
        _program("keras", rng, experiment, provenance, []),
    ]


def _keras(
    rng: np.random.Generator,
    experiment: Experiment,
    provenance: Provenance = AS_THE_SEED_SAYS,
    labels: list[str] | None = None,
) -> Case:
    return _program("keras", rng, experiment, provenance, labels or [])


def _program(
    call: str,
    rng: np.random.Generator,
    experiment: Experiment,
    provenance: Provenance,
    labels: list[str],
) -> Case:
    widths = experiment.network.layer_widths
    sizes = [2, *widths, max(2, len(labels))]
    weights = [
        (rng.normal(size=(n, m)) * 10.0 ** rng.integers(-9, 20)).astype(np.float32)
        for m, n in pairwise(sizes)
    ]
    biases = [rng.normal(size=n).astype(np.float32) for n in sizes[1:]]
    biases[-1][0] = rng.choice([0.0, -0.0, np.nan, np.inf, -np.inf, 16777216.0, 1e-4])
    network = SimpleNamespace(
        step=int(rng.integers(0, 10_000_000)),
        epoch=int(rng.integers(0, 2000)),
        weights=tuple(weights),
        biases=tuple(biases),
    )
    points = np.array([[0.1, -0.0], [1e-7, 2.0]], np.float32)[: int(rng.integers(1, 3))]
    if call == "keras":
        text = keras_program(experiment, network, provenance, points, labels)
    else:
        text = numpy_program(experiment, network, provenance, points)
    return {
        "call": call,
        "experiment": experiment.model_dump(mode="json"),
        "step": network.step,
        "epoch": network.epoch,
        "layers": [
            {"weights": as_json_numbers(w), "biases": as_json_numbers(b)}
            for w, b in zip(weights, biases, strict=True)
        ],
        "provenance": {
            "seed": str(provenance.seed),
            "changes": [_change(each) for each in provenance.changes],
            "byHand": [_change(each) for each in provenance.by_hand],
        },
        "points": points.astype(np.float64).ravel().tolist(),
        "labels": labels,
        "result": text,
    }


def _change(change: Change) -> dict[str, Any]:
    return {
        "update": change.update,
        "what": change.what,
        "from": change.before,
        "to": change.after,
    }


def _points() -> list[Case]:
    rng = np.random.default_rng(18)
    found = []
    for labels in ([], ["a", "b", "a"], [*LABELS, "x,y", "line\nend", " space ", "0"]):
        x = rng.normal(size=(len(labels), 2)) * 10.0 ** rng.integers(-6, 5, (len(labels), 2))
        split = tuple(str(each) for each in rng.choice(["train", "validation", "test"], len(x)))
        csv = OwnPoints(x, tuple(labels), split).to_csv()
        samples = [
            {"x1": x1, "x2": x2, "label": label, "split": part}
            for (x1, x2), label, part in zip(x.tolist(), labels, split, strict=True)
        ]
        found.append({"call": "points", "samples": samples, "result": f"{csv}\n"})
    return found


def _numbers() -> list[Case]:
    rng = np.random.default_rng(19)
    values = [
        0.0,
        -0.0,
        np.nan,
        np.inf,
        -np.inf,
        1.0,
        1e16,
        1e15,
        123456.75,
        1e-4,
        9.9999e-5,
        5e-324,
    ]
    values += [
        0.5,
        2.5,
        1.125,
        0.0625,
        99995.0,
        99985.0,
        9999.5,
        1e22,
        1e21,
        1.7976931348623157e308,
    ]
    values += [2.0**k for k in (-149, -126, -24, 24, 40, 63, 90, 127)] + [1e-45, 3.4028235e38]
    values += (rng.normal(size=40) * 10.0 ** rng.integers(-12, 20, 40)).tolist()
    numbers = np.array(values)
    with np.errstate(over="ignore"):
        singles = numbers.astype(np.float32)
    found = []
    for value, single in zip(values, singles, strict=True):
        arguments = as_json_numbers(np.array([value, single], np.float64))
        result = [
            repr(float(value)),
            repr(float(str(single))),
            *(f"{value:.{digits}g}" for digits in (1, 3, 4, 6)),
        ]
        found.append({"call": "number", "values": arguments, "result": result})
    return found


def _texts() -> list[Case]:
    texts = [
        "",
        "a",
        "it's",
        'say "b"',
        'it\'s "b"',
        "a\\b\n\t\r",
        "\x00\x7f\x85\xa0",
        "\u2028𝟙🙂\u200b",
    ]
    return [{"call": "quoted", "text": each, "result": repr(each)} for each in texts]


def _of_mlplab(kinds: Any) -> list[str]:
    """Leave out kinds that another test has defined."""
    return [kind for kind, part in kinds.items() if _is_of_mlplab(part)]


def _is_of_mlplab(part: Any) -> bool:
    return str(getattr(part, "function", part).__module__).startswith("mlplab.")


FAMILIES = {
    "activations": ACTIVATIONS,
    "initializers": INITIALIZERS,
    "optimizers": OPTIMIZERS,
    "schedules": SCHEDULES,
}


def program_texts_of_mlplab() -> str:
    """Return the file of the programs' texts, without kinds that another test has defined."""
    texts = program_texts()
    for name, kinds in FAMILIES.items():
        known = _of_mlplab(kinds)
        texts[name] = {kind: each for kind, each in texts[name].items() if kind in known}
    return file_of(texts)


def text() -> str:
    """Return the file: a case on each line."""
    return lines_of(cases())


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
    TEXTS.write_text(program_texts_of_mlplab(), encoding="utf-8")
