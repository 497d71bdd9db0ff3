"""Cases of own points: files as Python reads and refuses them, and splits.

`python -m tests.page.golden_points` writes them to `page/tests/golden/points.json`.
"""

from __future__ import annotations

import base64
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from tests.page.cases import case, write

from mlplab.data import SPLITS, Samples
from mlplab.data.splitting import choose_splits, put_aside
from mlplab.errors import MlplabError
from mlplab.playground.limits import FARTHEST, LARGEST, MOST_POINTS
from mlplab.spec import Arrays, SamplesFile

FILE = Path(__file__).parents[2] / "page" / "tests" / "golden" / "points.json"

Case = dict[str, Any]

NAME = "class of '26.csv"

ROWS = "1,2,a\n3,4,b\n5,6,a\n7,8,b\n9,10,a\n11,12,b\n"
GOOD = f"x1,x2,label\n{ROWS}"
IN_SPLITS = "x1,x2,label,split\n" + "".join(
    f"{i},{-i}.5,{label},{split}\n"
    for i, (label, split) in enumerate((k, s) for k in "ab" for s in (*SPLITS, "train"))
)

FILES: tuple[str, ...] = (
    "",
    "\n\n  \n",
    GOOD,
    GOOD.replace("\n", "\r\n"),
    GOOD.replace("\n", "\r"),
    GOOD.replace("\n", "\n\n , ,\n"),
    GOOD.rstrip("\n"),
    GOOD.replace(",", ";"),
    GOOD.replace(",", ";").replace("1;", "1,5;"),
    GOOD.replace(",", "\t"),
    GOOD.replace(",", ", "),
    f"sep=,\n{GOOD}",
    f"#TYPE System.Object\nsep=;\n{GOOD}",
    "x1,x2,label\n",
    ROWS,
    f",x1,x2,label\n{''.join(f'{i},{row}' for i, row in enumerate(ROWS.splitlines(True)))}",
    GOOD.replace("label", " label "),
    GOOD.replace("label", "Label"),
    GOOD.replace("label", "lable"),
    GOOD.replace("label", "class"),
    GOOD.replace("x2", "x1"),
    GOOD.replace("x1,x2", "split,x2"),
    "label\na\nb\n",
    "name,label\nanna,a\nberta,b\n",
    GOOD.replace(",b", ",a"),
    GOOD.replace("11,12,b\n", ""),
    GOOD.replace(",a", ",").replace(",b", ", "),
    GOOD + "1,2,a,\n",
    GOOD + "1,2,a,3\n",
    GOOD + "1,2\n",
    GOOD + "1\n",
    GOOD + '1,2,"a\n',
    GOOD + '1,2,"a"b\n',
    GOOD + '"1"  ,2,a\n',
    GOOD.replace(",a", ',  "a"').replace(",b", ', b "b"'),
    GOOD.replace("\n", "\r\n") + '1,2,"a\r\n\rb"\r\n1,x,a\r\n',
    GOOD.replace(",a", ',"a, with ""marks"""').replace(",b", ',"b\nin two lines"'),
    GOOD.replace(",a", ',"it\'s"').replace(",b", ",ä😀"),
    GOOD.replace(",a", ",a\u00a0").replace(",b", ",\u2003b"),
    GOOD.replace(",a", ",10").replace(",b", ",9.0"),
    GOOD.replace(",a", ",+1").replace(",b", ",-1."),
    GOOD.replace(",a", ",1").replace("3,4,b", "3,4,01").replace(",b", ",2"),
    GOOD.replace("1,2,a", "1,2,1.0").replace(",a", ",1").replace(",b", ",2"),
    GOOD.replace(",a", ",1").replace(",b", ",2.5"),
    GOOD.replace(",a", ",1").replace(",b", ",nan"),
    GOOD.replace(",a", ",1").replace(",b", ",x"),
    GOOD.replace(",a", ",True").replace(",b", ",False"),
    GOOD.replace("11,12", "1000000,-1e6"),
    GOOD.replace("1,2,a", "-0,1e-320,a"),
    "x1,x2,label\n" + "".join(f"{i},{i % 7},{i % 10}\n" for i in range(44)),
    "x1,x2,label\n" + "".join(f"True,{i},{'ab'[i % 2]}\nFalse,{i},a\n" for i in range(8)),
    "x1,x2,label\n" + "".join(f"{'True' if i else 'true'},{i},{'ab'[i % 2]}\n" for i in range(8)),
    "x1,x2,label\n" + "".join(f"{'True' if i else '1'},{i},{'ab'[i % 2]}\n" for i in range(8)),
    IN_SPLITS,
    IN_SPLITS.replace("train", " train "),
    IN_SPLITS.replace("3,-3.5,a,train", "3,-3.5,a,Train"),
    IN_SPLITS.replace("3,-3.5,a,train", "3,-3.5,a,training"),
    IN_SPLITS.replace("3,-3.5,a,train", "3,-3.5,a,"),
    IN_SPLITS.replace("3,-3.5,a,train", "3,-3.5,a,1"),
    IN_SPLITS.replace("b,validation", "b,train"),
    IN_SPLITS.replace("a,test", "a,train"),
    "x1,x2,label,split\n1,2,a,train\n",
)

TEXTS = (
    *("1,5", "1_000", "20 %", "20%", "1'000", "1’000.5", "--1", "+1", " 1 ", "\t1", "1e5", "1E+05"),
    *(".5", "5.", ".", "e5", "1e", "0x10", "inf", "-Infinity", "NaN", "+nan", "infinit", "1d5"),
    *("x", "1 2", "−1", "1\u00a0", "1e400", "1e-400", "½", "True", "_1", "12 Uhr", "%", "1.2.3"),
    *("-", "", " "),
)
"""Values that are numbers, or nearly so, or not at all."""

BYTES: tuple[bytes, ...] = (
    b"\xef\xbb\xbf" + GOOD.encode(),
    GOOD.encode("utf-16"),
    b"\xfe\xff" + GOOD.replace(",a", ",😀").encode("utf-16-be"),
    GOOD.encode("utf-16-le"),
    GOOD.encode("utf-16")[:-1],
    GOOD.encode("utf-16") + b"\x00\xd8",
    GOOD.encode("utf-16") + b"\x00\xd8\x41\x00",
    GOOD.encode("utf-16") + b"\x00\xdc\x41\x00",
    GOOD.replace(",a", ",ä").encode("latin-1"),
    b"\xef\xbb\xbf" + GOOD.replace(",a", ",é").encode("latin-1"),
    *(
        GOOD.encode() + tail
        for tail in (b"\x80", b"\xc3", b"\xc0\xaf", b"\xe0\x80\x80", b"\xed\xa0\x80")
    ),
    *(
        GOOD.encode() + tail
        for tail in (b"\xf0\x90", b"\xf4\x90\x80\x80", b"\xf5", b"\xe2\x82", b"\xf0\x80")
    ),
    GOOD.encode() + b"\0",
    b"PK\x03\x04\x14\x00\x06\x00",
)

HOLES = ('"', ",", ";", " ", "\n", "\r", "\t", "'", "_", "-", ".", "1", "a", "ß", "\u2028", "")


def cases() -> list[Case]:
    """Return all cases, each with its call, arguments and result."""
    rng = np.random.default_rng(1402)
    return [
        case("limits", [], [MOST_POINTS, LARGEST["classes"], FARTHEST]),
        *filter(_is_for_the_page, _files(rng)),
        *(_aside(rng) for _ in range(40)),
        *(_splits(rng) for _ in range(25)),
        *(_precise(rng) for _ in range(40)),
    ]


def _files(rng: np.random.Generator) -> Iterator[Case]:
    yield from (_read(text.encode()) for text in FILES)
    yield from (_read(file) for file in BYTES)
    yield from (_read(_with_value(text)) for text in TEXTS)
    yield from (_read(_with_column(text)) for text in TEXTS)
    yield from (_read(_damaged(rng)) for _ in range(120))


def _is_for_the_page(read: Case) -> bool:
    """Tell whether a file is refused, or holds points that the page can show."""
    result = read["result"]
    return isinstance(result, str) or (
        len(result["featureNames"]) == 2 and bool((np.abs(result["x"]) <= FARTHEST).all())
    )


def text() -> str:
    """Return the cases' file."""
    return write(cases())


def _read(content: bytes) -> Case:
    """Return what a file holds before it is split, or why the page refuses it."""
    return case("read", [base64.b64encode(content).decode(), NAME], _result(content))


def _result(content: bytes) -> Any:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "points.csv"
        path.write_bytes(content)
        try:
            samples = Samples.from_file(SamplesFile(path=str(path)))
        except MlplabError as error:
            # The page does not say which byte is at fault.
            # The page takes no targets of own points, and does not speak of them.
            message = str(error).replace(str(path), NAME).split("; numbers to approximate")[0]
            return re.sub(r"UTF-8 \(.*\);", "UTF-8;", message)
    return {
        "x": samples.x.ravel(),
        "y": samples.y,
        "labelNames": samples.label_names,
        "featureNames": samples.feature_names,
        "split": samples.split,
    }


def _with_value(text: str) -> bytes:
    """Return a file with a value among numbers."""
    quoted = '"' + text + '"'
    return GOOD.replace("5,6", f"5,{quoted}").encode()


def _with_column(text: str) -> bytes:
    """Return a file that has, between two columns of numbers, one of this value only."""
    rows = [row.replace(",", f',"{text}",', 1) for row in ROWS.splitlines(True)]
    return f"x1,what,x2,label\n{''.join(rows)}".encode()


def _damaged(rng: np.random.Generator) -> bytes:
    """Return a file in which some characters became others."""
    text = list((GOOD, IN_SPLITS, GOOD.replace(",a", ',"a"'))[rng.integers(3)])
    for _ in range(rng.integers(1, 4)):
        text[rng.integers(len(text))] = HOLES[rng.integers(len(HOLES))]
    return "".join(text).encode()


def _set(rng: np.random.Generator) -> tuple[Arrays, Any, int]:
    """Return fractions, the class of each sample, and how many classes there are."""
    classes = int(rng.integers(2, 5))
    y = rng.permutation(np.repeat(np.arange(classes), rng.integers(3, 14, classes)))
    fractions = rng.choice([0.1, 0.2, 0.25, 0.3, 0.45, 0.49, 0.01], 2).tolist()
    return Arrays(validation_fraction=fractions[0], test_fraction=fractions[1]), y, classes


def _fractions(spec: Arrays) -> dict[str, Any]:
    return spec.model_dump(mode="json")


def _aside(rng: np.random.Generator) -> Case:
    spec, y, classes = _set(rng)
    return case("put_aside", [_fractions(spec), y, classes], put_aside(spec, y, classes))


def _splits(rng: np.random.Generator) -> Case:
    spec, y, classes = _set(rng)
    seeds = [0, 2**62, *rng.integers(0, 2**62, 2).tolist()]
    found = [choose_splits(spec, y, classes, seed) for seed in seeds]
    numbers = [[SPLITS.index(name) for name in each.tolist()] for each in found]
    return case("splits", [_fractions(spec), y, classes, [str(seed) for seed in seeds]], numbers)


def _precise(rng: np.random.Generator) -> Case:
    """Return two features, of which float32 may blur one."""
    n = int(rng.integers(1, 30))
    x = np.round(rng.normal(size=(n, 2)), 3) * 10.0 ** rng.uniform(-2, 1, 2)
    x += rng.choice([0, 9e5, 1e3], 2)
    x[rng.integers(n)] = x[0]
    samples = Samples(x, np.zeros(n, np.int64), None, ("a", "b"), ("x1", "x2"), "the points")
    try:
        samples.check_precision(np.float32, standardise=False)
    except MlplabError as error:
        # The page has float32 only, and says so.
        return case("precision", [x.ravel()], str(error).split("; train in float64")[0])
    return case("precision", [x.ravel()], None)


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
