"""Files that are the same apart from names and layout are listed as pairs, and honest ones are not."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlplab.course.checker import Submission
from mlplab.course.checker.fingerprints import fingerprints
from mlplab.course.checker.kit_files import KIT
from mlplab.course.checker.similar import similar_pairs

from .conftest import SOLUTIONS
from .corpus.measure import singles
from .disguise import disguised


def handed_in(name: str, text: str) -> Submission:
    return Submission(name, {"mlp.py": text.encode()})


HONEST = {name: path.read_text(encoding="utf-8") for name, path in SOLUTIONS.items()}


@pytest.mark.parametrize("name", HONEST)
def test_another_look_hides_no_copy(name: str) -> None:
    text = disguised(HONEST[name])
    assert text.split() != HONEST[name].split()
    others = [handed_in(other, HONEST[other]) for other in HONEST]
    [pair] = similar_pairs([*others, handed_in("copy", text)])
    assert (pair.one.name, pair.other.name) == (name, "copy")


def test_honest_solutions_are_no_pairs() -> None:
    assert similar_pairs([handed_in(name, text) for name, text in HONEST.items()]) == []


def test_a_copy_with_a_mistake_in_it_is_a_copy() -> None:
    """The least alike of all pairs that should be listed."""
    for wrong in singles()[::3]:
        one, other = HONEST[wrong.of], disguised(wrong.text)
        assert similar_pairs([handed_in("anna", one), handed_in("bo", other)]), wrong.name


def test_a_copy_with_much_of_its_own_is_told_in_both_directions() -> None:
    padded = f"{HONEST['kit']}\n{HONEST['plain_python']}"
    [pair] = similar_pairs([handed_in("anna", HONEST["kit"]), handed_in("bo", padded)])
    assert pair.fraction_of_one > 0.95
    assert 0.3 < pair.fraction_of_other < 0.6


def test_a_copy_in_a_file_beside_is_a_copy() -> None:
    files = {"mlp.py": b"from network import *", "network.py": disguised(HONEST["kit"]).encode()}
    anna = handed_in("anna", HONEST["kit"])
    assert len(similar_pairs([anna, Submission("bo", files)])) == 1


def test_what_was_handed_out_is_nobodys() -> None:
    template = (KIT / "mlp.py").read_text(encoding="utf-8")
    assert fingerprints({"mlp.py": template.encode()}) == frozenset()
    assert similar_pairs([handed_in(name, template) for name in ("anna", "bo")]) == []


@pytest.mark.parametrize("broken", ["def f(:\n", "x = '''", "\0", "\tif (\n  ]", "ä = 'ö\n"])
def test_a_file_that_is_no_python_is_compared_all_the_same(broken: str) -> None:
    text = HONEST["float32"]
    spoiled = f"{disguised(text)}\n{broken}".encode("latin-1")
    pairs = similar_pairs([handed_in("anna", text), Submission("bo", {"mlp.py": spoiled})])
    assert len(pairs) == 1


@given(st.binary(max_size=200) | st.text("\"'\\\n#rf(:)a1 ").map(str.encode))
def test_no_file_ends_it(content: bytes) -> None:
    fingerprints({"mlp.py": content})


@pytest.mark.parametrize("part", ["'\\", '"""', "(", "\\\n", "''' ", "x" * 50, "1e"])
def test_a_file_takes_as_long_as_it_is_long(part: str) -> None:
    def seconds(size: int) -> float:
        began = time.process_time()
        fingerprints({"mlp.py": part.encode() * (size // len(part))})
        return time.process_time() - began

    short, long = seconds(2**16), seconds(2**20)
    assert long < 80 * (short + 0.005)  # 16 if it grows with the length, 256 if with its square
