"""Chromium on a whole platform: people who sign in as people do, axe on any page, and screenshots that stay."""

import os
import re
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.service.conftest import Himalia, started

SCREENSHOTS = Path(__file__).parent / "screenshots"
AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
expect.set_options(timeout=30_000)


@pytest.fixture(scope="session")
def himalia() -> Iterator[Himalia]:
    """The platform with its demo; HIMALIA_TEST_STATE names one that runs already, for whoever writes a test."""
    running = os.environ.get("HIMALIA_TEST_STATE")
    if running:
        yield Himalia(Path(running), 0)
    else:
        yield from started()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def blank(himalia: Himalia, chromium: Browser) -> Iterator[Callable[..., Page]]:
    """A page of a new browser profile; a script error or a refused script on any of our pages fails the test."""
    pages: list[Page] = []
    faults: list[str] = []

    def open_page(viewport: dict[str, int] = DESKTOP, **more: Any) -> Page:
        asked = {"locale": "fr-FR", "timezone_id": "Europe/Paris", "accept_downloads": True} | more
        context = chromium.new_context(base_url=himalia.address, viewport=viewport, **asked)  # type: ignore[arg-type]
        context.set_default_timeout(30_000)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)) if page.url.startswith(himalia.address) else None)
        pages.append(page)
        return page

    yield open_page
    for page in pages:
        page.context.close()
    assert faults == []


@pytest.fixture
def person(blank: Callable[..., Page]) -> Callable[..., Page]:
    """Somebody of the demo, signed in through the provider's page."""

    def sign_in(name: str, **more: Any) -> Page:
        page = blank(**more)
        page.goto("/")
        expect(page.get_by_role("heading", level=1)).to_contain_text("Himalia")
        page.locator("#sign-in-demo").click()
        page.get_by_role("button", name=re.compile(name)).click()
        expect(page.get_by_role("heading", level=1, name="Mes cours")).to_be_visible()
        return page

    return sign_in


@dataclass(frozen=True)
class Violation:
    """What axe found on a page."""

    rule: str
    help: str
    where: tuple[str, ...]


@cache
def axe() -> str:
    """axe-core's script, of the version that package-lock.json pins."""
    if not AXE.exists():
        subprocess.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=AXE.parent.parent.parent, check=True)
    return AXE.read_text(encoding="utf-8")


def violations(page: Page) -> list[Violation]:
    """All of axe's rules for WCAG 2.2 A and AA, and its best practices; nothing is switched off."""
    page.evaluate(axe())
    found = page.evaluate("axe.run(document, { iframes: false })")["violations"]
    return [Violation(v["id"], v["help"], tuple(node["html"][:400] for node in v["nodes"])) for v in found]


@pytest.fixture
def shoot(request: pytest.FixtureRequest) -> Callable[..., None]:
    """Keep a picture, numbered in the order of the path."""
    taken = iter(range(1, 1000))
    story = request.path.stem.removeprefix("test_")

    def picture(page: Page, name: str, *, whole: bool = True) -> None:
        SCREENSHOTS.mkdir(exist_ok=True)
        page.screenshot(path=SCREENSHOTS / f"{story}-{next(taken):02d}-{name}.png", full_page=whole)

    return picture
