"""A student's code costs itself points, and nobody else anything: loops, crashes, floods, forgery."""

from __future__ import annotations

import fcntl
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mlplab.course.checker import Report, Submission, check_submissions, read_points
from mlplab.course.checker.answer import Answer, Limits
from mlplab.course.checker.checks import draw_checks
from mlplab.course.checker.client import Client, seconds_waited
from mlplab.course.checker.inside.server import LENGTH
from mlplab.course.checker.marking import check_submission
from mlplab.course.checker.mistakes.solution import Solution
from mlplab.course.checker.pipes import AnswerPipe, Stopped
from mlplab.course.checker.runner import FORKS, Runner

from .conftest import marking_of, stays_away

pytestmark = pytest.mark.slow  # a process or more for each test

Check = Callable[..., Report]
LIMITS = Limits(seconds=0.5, memory=256, file_size=1)
QUICK = replace(read_points(), limits=LIMITS)
MODES = [False, True] if FORKS else [False]


def run(code: str, forks: bool = FORKS, limits: Limits = LIMITS) -> Answer:
    with Runner({"mlp.py": code.encode()}, {}, limits, forks=forks) as runner:
        return runner.run("load")


ENDINGS = [
    ("while True: pass", "timeout", None),
    ("import time; time.sleep(60)", "timeout", None),
    ("import os; os.abort()", "crash", None),
    ("import os; os._exit(0)", "crash", None),
    ("quit()", "answered", "exit"),
    ("raise KeyboardInterrupt", "answered", "error"),
    ("x = [0] * 10**10", "answered", "memory"),
    ("import numpy; numpy.ones((10**5, 10**5))", "answered", "memory"),
    ("import nothing_like_it", "answered", "error"),
    ("x = (", "answered", "error"),
    ("input()", "answered", "error"),
    ("open('big', 'wb').write(b'0' * 2**22)", "answered", "error"),
    ("print('x' * 10**7)", "answered", None),
    ("import keras; from tensorflow.keras import layers", "answered", None),
    ("import keras; keras.Sequential()", "answered", "error"),
]
NOT_HOSTILE = ("input()", "import keras", "import nothing_like_it", "x = (")
"""What the tests of hostile files, which split off processes, do not have."""


@pytest.mark.parametrize(
    ("code", "ending", "kind", "forks"),
    [
        (*row, forks)
        for row in ENDINGS
        for forks in MODES
        if not forks or row[0].startswith(NOT_HOSTILE)
    ],
)
def test_what_a_file_may_do_ends_only_its_test(
    code: str, ending: str, kind: str | None, forks: bool
) -> None:
    if kind == "memory" and not FORKS:
        pytest.skip("memory is limited on Linux only")
    began = time.monotonic()
    # What never ends is waited for; what ends has time, also on a busy machine.
    limits = replace(LIMITS, seconds=0.2) if ending == "timeout" else LIMITS
    answer = run(code, forks, limits)
    assert answer.ending == ending
    assert answer.content.get("fault", {}).get("kind") == kind
    assert time.monotonic() - began < 10


@pytest.mark.parametrize("forks", MODES)
def test_the_next_test_is_as_if_nothing_had_been(forks: bool) -> None:
    """What the first left behind (files, changes of NumPy, its own end) is gone for the second."""
    code = (
        "import os, pathlib, numpy as np\n"
        "assert not pathlib.Path('left').exists() and np.exp is not print\n"
        "pathlib.Path('left').write_text('x'); pathlib.Path('mlp.py').write_text('')\n"
        "np.exp = print\n"
    )
    with Runner({"mlp.py": code.encode()}, {}, LIMITS, forks=forks) as runner:
        answers = [runner.run("load") for _ in range(3)]
    assert ["fault" in answer.content for answer in answers] == [False] * 3


PLACE = (
    "import os, shutil\nplace = os.getcwd()\nfor _ in range(UP): place = os.path.dirname(place)\n"
)
ON_ITS_FOLDER = {
    "removed": "shutil.rmtree(place)",
    "a file": "shutil.rmtree(place); open(place, 'w').close()",
    "moved": "os.rename(place, place + '-moved')",
    "a link": "os.rename(place, place + '-moved'); os.symlink(OTHER, place)",
    "locked": "os.makedirs(place + '/a/b'); os.chmod(place + '/a', 0); os.chmod(place, 0)",
    "deep": (
        "os.chdir(place)\nfor _ in range(1100): os.mkdir('d' * 50); os.chdir('d' * 50)\n"
        "open('file', 'w').close()"
    ),
}


@pytest.mark.parametrize(
    ("name", "up"),
    [(name, up) for name in ON_ITS_FOLDER for up in range(1 if name == "deep" else 3)],
)
def test_nothing_is_left_behind_whatever_becomes_of_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, up: int
) -> None:
    other, temporary = tmp_path / "other", tmp_path / "temporary"
    other.mkdir()
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    code = PLACE.replace("UP", str(up)) + ON_ITS_FOLDER[name].replace("OTHER", repr(str(other)))
    with Runner({"mlp.py": code.encode()}, {}, LIMITS) as runner:
        answers = [runner.run("load") for _ in range(2)]
    assert [answer.ending for answer in answers] == ["answered"] * 2
    assert list(tmp_path.rglob("*/*")) == []


def test_who_writes_on_and_on_is_ended_in_time() -> None:
    flood = (
        "import os\nwhile True:\n    for n in range(3, 9):\n"
        "        try: os.write(n, b'\\xff' * 2**16)\n        except OSError: pass\n"
    )
    began = time.monotonic()
    assert run(flood, limits=replace(LIMITS, seconds=0.2)).ending in ("timeout", "crash")
    assert time.monotonic() - began < 10


def test_a_process_that_it_starts_is_ended_too(tmp_path: Path) -> None:
    beat = tmp_path / "beat"
    child = (
        f"import time, pathlib\nwhile True: pathlib.Path({str(beat)!r}).touch(); time.sleep(0.05)"
    )
    start = f"subprocess.Popen([sys.executable, '-c', {child!r}])"
    works = f"while not os.path.exists({str(beat)!r}): time.sleep(0.01)"
    run(f"import os, subprocess, sys, time\n{start}\n{works}", limits=replace(LIMITS, seconds=60.0))
    assert beat.exists()
    assert stays_away(beat)


@pytest.fixture
def _secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLPLAB_TEST_SECRET", "do not tell")


@pytest.mark.usefixtures("_secret")
def test_it_sees_no_variable_of_ours_and_nothing_that_is_expected() -> None:
    code = (
        "import gc, os, sys\n"
        "text = str([*os.environ, *sys.modules, os.getcwd()])\n"
        "words = ('MLPLAB_TEST_SECRET', 'reference', 'mistakes', 'checks')\n"
        "raise RuntimeError([word for word in words if word in text], os.listdir('.'))\n"
    )
    fault = run(code).content["fault"]
    assert fault["message"] == "([], ['mlp.py'])"
    assert os.environ["MLPLAB_TEST_SECRET"] == "do not tell"


def test_what_is_sent_holds_inputs_only() -> None:
    """No array that a check compares with is among those that it sends."""
    from mlplab.course.checker.checks import keras_parity
    from mlplab.course.checker.inside.messages import pack

    kinds = keras_parity.KerasOutputsCheck | keras_parity.KerasScoresCheck
    for one in keras_parity.draw_checks(1):
        assert isinstance(one, kinds)
        sent = pack(one.arguments)
        assert pack(one.trained.outputs["test"].p)[1:-1] not in sent
        for kind in ("loss", "accuracy"):
            for score in getattr(Solution(), kind)(one.trained.outputs):
                assert str(score).encode() not in sent or score in (0.0, 1.0)


@pytest.mark.parametrize(
    ("code", "mistake"),
    [
        ("import os; os.abort()", "crashed"),
        ("raise NotImplementedError", "activation-not-written"),
        ("return ...", "not-written"),
    ],
)
def test_it_costs_the_tests_it_hits_and_no_other(
    check: Check, solution: str, code: str, mistake: str
) -> None:
    # What takes too long or too much, or ends itself, is among the hostile files.
    others = ("activation-linear", "count-parameters")
    marking = replace(marking_of("activation-relu", *others), limits=LIMITS)
    report = check(solution.replace("return np.maximum(0, x)", code), marking)
    marks = {mark.check.name: mark for mark in report.marks}
    wrong = marks["activation-relu"]
    assert wrong.mistake is not None
    assert (wrong.score, wrong.mistake.name) == (0, mistake)
    for name in others:
        assert marks[name].score == marks[name].points


def test_writing_files_and_printing_a_lot_cost_nothing(check: Check, solution: str) -> None:
    noise = "print('noise 0.5 ' * 10**5); open('a', 'a').write('x')"
    noisy = solution.replace("        y = np.zeros(", f"        {noise}\n        y = np.zeros(")
    assert noisy != solution
    report = check(noisy, marking_of("feedforward-one-hidden-relu", "evaluate-loss"))
    assert report.score == report.points


@pytest.mark.parametrize(
    "code",
    [
        "def activation(x, activation): return x * 0\nclass MLP:\n    def __init__(self, d): pass",
        "def activation(x, activation): raise ValueError",
    ],
)
def test_what_is_no_solution_earns_nothing(check: Check, code: str) -> None:
    assert check(code, QUICK).score == 0


def test_a_file_that_cannot_be_imported_has_one_reason_for_all(check: Check) -> None:
    report = check("import numpy as np\nx = np.zeros(3\n")
    assert report.score == 0
    assert report.problem is not None
    assert report.problem.startswith("Line 2 of mlp.py")
    assert {mark.mistake.name for mark in report.marks if mark.mistake} == {"no-python"}


def test_one_that_hangs_holds_up_nobody(solution: str) -> None:
    hanging = "while True: pass"
    submissions = [Submission("hangs", {"mlp.py": hanging.encode()})]
    submissions += [Submission(f"fine {i}", {"mlp.py": solution.encode()}) for i in range(2)]
    done: list[int] = []
    marking = replace(marking_of("activation-relu", "count-parameters"), limits=Limits(seconds=1.0))
    reports = check_submissions(
        submissions, marking, jobs=2, finished=lambda index, _: done.append(index)
    )
    assert [report.score == report.points for report in reports] == [False, True, True]
    assert done[0] != 0  # another one was through before it was ended


def test_waiting_for_a_core_is_not_charged() -> None:
    """As on a machine on which others hang: the process could have run, and was not let."""

    def listen(waited: float) -> bool:
        reading, writing = os.pipe()
        threading.Timer(0.3, os.close, [writing]).start()
        pipe = AnswerPipe(reading, 0.1, threading.Event(), lambda: waited)
        pipe.listen()
        os.close(reading)
        return pipe.timed_out

    assert listen(0.0)
    assert not listen(0.3)


def test_a_machine_that_stands_still_is_not_charged(monkeypatch: pytest.MonkeyPatch) -> None:
    times = iter([0.0, 0.1, 100.1, 200.2, 300.3, 400.4])
    monkeypatch.setattr("mlplab.course.checker.pipes.time.monotonic", lambda: next(times))
    reading, writing = os.pipe()
    timer = threading.Timer(0.15, os.close, [writing])
    timer.start()
    pipe = AnswerPipe(reading, 15.0, threading.Event())
    pipe.listen()
    timer.join()
    os.close(reading)
    assert not pipe.timed_out


def test_a_server_that_does_not_answer_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "home").mkdir()
    started: list[subprocess.Popen[bytes]] = []

    class Kept(subprocess.Popen[bytes]):
        def __init__(self, *arguments: Any, **named: Any) -> None:
            super().__init__(*arguments, **named)
            started.append(self)

    monkeypatch.setattr("mlplab.course.checker.client.subprocess.Popen", Kept)
    monkeypatch.setattr("mlplab.course.checker.client.START_TIMEOUT", 0.01)
    before = os.listdir("/dev/fd")
    with pytest.raises(TimeoutError):
        Client(tmp_path, (), FORKS)
    assert [process.returncode for process in started] == [-signal.SIGKILL]
    assert len(os.listdir("/dev/fd")) == len(before)


def test_speed_is_measured_in_processor_time(solution: str) -> None:
    """As on a busy machine: time in which the code does not run is not counted."""
    waits = solution.replace(
        "        y = np.zeros(", "        __import__('time').sleep(0.4)\n        y = np.zeros("
    )
    assert waits != solution
    check = draw_checks(0)["feedforward-one-point"]
    with Runner({"mlp.py": waits.encode()}, {}, read_points().limits) as runner:
        answer = runner.run(check.action, **check.arguments)
    assert answer.content["answers"][0]["seconds"] < 0.2


def test_a_descriptor_may_have_any_number() -> None:
    """As where many submissions are open at a time; select.select takes none from 1024 on."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < 2000:
        pytest.skip("this system allows fewer open files")
    reading, writing = os.pipe()
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, 2000), hard))
        high = fcntl.fcntl(reading, fcntl.F_DUPFD, 1500)
        os.write(writing, LENGTH.pack(2) + b"{}")
        pipe = AnswerPipe(high, 5.0, threading.Event())
        pipe.listen()
        os.close(high)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        os.close(reading)
        os.close(writing)
    assert pipe.answer == b"{}"


@pytest.mark.skipif(not FORKS, reason="there is no server to stop")
def test_who_stops_the_server_is_left_to_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mlplab.course.checker.client.REPLY_TIMEOUT", 0.5)
    stop = "import os, signal\nos.kill(os.getppid(), signal.SIGSTOP)\n"
    [report] = check_submissions([Submission("anna", {"mlp.py": stop.encode()})], QUICK)
    assert not report.judged
    assert report.problem is not None
    assert "TimeoutError" in report.problem


@pytest.mark.skipif(not FORKS, reason="only Linux says it")
def test_a_process_that_shares_its_core_has_waited_for_it() -> None:
    spin = "import os\nos.sched_setaffinity(0, {min(os.sched_getaffinity(0))})\nwhile True: pass"
    command = [sys.executable, "-c", spin]
    with subprocess.Popen(command) as one, subprocess.Popen(command) as other:
        time.sleep(0.5)
        waited = seconds_waited(one.pid)
        one.kill()
        other.kill()
    assert waited > 0.05


def test_a_process_anew_for_each_test_comes_to_the_same(solution: str) -> None:
    """As it is done where splitting off processes is not safe."""
    anna = Submission("anna", {"mlp.py": solution.encode()})
    kinds = ("activation-relu", "count-parameters", "feedforward-two-by-two", "evaluate-loss")
    report = check_submission(anna, marking_of(*kinds), forks=False)
    assert [mark.check.name for mark in report.marks if mark.finding.right] == list(kinds)


def test_it_can_be_interrupted(solution: str) -> None:
    stop = threading.Event()
    threading.Timer(0.3, stop.set).start()
    hanging = Submission("hangs", {"mlp.py": b"while True: pass"})
    began = time.monotonic()
    with pytest.raises(Stopped):
        check_submission(hanging, read_points(), stop)
    assert time.monotonic() - began < 4


def test_files_beside_it_and_the_course_s_modules_can_be_imported(
    check: Check, solution: str
) -> None:
    files = {
        "mlp.py": f"import data_generator, keras_mlp\nfrom mine import two\n{solution}",
        "mine.py": "two = 2",
    }
    report = check(files, marking_of("activation-relu", "count-parameters"))
    assert report.score == report.points > 0


@pytest.mark.parametrize("forks", MODES)
def test_arrays_come_back_as_they_are(forks: bool) -> None:
    x = np.array([[1.0, np.nan], [np.inf, -0.0]], dtype=np.float32)
    code = b"def activation(x, name): return x"
    with Runner({"mlp.py": code}, {}, LIMITS, forks=forks) as runner:
        answer = runner.run("activation", calls=[{"x": x, "name": "linear"}])
    back = answer.content["answers"][0]["array"]
    assert back.dtype == np.float32
    np.testing.assert_array_equal(back, x)
