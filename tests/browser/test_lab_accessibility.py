"""JupyterLab under axe: what is ours has nothing against it; what is upstream's stands here by name, no rule is off."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import violations
from tests.browser.lab import dialog, expect_lab, press
from tests.service.conftest import Himalia

# Rule: what of upstream's breaks it (JupyterLab 4.6, CodeMirror 6.42). Gone from here when gone from there.
UPSTREAM = {
    "aria-allowed-attr": ("jp-ToolbarButtonComponent", "jp-DebuggerBugButton"),  # aria-pressed on a custom element
    "aria-input-field-name": ("cm-content",),  # an editor without a name
    "aria-required-children": ("jp-WindowedPanel-viewport",),  # a feed of cells that are no articles
    "aria-valid-attr-value": ("lm-TabBar-tab",),
    "button-name": ("jp-collapseHeadingButton",),
    "empty-table-header": ("<th></th>",),  # pandas
    "image-alt": ('<img src="data:image/png',),  # a figure that matplotlib drew
    "region": ("jp-skiplink-wrapper", "lm-Widget"),
}


def ours(page: Page) -> list[str]:
    """What axe found that is not upstream's."""
    found = [(violation.rule, html) for violation in violations(page) for html in violation.where]
    return [f"{rule}: {html}" for rule, html in found if "himalia" in html or not _is_known(rule, html)]


def _is_known(rule: str, html: str) -> bool:
    return any(mark in html for mark in UPSTREAM.get(rule, ()))


def test_nothing_of_ours_in_lab_stands_in_anybodys_way(
    himalia: Himalia, person: Callable[..., Page], shoot: Callable[..., None]
) -> None:
    page = person("Linh")
    page.goto("/courses/enquetes-images/tp2-image-texte")
    page.get_by_role("button", name="Ouvrir dans JupyterLab").click()
    expect_lab(page, "image-texte.ipynb")
    assert ours(page) == [], "the notebook"
    for panel in ("Devoirs", "Versions"):
        tab = page.get_by_role("tab", name=panel)
        if tab.get_attribute("aria-selected") != "true":  # Lab remembers what was open
            tab.click()
        expect(tab).to_have_attribute("aria-selected", "true")
        assert ours(page) == [], panel
        shoot(page, panel.lower(), whole=False)
    page.get_by_role("button", name="Rendre", exact=True).first.click()
    expect(dialog(page)).to_be_visible()
    assert ours(page) == [], "the dialog that asks"
    press(page, "Annuler")
    page.get_by_role("button", name="Vérifier").first.click()
    expect(dialog(page)).to_contain_text("échouent")
    assert ours(page) == [], "the dialog that lists"
