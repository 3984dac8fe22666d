"""JupyterLab as the platform opens it: what a person does there."""

import re
from collections.abc import Callable

from playwright.sync_api import FrameLocator, Locator, Page, expect

LAB = re.compile(r"//p-[a-z2-7]{10}\.localhost:\d+/user/")
PATIENCE = 120_000


def expect_lab(page: Page, notebook: str) -> None:
    """The workspace is open on that notebook and its kernel is ready; the address is the person's own origin."""
    expect(page).to_have_url(LAB, timeout=PATIENCE)
    expect(page.get_by_role("tab", name=notebook)).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text(re.compile(r"Python 3.* \| Inactif"))).to_be_visible(timeout=PATIENCE)


def dialog(page: Page) -> Locator:
    return page.get_by_role("dialog")


def press(page: Page, name: str) -> None:
    """Press a button of the dialog."""
    dialog(page).get_by_role("button", name=name, exact=True).click()


def run_all(page: Page) -> None:
    """Run every cell from Lab's own menu, and wait for the kernel."""
    page.get_by_role("menuitem", name="Exécution").click()
    page.get_by_role("menuitem", name="Exécuter toutes les cellules", exact=True).click()
    expect(page.get_by_text(re.compile(r"Python 3.* \| Inactif"))).to_be_visible(timeout=PATIENCE)


def write(page: Page, cell: int, text: str) -> None:
    """Replace what a code cell holds."""
    page.locator(".jp-CodeCell").nth(cell).locator(".cm-content").click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(text)


def hand_in(page: Page, shoot: Callable[[], None] | None = None) -> str:
    """Hand in, and return the receipt's SHA-256."""
    page.get_by_role("button", name="Rendre", exact=True).click()
    press(page, "Rendre")
    digest = dialog(page).locator(".himalia-digest")
    expect(digest).to_be_visible(timeout=PATIENCE)
    if shoot:
        shoot()
    found = digest.inner_text()
    press(page, "Fermer")
    expect(dialog(page)).to_have_count(0)
    return found


def copy_in(page: Page) -> FrameLocator:
    """The notebook shown on a page of ours, in its sandbox."""
    return page.frame_locator("iframe.copy").first
