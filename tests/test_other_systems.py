"""mlplab asks for nothing that only Linux, or only Unix, has: here it is taken away.

What mlplab depends on is imported before, since on another system it would itself be another one.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from mlplab.course.checker.kit_files import KIT

BEGIN = """
import concurrent.futures.thread, importlib, importlib.util, os, pkgutil
import signal, socket, subprocess, sys, tempfile
import matplotlib.figure, matplotlib.pyplot, numba, numpy, PIL.Image, pydantic, rich.progress
import safetensors, scipy.optimize, scipy.special, scipy.stats, typer.testing
for name in EXTRAS:
    if importlib.util.find_spec(name):
        importlib.import_module(name)

TAKEN = {
    os: "chown fchmod fork forkpty getgid getloadavg getpgid getpriority getsid getuid killpg lchown "
    "mkfifo nice O_CLOEXEC O_DIRECTORY O_NOFOLLOW posix_fallocate posix_spawn pread process_cpu_count "
    "pwrite sched_getaffinity sched_setaffinity sendfile setsid statvfs sync sysconf sysconf_names "
    "uname wait WIFSIGNALED WTERMSIG",
    signal: "alarm pthread_kill pthread_sigmask setitimer SIGALRM SIGCHLD SIGHUP SIGKILL SIGPIPE "
    "SIGQUIT SIGTSTP SIGUSR1 SIGXCPU siginterrupt sigwait",
    socket: "AF_UNIX recv_fds send_fds SO_REUSEPORT",
}
for module, names in TAKEN.items():
    for name in names.split():
        if hasattr(module, name):
            delattr(module, name)

MODULES = ("fcntl", "grp", "pty", "pwd", "readline", "resource", "syslog", "termios", "tty")

for name in MODULES:
    sys.modules[name] = None

def is_linux_s(path):
    if not isinstance(path, (str, os.PathLike)) or path == os.devnull:
        return False
    return os.fspath(path).startswith(("/proc", "/sys/", "/dev/"))

def refuse(event, arguments):
    if event in ("open", "os.listdir", "os.scandir") and is_linux_s(arguments[0]):
        raise FileNotFoundError(2, "No such file or directory", arguments[0])

def stat(path, *arguments, real=os.stat, **named):
    if is_linux_s(path):
        raise FileNotFoundError(2, "No such file or directory", path)
    return real(path, *arguments, **named)

sys.addaudithook(refuse)
os.stat = stat

def command(*words, status=0):
    from mlplab.cli import app
    result = typer.testing.CliRunner().invoke(app, words, prog_name="mlplab")
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == status, (words, result.exit_code, result.output)
    return result.output
"""


EXTRAS = (
    "distributed",
    "jax",
    "keras",
    "nbclient",
    "onnx",
    "optuna",
    "pandas",
    "pyarrow",
    "sklearn",
    "typst",
)


def run_without(statements: str, folder: Path, extras: Sequence[str] = ()) -> str:
    """Run statements where what is Unix's own is taken away, in a Python and a folder of their own."""
    done = subprocess.run(
        [sys.executable, "-c", f"EXTRAS = {list(extras)}\n{BEGIN}{statements}"],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def test_every_module_is_imported(tmp_path: Path) -> None:
    # `limits` is of the process that runs a student's code, which starts only where it can be limited.
    statements = """
import mlplab
for module in pkgutil.walk_packages(mlplab.__path__, "mlplab."):
    if not module.name.endswith(("__main__", "inside.limits")):
        importlib.import_module(module.name)
for name in mlplab.__all__:
    getattr(mlplab, name)
print("all")
"""
    assert run_without(statements, tmp_path, EXTRAS) == "all\n"


TAKEN_AWAY = """
import pathlib
print(hasattr(os, "sysconf"), hasattr(os, "sched_getaffinity"), os.path.exists("/proc/meminfo"))
try:
    import resource
except ImportError:
    print("no resource")
"""

USED = """
import numpy as np
import mlplab
from mlplab import draw, figures

pathlib.Path("spec.toml").write_text(command("train", "--example"), encoding="utf-8")
experiment = mlplab.Experiment.from_toml("spec.toml").varied({"training.epochs": 2})
runs = mlplab.train(experiment, replications=3, seed=1)
figures.save(figures.curves_figure(runs[0].history), "curves")
classifier = mlplab.MLPClassifier((3,), max_iter=2).fit(np.eye(4), [0, 1, 0, 1])
assert classifier.predict(np.eye(4)).shape == (4,)
assert "data" in command("--help")
command("train", "spec.toml", "--set", "training.epochs=2", "--out", "runs")
command("train", "spec.toml", "--set", "training.epochs=2", "--store", "runs.sqlite")
command("runs", "list", "--store", "runs.sqlite")
command("export", "runs", "--to", "numpy", "--out", "model.py")
command("play", "--export", "site")
print(command("doctor"))
"""

A_STUDENT_S_CODE = """
print(command("check", "mlp.py", status=2))
print(command("parity", "spec.toml", "--mine", "mlp.py", status=2))
"""


def test_a_network_is_trained_drawn_kept_and_told_of_and_no_student_s_code_is_run(
    tmp_path: Path,
) -> None:
    """A student's code is not run where nothing would end it."""
    (tmp_path / "mlp.py").write_bytes((KIT / "mlp.py").read_bytes())
    said = run_without(TAKEN_AWAY + USED + A_STUDENT_S_CODE, tmp_path, ["sklearn"])
    assert said.startswith("False False False\nno resource\n")
    assert "memory    not told available" in said
    assert {"curves.png", "runs.sqlite", "model.py", "site"} <= {
        path.name for path in tmp_path.iterdir()
    }
    refused = (
        "mlplab: an mlp.py cannot be run here: on Linux, Python has no os.killpg, socket.send_fds, "
        "resource"
    )
    assert " ".join(said.split()).count(refused) == 2
