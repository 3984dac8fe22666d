"""The student's path, as issue 3 tells it: sign in, open, run all, check, hand in, keep the receipt, read the copy."""

import hashlib
import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.lab import copy_in, dialog, expect_lab, hand_in, press, run_all
from tests.service.conftest import Himalia

COURSE = "Enquêtes et images (SHS)"


def test_a_student_goes_the_whole_path(himalia: Himalia, person: Callable[..., Page], shoot: Callable[..., None]) -> None:
    page = person("Amina")
    card = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name=COURSE))
    expect(card).to_contain_text("Vous suivez ce cours")
    expect(card.get_by_role("link", name="TP2 · Image et texte")).to_be_visible()
    shoot(page, "my-courses")

    card.get_by_role("link", name="Visite guidée").click()
    page.get_by_role("button", name="Ouvrir dans JupyterLab").click()
    expect(page.get_by_role("heading", name="Votre espace de travail s’ouvre")).to_be_visible()
    expect(page.get_by_role("status")).not_to_be_empty()
    shoot(page, "opening")
    expect_lab(page, "visite-guidee.ipynb")
    run_all(page)
    expect(page.locator(".jp-OutputArea img").first).to_be_visible()
    assert page.locator(".jp-OutputArea-output[data-mime-type='application/vnd.jupyter.stderr']").count() == 0
    shoot(page, "run-all", whole=False)

    page.goto(himalia.address)
    page.get_by_role("link", name="TP2 · Image et texte").first.click()
    expect(page.get_by_text("Rien encore.")).to_be_visible()
    shoot(page, "assignment")
    page.get_by_role("button", name="Ouvrir dans JupyterLab").click()
    expect_lab(page, "image-texte.ipynb")
    page.get_by_role("button", name="Vérifier").click()
    expect(dialog(page)).to_contain_text("échouent")
    shoot(page, "check", whole=False)
    press(page, "Fermer")
    first = hand_in(page, lambda: shoot(page, "receipt-in-lab", whole=False))
    second = hand_in(page)

    page.goto(himalia.address)
    page.get_by_role("link", name="TP2 · Image et texte").first.click()
    rows = page.get_by_role("row").filter(has_text=re.compile(r"[0-9a-f]{64}"))
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text(second)
    expect(rows.first).to_contain_text("compte")
    expect(rows.last).to_contain_text(first)
    with page.expect_download() as download:
        rows.first.get_by_role("link", name="Fichiers (zip)").click()
    assert hashlib.sha256(download.value.path().read_bytes()).hexdigest() == second
    shoot(page, "receipts")

    page.get_by_role("link", name=COURSE).click()
    row = page.get_by_role("listitem").filter(has_text="TP1 · Recoder une enquête")
    expect(row).to_contain_text("Corrigé")
    shoot(page, "course")
    row.get_by_role("link", name="Lire ma copie").click()
    expect(page.locator("#score")).to_contain_text("/ 20")
    expect(copy_in(page).get_by_role("main")).to_contain_text("points")
    shoot(page, "returned-copy", whole=False)


def test_two_tabs_two_courses_and_the_way_back(himalia: Himalia, person: Callable[..., Page]) -> None:
    page = person("Lucas")
    for course in (COURSE, "Apprentissage et équité (L2)"):
        page.goto(himalia.address)
        page.get_by_role("button", name=f"Ouvrir {course}").click()
        expect(page).to_have_url(re.compile(r"/user/p-[a-z2-7]{10}/[a-z0-9-]+/lab"), timeout=120_000)
        expect(page.get_by_role("button", name=re.compile(re.escape(course)))).to_be_visible(timeout=120_000)
    page.goto(himalia.address)
    page.get_by_role("button", name="Se déconnecter").click()
    expect(page.locator("#sign-in-demo")).to_be_visible()
    page.goto("/courses/enquetes-images")
    expect(page.locator("#sign-in-demo")).to_be_visible()
