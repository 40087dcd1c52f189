"""Pictures of the two screens for the documentation: ``python -m bench.screenshots URL OUT [LOOK ...]``.

Takes a running site, photographs its gap list and the journey that lost most at the change of Rechtskreis, in
light, dark and on a phone, with the Chromium of the machine.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

ARGUMENTS = (
    "--no-sandbox",
    "--headless=new",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
DESKTOP = {"width": 1440, "height": 1000}
PHONE = {"width": 390, "height": 844}
LOOKS: dict[str, dict[str, Any]] = {
    "1440": {"viewport": DESKTOP},
    "dark": {"viewport": DESKTOP, "color_scheme": "dark"},
    "390": {"viewport": PHONE, "device_scale_factor": 2},
}


def main() -> int:
    """Take every picture."""
    wanted = sys.argv[3:] or list(LOOKS)
    if len(sys.argv) < 3 or not set(wanted) <= LOOKS.keys():
        print(f"usage: python -m bench.screenshots URL OUT [{' '.join(LOOKS)}]", file=sys.stderr)
        return 2
    url, out = sys.argv[1].rstrip("/"), Path(sys.argv[2])
    out.mkdir(parents=True, exist_ok=True)
    with chromium() as browser:
        for look in wanted:
            options = LOOKS[look]
            context = browser.new_context(locale="de-DE", **options)
            page = context.new_page()
            page.goto(url)
            shoot(page, out / f"luecken-{look}.png")
            page.goto(url + worst_journey(page, url))
            shoot(page, out / f"verlauf-{look}.png")
            context.close()
    return 0


@contextmanager
def chromium() -> Iterator[Browser]:
    """Run the machine's Chromium; nothing is downloaded."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=list(ARGUMENTS)
        )
        yield browser
        browser.close()


def worst_journey(page: Page, url: str) -> str:
    """Return the journey with the most open gaps among those lost at the change of Rechtskreis."""
    page.goto(f"{url}/?gruppe=seam")
    lost = addresses(page)
    page.goto(f"{url}/?gruppe=long_open")
    listed = addresses(page) + lost
    return max(lost or listed, key=lambda one: (listed.count(one), one))


def addresses(page: Page) -> list[str]:
    """Return the addresses of the journeys that a list names."""
    found: list[str] = page.locator(".wl td:first-child a").evaluate_all(
        "links => links.map(link => link.getAttribute('href'))"
    )
    return found


def shoot(page: Page, path: Path) -> None:
    """Photograph a page once its fonts are there; a long page is cut after two screens."""
    page.evaluate("document.fonts.ready")
    height = min(int(page.evaluate("document.documentElement.scrollHeight")), 1700)
    width = page.viewport_size["width"] if page.viewport_size else DESKTOP["width"]
    page.set_viewport_size({"width": width, "height": height})
    page.screenshot(path=path)
    page.set_viewport_size({"width": width, "height": 844})
    print(path)


if __name__ == "__main__":
    sys.exit(main())
