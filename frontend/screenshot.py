"""Pictures of a page as a reader sees it: `python frontend/screenshot.py PAGE.html OUT.png [--select '#e=…'] [--dark]`.

Needs playwright and a Chromium (CHROMIUM names it); nothing is loaded from the network.
"""

from __future__ import annotations

import argparse
import os
import shutil
from pathlib import Path

from playwright.sync_api import sync_playwright


def main() -> None:
    """Opens the page from disk, selects what is asked for and writes the picture."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("page", type=Path)
    parser.add_argument("picture", type=Path)
    parser.add_argument("--select", default="", help="fragment of what is selected: '#e=EDGE ID' or '#n=ENTITY ID'")
    parser.add_argument("--search", default="", help="text typed into the search field")
    parser.add_argument("--table", action="store_true", help="the table instead of the drawing")
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--size", default="1280x800")
    parser.add_argument("--scale", type=float, default=2, help="device pixels per CSS pixel")
    wanted = parser.parse_args()
    width, height = map(int, wanted.size.split("x"))
    with sync_playwright() as driver:
        path = os.environ.get("CHROMIUM") or shutil.which("chromium")
        browser = driver.chromium.launch(executable_path=path, args=["--no-sandbox"])
        page = browser.new_page(
            viewport={"width": width, "height": height},
            device_scale_factor=wanted.scale,
            color_scheme="dark" if wanted.dark else "light",
            reduced_motion="reduce",
        )
        page.on("console", lambda message: print(message.text))
        page.on("pageerror", lambda error: print(error))
        page.goto(wanted.page.resolve().as_uri() + wanted.select)
        if wanted.search:
            page.locator("#search").fill(wanted.search)
        if wanted.table:
            page.locator("#show-table").click()
        page.wait_for_timeout(400)  # the canvas paints in animation frames
        page.screenshot(path=wanted.picture)
        browser.close()


if __name__ == "__main__":
    main()
