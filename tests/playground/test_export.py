"""The page is one file with everything inside, also with an experiment, wherever it is written to."""

from __future__ import annotations

import html
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from mlplab.errors import MlplabError
from mlplab.playground.export import export_page
from mlplab.playground.opening import Opened
from mlplab.playground.page import TITLE, page_text
from mlplab.playground.presets import FIRST, PRESETS

LABEL = "</script><!--<script>&amp;σ\u2028\n"

OPENED = Opened(PRESETS[FIRST], 2**62, ((1.0, 2.0, LABEL, "train"),))


class Elements(HTMLParser):
    """Scripts of a page, in their order: attributes, and what stands inside."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.scripts: list[tuple[dict[str, str | None], str]] = []
        self._inside = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "script":
            self.scripts.append((dict(attrs), ""))
        self._inside = tag == "script"

    def handle_endtag(self, tag: str) -> None:
        self._inside = False

    def handle_data(self, data: str) -> None:
        if self._inside:
            attributes, text = self.scripts[-1]
            self.scripts[-1] = attributes, text + data


def test_the_page_asks_for_no_other_file():
    assert not re.findall(
        r"<(?:script|img|iframe|link)[^>]*\b(?:src|href)=(?!\"data:,\")", page_text()
    )


def test_what_is_opened_stands_before_the_script_as_data_that_nothing_ends():
    plain = Elements(page_text()).scripts
    (attributes, data), *others = Elements(page_text(OPENED)).scripts
    assert others == plain
    assert attributes == {"type": "application/json", "id": "opened"}
    assert json.loads(data) == json.loads(OPENED.to_json())
    assert json.loads(data)["points"] == [[1.0, 2.0, LABEL, "train"]]
    assert json.loads(data)["seed"] == str(2**62)


def test_a_file_and_a_folder_hold_the_same_page(tmp_path: Path):
    text = page_text(OPENED)
    file = export_page(text, tmp_path / "new" / "page.html")
    index = export_page(text, tmp_path / "site")
    assert (file, index) == (tmp_path / "new" / "page.html", tmp_path / "site" / "index.html")
    assert file.read_bytes() == index.read_bytes() == text.encode()
    assert [path.name for path in (tmp_path / "site").iterdir()] == ["index.html"]


def test_an_earlier_export_is_replaced_and_other_files_stay(tmp_path: Path):
    site = tmp_path / "site"
    export_page(page_text(), site)
    (site / "notes.txt").write_text("mine")
    for place in (site, site / "index.html"):
        export_page(page_text(OPENED), place)
        assert (site / "index.html").read_text(encoding="utf-8") == page_text(OPENED)
    assert (site / "notes.txt").read_text() == "mine"


def test_an_empty_folder_may_be_under_version_control(tmp_path: Path):
    (tmp_path / ".git").mkdir()
    export_page(page_text(), tmp_path)
    assert TITLE in (tmp_path / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["index.html", "notes.txt"])
def test_what_is_no_export_is_not_touched(name: str, tmp_path: Path):
    (tmp_path / name).write_text("mine")
    with pytest.raises(MlplabError, match="is not empty and holds no playground: expected a new"):
        export_page(page_text(), tmp_path)
    (tmp_path / "mine.html").write_text("mine")
    with pytest.raises(MlplabError, match=r"'.*/mine\.html' is not a playground: expected a new"):
        export_page(page_text(), tmp_path / "mine.html")
    assert (tmp_path / name).read_text() == (tmp_path / "mine.html").read_text() == "mine"


def test_a_place_that_cannot_be_written(tmp_path: Path):
    (tmp_path / "file").write_text("mine")
    (tmp_path / "folder.html").mkdir()
    for place in (tmp_path / "file", tmp_path / "file" / "site", tmp_path / "folder.html"):
        with pytest.raises(MlplabError, match=r"^cannot write"):
            export_page(page_text(), place)


def test_a_notebooks_frame_holds_the_page_and_nothing_reaches_out_of_it():
    from mlplab.playground import app

    shown = app(OPENED.experiment, seed=3, height=640)._repr_html_()
    found = re.fullmatch(
        r'<iframe srcdoc="([^"]*)" title="mlplab playground" sandbox="allow-scripts allow-downloads" '
        r'allow="clipboard-write" style="width: 100%; height: 640px; border: 0"></iframe>',
        shown,
    )
    assert found is not None
    assert html.unescape(found[1]) == page_text(Opened(OPENED.experiment, 3))


@pytest.mark.parametrize("height", [0, 299, 4001, "tall", None, True])
def test_a_height_that_is_none(height: object):
    from mlplab.playground import app

    with pytest.raises(MlplabError, match="the height must be from 300 to 4000 pixels, received"):
        app(height=height)  # type: ignore[arg-type]
