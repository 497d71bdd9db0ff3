"""How good the checker is: wrong solutions made by script, how many are caught, how many called by name.

    python tests/course/checker/corpus/measure.py [--half HALF] [--seed N] [--show]

Singles are the changes of `changes.toml`, each to a right solution; pairs are two changes to the same
solution, chosen by a fixed hash. Half of both, by another fixed hash, is kept apart as a test set:
mistakes, texts and patterns were written with the learning half alone. `held_out.toml` and `fresh.toml`
have further changes, all of them written and named before any was judged. The code runs in this process,
file by file, with the functions that the checker runs in its own processes.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import io
import linecache
import sys
import tempfile
import time
import tomllib
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

from mlplab.course.checker.answer import Answer
from mlplab.course.checker.checks import BASIS, OPTIONAL, Finding, draw_checks
from mlplab.course.checker.diagnosis import choose_mistakes
from mlplab.course.checker.inside import calls
from mlplab.course.checker.inside.stubs import Finder
from mlplab.course.checker.marking import KIT

HERE = Path(__file__).parent
SOLUTIONS = {path.stem: path for path in sorted((HERE.parent / "solutions").glob("*.txt"))} | {
    "kit": KIT / "mlp_solution.py"
}
"""Right ones, all written differently, and the one that `mlplab new --solution` hands out."""

UNNAMED = {"error"}
"""What is said where no cause is named."""

LITERAL = {
    name: {"shapes-do-not-fit"}
    for name in ("transposed-weights", "layers-reversed", "first-layer-skipped", "last-layer-twice")
} | {"same-output-for-all": {"depends-on-other-points"}}
"""What is no false cause, and no cause either: of a change that makes shapes not fit, an error that says
so; and that outputs depend on other points, where all have those of one."""

PAIRS = {"changes.toml": 120, "held_out.toml": 64, "fresh.toml": 4}
"""Of the pairs that each table makes possible, one of so many is taken."""

FILES = {"held-out": "held_out.toml", "fresh": "fresh.toml"}
"""Tables of changes that are no half of `changes.toml`, by what `--half` calls them."""


@dataclass(frozen=True)
class Wrong:
    """A wrong solution.

    Attributes
    ----------
    of : str
        Which right solution it is made of.
    truths : tuple of tuple of str
        For each change, the names that are true of it.
    text : str
    """

    of: str
    truths: tuple[tuple[str, ...], ...]
    text: str

    @property
    def name(self) -> str:
        """What it is, in a line."""
        return f"{self.of}: " + " + ".join("/".join(names) or "(no name)" for names in self.truths)

    @property
    def is_test(self) -> bool:
        """Whether it belongs to the half that is kept apart."""
        return _hash("half", self.text) % 2 == 0


@dataclass(frozen=True)
class Judged:
    """What the checker says of one."""

    wrong: Wrong
    caught: bool
    names: tuple[str, ...]

    @property
    def false(self) -> set[str]:
        """Names that are not true."""
        truths = {name for names in self.wrong.truths for name in names}
        literal = {name for truth in truths for name in LITERAL.get(truth, ())}
        return set(self.names) - truths - literal

    @property
    def true(self) -> set[str]:
        """Names that are true."""
        return set(self.names) & {name for names in self.wrong.truths for name in names}


def read_changes(file: str = "changes.toml") -> list[dict[str, Any]]:
    """Return a table of changes."""
    text = (HERE / file).read_text(encoding="utf-8")
    changes: list[dict[str, Any]] = tomllib.loads(text)["changes"]
    return changes


def singles(file: str = "changes.toml") -> list[Wrong]:
    """Return each change of a table, made to its solution."""
    return [
        Wrong(change["of"], (tuple(change["is"]),), _edited(_right(change["of"]), change))
        for change in read_changes(file)
    ]


def pairs(file: str = "changes.toml") -> list[Wrong]:
    """Return some of all pairs of a table's changes that can be made to one solution."""
    found = []
    for one, other in combinations(read_changes(file), 2):
        if one["of"] != other["of"] or set(one["is"]) & set(other["is"]):
            continue
        if _hash("pair", repr((one, other))) % PAIRS[file]:
            continue
        with contextlib.suppress(LookupError):
            text = _edited(_edited(_right(one["of"]), one), other)
            text_of_other_order = _edited(_edited(_right(one["of"]), other), one)
            if text == text_of_other_order:
                found.append(Wrong(one["of"], (tuple(one["is"]), tuple(other["is"])), text))
    return found


def judge(wrong: Wrong, seed: int) -> Judged:
    """Check a solution in this process."""
    findings = find(wrong.text, seed)
    names = [m.name for m in choose_mistakes(findings) if m is not None and m.name not in UNNAMED]
    caught = not all(finding.right for finding in findings)
    return Judged(wrong, caught, tuple(dict.fromkeys(names)))


def find(text: str, seed: int) -> list[Finding]:
    """Return what the tests that the lab asks for find."""
    checks = draw_checks(seed)
    findings = []
    with tempfile.TemporaryDirectory() as name, _as_in_a_test():
        file = str(Path(name) / "mlp.py")
        linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
        code = compile(text, file, "exec")
        for check in checks.values():
            if check.name not in (*OPTIONAL, *BASIS):
                content = _ask(code, Path(name), check)
                findings.append(check.find(Answer("answered", content, None, 0.0)))
        del linecache.cache[file]
    return findings


def _ask(code: Any, folder: Path, check: Any) -> dict[str, Any]:
    """Import a solution, and ask it one question."""

    def load() -> ModuleType:
        module = ModuleType("mlp")
        module.__file__ = str(folder / "mlp.py")
        exec(code, module.__dict__)
        return module

    sys.modules["mlp"] = load()
    original = calls._import_again
    calls._import_again = load
    try:
        return calls.ACTIONS[check.action](folder, **check.arguments)
    finally:
        calls._import_again = original
        del sys.modules["mlp"]


@contextlib.contextmanager
def _as_in_a_test() -> Iterator[None]:
    """Hide what is printed and warned, and let Keras be a stub, as in a test's own process."""
    # mlplab is needed here, where all runs in one process.
    finder = Finder(SimpleNamespace(is_open=True))  # type: ignore[arg-type]
    kept, stdin = set(sys.modules), sys.stdin
    sys.stdin = io.StringIO()
    sys.meta_path.insert(0, finder)
    sys.path.insert(0, str(KIT))
    try:
        with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        sys.stdin = stdin
        sys.meta_path.remove(finder)
        sys.path.remove(str(KIT))
        for name in set(sys.modules) - kept:
            if name.split(".")[0] in ("keras", "keras_mlp", "tensorflow", "data_generator"):
                del sys.modules[name]


def _right(name: str) -> str:
    return SOLUTIONS[name].read_text(encoding="utf-8")


def _edited(text: str, change: dict[str, Any]) -> str:
    for old, new in change["edits"]:
        if old not in text:
            raise LookupError(f"{change['of']} has no {old!r}")
        text = text.replace(old, new)
    return text


def _hash(*words: str) -> int:
    return int.from_bytes(hashlib.sha256("\0".join(words).encode()).digest()[:8], "big")


def table(judged: Sequence[Judged]) -> str:
    """Return the measured table as Markdown."""
    lines = [
        "| solutions | number | caught | a true cause, and no false one | no cause | a false cause |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for title, changes in (("one mistake", 1), ("two mistakes", 2)):
        group = [j for j in judged if len(j.wrong.truths) == changes]
        if not group:
            continue
        counts = (
            sum(j.caught for j in group),
            sum(bool(j.true) and not j.false for j in group),
            sum(not j.names for j in group),
            sum(bool(j.false) for j in group),
        )
        fractions = " | ".join(f"{count / len(group):.1%}" for count in counts)
        lines.append(f"| {title} | {len(group)} | {fractions} |")
    return "\n".join(lines)


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--half", choices=("learning", "test", "both", *FILES), default="learning")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--show", action="store_true", help="what was missed or called another name"
    )
    options = parser.parse_args()
    wanted = {"learning": [False], "test": [True]}.get(options.half, [False, True])
    file = FILES.get(options.half, "changes.toml")
    began = time.process_time()
    judged = [judge(w, options.seed) for w in (*singles(file), *pairs(file)) if w.is_test in wanted]
    print(table(judged))
    print(f"\nvalues of seed {options.seed}; {time.process_time() - began:.0f} s of one core")
    if options.show:
        for j in judged:
            if not j.caught or j.false or not j.true:
                kind = "MISSED" if not j.caught else "FALSE" if j.false else "unnamed"
                print(f"{kind:8} {j.wrong.name}  ->  {' '.join(j.names)}")


if __name__ == "__main__":
    main()
