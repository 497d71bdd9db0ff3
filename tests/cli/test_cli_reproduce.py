"""`mlplab reproduce`: the report as files, and what is left when it goes wrong."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pypdf
import pytest

import mlplab.cli.progress
from mlplab.cli.progress import task_bars
from mlplab.installation import install_command
from mlplab.report import EXPERIMENTS, PUBLISHED
from mlplab.report.document import compose
from mlplab.report.elements import Picture
from mlplab.report.reproduction import Reproduction

FIGURES_OF_TASK_3 = {
    f"figures/{name}.{kind}"
    for name in ("wanted-boundary", "classifier-3-eq11", "classifier-3-eq12")
    for kind in ("png", "svg")
}
FILES = {"report.pdf", "report.html", "results.json"}


def files_in(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def _no_training(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "mlplab.report.reproduce.reproduce", lambda *_: pytest.fail("training was begun")
    )


@pytest.fixture
def _stub_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a stub in place of each picture: drawing takes most of the time."""

    def draw(reproduction: Reproduction, folder: Path) -> None:
        stub = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"><circle r="9"/></svg>'
        for block in compose(reproduction):
            if isinstance(block, Picture):
                for kind in ("png", "svg"):
                    (folder / f"{block.name}.{kind}").write_text(stub)

    monkeypatch.setattr("mlplab.report.pictures.draw_pictures", draw)


@contextmanager
def interrupted_at(name: str, done: int, names: Sequence[str]) -> Iterator[Any]:
    """Give a progress that is interrupted when a task has come so far."""

    def progress(task: str, now: int, total: int) -> None:
        if task == name and now >= done:
            raise KeyboardInterrupt

    assert name in names
    yield progress


def test_task_3_alone_gives_report_record_and_figures(run: Callable[..., Any]) -> None:
    result = run("reproduce", "--tasks", "3", "--out", "boundary")
    assert result.exit_code == 0
    assert files_in(Path("boundary")) == FILES | FIGURES_OF_TASK_3
    record = json.loads(Path("boundary/results.json").read_text())
    assert record["tasks"] == []
    assert [solution["line"] for solution in record["boundary"]] == ["x2 = 1 - x1"] * 2
    assert "3: equation 11 draws x2 = 1 - x1, as wanted." in result.stdout
    for name in ("report.pdf", "report.html", "results.json", "figures"):
        assert re.search(rf"^wrote boundary/{name} ", result.stdout, re.MULTILINE)
    assert "3: done" in result.stderr
    assert "report: done" in result.stderr


@pytest.mark.usefixtures("_stub_pictures")
def test_the_report_goes_to_the_folder_report_if_none_is_named(run: Callable[..., Any]) -> None:
    assert run("reproduce", "--tasks", "3").exit_code == 0
    assert files_in(Path()) == {f"report/{name}" for name in FILES | FIGURES_OF_TASK_3}


@pytest.mark.usefixtures("_stub_pictures", "without_keras")
def test_task_3_needs_no_keras(run: Callable[..., Any]) -> None:
    assert run("reproduce", "--tasks", "3").exit_code == 0


@pytest.mark.usefixtures("_stub_pictures")
def test_an_experiment_is_shown_beside_the_published_number(run: Callable[..., Any]) -> None:
    result = run(
        "reproduce", "--tasks", "1.1-batch-512-sigma-0.1", "--replications", 1, "--seed", 7
    )
    assert result.exit_code == 0
    record = json.loads(Path("report/results.json").read_text())
    assert (record["seed"], record["replications"]) == (7, 1)
    [task] = record["tasks"]
    assert task["replicated"]["seeds"] == [8]
    assert task["keras"]["updates"] == 8
    [row] = [line for line in result.stdout.splitlines() if "1.1-batch-512-sigma-0.1" in line]
    shown = re.findall(r"[\d.]+", row.split("sigma-0.1")[1])
    keras, once = task["keras"]["test_accuracy"], task["replicated"]["test_accuracy"]["mean"]
    assert shown[:3] == ["75.68", f"{100 * keras:.2f}", f"{100 * once:.2f}"]


@pytest.mark.usefixtures("_stub_pictures")
def test_a_second_report_replaces_the_first_and_nothing_else(run: Callable[..., Any]) -> None:
    assert run("reproduce", "--tasks", "3", "--out", "out").exit_code == 0
    out = Path("out")
    (out / "notes.txt").write_text("mine")
    (out / "figures" / "mine.png").write_text("mine")
    for name in FILES | FIGURES_OF_TASK_3:
        (out / name).write_text("old")
    assert run("reproduce", "--tasks", "3", "--seed", 1, "--out", "out").exit_code == 0
    assert files_in(out) == FILES | FIGURES_OF_TASK_3 | {"notes.txt", "figures/mine.png"}
    for name in FILES | FIGURES_OF_TASK_3:
        assert (out / name).read_bytes() != b"old"
    assert (out / "notes.txt").read_text() == (out / "figures/mine.png").read_text() == "mine"
    assert json.loads((out / "results.json").read_text())["seed"] == 1


@pytest.mark.parametrize(
    ("tasks", "at"),
    [
        ("3", ("3", 1)),
        ("3", ("report", 2)),
        ("1.1-batch-512-sigma-0.1", ("1.1-batch-512-sigma-0.1", 2)),
    ],
)
@pytest.mark.parametrize("before", [False, True])
@pytest.mark.usefixtures("_stub_pictures")
def test_an_interrupt_leaves_everything_as_it_was(
    run: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
    tasks: str,
    at: tuple[str, int],
    before: bool,
) -> None:
    if before:
        Path("out").mkdir()
        Path("out/report.pdf").write_text("old")
    monkeypatch.setattr(mlplab.cli.progress, "task_bars", lambda names: interrupted_at(*at, names))
    result = run("reproduce", "--tasks", tasks, "--out", "out")
    assert result.exit_code == 130
    assert result.stderr == "mlplab: interrupted\n"
    assert files_in(Path()) == ({"out/report.pdf"} if before else set())
    assert Path("out").exists() == before
    if before:
        assert Path("out/report.pdf").read_text() == "old"


@pytest.mark.usefixtures("_no_training")
@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--tasks", "1.2-rulu"), "unknown task '1.2-rulu'; did you mean '1.2-relu'?"),
        (("--tasks", "1.1,,3"), "unknown task ''; known: 1.1"),
        (("--tasks", ""), "unknown task ''; known: 1.1"),
        (("--tasks", "3", "--seed", "-1"), "seed must be a whole number from 0 to 2^62"),
        (("--out", "file"), "cannot write to the folder 'file': 'file' is a file"),
        (("--out", "file/below"), "cannot write to the folder 'file/below': 'file' is a file"),
    ],
)
def test_what_cannot_be_done_is_refused_before_any_training(
    refused: Callable[..., str], arguments: tuple[str, ...], sentence: str
) -> None:
    Path("file").write_text("mine")
    assert sentence in refused("reproduce", *arguments)


@pytest.mark.parametrize("replications", [0, -3])
def test_no_replication_is_refused(refused: Callable[..., str], replications: int) -> None:
    said = refused("reproduce", "--tasks", "3", "--replications", replications)
    assert said == f"replications must be at least 1, received {replications}"


@pytest.mark.usefixtures("_no_training")
def test_a_missing_typst_is_missed_before_any_training(
    refused: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    said = refused("reproduce")
    assert said.startswith("the report is set by typst, which is missing")
    assert said.endswith(install_command("report"))


@pytest.mark.usefixtures("without_keras")
@pytest.mark.parametrize("tasks", ["1.1", "2", "3,1.4"])
def test_a_missing_keras_is_missed_before_any_training(
    refused: Callable[..., str], monkeypatch: pytest.MonkeyPatch, tasks: str
) -> None:
    for trainer in ("mlplab.report.reproduce.train", "mlplab.reference.training.train"):
        monkeypatch.setattr(trainer, lambda *_, **__: pytest.fail("training was begun"))
    said = refused("reproduce", "--tasks", tasks)
    assert "keras is missing" in said
    assert said.endswith(install_command("keras"))


def test_a_task_is_done_once(capsys: pytest.CaptureFixture[str]) -> None:
    with task_bars(["a", "b"]) as progress:
        for task in ("a", "b"):
            # A trainer tells of the last epoch, and then of the run's end.
            for done in (0, 1, 2, 2):
                progress(task, done, 2)
    assert capsys.readouterr().err == "a: done\nb: done\n"


@pytest.mark.parametrize(
    ("in_the_way", "sentence"),
    [("out/figures", "'out/figures' is a file"), ("out/results.json/a", "it is a folder")],
)
@pytest.mark.usefixtures("_no_training")
def test_something_of_the_same_name_in_the_way_is_known_before_any_training(
    run: Callable[..., Any], in_the_way: str, sentence: str
) -> None:
    Path(in_the_way).parent.mkdir(parents=True)
    Path(in_the_way).write_text("mine")
    result = run("reproduce", "--tasks", "3", "--out", "out")
    assert result.exit_code == 2
    assert sentence in result.stderr
    assert files_in(Path()) == {in_the_way}


IN_FULL = {id for id in EXPERIMENTS if id.startswith("1.1")} | {"1.2-relu", "1.4"}
"""What the test of the whole lab trains to its end; `make report` does so with all."""


@pytest.mark.slow
def test_the_whole_lab(run: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    four_epochs = {
        id: each if id in IN_FULL else each.varied({"training.epochs": 4})
        for id, each in EXPERIMENTS.items()
    }
    monkeypatch.setattr("mlplab.report.reproduce.EXPERIMENTS", four_epochs)
    result = run("reproduce", "--replications", 1)
    assert result.exit_code == 0, result.stderr
    out, printed = Path("report"), result.stdout
    check_files(out)
    record = json.loads((out / "results.json").read_text(encoding="utf-8"), parse_constant=fail)
    check_record(record)
    check_pdf(out, record)
    check_page(out)
    assert "2: the own network's outputs differ from Keras's by at most" in printed


def fail(constant: str) -> None:
    pytest.fail(f"{constant} is not JSON")


def check_files(out: Path) -> None:
    pictured = [id for id in EXPERIMENTS if "shared" not in id]
    names = {f"classifier-{id}" for id in (*pictured, "2", "3-eq11", "3-eq12")}
    names |= {"curves-1.3", "curves-1.4", "wanted-boundary"}
    names |= {f"spread-1.{i}" for i in range(1, 5)}
    names |= {"regions-1.2-relu", "regions-1.4"}
    figures = {f"figures/{name}.{kind}" for name in names for kind in ("png", "svg")}
    assert files_in(out) == FILES | figures
    assert all((out / name).stat().st_size > 5000 for name in figures)


def check_record(record: Any) -> None:
    assert [task["id"] for task in record["tasks"]] == list(EXPERIMENTS)
    for task in record["tasks"]:
        assert task["published"]["test_accuracy"] == PUBLISHED[task["id"]].test_accuracy
        accuracy = task["replicated"]["test_accuracy"]
        assert accuracy["sd"] is None
        assert accuracy["values"] == [accuracy["mean"]]
        assert 0 < task["keras"]["test_loss"] < 1
    accuracies = {task["id"]: task["keras"]["test_accuracy"] for task in record["tasks"]}
    assert accuracies["1.1-batch-16"] > 0.99
    assert accuracies["1.2-relu"] > 0.95
    assert accuracies["1.4"] > 0.9
    updates = {task["id"]: task["keras"]["updates"] for task in record["tasks"]}
    assert updates == {
        "1.1-batch-16": 256,
        "1.1-batch-512": 8,
        "1.1-batch-16-sigma-0.1": 256,
        "1.1-batch-512-sigma-0.1": 8,
        "1.2-linear": 256,
        "1.2-sigmoid": 256,
        "1.2-relu": 1280,
        "1.3": 320,
        "1.3-shared-initializer": 320,
        "1.4": 1600,
        "1.4-shared-initializer": 320,
    }
    parity = record["parity"]
    assert 0 < parity["largest_difference"] < 1e-5
    for training in parity["trainings"]:
        assert training["updates"] == {"float64": 200, "float32": 20}[training["dtype"]]
        largest = {"float64": 1e-9, "float32": 1e-5}[training["dtype"]]
        assert training["largest_difference"] < largest
    assert [(each["task"], *each["trainers"], each["dtype"]) for each in parity["trainings"]] == [
        (task, *trainers, dtype)
        for trainers in (("reference", "keras"), ("engine", "reference"))
        for task in ("1.2-relu", "1.3", "1.4")
        for dtype in ("float64", "float32")
    ]
    assert [solution["line"] for solution in record["boundary"]] == ["x2 = 1 - x1"] * 2
    assert [erratum["number"] for erratum in record["errata"]] == [1, 2, 3, 4, 5, 6, 7]


def check_pdf(out: Path, record: Any) -> None:
    pages = [page.extract_text() for page in pypdf.PdfReader(out / "report.pdf").pages]
    assert 9 <= len(pages) <= 16
    text = re.sub(r"[\s-]", "", "".join(pages))
    for task in record["tasks"]:
        once, keras = (
            f"{100 * share:.2f}%"
            for share in (task["published"]["test_accuracy"], task["keras"]["test_accuracy"])
        )
        assert f"{task['id'].replace('-', '')}{once}{keras}" in text


def check_page(out: Path) -> None:
    page = (out / "report.html").read_text(encoding="utf-8")
    assert page.count("<img ") == page.count('<img src="data:image/svg+xml;base64,') == 21
    assert page.count("<figcaption>") == 21 + page.count("<table") >= 21 + 9
    assert "<script" not in page
    assert "<link" not in page
    assert page.count("<math") > 20
