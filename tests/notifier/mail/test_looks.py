"""Every mail as Chromium shows it: on a phone and on a desk, in the light and in the dark. Skipped without Chromium."""

from itertools import product
from pathlib import Path
from typing import Any

import pytest

from services.notifier.mail.preview import samples, write_previews
from tools.chromium import find, page
from tools.mails import WIDTHS

LOOK = """(() => {
  const channel = (c) => { c /= 255; return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4; };
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const colour = (told) => (told.match(/[\\d.]+/g) || []).map(Number);
  const ground = (node) => {
    for (; node; node = node.parentElement) {
      const found = colour(getComputedStyle(node).backgroundColor);
      if (found.length === 3 || found[3] > 0) return found;
    }
    return matchMedia("(prefers-color-scheme: dark)").matches ? [18, 18, 18] : [255, 255, 255];
  };
  const faint = [], wide = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent.trim(), holder = walker.currentNode.parentElement;
    if (!text || holder.closest("style, script")) continue;
    const box = holder.getBoundingClientRect();
    if (box.width < 2 || box.height < 2 || getComputedStyle(holder).opacity === "0") continue;
    const [a, b] = [light(colour(getComputedStyle(holder).color)), light(ground(holder))].sort((x, y) => y - x);
    if ((a + 0.05) / (b + 0.05) < 4.5) faint.push(text.slice(0, 40));
    if (box.right > innerWidth + 1) wide.push(text.slice(0, 40));
  }
  return { faint, wide, over: document.documentElement.scrollWidth > innerWidth,
           fetched: performance.getEntriesByType("resource").map((each) => each.name) };
})()"""


@pytest.mark.skipif(find() is None, reason="Chromium is not installed")
async def test_every_mail_fits_stands_out_and_fetches_nothing(tmp_path: Path) -> None:
    write_previews(tmp_path)
    seen: dict[str, Any] = {}
    async with page() as tab:
        for name, _ in samples():
            await tab.open((tmp_path / f"{name}.html").as_uri())
            for width, dark in product(WIDTHS, (False, True)):
                await tab.looks(width, dark=dark)
                seen[f"{name} {width} {'dark' if dark else 'light'}"] = await tab.run(LOOK)
    assert len(seen) > 200
    fine = {"faint": [], "wide": [], "over": False, "fetched": []}
    assert {name: look for name, look in seen.items() if look != fine} == {}
