"""The documentation is complete: every page has a place, every public name a docstring and an entry."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

import mlplab

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture(scope="module")
def extensions() -> dict[str, object]:
    """What `docs/conf.py` makes the reference with, of the modules that need no Sphinx."""
    sys.path.insert(0, str(DOCS))
    try:
        from extensions import api_pages, command_pages, public_names
    finally:
        sys.path.remove(str(DOCS))
    return {"api": api_pages, "commands": command_pages, "names": public_names}


def test_every_public_name_has_a_docstring(extensions):
    names = list(extensions["names"].all_public_names())
    assert len(names) > 250
    assert [each.path for each in names if not each.docstring] == []


def test_a_constant_without_a_text_below_it_has_no_docstring(extensions, tmp_path, monkeypatch):
    (tmp_path / "constants_of_a_test.py").write_text('A = 1\n"""Says."""\nB = 2\nC = 3\n')
    monkeypatch.syspath_prepend(tmp_path)
    import constants_of_a_test as module

    text = extensions["names"].constant_docstring
    assert (text(module, "A"), text(module, "B"), text(module, "C")) == ("Says.", "", "")


def test_every_public_name_has_one_entry(extensions, tmp_path):
    extensions["api"].write_api_pages(tmp_path)
    entries = [
        f"{path.stem}.{name}" if kind == "py:data" else name
        for path in tmp_path.glob("*.rst")
        for kind, name in re.findall(
            r"^\.\. (auto\w+|py:data):: (\S+)$", path.read_text(encoding="utf-8"), re.M
        )
    ]
    places = extensions["names"].documented_at()
    assert sorted(entries) == sorted(set(places.values()))
    assert {places[each.path] for each in extensions["names"].all_public_names()} == set(entries)


def test_the_packages_that_mlplab_names_are_in_the_reference(extensions):
    packages = extensions["names"].PACKAGES
    modules = {f"mlplab.{name}" for name in mlplab.__all__ if f"mlplab.{name}" in sys.modules}
    modules &= {
        f"mlplab.{path.parent.name}" for path in DOCS.parent.glob("src/mlplab/*/__init__.py")
    }
    assert {"mlplab.spec", "mlplab.statistics"} <= modules <= set(packages)


def test_every_command_is_in_the_reference(extensions, tmp_path):
    page = tmp_path / "command-line.rst"
    extensions["commands"].write_command_page(page)
    text = page.read_text(encoding="utf-8")
    commands = set(re.findall(r"^\.\. program:: mlplab (.*)$", text, re.M))
    files = {path.stem for path in (DOCS.parent / "src/mlplab/cli").glob("[a-z]*.py")}
    assert {"train", "runs list", "import", "export"} <= commands
    assert len(commands) >= 24
    assert {"bench", "compare", "doctor", "map", "sweep"} <= files & commands
    assert "--set PATH=VALUE" in text


def test_every_page_is_in_the_table_of_contents():
    index = (DOCS / "index.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```\{toctree\}\n(.*?)```", index, re.S)
    listed = {
        line.rpartition("<")[2].rstrip(">")
        for block in blocks
        for line in block.splitlines()
        if line and not line.startswith(":")
    }
    pages = {path.stem for path in DOCS.glob("*.md")} - {"index"}
    assert pages == {name for name in listed if "/" not in name}
