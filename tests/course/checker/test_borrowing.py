"""Who calls somebody else's network earns nothing by it, by any road, and every format says so."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console

from mlplab.course.checker import Report, Submission, check_submissions
from mlplab.course.checker.answer import Answer, Limits, read_answer
from mlplab.course.checker.borrowing import copy_notes
from mlplab.course.checker.formats import FORMATS
from mlplab.course.checker.formats.terminal import print_reports
from mlplab.course.checker.inside.messages import pack
from mlplab.course.checker.inside.stubs import STUBBED
from mlplab.course.checker.kit_files import COURSE_MODULES, KIT, PACKAGE, RIGHT_NETWORKS
from mlplab.course.checker.runner import Runner

from .conftest import SOLUTIONS, marking_of
from .disguise import disguised

pytestmark = pytest.mark.slow  # a process or more for each test

Check = Callable[..., Report]
MODULES = {name: (KIT / name).read_bytes() for name in COURSE_MODULES}
FEW = ("activation-relu", "feedforward-two-by-two")

TAKEN = "\nactivation = theirs.activation\nclass MLP(theirs.MLP): pass\n"
UNSTUBBED = "import sys\nsys.meta_path[:] = [f for f in sys.meta_path if isinstance(f, type)]\n"
FOLDER = f"folder = {str(PACKAGE)!r}\n"
# More of them are among the hostile files.
ROADS = {
    "import": "import mlplab.course.mlp as theirs",
    "from": "from mlplab.course import mlp as theirs",
    "importlib": "import importlib\ntheirs = importlib.import_module('mlplab.course.mlp')",
    "__import__": "theirs = __import__('ml' + 'plab.course.mlp', fromlist=['x'])",
    "exec": "exec('import mlplab.course.mlp as theirs')",
    "from data_generator": "import data_generator\ntheirs = data_generator.mlplab.course.mlp",
    "after data_generator": (
        "import importlib\nimportlib.import_module('data_generator')\n"
        "import sys\ntheirs = sys.modules.get('mlplab.course.mlp')\n"
        "import mlplab.course.mlp as theirs"
    ),
    "a file": f"{FOLDER}exec(open(folder + '/course/kit/mlp_solution.py').read())",
    "a file by its folder": (
        f"{FOLDER}import os\nos.chdir(folder + '/course')\n"
        "exec(os.read(os.open(b'kit/mlp_solution.py', 0), 10**6))"
    ),
    "a copy of a file": (
        f"{FOLDER}import shutil\nshutil.copy(folder + '/course/kit/mlp_solution.py', 'other.py')\n"
        "import other as theirs"
    ),
    "a link to a file": (
        f"{FOLDER}import os\nos.link(folder + '/course/kit/mlp_solution.py', 'other.py')\n"
        "import other as theirs"
    ),
    "a file by a descriptor beside it": (
        f"{FOLDER}import os, tempfile\nhere = tempfile.mkdtemp()\nos.symlink(folder, here + '/link')\n"
        "d = os.open(here, os.O_RDONLY)\n"
        "exec(os.read(os.open('link/course/kit/mlp_solution.py', 0, dir_fd=d), 10**6))"
    ),
    "a folder as a path only": (
        f"{FOLDER}import os\nd = os.open(folder + '/course', os.O_PATH)\n"
        "os.fchdir(d)\nexec(open('kit/mlp_solution.py').read())"
    ),
    "a link by descriptors": (
        f"{FOLDER}import os\nd = os.open('/', os.O_RDONLY)\n"
        "os.link(folder[1:] + '/course/kit/mlp_solution.py', 'other.py', src_dir_fd=d)\n"
        "import other as theirs"
    ),
    "a symbolic link": (
        f"{FOLDER}import os\nos.symlink(folder + '/course/kit/mlp_solution.py', 'other.py')\n"
        "import other as theirs"
    ),
    "a copy of its folder": (
        f"{FOLDER}import shutil\nshutil.copytree(folder + '/course/kit', 'kit')\n"
        "from kit import mlp_solution as theirs"
    ),
    "its folder moved here": (
        f"{FOLDER}import os\nos.rename(folder + '/course/kit', 'kit')\n"
        "from kit import mlp_solution as theirs"
    ),
    "a list of its folder": (
        f"{FOLDER}import os\nname = [n for n in os.listdir(folder + '/course/kit') if 'solution' in n]\n"
        "theirs = __import__(name[0])"
    ),
    "a file mapped into memory": (
        f"{FOLDER}import mmap\nfile = open(folder + '/course/kit/mlp_solution.py', 'rb')\n"
        "exec(o := mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)[:])"
    ),
    "a name that is no plain text": (
        f"{FOLDER}class Name(str):\n    def encode(self, *_): return b'x'\n"
        "    def rpartition(self, *_): return ('x', '', '')\n"
        "exec(open(Name(folder + '/course/kit/mlp_solution.py')).read())"
    ),
    "a replaced os": (
        f"{FOLDER}import builtins, os\nkept = isinstance, os.stat, os.lstat, os.path.realpath\n"
        "os.stat = os.lstat = os.path.realpath = None\nbuiltins.isinstance = lambda *_: False\n"
        "try: file = open(folder + '/course/kit/mlp_solution.py')\n"
        "finally: builtins.isinstance, os.stat, os.lstat, os.path.realpath = kept\n"
        "exec(o := file.read())"
    ),
    "a replaced guard": (
        "import pathlib, inside.guard as guard\nfolder = str(guard.PACKAGE)\n"
        "guard.PACKAGE, guard.REFUSED, guard._found = pathlib.Path('/x'), (), lambda *_: None\n"
        "exec(open(folder + '/course/kit/mlp_solution.py').read())"
    ),
    "Keras's outputs by their library": (
        f"{FOLDER}import safetensors\n"
        "safetensors.safe_open(folder + '/course/checker/data/keras.safetensors', 'numpy')"
    ),
    "without stubs": f"{UNSTUBBED}import mlplab.course.mlp as theirs",
    "as a file of its own": (
        f"{FOLDER}from importlib.machinery import SourceFileLoader\n"
        "theirs = SourceFileLoader('x', folder + '/course/kit/mlp_solution.py').load_module()"
    ),
}


@pytest.mark.parametrize("road", ROADS)
def test_mlplabs_own_network_earns_nothing(check: Check, road: str) -> None:
    # Fewer tests, as some of these import the course's datasets in each.
    report = check(ROADS[road] + ("" if "exec(o" in ROADS[road] else TAKEN), marking_of(*FEW))
    assert report.score == 0
    if road != "from data_generator":  # nothing of it is found there
        used = "safetensors.safe_open" if road.endswith("library") else "mlplab"
        assert any(note.startswith(f"Uses {used}") for note in report.notes), report.notes


@pytest.mark.parametrize(
    ("head", "call", "said"),
    [
        ("import keras", "keras.activations.relu(x)", "Uses keras.activations.relu."),
        ("", "__import__('torch').relu(x)", "Uses torch.relu."),
        ("", "__import__('importlib').import_module('jax.nn').relu(x)", "Uses jax.nn.relu."),
        ("from sklearn.neural_network import _base", "_base.relu(x)", "Uses sklearn."),
    ],
)
def test_one_borrowed_function_costs_its_tests_and_is_named_in_every_format(
    check: Check, solution: str, head: str, call: str, said: str
) -> None:
    text = f"{head}\n" + solution.replace("np.maximum(0, x)", call)
    report = check(text, marking_of("activation-relu", "activation-sigmoid"))
    marks = {mark.check.name: mark for mark in report.marks}
    assert marks["activation-relu"].score == 0
    assert marks["activation-sigmoid"].score == marks["activation-sigmoid"].points
    for name, write in FORMATS.items():
        assert said in write([report]), name
    for reports in ([report], [report, report]):
        page = io.StringIO()
        print_reports(reports, Console(file=page, width=400, highlight=False))
        assert said in page.getvalue()


def test_a_file_that_cannot_be_imported_without_it_is_named_too(check: Check) -> None:
    report = check("import mlplab\nmlplab.draw(3)")
    assert report.problem is not None
    assert any("Uses mlplab.draw." in note for note in report.notes)


def test_what_is_only_left_over_costs_nothing_and_is_not_named(check: Check, solution: str) -> None:
    left = "".join(f"import {name}\n" for name in sorted(STUBBED - {"mlplab"}))
    left += "class Old(keras.Model, torch.nn.Module):\n    def call(self, x): return x\n"
    report = check(left + solution)
    assert (report.score, report.notes) == (100, ())


def test_the_courses_datasets_work_all_the_same() -> None:
    code = (
        "import importlib, mlplab, sys\n"
        "DataGenerator = importlib.import_module('data_generator').DataGenerator\n"
        "data = DataGenerator()\n"
        "data.generate(dataset='polar', N_train=8, N_test=8, K=3, sigma=0.1, seed=1)\n"
        "data.plot('points.png')\n"
        "assert data.x_train.shape == (24, 2)\n"
        "assert 'mlplab.reference' not in sys.modules and not hasattr(mlplab, '__file__')\n"
        "assert not hasattr(sys.modules['data_generator'], 'mlplab')\n"
    )
    answer = load(code)
    assert "fault" not in answer.content
    assert answer.borrowed == ("mlplab",)


def test_files_and_folders_of_its_own_may_be_opened_by_any_road() -> None:
    code = (
        "import mmap, os, shutil, tempfile\n"
        "os.makedirs('a/b')\nd = os.open('a', os.O_RDONLY)\n"
        "with open('a/b/c.py', 'w') as file: file.write('x = 1')\n"
        "os.link('b/c.py', 'b/d.py', src_dir_fd=d, dst_dir_fd=d)\nos.symlink('b', 'a/e')\n"
        "assert os.read(os.open('e/d.py', 0, dir_fd=d), 9) == b'x = 1'\n"
        "from a.e import d\nassert d.x == 1 and sorted(os.listdir('a')) == ['b', 'e']\n"
        "shutil.copytree('a', 'f')\nshutil.rmtree('a')\nos.rename('f', 'g')\nos.chdir('g')\n"
        "with tempfile.TemporaryDirectory() as folder: os.listdir(folder)\nos.listdir('/')\n"
    )
    answer = load(code)
    assert ("fault" in answer.content, answer.borrowed) == (False, ()), answer.content


def test_an_error_in_the_courses_module_is_no_use_of_it_nor_of_what_it_read_with() -> None:
    code = (
        "import data_generator, safetensors, traceback\n"
        "try: data_generator.DataGenerator().generate(dataset=3)\n"
        "except Exception: traceback.format_exc()\n"
        "else: raise ValueError\n"
        "assert type(safetensors).__name__ == 'StubModule'\n"
    )
    answer = load(code)
    assert ("fault" in answer.content, answer.borrowed) == (False, ())


@pytest.mark.parametrize("said", [3, [3, None], {"a": 1}, ["x" * 10**6] * 100])
def test_what_is_said_to_be_borrowed_is_not_trusted(said: object) -> None:
    content = pack({"answer": {}, "borrowed": said})
    assert len("".join(read_answer(content, 0, False, 0.1).borrowed)) <= 2000


@pytest.mark.parametrize(
    "path",
    [path for pattern in RIGHT_NETWORKS for path in sorted(PACKAGE.glob(pattern))][:2],
    ids=str,
)
def test_a_copy_of_mlplabs_own_file_is_recognised(path: Path) -> None:
    text = disguised(path.read_text(encoding="utf-8"))
    files = {"mlp.py": b"from helper import *", "helper.py": text.encode()}
    [note] = copy_notes(files)
    assert path.relative_to(PACKAGE).as_posix() in note


def test_a_copy_is_named_whatever_becomes_of_it() -> None:
    text = (KIT / "mlp_solution.py").read_bytes()
    files = [{"mlp.py": text}, {"mlp.py": text + b"\nimport nothing_like_it"}]
    for report in check_submissions([Submission("anna", each) for each in files]):
        assert any("mlp_solution.py is in it" in note for note in report.notes)


@pytest.mark.parametrize("name", [name for name in SOLUTIONS if name != "kit"])
def test_honest_solutions_are_no_copies(name: str) -> None:
    assert copy_notes({"mlp.py": SOLUTIONS[name].read_bytes()}) == ()


def load(code: str) -> Answer:
    limits = Limits(seconds=20.0, memory=2048)
    with Runner({"mlp.py": code.encode()}, MODULES, limits) as runner:
        return runner.run("load")
