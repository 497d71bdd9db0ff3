"""What the tests of the playground share: visits in a browser, and pages without one."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mlplab.playground.pictures.frames import unpack
from mlplab.playground.warming import Warming
from mlplab.playground.workers import Workers

if TYPE_CHECKING:
    from mlplab.playground.live import Live
    from mlplab.playground.page import Page

# ---- In a browser --------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a playground."""
    log = tmp_path_factory.mktemp("playground") / "log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-u", "-m", "mlplab", "play", "--no-open", "--port", "0"],
            stdout=subprocess.PIPE,
            stderr=output,
            text=True,
        )
    assert process.stdout is not None
    line = process.stdout.readline()
    found = re.search(r"http://\S+/", line)
    assert found, f"{line} {log.read_text()}"
    yield found.group()
    process.terminate()
    process.wait(20)
    process.stdout.close()
    assert not log.read_text()


class Visit:
    """A page of the playground, as a user sees it."""

    def __init__(self, browser: Any, address: str, fragment: str = "", **options: Any) -> None:
        self.complaints: list[str] = []
        self.elsewhere: list[str] = []
        self.context = browser.new_context(
            **{"viewport": {"width": 1280, "height": 800}, **options}
        )
        self.page = self.context.new_page()
        self.page.set_default_timeout(60_000)
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self._asked(request.url, address))
        self.page.goto(f"{address}{fragment}")
        self.root = self.page.locator(".playground")
        self.page.wait_for_selector(".playground[data-drawn]")
        # The engine may have to be compiled first.
        self.page.wait_for_function(
            "() => !document.body.innerText.includes('being compiled')", timeout=120_000
        )
        self.wait_for(lambda: self.tiles()["acc. test"] != "–")

    def _heard(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def _asked(self, url: str, address: str) -> None:
        if not url.startswith((address, "data:", "blob:")):
            self.elsewhere.append(url)

    def wait_for(self, what: Callable[[], bool], seconds: float = 60) -> None:
        """Wait until something is so; long, as machines of many may stand still for a while."""
        for _ in range(int(seconds * 20)):
            if what():
                return
            self.page.wait_for_timeout(50)
        seen = (self.tiles(), self.status(), self.message(), self.complaints)
        pytest.fail(f"it does not come to be: {seen}")

    def tiles(self) -> dict[str, str]:
        """The numbers at the top, by their names."""
        texts = [tile.inner_text().split("\n") for tile in self.page.locator(".tile").all()]
        return {name: value for value, name in texts}

    def choose(self, which: int, label: str) -> None:
        """Choose in the menus of the header: 0 is the preset, 1 the speed."""
        self.page.locator(".head-controls select").nth(which).select_option(label=label)

    def press(self, name: str) -> None:
        """Press a button."""
        self.page.get_by_role("button", name=name, exact=True).click()

    def play_to_the_end(self) -> None:
        """Play as fast as may be, until the stop rule ends it."""
        self.choose(1, "fastest")
        self.press("▶  Play")
        self.wait_for(lambda: "ended by the stop rule" in self.status(), 120)
        self.page.wait_for_timeout(300)

    def status(self) -> str:
        """What stands beside the time line."""
        return str(self.page.locator(".scrub-text").inner_text())

    def message(self) -> str:
        """The sentence over the page; nothing where there is none."""
        shown = self.page.locator(".message")
        return str(shown.inner_text()) if shown.is_visible() else ""

    def picture(self, where: str = ".plane-box") -> str:
        """The pixels of a canvas, as text."""
        return str(self.page.locator(f"{where} canvas").evaluate("c => c.toDataURL()"))

    def still_picture(self, where: str = ".plane-box") -> str:
        """The pixels of a canvas, when they change no more."""
        before = ""
        for _ in range(200):
            if (now := self.picture(where)) == before:
                return now
            before = now
            self.page.wait_for_timeout(300)
        pytest.fail(f"{where} does not stand still: {self.tiles()}")

    def close(self) -> None:
        """Leave, and look back at what the browser had to say."""
        self.context.close()
        assert not self.complaints
        assert not self.elsewhere


@pytest.fixture
def visit(browser: Any, server: str) -> Iterator[Callable[..., Visit]]:
    """A function that opens a page, at an address with a fragment, in a context with options."""
    visits: list[Visit] = []

    def go(fragment: str = "", **options: Any) -> Visit:
        visits.append(Visit(browser, server, fragment, **options))
        return visits[-1]

    yield go
    for each in visits:
        each.close()


@pytest.fixture(scope="module")
def shared_visit(browser: Any, server: str) -> Iterator[Visit]:
    """A page that the tests of one file share; each begins with a choice of what is shown."""
    made = Visit(browser, server)
    yield made
    made.close()


@pytest.fixture
def csv(tmp_path: Path) -> Callable[[str], Path]:
    """A function that writes a CSV file."""

    def write(content: str) -> Path:
        path = tmp_path / "mine.csv"
        path.write_text(content)
        return path

    return write


# ---- Without a browser ---------------------------------------------------------------------------


class Pages:
    """Pages and their sessions, which share a few threads; what each page is sent is kept.

    Attributes
    ----------
    workers, populations : Workers
    drawing : bool
        Whether a page confirms each frame at once, as one does that has drawn it.
    """

    def __init__(self, warming: Warming) -> None:
        self.workers, self.populations = Workers(2), Workers(1)
        self.drawing = True
        self._warming = warming
        self._made: list[Live] = []
        self._frames: dict[int, list[tuple[float, dict[str, Any]]]] = defaultdict(list)

    def open(self, warming: Warming | None = None) -> Live:
        """Make a page and its session."""
        from mlplab.playground.live import Live

        self._made.append(Live(self.workers, self.populations, warming or self._warming))
        return self._made[-1]

    def take(self, page: Page, frame: bytes) -> None:
        """Keep a frame, in the place of the page that it is sent to."""
        meta, _ = unpack(frame)
        self._frames[id(page)].append((time.monotonic(), meta))
        if self.drawing:
            page._handle_msg({"type": "drawn", "number": meta["number"]})

    def say(self, live: Live, *messages: Any) -> None:
        """Send messages, as a browser does."""
        for message in messages:
            live.page._handle_msg(message)

    def frames(self, live: Live) -> list[tuple[float, dict[str, Any]]]:
        """The frames that a page was sent: when, and what they say."""
        return self._frames[id(live.page)]

    def last(self, live: Live) -> dict[str, Any]:
        """What the last frame says; nothing before there is one."""
        frames = self.frames(live)
        return frames[-1][1] if frames else {}

    def told(self, live: Live, *path: str) -> Any:
        """What the last frame says of something; an empty dictionary where it says nothing of it."""
        found = self.last(live)
        for name in path:
            found = found.get(name) or {}
        return found

    def wait_for(self, what: Callable[[], object], seconds: float = 60) -> None:
        """Wait until something is so."""
        end = time.monotonic() + seconds
        while not what():
            assert time.monotonic() < end, "it does not come to be"
            time.sleep(0.01)

    def close(self) -> None:
        """Close all sessions, and let the threads end."""
        for live in self._made:
            live.close()
        self.workers.close()
        self.populations.close()


@pytest.fixture(scope="session")
def warming() -> Warming:
    """A compiled engine."""
    made = Warming()
    made.start()
    assert made.ready.wait(120)
    return made


@pytest.fixture
def pages(warming: Warming, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pages]:
    """Pages that are sent frames, and draw nothing."""
    pytest.importorskip("panel")
    from mlplab.playground.page import Page

    made = Pages(warming)

    def send_frame(page: Page, frame: bytes) -> None:
        made.take(page, frame)

    monkeypatch.setattr(Page, "send_frame", send_frame)
    yield made
    made.close()
