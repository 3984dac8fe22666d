"""The whole path by keyboard alone: from the sign-in page to the receipt, and the teacher's forms."""

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.browser.lab import PATIENCE, dialog, expect_lab
from tests.service.conftest import Himalia

SHS = "/courses/enquetes-images"
MOST_STOPS = 120


def is_focused(target: Locator) -> bool:
    found: bool = target.evaluate("element => element === document.activeElement")
    return found


def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until `target` has the focus; each stop on the way shows where it is."""
    expect(target).to_be_visible()
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if is_focused(target):
            assert_focus_shows(page)
            return
    raise AssertionError(f"{target} is not reached by Tab")


def assert_focus_shows(page: Page) -> None:
    style = page.evaluate(
        "() => { const s = getComputedStyle(document.activeElement); return [s.outlineStyle, parseFloat(s.outlineWidth)]; }"
    )
    assert style[0] != "none", "the focus has an outline"
    assert style[1] >= 2, "of two pixels at least"


def enter(page: Page, target: Locator) -> None:
    tab_to(page, target)
    page.keyboard.press("Enter")


def signs_in(page: Page, name: str) -> None:
    page.goto("/")
    enter(page, page.locator("#sign-in-demo"))
    button = page.get_by_role("button", name=re.compile(name))
    expect(button).to_be_visible()
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if is_focused(button):
            break
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Mes cours")).to_be_visible()


def test_the_first_stop_leads_to_the_content(himalia: Himalia, blank: Callable[..., Page]) -> None:
    page = blank()
    page.goto("/sign-in")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Aller au contenu")
    assert is_focused(skip)
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert is_focused(page.locator("#sign-in-demo"))


def test_a_student_hands_in_by_keyboard(himalia: Himalia, blank: Callable[..., Page], shoot: Callable[..., None]) -> None:
    page = blank()
    signs_in(page, "Jean-Baptiste")
    enter(page, page.get_by_role("link", name="TP2 · Image et texte").first)
    enter(page, page.get_by_role("button", name="Ouvrir dans JupyterLab"))
    expect_lab(page, "image-texte.ipynb")
    page.locator(".jp-NotebookPanel-toolbar jp-button[data-command='docmanager:save']").focus()
    submit = page.locator(".himalia-submit jp-button")
    for _ in range(30):
        if is_focused(submit):
            break
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(dialog(page)).to_contain_text("Rendre « TP2 · Image et texte » ?")
    page.keyboard.press("Enter")
    digest = dialog(page).locator(".himalia-digest")
    expect(digest).to_be_visible(timeout=PATIENCE)
    shoot(page, "receipt", whole=False)
    found = digest.inner_text()
    page.keyboard.press("Escape")
    page.goto(f"{himalia.address}{SHS}/tp2-image-texte")
    enter(page, page.get_by_role("group").locator("summary").first)
    expect(page.get_by_text("image-texte.ipynb").first).to_be_visible()
    expect(page.get_by_text(found)).to_be_visible()
    enter(page, page.get_by_role("button", name="Se déconnecter"))
    expect(page.locator("#sign-in-demo")).to_be_visible()


def test_a_teacher_changes_a_role_and_a_deadline_by_keyboard(
    himalia: Himalia, blank: Callable[..., Page], shoot: Callable[..., None]
) -> None:
    page = blank()
    signs_in(page, "Karim")
    page.goto(f"{SHS}/people")
    role = page.get_by_label("Rôle de Chloé Martin")
    tab_to(page, role)
    page.keyboard.press("ArrowDown")
    expect(role).to_have_value("assistant")
    enter(page, page.get_by_role("button", name="Changer le rôle de Chloé Martin"))
    expect(page.get_by_label("Rôle de Chloé Martin")).to_have_value("assistant")
    tab_to(page, page.get_by_label("Rôle de Chloé Martin"))
    page.keyboard.press("ArrowUp")
    enter(page, page.get_by_role("button", name="Changer le rôle de Chloé Martin"))
    expect(page.get_by_label("Rôle de Chloé Martin")).to_have_value("student")

    page.goto(f"{SHS}/tp2-image-texte")
    enter(page, page.locator("summary").filter(has_text="Réglages du devoir"))
    title = page.get_by_label("Titre")
    tab_to(page, title)
    page.keyboard.press("End")
    page.keyboard.type(" (bis)")
    enter(page, page.get_by_role("button", name="Enregistrer").first)
    expect(page.get_by_role("heading", name="TP2 · Image et texte (bis)")).to_be_visible()
    shoot(page, "teacher")
    enter(page, page.locator("summary").filter(has_text="Réglages du devoir"))
    tab_to(page, page.get_by_label("Titre"))
    page.keyboard.press("Control+A")
    page.keyboard.type("TP2 · Image et texte")
    enter(page, page.get_by_role("button", name="Enregistrer").first)
    expect(page.get_by_role("heading", name="TP2 · Image et texte", exact=True)).to_be_visible()


def test_a_dialog_that_asks_is_left_by_keyboard(himalia: Himalia, blank: Callable[..., Page]) -> None:
    """Removing somebody asks first: opening and closing the question changes nothing."""
    page = blank()
    signs_in(page, "Karim")
    page.goto(f"{SHS}/people")
    question = page.locator("summary").filter(has_text="Retirer Noam Cohen")
    enter(page, question)
    expect(page.get_by_role("button", name=re.compile("Retirer du cours.*Noam Cohen"))).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name=re.compile("Retirer du cours.*Noam Cohen"))).to_be_hidden()
    page.reload()
    expect(page.get_by_label("Rôle de Noam Cohen")).to_be_visible()
