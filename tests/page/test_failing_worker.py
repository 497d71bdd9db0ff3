"""Workers that fail: one that dies without a word, and one whose browser has no SIMD."""

from __future__ import annotations

from typing import Any

import pytest
from tests.page.visit import BUILT

pytestmark = pytest.mark.slow

KEEP_WORKERS = """
window.workers = [];
window.Worker = class extends Worker {
  constructor(...rest) { super(...rest); window.workers.push(this); }
};
"""


def test_a_worker_that_dies_is_replaced_and_goes_on_where_it_was_last_seen(browser: Any) -> None:
    expect = pytest.importorskip("playwright.sync_api").expect
    context = browser.new_context()
    context.add_init_script(KEEP_WORKERS)
    context.clock.install()
    page = context.new_page()
    page.goto(BUILT.as_uri())
    epochs = page.locator(".tile dd").first
    for count in ("1", "2"):
        page.get_by_role("button", name="+1 epoch").click()
        expect(epochs).to_have_text(count)
    page.evaluate("window.workers[0].terminate()")
    page.get_by_role("button", name="+1 epoch").click()
    page.clock.run_for(65_000)
    expect(page.locator(".complaint")).to_contain_text("begun again where it was last seen")
    expect(page.locator(".time-line-text")).to_have_text("paused")
    expect(epochs).to_have_text("2")
    page.get_by_role("button", name="+1 epoch").click()
    expect(epochs).to_have_text("3")
    context.close()


NO_SIMD = """
window.Blob = class extends Blob {
  constructor(parts, options) {
    const isScript = options?.type === "text/javascript";
    super(isScript ? ["WebAssembly.validate = () => false;", ...parts] : parts, options);
  }
};
"""


def test_a_browser_without_simd_is_told_so_at_every_act(browser: Any) -> None:
    expect = pytest.importorskip("playwright.sync_api").expect
    context = browser.new_context()
    context.add_init_script(NO_SIMD)
    page = context.new_page()
    page.goto(BUILT.as_uri())
    said = page.locator(".messages")
    expect(said).to_contain_text("This browser cannot run WebAssembly with SIMD")
    page.get_by_role("button", name="close").first.click()
    expect(said).not_to_contain_text("SIMD")
    page.get_by_role("button", name="+1 epoch").click()
    expect(said).to_contain_text("This browser cannot run WebAssembly with SIMD")
    expect(page.locator(".time-line-text")).to_have_text("failed")
    context.close()


NO_DECOMPRESSION = """
window.Blob = class extends Blob {
  constructor(parts, options) {
    const isScript = options?.type === "text/javascript";
    super(isScript ? ["delete self.DecompressionStream;", ...parts] : parts, options);
  }
};
"""


def test_a_browser_that_cannot_decompress_is_told_so(browser: Any) -> None:
    expect = pytest.importorskip("playwright.sync_api").expect
    context = browser.new_context()
    context.add_init_script(NO_DECOMPRESSION)
    page = context.new_page()
    page.goto(BUILT.as_uri())
    expect(page.locator(".messages")).to_contain_text(
        "This browser cannot decompress the engine, for want of DecompressionStream: any of 2023 or "
        "later can."
    )
    context.close()
