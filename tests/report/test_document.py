"""The report as a document: a PDF and one self-contained page, made of the same elements."""

from __future__ import annotations

import base64
import re
import sys
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pypdf
import pytest

from mlplab.errors import MissingExtraError
from mlplab.report import EXPERIMENTS, PUBLISHED
from mlplab.report.document import SUBTITLE, TITLE, compose, import_typst, write_report
from mlplab.report.elements import Code, Heading, Paragraph, Picture, Table, as_data
from mlplab.report.reproduction import Reproduction

CHAPTERS = [
    "Task 1.1: batch size",
    "Task 1.2: activation",
    "Task 1.3: a deep network, tuned by hand",
    "Task 1.4: Glorot and Adam",
    "Task 2: a network from scratch",
    "Task 3: weights by hand",
    "The source's comparisons, judged",
    "Errata of the source report",
    "How this report was made",
]


def squeezed(text: str) -> str:
    """Text without any space, line break or hyphen, which a narrow column may add."""
    return re.sub(r"[\s\\-]", "", text)


def smoothed(text: str) -> str:
    """Text with single spaces and straight quotes."""
    return " ".join(text.replace("’", "'").replace("‘", "'").split())


class Page(HTMLParser):
    """What a page's elements are, and the text of some of them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {}
        self.children: dict[str, set[str]] = {}
        self._open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        for parent in self._open:
            self.children.setdefault(parent, set()).add(tag)
        if tag not in ("img", "meta", "br", "link"):
            self._open.append(tag)
            self.texts.setdefault(tag, []).append("")

    def handle_endtag(self, tag: str) -> None:
        self._open.remove(tag)

    def handle_data(self, data: str) -> None:
        for tag in set(self._open):
            self.texts[tag][-1] += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture(scope="module")
def whole(
    usual: Reproduction,
    set_report: Callable[[Reproduction, Path], Path],
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """Folder of the whole lab's report, untrained and without pictures."""
    return set_report(usual, tmp_path_factory.mktemp("whole"))


@pytest.fixture(scope="module")
def true(by_hand: Reproduction, pictures_by_hand: Path) -> Path:
    """Folder of a report of task 3, with its pictures."""
    write_report(by_hand, pictures_by_hand.parent)
    return pictures_by_hand.parent


@pytest.fixture(scope="module")
def pages(whole: Path) -> list[str]:
    return [page.extract_text() for page in pypdf.PdfReader(whole / "report.pdf").pages]


@pytest.fixture(scope="module")
def page(whole: Path) -> Page:
    return Page((whole / "report.html").read_text(encoding="utf-8"))


def tables(reproduction: Reproduction) -> list[Table]:
    return [block for block in compose(reproduction) if isinstance(block, Table)]


# The PDF.


def test_the_pdf_has_every_chapter_in_the_labs_order(pages: list[str]) -> None:
    text = smoothed(" ".join(pages))
    places = [text.index(chapter) for chapter in (TITLE, SUBTITLE, *CHAPTERS)]
    assert places == sorted(places)


def test_the_pdf_has_every_published_number_beside_its_experiment(pages: list[str]) -> None:
    text = squeezed(" ".join(pages))
    for id, published in PUBLISHED.items():
        if id in EXPERIMENTS:
            # In the summary, and in the chapter's own table.
            accuracy = f"{100 * (published.test_accuracy or 0):.2f}%"
            assert len(re.findall(rf"{re.escape(squeezed(id))}(?:,accuracy)?{accuracy}", text)) >= 2
        if published.test_loss and id in EXPERIMENTS:
            assert f"{squeezed(id)},loss{published.test_loss:.4f}" in text
    for row in ("Training loss 0.0163", "Training accuracy 94.92 %", "Test loss 0.0182"):
        assert squeezed(row) in text


def test_the_pdf_has_every_row_of_every_table(usual: Reproduction, pages: list[str]) -> None:
    text = squeezed(" ".join(pages))
    for table in tables(usual):
        for row in table.rows:
            if not any("$" in cell for cell in row):
                assert squeezed("".join(row)) in text


def test_the_pdf_has_as_many_pages_as_one_reads(whole: Path, pages: list[str]) -> None:
    assert 7 <= len(pages) <= 14
    assert all(len(text) > 80 for text in pages), "a page without text"
    metadata = pypdf.PdfReader(whole / "report.pdf").metadata
    assert metadata is not None
    assert metadata.title == TITLE


def test_no_markup_is_left_over_in_the_text(pages: list[str], page: Page) -> None:
    for text in ("\n".join(pages), page.texts["main"][0]):
        assert not re.search(r"\$|\bdot\b|eq\.not|mat\(|\^\(|\*\*|_\(", text)


# The page for a browser.


def test_the_page_needs_nothing_but_itself(true: Path) -> None:
    html = (true / "report.html").read_text(encoding="utf-8")
    page = Page(html)
    assert not {"script", "link", "iframe", "object", "embed", "base", "a"} & set(page.texts)
    assert not page.all("link")
    for _, attributes in page.elements:
        for name in ("src", "href", "srcset", "xlink:href", "data", "poster", "background"):
            assert (attributes.get(name) or "data:").startswith("data:")
        assert "url(" not in (attributes.get("style") or "")
    for style in page.texts["style"]:
        assert "url(" not in style
        assert "@import" not in style


def test_nor_do_its_pictures(true: Path) -> None:
    page = Page((true / "report.html").read_text(encoding="utf-8"))
    pictures = page.all("img")
    assert len(pictures) == 3
    for picture in pictures:
        head, content = str(picture["src"]).split(",", 1)
        assert head == "data:image/svg+xml;base64"
        drawn = base64.b64decode(content).decode()
        assert drawn.rstrip().endswith("</svg>")
        for reference in re.findall(r'(?:href|src)="([^"]*)"', drawn):
            assert reference.startswith(("#", "data:"))
        for reference in re.findall(r"url\(([^)]*)\)", drawn):
            assert reference.startswith("#")


def test_the_page_has_every_chapter_and_says_its_language(page: Page) -> None:
    assert page.texts["h1"] == [TITLE]
    assert list(map(smoothed, page.texts["h2"])) == CHAPTERS
    assert page.all("html") == [{"lang": "en"}]
    assert page.texts["title"] == [TITLE]


def test_a_heading_is_a_heading_and_no_list(usual: Reproduction, page: Page) -> None:
    # "1. Title" would be a list of one item to typst.
    assert page.texts["h3"] == [f"Erratum {e.number}: {e.title}" for e in usual.errata]
    assert not page.children.get("h2", set()) | page.children.get("h3", set())
    assert "li" not in page.texts


def test_every_caption_is_there_with_its_number(usual: Reproduction, page: Page) -> None:
    captions = [smoothed(caption) for caption in page.texts["figcaption"]]
    expected: list[tuple[str, str]] = []
    for block in compose(usual):
        if isinstance(block, Table | Picture):
            kind = "Table" if isinstance(block, Table) else "Figure"
            number = 1 + sum(name.startswith(kind) for name, _ in expected)
            # A caption's formulas are set, its words stay.
            words = smoothed(block.caption.split("$")[0])
            expected.append((f"{kind} {number}: ", words))
    assert len(captions) == len(expected)
    for caption, (number, words) in zip(captions, expected, strict=True):
        assert caption.startswith(f"{number}{words}")


def test_every_picture_tells_those_who_cannot_see_it(usual: Reproduction, page: Page) -> None:
    pictures = [block for block in compose(usual) if isinstance(block, Picture)]
    assert [picture["alt"] for picture in page.all("img")] == [p.description for p in pictures]


def test_formulas_are_mathml(page: Page) -> None:
    formulas = page.texts["math"]
    # Equation 10, task 3's matrices, a power of ten.
    assert any(formula.startswith("𝑤11−𝑤12=𝑤21−𝑤22") for formula in formulas)
    assert sum("0.5−0.5" in formula for formula in formulas) == 1
    assert "1.4⋅10−6" in formulas
    assert {"msub", "msup", "mtable", "mfrac"} <= page.children["math"]
    assert sum("display" in formula for formula in page.all("math")) == 1


def test_tables_have_a_header_and_as_many_cells_as_columns(usual: Reproduction, page: Page) -> None:
    shown = tables(usual)
    assert len(page.all("thead")) == len(page.all("table")) == len(shown)
    assert len(page.all("th")) == sum(len(table.header) for table in shown)
    assert len(page.all("td")) == sum(len(table.header) * len(table.rows) for table in shown)


def test_pdf_and_page_say_the_same(whole: Path, page: Page, pages: list[str]) -> None:
    pdf = squeezed(smoothed(" ".join(pages)))
    paragraphs = [smoothed(text) for text in page.texts["p"]]
    # Words at the end of a line may be hyphenated in the PDF, and formulas are spaced otherwise.
    said = [text for text in paragraphs if text.startswith(("Question.", "The source."))]
    assert len(said) == 13
    for text in said:
        if "=" not in text:
            assert squeezed(text) in pdf


# What it is made of, and of what it is not made.


@pytest.mark.parametrize("which", ["by_hand", "small"])
def test_a_part_of_the_lab_has_its_chapters_only(
    which: str, request: pytest.FixtureRequest
) -> None:
    reproduction = request.getfixturevalue(which)
    chapters = [b.text for b in compose(reproduction) if isinstance(b, Heading) and b.level == 1]
    assert (
        chapters
        == {
            "by_hand": [CHAPTERS[5], CHAPTERS[8]],
            "small": [CHAPTERS[0], *CHAPTERS[5:]],
        }[which]
    )


def test_every_figure_of_the_source_is_there_once(usual: Reproduction) -> None:
    captions = [block.caption for block in compose(usual) if isinstance(block, Picture)]
    named = re.findall(r"\(figure (\d+) of the source\)", " ".join(captions))
    assert sorted(map(int, named)) == list(range(1, 14))


def test_every_table_of_the_source_is_there_once(usual: Reproduction) -> None:
    named = re.findall(r"\(Table (\d) of the source", " ".join(t.caption for t in tables(usual)))
    assert sorted(map(int, named)) == [1, 2, 3, 4, 5]


def test_tables_are_rectangular(usual: Reproduction) -> None:
    for table in tables(usual):
        assert {len(row) for row in table.rows} == {len(table.header)}


def test_blocks_are_data_with_their_kind_and_unbroken_percentages() -> None:
    elements = [
        Heading("A", level=2),
        Paragraph("98.83 % of 3", "Result"),
        Table("100 %", ("", "a"), (("b", "1 %"),)),
        Picture("p", "c", "d"),
        Code("x"),
    ]
    assert as_data(elements) == [
        {"kind": "heading", "text": "A", "level": 2},
        {"kind": "paragraph", "text": "98.83\u00a0% of 3", "lead": "Result"},
        {
            "kind": "table",
            "caption": "100\u00a0%",
            "header": ["", "a"],
            "rows": [["b", "1\u00a0%"]],
        },
        {"kind": "picture", "name": "p", "caption": "c", "description": "d", "width": 1.0},
        {"kind": "code", "text": "x"},
    ]


def test_a_missing_typst_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(MissingExtraError, match=r"typst.*pip install .*\[report\]'"):
        import_typst()
