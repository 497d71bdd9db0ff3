"""The page trains wherever it is shown: served, in a notebook's output, and from an exported file."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.page.visit import Visit, same_network

import mlplab
from mlplab.playground.export import export_page
from mlplab.playground.opening import Opened, open_experiment
from mlplab.playground.page import page_text
from mlplab.playground.presets import PRESETS
from mlplab.playground.serving import PageServer

pytestmark = pytest.mark.slow

OPENED = Opened(PRESETS["more  xor"], 3)


def train_an_epoch(place: Any) -> None:
    """Train an epoch in a page or a frame, and see it counted."""
    expect = pytest.importorskip("playwright.sync_api").expect
    expect(place.locator(".tile-test")).to_contain_text("%", timeout=60_000)
    place.get_by_role("button", name="+1 epoch", exact=True).click()
    tile = place.locator(".tile").filter(has=place.get_by_text("epoch", exact=True))
    expect(tile.locator("dd")).to_have_text("1", timeout=60_000)


def shown_by_a_kernel(*lines: str) -> dict[str, str]:
    """Return what a notebook is given to show of a cell."""
    manager = pytest.importorskip("jupyter_client.manager")
    kernel, client = manager.start_new_kernel()
    try:
        messages: list[dict[str, Any]] = []
        client.execute_interactive(
            "\n".join(lines),
            timeout=60,
            output_hook=lambda message: messages.append(message["content"]),
        )
    finally:
        client.stop_channels()
        kernel.shutdown_kernel(now=True)
    return next(content["data"] for content in messages if "data" in content)


def test_it_trains_in_every_place(browser: Any, tmp_path: Path) -> None:
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))

    with PageServer(page_text(OPENED), 0, "127.0.0.1") as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        page.goto(server.url)
        train_an_epoch(page)
        assert page.get_by_label("seed", exact=True).input_value() == "3"
        assert page.get_by_label("preset", exact=True).input_value() == "more  xor"
        server.shutdown()
    context.set_offline(True)
    notebook = tmp_path / "notebook.html"
    shown = shown_by_a_kernel("import mlplab", "mlplab.playground.app(height=700)")
    assert shown["text/plain"].startswith("the playground, which a notebook shows")
    notebook.write_text(f"<!doctype html><meta charset='utf-8'><h1>1</h1>{shown['text/html']}")
    page.goto(notebook.as_uri())
    train_an_epoch(page.frame_locator("iframe"))
    box = page.locator("iframe").bounding_box()
    assert (box["width"] > 1000, box["height"]) == (True, 700)
    context.close()
    assert not complaints


def test_own_samples_end_as_mlplab_train_ends(browser: Any, tmp_path: Path) -> None:
    generator = np.random.default_rng(5)
    x = generator.normal(size=(90, 2)) * [30, 0.01] + [500, -2]
    rows = [f"{a!r},{b!r},{'uvw'[i % 3]}\n" for i, (a, b) in enumerate(x.tolist())]
    (tmp_path / "mine.csv").write_text(f"size,gain,kind\n{''.join(rows)}")
    dataset = {"kind": "file", "path": str(tmp_path / "mine.csv"), "label": "kind"}
    experiment = mlplab.Experiment(
        dataset=dataset | {"standardise": True},
        network={"hidden_layers": 2, "layer_width": (6, 4), "activation": "tanh"},
        training={"epochs": 7, "batch_size": 8, "optimizer": "adam"},
    )
    file = tmp_path / "page.html"
    export_page(page_text(open_experiment(experiment, seed=11)), file)
    v = Visit(browser, file)
    v.play_to_the_end()
    assert same_network(v.weights(), mlplab.train(experiment, seed=11)[0])
    v.close()
