"""What pages say their examples print, they print; and their links lead somewhere."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = ("faq.md", "statistics.md")
MADE = ("examples/", "reference/", "the-lab/")
EXAMPLE = re.compile(
    r"^```python\n(.*?)^```$(?:\n\n```text\n(.*?)^```$)?", re.MULTILINE | re.DOTALL
)


def read(page: str) -> str:
    return (ROOT / "docs" / page).read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES)
def test_an_example_that_prints_is_followed_by_what_it_prints(page: str) -> None:
    text = read(page)
    examples = EXAMPLE.findall(text)
    assert len(examples) > 5
    assert text.count("```text") == sum(bool(said) for _, said in examples)
    for code, said in examples:
        assert ("print(" in code) == bool(said), code


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES)
def test_an_example_prints_what_the_page_says(
    page: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    names: dict[str, object] = {}
    for code, said in EXAMPLE.findall(read(page)):
        exec(code, names)  # our own page
        assert capsys.readouterr().out == said, code


@pytest.mark.slow
def test_the_python_of_the_readme_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = read("../README.md")
    experiment = re.search(r"^```toml\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    code = "".join(re.findall(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL))
    assert experiment
    assert 'trainer="keras"' in code
    monkeypatch.chdir(tmp_path)
    Path("1.4.toml").write_text(experiment[1], encoding="utf-8")
    quick = code.replace('"keras"', '"engine"').replace("wider, 30", "wider, 1")
    exec(quick.replace("experiment, 30", "experiment, 1"), {})
    assert Path("classifier.png").exists()
    assert Path("1.4-runs").is_dir()


SAVED = re.compile(
    r"[Ss]aved?\b[^\n]*`([\w.-]+\.toml)`[^\n]*\n+```toml\n(.*?)^```$", re.MULTILINE | re.DOTALL
)
EXAMPLE_SAVED = re.compile(r"mlplab train --example > ([\w.-]+\.toml)")


def test_a_file_has_one_name_on_all_pages() -> None:
    """A reader who comes from one page to another has a file of that name already."""
    found: dict[str, set[str]] = defaultdict(set)
    for path in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]:
        text = path.read_text(encoding="utf-8")
        for name, content in re.findall(SAVED, text):
            found[name].add(content)
        for name in re.findall(EXAMPLE_SAVED, text):
            found[name].add("the experiment of `mlplab train --example`")
    assert {"rings.toml", "1.3.toml", "1.4.toml"} <= set(found)
    assert {name for name, contents in found.items() if len(contents) > 1} == set()


@pytest.mark.parametrize(
    "page", ["../README.md", *sorted(path.name for path in (ROOT / "docs").glob("*.md"))]
)
def test_links_lead_somewhere(page: str) -> None:
    """In the repository too, where there is no page that Sphinx makes."""
    folder = (ROOT / "docs" / page).parent
    for link in re.findall(r"\]\(([^)\s]+)\)", read(page)):
        if link.startswith("https:"):
            continue
        assert not link.startswith(MADE), link
        name, _, heading = link.partition("#")
        target = folder / (name or Path(page).name)
        assert target.exists(), link
        if heading:
            assert heading in headings(target.read_text(encoding="utf-8")), link


def headings(text: str) -> set[str]:
    """Return the anchors that GitHub gives to the headings of a page."""
    found = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in found}
