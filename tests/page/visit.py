"""The built page in a browser, as a user sees it: what the tests of the page have in common."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import mlplab

BUILT = Path(mlplab.__file__).parent / "playground" / "page" / "index.html"

LAB = {
    "1.1": "1.1  two clouds, batch 16",
    "1.2": "1.2  two rings, relu",
    "1.3": "1.3  five rings, momentum",
}


COUNTED = """
window.ran = 0;
for (const name of ["setTimeout", "setInterval", "requestAnimationFrame"]) {
  const real = window[name].bind(window);
  window[name] = (work, ...others) => real((...given) => { window.ran += 1; work(...given); }, ...others);
}
"""
"""Counts what a page runs by itself."""


class Visit:
    """The page in a browser without a network, as a user sees it."""

    def __init__(self, browser: Any, file: Path, *, clock: bool = False, **options: Any) -> None:
        self.complaints: list[str] = []
        self.context = browser.new_context(
            **{"viewport": {"width": 1366, "height": 768}, "offline": True, **options}
        )
        self.page = self.context.new_page()
        self.page.set_default_timeout(60_000)
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", self._asked)
        if clock:
            self.page.clock.install()  # whose time can be made to pass
            self.page.add_init_script(COUNTED)
        self.page.goto(file.as_uri())
        self.wait_for(".tile-test", "%")

    def _asked(self, request: Any) -> None:
        if not request.url.startswith(("file:", "data:", "blob:")):
            self.complaints.append(f"asked for {request.url}")

    def wait_for(self, selector: str, text: str, seconds: float = 60) -> None:
        """Wait until an element contains a text."""
        expect = pytest.importorskip("playwright.sync_api").expect
        expect(self.page.locator(selector)).to_contain_text(text, timeout=1000 * seconds)

    def wait_for_value(self, label: str, value: str) -> None:
        """Wait until a field has a value."""
        expect = pytest.importorskip("playwright.sync_api").expect
        expect(self.page.get_by_label(label, exact=True)).to_have_value(value)

    def press(self, name: str) -> None:
        """Press a button."""
        self.page.get_by_role("button", name=name, exact=True).click()

    def choose(self, label: str, option: str) -> None:
        """Choose in a menu."""
        self.page.get_by_label(label, exact=True).select_option(option)

    def tiles(self) -> dict[str, str]:
        """The numbers at the top, by their names."""
        texts = self.page.locator(".tile").evaluate_all(
            "tiles => tiles.map((tile) => [tile.querySelector('dt').textContent, "
            "tile.querySelector('dd').textContent])"
        )
        return dict(texts)

    def wait_for_tile(self, name: str, value: str) -> None:
        """Wait until one of the numbers at the top is a certain one."""
        expect = pytest.importorskip("playwright.sync_api").expect
        tile = self.page.locator(".tile").filter(has=self.page.get_by_text(name, exact=True))
        expect(tile.locator("dd")).to_have_text(value, timeout=60_000)

    def wait_for_status(self, text: str, seconds: float = 60) -> None:
        """Wait until something stands beside the time line."""
        self.wait_for(".time-line-text", text, seconds)

    def play_to_the_end(self, seconds: float = 60) -> None:
        """Play as fast as may be, until the stop rule ends it."""
        self.choose("speed", "fastest")
        self.press("▶ Play")
        self.wait_for_status("ended", seconds)

    def file(self, title: str) -> bytes:
        """One of the files, downloaded."""
        self.press("Files")
        with self.page.expect_download() as download:
            self.press(title)
        self.press("close")
        return Path(download.value.path()).read_bytes()

    def weights(self) -> dict[str, Any]:
        """The file of the weights, downloaded."""
        return json.loads(self.file("Weights (JSON)"))  # type: ignore[no-any-return]

    def open_file(self, name: str, content: bytes) -> None:
        """Choose a file to open."""
        self.press("Files")
        file = {"name": name, "mimeType": "text/plain", "buffer": content}
        self.page.get_by_label("file to open").set_input_files(file)

    def close(self) -> None:
        """Leave, and look back at what the browser had to say."""
        self.context.close()
        assert not self.complaints


def same_network(file: dict[str, Any], run: mlplab.Run) -> bool:
    """Tell whether a file of weights has those of a run, to the last bit."""
    return all(
        np.array_equal(np.array(layer["weights"], np.float32), weights)
        and np.array_equal(np.array(layer["biases"], np.float32), biases)
        for layer, weights, biases in zip(file["layers"], run.weights, run.biases, strict=True)
    )


def expect(locator: Any) -> Any:
    """Return what waits until an element is as it is to be: the page is drawn at the next frame."""
    return pytest.importorskip("playwright.sync_api").expect(locator)
