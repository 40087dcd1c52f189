"""The pages in a real Chromium: accessible in every look, nothing inline, nothing from elsewhere, by keyboard."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

from domain.integrity import AlteredError
from infra.integrity import Integrity
from tests.infra.notarial import record, signed, tamper
from web.app import create_app

pytestmark = pytest.mark.browser

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--headless=new",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
LOOKS: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "forced": {"forced_colors": "active"},
}
WIDTHS = {1440: 1000, 390: 844}
PAGES = (
    "/",
    "/?suche=niemandes",
    "/organisation",
    "/regelwerk",
    "/integritaet",
    "/impressum",
    "/nichts",
    "{amina}",
    "{yonas}?wissen=01.06.2024&zeitraum=3j",
    "{amina}/erfassen",
    "{amina}/erfassen/LanguageTestTaken",
    "{amina}/erfassen/PlanAgreed",
    "{amina}/zuruecknehmen/5",
)


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    opened = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
    yield opened
    opened.close()


class Watched:
    """A page, and everything that must not happen on it."""

    def __init__(self, context: BrowserContext, own: str) -> None:
        self.page: Page = context.new_page()
        self.foreign: list[str] = []
        self.complaints: list[str] = []
        self.page.on(
            "request", lambda one: None if one.url.startswith(own) else self.foreign.append(one.url)
        )
        self.page.on(
            "console", lambda one: self.complaints.append(one.text) if one.type == "error" else None
        )
        self.page.on("pageerror", lambda one: self.complaints.append(str(one)))


def address(site, path: str) -> str:
    filled = path.format(**{name: site.page_of(name) for name in ("amina", "yonas")})
    return filled if filled.startswith("http") else site.url + filled


def axe(page: Page) -> list[str]:
    """Return what axe finds; the script comes through the debugger, past the page's own policy."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],"
        " resultTypes: ['violations']})"
    )
    return [
        f"{one['id']}: {node['html'][:160]}"
        for one in found["violations"]
        for node in one["nodes"][:3]
    ]


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_is_accessible_fits_and_keeps_to_itself(
    browser: Browser, site, look: str, width: int
) -> None:
    viewport = {"width": width, "height": WIDTHS[width]}
    context = browser.new_context(viewport=viewport, locale="de-DE", **LOOKS[look])
    for path in PAGES:
        watched = Watched(context, site.url)
        watched.page.goto(address(site, path))
        page = watched.page
        for fold in page.locator("details:not([open]) > summary").all():
            if fold.is_visible():
                fold.click()
        assert axe(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        assert watched.foreign == [], path
        expected = [one for one in watched.complaints if "404" not in one or path != "/nichts"]
        assert expected == [], path
        page.close()
    context.close()


@pytest.fixture
def desk(browser: Browser, site) -> Iterator[Watched]:
    context = browser.new_context(viewport={"width": 1440, "height": 1000}, locale="de-DE")
    yield Watched(context, site.url)
    context.close()


def test_a_contact_is_recorded_by_keyboard_in_under_ten_seconds(desk: Watched, site) -> None:
    page = desk.page
    page.goto(site.page_of("daryna"))
    before = page.locator(".events tbody tr").count()
    started = perf_counter()
    page.keyboard.press("Alt+KeyK")
    page.keyboard.type("Telefon", delay=40)
    page.keyboard.press("Tab")
    page.keyboard.type("25", delay=40)
    page.keyboard.press("Enter")
    page.wait_for_selector("#meldung")
    took = perf_counter() - started
    assert took < 10
    assert page.evaluate("document.activeElement.id") == "meldung"
    assert page.locator(".events tbody tr").count() == before + 1
    assert "Telefon" in page.locator(".events tbody").inner_text()
    assert desk.complaints == []


def test_moving_the_known_at_swaps_the_page_and_keeps_the_focus(desk: Watched, site) -> None:
    page = desk.page
    page.goto(site.page_of("amina"))
    rows = page.locator(".events tbody tr").count()
    page.focus("#schritt")
    page.keyboard.press("Home")
    page.wait_for_selector(".band")
    assert page.locator(".events tbody tr").count() < rows
    assert "wissen=" in page.url
    assert page.evaluate("document.activeElement.id") == "schritt"
    page.go_back()
    expect(page.locator(".events tbody tr")).to_have_count(rows)
    assert desk.complaints == []


def test_everything_works_without_javascript(browser: Browser, site) -> None:
    context = browser.new_context(java_script_enabled=False, locale="de-DE")
    page = context.new_page()
    page.goto(site.page_of("amina"))
    page.fill("#wissen", "01.06.2024")
    page.click("text=Zeigen")
    assert page.locator(".band").count() == 1
    page.goto(site.page_of("daryna"))
    page.click("#kontakt > summary")
    page.select_option("#feld-channel", "office")
    page.click("#kontakt button")
    assert page.locator("#meldung").count() == 1
    context.close()


def test_a_hole_leads_to_its_reason_and_its_next_step_to_a_form_filled_in(
    desk: Watched, site
) -> None:
    page = desk.page
    page.goto(site.page_of("amina"))
    page.focus(".sp.gap_open")
    page.keyboard.press("Enter")
    page.wait_for_function("() => location.hash.startsWith('#luecke-')")
    card = page.locator(".gapc", has_text="Übergabe nicht beantwortet")
    card.locator("a.kern-btn").click()
    assert "erfassen/HandoverAccepted" in page.url
    assert page.input_value("[name=to]") == "Jobcenter Herne"
    assert page.input_value("[name=case_id]") == "KIM-0417"


def test_the_phone_starts_at_today_with_the_filters_folded(browser: Browser, site) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="de-DE")
    page = context.new_page()
    page.goto(site.page_of("amina"))
    page.wait_for_function("() => document.querySelector('.scroll').scrollLeft > 300")
    today, frame = (
        page.locator(".today path").bounding_box(),
        page.locator(".scroll").bounding_box(),
    )
    assert today is not None
    assert frame is not None
    assert frame["x"] <= today["x"] <= frame["x"] + frame["width"]
    page.goto(site.url)
    page.wait_for_selector(".filter-fold:not([open])")
    context.close()


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("width", WIDTHS)
def test_the_red_page_is_accessible_fits_and_keeps_to_itself(
    browser: Browser, dsn: str, tmp_path: Path, ports, serving, look: str, width: int
) -> None:
    record(dsn, 15)
    signed(dsn, tmp_path / "log")
    record(dsn, 5)
    tamper(dsn, "UPDATE kette.events SET leaf = sha256(leaf) WHERE position = 18")
    with pytest.raises(AlteredError):
        signed(dsn, tmp_path / "log")
    viewport = {"width": width, "height": WIDTHS[width]}
    context = browser.new_context(viewport=viewport, locale="de-DE", **LOOKS[look])
    integrity = Integrity(dsn, tmp_path / "log")
    with serving(create_app(replace(ports[0], integrity=integrity))) as url:
        watched = Watched(context, url)
        watched.page.goto(f"{url}/integritaet")
        assert (
            "Erste Stelle: Ereignis 18." in watched.page.locator("[role=alert]").first.inner_text()
        )
        assert axe(watched.page) == []
        assert watched.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert watched.foreign == watched.complaints == []
        context.close()
