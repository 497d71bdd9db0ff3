"""`mlplab.playground.app()` displays itself in a notebook, and is the same page."""

from __future__ import annotations

import urllib.request
from typing import Any

import pytest

pytest.importorskip("panel")

import mlplab
from mlplab import MlplabError

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("height", [0, 299, 4001, "tall", None])
def test_a_height_that_is_none(height: Any):
    with pytest.raises(MlplabError, match="the height must be from 300 to 4000 pixels, received"):
        mlplab.playground.app(height)


def test_all_cells_share_one_server():
    first, second = mlplab.playground.app(), mlplab.playground.app(400)
    assert first.url == second.url
    assert first.url in repr(first)
    with urllib.request.urlopen(first.url) as answer:
        assert "mlplab playground" in answer.read().decode()


def test_a_cell_of_a_real_kernel_shows_a_page_that_trains(browser: Any):
    manager = pytest.importorskip("jupyter_client.manager")
    kernel, client = manager.start_new_kernel()
    try:
        shown: list[dict[str, Any]] = []
        client.execute_interactive(
            "import mlplab\nmlplab.playground.app(height=640)",
            timeout=60,
            output_hook=lambda message: shown.append(message["content"]),
        )
        frame = next(content["data"] for content in shown if "data" in content)
        assert frame["text/plain"].startswith("the playground is at http://127.0.0.1:")
        page = browser.new_page(viewport={"width": 1100, "height": 900})
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.set_content(f"<h1>A notebook</h1>{frame['text/html']}")
        inside = page.frame_locator("iframe")
        inside.locator(".playground[data-drawn]").wait_for(timeout=60_000)
        assert inside.locator(".playground").bounding_box()["width"] > 1000
        # While the kernel is busy, too.
        client.execute("import time; time.sleep(60)")
        epochs = inside.locator(".tile-epoch .tile-value")
        inside.get_by_role("button", name="+1 epoch").click()
        for _ in range(2400):
            if epochs.inner_text() == "1":
                break
            page.wait_for_timeout(50)
        assert epochs.inner_text() == "1"
        assert not complaints
        page.close()
    finally:
        client.stop_channels()
        kernel.shutdown_kernel(now=True)
