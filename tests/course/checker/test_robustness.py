"""Whatever goes wrong outside the student's code costs no marks, and no other submission anything."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import signal
import subprocess
import sys
import threading
import time
import warnings
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

import mlplab
from mlplab.cli import app
from mlplab.course.checker import Report, Submission, check_submissions, marking, read_points
from mlplab.course.checker.answer import Limits
from mlplab.course.checker.checks import Finding, draw_checks
from mlplab.course.checker.client import PROGRAM, Client
from mlplab.course.checker.formats import FORMATS, as_csv, as_gradescope, as_json
from mlplab.course.checker.journal import Journal, as_record, from_record, seed_of
from mlplab.course.checker.pipes import Stopped
from mlplab.course.checker.runner import FORKS, Runner
from mlplab.errors import MlplabError

from .conftest import stays_away

pytestmark = pytest.mark.slow  # a process or more for each test

QUICK = replace(read_points(), limits=Limits(seconds=0.5, memory=256, file_size=1))
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(mlplab.__file__).parents[1])}


def submission(name: str, text: str) -> Submission:
    return Submission(name, {"mlp.py": text.encode()})


@pytest.mark.parametrize(
    ("name", "error"), [("activation-relu", KeyError("x")), ("evaluate-loss", MemoryError())]
)
def test_a_fault_of_our_own_judge_is_told_as_ours(
    solution: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    name: str,
    error: Exception,
) -> None:
    """It neither takes marks nor gives any, and the traceback is kept."""

    def judge(self: object, content: object) -> Finding:
        raise error

    monkeypatch.setattr(type(draw_checks(0)[name]), "judge", judge)
    [report] = check_submissions([submission("anna", solution)])
    assert not report.judged
    assert report.marks == ()
    assert report.problem is not None
    assert report.problem.startswith(f"could not be judged: {type(error).__name__}")
    assert "Traceback" in caplog.text
    [row] = csv.DictReader(io.StringIO(as_csv([report])))
    assert (row["name"], row["score"], row["points"]) == ("anna", "", "")
    assert json.loads(as_json([report]))["submissions"][0]["score"] is None
    assert "Could not be judged" in json.loads(as_gradescope(report))["output"]


@pytest.mark.skipif(not FORKS, reason="there is no memory to be read")
def test_the_student_s_process_holds_no_secret() -> None:
    """What it was sent is what is asked: inputs and limits, nothing that would prove an answer ours."""
    search = (
        "import gc, sys\n"
        "frame, seen = sys._getframe(), []\n"
        "while frame: seen.append(frame.f_locals); frame = frame.f_back\n"
        "request = next(names['request'] for names in seen if 'request' in names)\n"
        "raise RuntimeError(sorted(request))\n"
    )
    with Runner({"mlp.py": search.encode()}, {}, QUICK.limits) as runner:
        fault = runner.run("load").content["fault"]
    assert fault["message"] == "['action', 'arguments', 'folder', 'limits']"


def test_remarks_of_ours_are_not_the_student_s(
    solution: str, capfd: pytest.CaptureFixture[str]
) -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        huge = solution.replace(
            "return np.maximum(0, x)", "return np.maximum(0, x) * 1e300 ** 1.02"
        )
        check_submissions([submission("anna", f"pattern = '\\d'\n{huge}")])
    assert caught == []
    assert capfd.readouterr().err == ""


@pytest.fixture(scope="module")
def reports(solution: str) -> list[Report]:
    texts = [solution, solution.replace("np.maximum(0, x)", "x"), "import nothing"]
    return check_submissions([submission(str(i), text) for i, text in enumerate(texts)])


def test_a_report_comes_back_from_its_record(reports: list[Report]) -> None:
    records = [json.loads(json.dumps(as_record(report))) for report in reports]
    again = [from_record(record, draw_checks(0)) for record in records]
    for write in FORMATS.values():
        assert write(again) == write(reports)


def test_a_journal_knows_what_is_judged_already(tmp_path: Path, reports: list[Report]) -> None:
    anna, other = submission("anna", "x = 1"), submission("anna", "x = 2")
    path = tmp_path / "class.judged"
    with Journal(path, QUICK, resume=False) as journal:
        journal.begin(2)
        journal.add(anna, replace(reports[0], name="anna"))
        journal.add(other, replace(reports[0], judged=False))
    with path.open("a") as file:
        file.write('{"key": "cut of')
    with Journal(path, QUICK, resume=True) as journal:
        journal.begin(2)
        assert journal.find(other) is None
        found = journal.find(replace(anna, name="Anna Andersson", student_id="7"))
        assert found is not None
        assert (found.name, found.student_id, found.score) == ("Anna Andersson", "7", 100)
        journal.add(other, reports[1])
    with Journal(path, QUICK, resume=True) as journal:
        assert journal.find(other) is not None
    with Journal(path, read_points(), resume=True) as journal:
        assert journal.find(anna) is None
    with Journal(path, replace(QUICK, seed=QUICK.seed + 1), resume=True) as journal:
        assert journal.find(anna) is None
    assert seed_of(path) == QUICK.seed
    assert seed_of(tmp_path / "nothing") is None
    sentence = "has 2 of 2 submissions of an interrupted run: add --resume to go on, or delete it"
    with pytest.raises(MlplabError, match=sentence), Journal(path, QUICK, resume=False):
        pytest.fail("what was judged would be lost")
    with Journal(path, QUICK, resume=True) as journal:
        journal.finish()
    with Journal(path, QUICK, resume=False) as journal:
        assert journal.find(anna) is None
        assert seed_of(path) == QUICK.seed
        journal.begin(2)
    assert path.read_text() == '{"submissions": 2}\n'


def test_a_journal_may_be_cut_anywhere(tmp_path: Path, reports: list[Report]) -> None:
    """Of a loss of power, any byte may be the last one; what is whole counts, and no more."""
    path = tmp_path / "class.judged"
    anna = submission("anna", "x = 1")
    with Journal(path, QUICK, resume=False) as journal:
        journal.begin(1)
        journal.add(anna, replace(reports[2], marks=reports[2].marks[:1]))
        journal.finish()
    content = path.read_bytes()
    whole = content.index(b"\n", content.index(b'"key"'))
    for end in range(len(content) + 1):
        path.write_bytes(content[:end])
        with Journal(path, QUICK, resume=True) as journal:
            assert (journal.find(anna) is not None) == (end >= whole), end
        interrupted = whole <= end < len(content) - 1
        context = pytest.raises(MlplabError) if interrupted else contextlib.nullcontext()
        with context, Journal(path, QUICK, resume=False):
            pass


@pytest.mark.parametrize(
    "line",
    ["[" * 10**5, "3", '{"key": 1, "report": 2}', '{"seed": "x"}', "\0"],
)
def test_a_journal_may_hold_anything(tmp_path: Path, reports: list[Report], line: str) -> None:
    path = tmp_path / "class.judged"
    anna = submission("anna", "x = 1")
    with Journal(path, QUICK, resume=False) as journal:
        journal.begin(1)
        journal.add(anna, reports[2])
    path.write_text(f"{line}\n{path.read_text()}")
    with Journal(path, QUICK, resume=True) as journal:
        assert journal.find(anna) is not None
    assert seed_of(path) == QUICK.seed


def test_two_runs_do_not_write_one_file(tmp_path: Path) -> None:
    path = tmp_path / "class.judged"
    with Journal(path, QUICK, resume=False) as journal:
        journal.begin(2)
        for resume in (False, True):
            with (
                pytest.raises(MlplabError, match="another mlplab check writes"),
                Journal(path, QUICK, resume),
            ):
                pytest.fail("both write")
    with Journal(path, QUICK, resume=True):
        pass


@pytest.fixture
def class_that_hangs(tmp_path: Path, solution: str) -> Path:
    """Two who are done at once, and one who takes a while."""
    beat = f"pathlib.Path({str(tmp_path / 'beat')!r}).touch()"
    hang = f"import pathlib, time\nwhile True: {beat}; time.sleep(0.05)"
    for name, text in {"a": "import nothing", "b": "x = 1", "z": hang}.items():
        (tmp_path / "class" / name).mkdir(parents=True)
        (tmp_path / "class" / name / "mlp.py").write_text(text)
    (tmp_path / "slow.toml").write_text("[limits]\nseconds = 60\n")
    return tmp_path


def test_what_fails_because_it_is_ended_is_no_fault(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def ended(*_: object) -> Report:
        raise BrokenPipeError

    monkeypatch.setattr(marking, "check_submission", ended)
    stop = threading.Event()
    assert not marking._check_safely(submission("anna", ""), read_points(), stop).judged
    caplog.clear()
    stop.set()
    with pytest.raises(Stopped):
        marking._check_safely(submission("anna", ""), read_points(), stop)
    assert caplog.text == ""


WORDS = ("check", "class", "--format", "csv", "--out", "class.csv", "--jobs", "2")


def test_a_full_disk_is_said_with_the_file_and_what_is_done_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The limit of a file's size stands for the disk: the journal is what grows."""
    for i in range(3):
        (tmp_path / "class" / f"s{i}").mkdir(parents=True)
        (tmp_path / "class" / f"s{i}" / "mlp.py").write_text("import nothing")
    full = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (1_500, 1_500)); "
    done = subprocess.run(
        [sys.executable, "-c", f"{full}from mlplab.cli import app; app()", *WORDS, "--seed", "0"],
        cwd=tmp_path, env=ENVIRONMENT, text=True, capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr.count("cannot be written yet") == 1
    assert "mlplab: cannot write the file 'class.csv" in done.stderr
    assert "Traceback" not in done.stderr
    monkeypatch.chdir(tmp_path)
    resumed = CliRunner().invoke(app, [*WORDS, "--resume"])
    assert resumed.exit_code == 0, resumed.output
    assert not any("not checked" in problem for problem in problems(tmp_path).values())
    assert (tmp_path / "class.csv.judged").read_text().count('"key"') <= 4


def wait_for_two(folder: Path) -> None:
    """Wait until two have their reports, and the third one works."""
    journal = folder / "class.csv.judged"
    for _ in range(600):
        two = journal.exists() and journal.read_text().count('"key"') == 2
        if two and (folder / "beat").exists():
            return
        time.sleep(0.1)
    raise AssertionError("two reports did not come in a minute")


def problems(folder: Path) -> dict[str, str]:
    with (folder / "class.csv").open(encoding="utf-8-sig") as file:
        return {row["name"]: row["problem"] for row in csv.DictReader(file)}


@pytest.mark.parametrize(
    ("number", "status"),
    [(signal.SIGINT, 130), (signal.SIGKILL, -9)],
)
@pytest.mark.usefixtures("signals_as_usual")
def test_an_interrupted_class_keeps_what_is_done_and_goes_on(
    class_that_hangs: Path, monkeypatch: pytest.MonkeyPatch, number: int, status: int
) -> None:
    folder = class_that_hangs
    words = (*WORDS, "--points", "slow.toml")
    monkeypatch.chdir(folder)
    with subprocess.Popen(
        [sys.executable, "-m", "mlplab", *words, "--seed", "0"],
        env=ENVIRONMENT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        wait_for_two(folder)
        process.send_signal(number)
        _, said = process.communicate(timeout=60)
    assert process.returncode == status
    if number != signal.SIGKILL:
        assert "interrupted, 1 of 3 not checked. Go on with --resume" in said
        assert problems(folder)["z"] == "not checked yet"
        assert problems(folder)["a"].startswith("Line 1 of mlp.py")
    assert stays_away(folder / "beat")
    (folder / "class" / "z" / "mlp.py").write_text("import nothing_else")
    before = (folder / "class.csv.judged").read_text()
    seeds = [json.loads(line)["seed"] for line in before.splitlines() if '"key"' in line]
    resumed = CliRunner().invoke(app, [*words, "--resume"])
    assert resumed.exit_code == 0, resumed.output
    assert (folder / "class.csv.judged").read_text().count('"key"') == 3
    assert (folder / "class.csv.judged").read_text().startswith(before)
    assert seeds == [0, 0]
    assert "--seed 0." in resumed.stderr
    assert not any("could not be judged" in problem for problem in problems(folder).values())


def test_a_journal_of_another_version_is_not_gone_on_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reports: list[Report]
) -> None:
    """Another version may judge otherwise; and what it wrote may have other parts."""
    path = tmp_path / "class.judged"
    anna = submission("anna", "x = 1")
    monkeypatch.setattr("mlplab.course.checker.journal._version", lambda: "before")
    with Journal(path, QUICK, resume=False) as journal:
        journal.begin(1)
        journal.add(anna, replace(reports[2], name="anna"))
    monkeypatch.undo()
    path.write_text(path.read_text().replace('"advice"', '"hints"'))
    with Journal(path, QUICK, resume=True) as journal:
        assert journal.find(anna) is None
        journal.check_class([submission("bo", "x = 2")])


SLOW_FORK = """
import os, time
fork = os.fork
def fork_slowly():
    pid = fork()
    time.sleep(9 if pid else 0)
    return pid
os.fork = fork_slowly
"""


@pytest.mark.skipif(not FORKS, reason="without forks, the server runs the test itself")
def test_who_ends_the_server_before_it_goes_on_is_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mlplab.course.checker.client.PROGRAM", SLOW_FORK + PROGRAM)
    code = b"import os, signal\nos.kill(os.getppid(), signal.SIGKILL)"
    with Runner({"mlp.py": code}, {}, Limits(5.0, 512, 1)) as runner:
        assert runner.run("load", file="mlp.py").ending == "answered"


def test_a_server_that_was_ended_is_no_fault_of_the_next_test(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    start, is_gone = Client.start_test, iter([True])

    def start_test(self: Client, request: bytes, result: int) -> int:
        if next(is_gone, False):
            raise BrokenPipeError
        return start(self, request, result)

    monkeypatch.setattr(Client, "start_test", start_test)
    with Runner({"mlp.py": b"x = 1"}, {}, Limits(5.0, 512, 1)) as runner:
        assert runner.run("load", file="mlp.py").ending == "answered"
