"""No input ends the checker: bytes on the pipe, printed text, answers, names, archives, lists."""

from __future__ import annotations

import json
import os
import threading
from contextlib import ExitStack
from pathlib import Path, PurePosixPath
from typing import Any, Self

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from mlplab.course.checker import Report, Submission, check_submissions, find_submissions
from mlplab.course.checker.answer import Answer, read_answer
from mlplab.course.checker.archive import open_archive
from mlplab.course.checker.checks.check import how_it_stopped
from mlplab.course.checker.file_names import decoded_name, plain_name
from mlplab.course.checker.formats import FORMATS
from mlplab.course.checker.inside.calls import MOST_TEXT
from mlplab.course.checker.inside.faults import LONGEST
from mlplab.course.checker.inside.messages import ARRAY, pack, unpack
from mlplab.course.checker.inside.values import describe_value
from mlplab.course.checker.notebooks import definitions_of_notebook
from mlplab.course.checker.pipes import AnswerPipe
from mlplab.course.checker.platforms import read_platform
from mlplab.course.checker.printed import read_printed
from mlplab.course.checker.roster import Student, match_roster, read_roster
from mlplab.course.checker.submissions import read_submission
from mlplab.course.checker.tree import Entry, UnreadableError
from mlplab.course.checker.visible import visible
from mlplab.errors import MlplabError

QUICK = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
ODD = st.sampled_from([0xD800, 0xDFFF, 0x1B, 0, 0x7F, 0x9B, 0x202E, 0x2028, 0xFEFF, 13, 10]).map(
    chr
)
TEXTS = st.lists(st.characters() | ODD, max_size=30).map("".join)
"""Halves of surrogate pairs, control characters and all others."""

PLAIN = st.none() | st.booleans() | st.integers() | st.floats() | TEXTS
ARRAYS = st.sampled_from(
    [np.zeros((0, 2)), np.full((3, 2), np.nan), np.array(np.inf), np.zeros(2**10), np.ones((2, 2), bool)]
)  # fmt: skip
WORDS = ["answers", "array", "fault", "other", "kind", "type", "message", "line", "file", "code",
         "printed",
         "outputs", "returned", "after", "W", "b", "points", "x_test", "names", "method", "seconds", "N",
         "hidden_layers", "error", "memory", "unwritten", "None"]  # fmt: skip
VALUES = st.recursive(
    PLAIN | ARRAYS | st.sampled_from(WORDS),
    lambda part: (
        st.lists(part, max_size=4)
        | st.dictionaries(st.sampled_from(WORDS) | TEXTS, part, max_size=5)
    ),
    max_leaves=12,
)
ANSWERS = st.dictionaries(st.sampled_from(WORDS), VALUES, max_size=6)


@QUICK
@given(st.binary(max_size=200))
def test_bytes_are_an_answer_or_none(content: bytes) -> None:
    assert read_answer(content, 0, False, 0.0).ending in ("answered", "crash")


def longest_text(value: Any) -> int:
    if isinstance(value, str):
        return len(value)
    parts = [*value, *value.values()] if isinstance(value, dict) else value
    return max(map(longest_text, parts), default=0) if isinstance(parts, list) else 0


LONG = "x" * 10**5
FORGED = [
    {
        "fault": {
            "kind": "error",
            "type": LONG,
            "message": LONG,
            "code": LONG,
            "file": LONG,
            "line": 1,
        }
    },
    {"fault": {"kind": "error", "type": "x", "message": [[1] * 10**5], "line": {LONG: LONG}}},
    {"fault": LONG, LONG: LONG, "answers": [LONG, {"other": LONG}, [LONG]]},
    {"answers": [{"changed": ["x"] * 10**6}], "changed": [LONG] * 10},
]


@pytest.mark.parametrize("answer", FORGED, ids=range(len(FORGED)))
def test_no_text_of_a_forged_answer_is_longer_than_ours_are(answer: dict[str, Any]) -> None:
    read = read_answer(pack({"answer": answer}), 0, False, 0.0)
    assert longest_text(dict(read.content)) <= LONGEST
    found = how_it_stopped(read) if isinstance(answer.get("fault"), dict) else None
    assert found is None or len(found.facts) < 10 * LONGEST


def test_what_is_printed_is_read_longer_and_no_longer_than_sent() -> None:
    text = "x" * (MOST_TEXT + 5) + "!"
    content = pack({"answer": {"answers": [{"printed": text, "printed_as_error": text}]}})
    [answer] = read_answer(content, 0, False, 0.0).content["answers"]
    assert {each[-1] for each in answer.values()} == {"!"}
    assert {len(each) for each in answer.values()} == {MOST_TEXT}


@QUICK
@given(VALUES, st.integers(0, 2**31))
def test_a_message_changed_anywhere_is_read_or_refused(value: Any, place: int) -> None:
    content = bytearray(pack(value))
    content[place % len(content)] = place % 256
    try:
        unpack(bytes(content))
    except ValueError:
        return


@QUICK
@given(VALUES, VALUES, VALUES)
def test_an_array_of_anything_is_read_or_refused(name: Any, shape: Any, data: Any) -> None:
    try:
        unpack(pack({ARRAY: [name, shape, data]}))
    except ValueError:
        return


@QUICK
@given(VALUES)
def test_what_is_read_can_be_written_again(value: Any) -> None:
    json.dumps(unpack(pack(value)), default=str, ensure_ascii=False).encode()


@QUICK
@given(
    st.recursive(
        PLAIN | ARRAYS | st.just(10**400) | st.complex_numbers() | st.binary(max_size=5),
        lambda part: st.lists(part, max_size=4) | st.tuples(part, part),
        max_leaves=12,
    )
)
def test_any_value_may_be_returned(value: Any) -> None:
    with np.errstate(all="ignore"):
        unpack(pack(describe_value(value)))


@QUICK
@given(st.binary(max_size=300))
def test_a_pipe_may_hold_anything(content: bytes) -> None:
    reading, writing = os.pipe()
    os.write(writing, content)
    os.close(writing)
    pipe = AnswerPipe(reading, 1.0, threading.Event())
    pipe.listen()
    os.close(reading)
    assert pipe.answer is None or len(pipe.answer) <= len(content)


@QUICK
@given(
    st.lists(
        st.sampled_from(
            [
                "Train",
                "test",
                "loss",
                "acc",
                " ",
                ": ",
                "/",
                "%",
                "\n",
                "-",
                "nan",
                "1e",
                "0e-",
                "9",
            ]
        )
        | st.integers().map(str)
        | st.floats().map(str)
        | st.sampled_from(["999", "9" * 25, "9" * 400]),
        max_size=12,
    ).map("".join)
    | TEXTS
)
@example("Train loss: 1e999")
@example("Train loss: 0e999")
@example("Train loss: 1e99999999999999999999999")
def test_any_text_may_be_printed(text: str) -> None:
    for numbers in read_printed(text):
        for number in numbers.values():
            number.is_close(0.5)


class FakeRunner:
    """Gives one answer to whatever is asked."""

    answer: Answer

    def __init__(self, *_: object, **__: object) -> None: ...
    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None: ...
    def run(self, action: str, **_: object) -> Answer:
        """Return it."""
        return Answer("answered", {}, None, 0.0) if action == "load" else self.answer


@QUICK
@given(ANSWERS)
def test_any_answer_comes_to_a_report_that_can_be_written(content: dict[str, Any]) -> None:
    sent = unpack(pack(content))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(FakeRunner, "answer", Answer("answered", sent, None, 0.0), raising=False)
        patch.setattr("mlplab.course.checker.marking.Runner", FakeRunner)
        [report] = check_submissions([Submission("anna", {"mlp.py": b""})], jobs=1)
    assert report.score < 100
    write_all(report)


@QUICK
@given(TEXTS, TEXTS, TEXTS)
def test_any_name_and_message_can_be_shown(name: str, message: str, student_id: str) -> None:
    write_all(Report(name, (), (message,), message, (message,), student_id))


def write_all(report: Report) -> None:
    for write in FORMATS.values():
        text = write([report])
        text.encode()
        assert visible(text) == text.replace("\r", "\\r")


@QUICK
@given(st.binary(max_size=40))
def test_any_bytes_are_a_name(raw: bytes) -> None:
    decoded_name(raw).encode()
    plain_name(decoded_name(raw))


def tree_of(names: list[str], content: bytes) -> dict[PurePosixPath, Entry]:
    paths = [PurePosixPath(name) for name in names]
    return {
        path: Entry(lambda most: content[:most])
        for path in paths
        if path.parts and path.parts[0] != "/"
    }


NAMES = st.lists(
    st.sampled_from(
        [
            "mlp.py", "anna_1_2_mlp.py", "Anna_1_assignsubmission_file_/mlp.py", "submission_1/mlp.py",
            "Lab_anna_attempt_2026-01-01-00-00-00_mlp.py", "Lab_anna_attempt_2026-01-01-00-00-00.txt",
            "submission_metadata.yml", "bo/mlp.py", "bo.zip", "x/y/mlp (1).py", "lab.ipynb",
            "_assignsubmission_file_",
        ]
    )
    | TEXTS,
    max_size=8,
)  # fmt: skip


@QUICK
@given(NAMES, st.binary(max_size=60) | TEXTS.map(lambda text: text.encode(errors="replace")))
def test_files_of_any_names_are_a_class(names: list[str], content: bytes) -> None:
    tree = tree_of(names, content)
    handins, _ = read_platform(tree)
    for handin in handins:
        read_submission(handin.name, handin.tree)
    found = read_submission("anna", tree)
    assert found.files or found.problem


@QUICK
@given(st.binary(max_size=100), st.lists(st.integers(0, 10**6), max_size=8))
def test_any_archive_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, places: list[int]
) -> None:
    changed = bytearray(ARCHIVE)
    for place in places:
        changed[place % len(changed)] = place // 7 % 256
    for whole in (content, bytes(changed)):
        with ExitStack() as files_open:
            try:
                tree = open_archive(whole, "class.zip", files_open)
            except UnreadableError:
                continue
            for entry in tree.values():
                try:
                    entry.read(1000)
                except UnreadableError:
                    continue
    folder = tmp_path_factory.getbasetemp()
    (folder / "fuzzed.zip").write_bytes(changed)
    try:
        find_submissions([folder / "fuzzed.zip"])
    except MlplabError:
        return


def make_archive() -> bytes:
    import io
    import zipfile

    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("anna/mlp.py", "bo/mlp.py", "Åsa/mlp.py"):
            archive.writestr(name, "x = 1\n" * 20)
    return whole.getvalue()


ARCHIVE = make_archive()


@QUICK
@given(
    VALUES
    | st.fixed_dictionaries(
        {"cells": st.lists(st.fixed_dictionaries({"cell_type": st.just("code"), "source": VALUES}))}
    )
)  # one strategy
def test_any_json_is_a_notebook_or_none(value: Any) -> None:
    definitions_of_notebook(json.dumps(value, default=str).encode())


@QUICK
@given(st.binary(max_size=60), TEXTS)
def test_any_list_of_a_class_is_read_or_refused(tmp_path: Path, content: bytes, text: str) -> None:
    path = tmp_path / "class.csv"
    for each in (content, f"name,id\n{text},{text}\n".encode(errors="surrogatepass")):
        path.write_bytes(each)
        try:
            students = read_roster(path)
        except MlplabError:
            continue
        match_roster([Submission(text, {}), Submission("anna", {})], [*students, Student(text, ())])
