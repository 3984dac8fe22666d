"""The Lab extension in Chromium: a student's way from the assignment to the receipt and back to an older version."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path, PurePath

import pytest
from playwright.sync_api import Locator, Page, expect, sync_playwright

from hub_config.access.launch import LaunchSpecification
from hub_config.spawners import lab as lab_files
from tests.service.lab_platform import TOKEN, Platform, platform
from tests.service.lab_server import PAGE_TOKEN, LabServer, lab_server

pytestmark = [pytest.mark.service, pytest.mark.browser]

PICTURES = Path(__file__).parents[1] / "browser" / "screenshots"
_FLAGS = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-sync"
_SECONDS = 60_000


@pytest.fixture
def exchange() -> Iterator[Platform]:
    with platform() as running:
        yield running


@pytest.fixture
def page() -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=_FLAGS.split())
        context = browser.new_context(viewport={"width": 1280, "height": 800}, timezone_id="Europe/Paris")
        context.set_default_timeout(_SECONDS)
        expect.set_options(timeout=_SECONDS)
        made = context.new_page()
        errors: list[str] = []
        made.on("pageerror", lambda error: errors.append(str(error)))
        yield made
        browser.close()
        assert errors == []


def start(folder: Path, role: str, exchange: Platform) -> Iterator[LabServer]:
    """JupyterLab with the configuration that the platform's spawner writes, in French."""
    specification = LaunchSpecification(
        person="p-amina",
        person_number=1,
        course="enquetes",
        course_title="",
        course_url="",
        environment="",
        role=role,
        language="fr",
        memory_bytes=1,
        cpus=1,
        processes=1,
    )
    settings = folder / "jupyter"
    for name, text in lab_files.files(specification, PurePath("/nowhere"), folder / "work").items():
        if not name.startswith("kernels"):
            (settings / name).parent.mkdir(parents=True, exist_ok=True)
            (settings / name).write_text(text)
    more = {"LANGUAGE": "fr:en", "JUPYTER_CONFIG_PATH": str(settings), "HIMALIA_ROLE": role}
    with lab_server(folder / role, exchange.url, TOKEN, program="jupyterlab", **more) as running:
        yield running


@pytest.fixture
def lab(tmp_path: Path, exchange: Platform) -> Iterator[LabServer]:
    yield from start(tmp_path, "student", exchange)


@pytest.fixture
def authors_lab(tmp_path: Path, exchange: Platform) -> Iterator[LabServer]:
    yield from start(tmp_path, "teacher", exchange)


def opened(page: Page, lab: LabServer) -> None:
    page.goto(f"{lab.url}/himalia/open/tp1?token={PAGE_TOKEN}")
    expect(page.locator(".himalia-validate")).to_be_visible()
    expect(page.get_by_text("Python 3 (ipykernel) | Inactif")).to_be_visible()


def dialog(page: Page) -> Locator:
    return page.get_by_role("dialog")


def press(page: Page, name: str) -> None:
    dialog(page).get_by_role("button", name=name, exact=True).click()


def picture(page: Page, name: str) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"lab-{name}.png")


def write(page: Page, cell: int, text: str) -> None:
    page.locator(".jp-CodeCell").nth(cell).locator(".cm-content").click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(text)


def on_disk(lab: LabServer) -> str:
    return (lab.work / "tp1" / "TP1 enquête.ipynb").read_text()


def test_a_student_verifies_hands_in_and_goes_back(page: Page, lab: LabServer, exchange: Platform) -> None:
    opened(page, lab)
    assert page.locator("html").get_attribute("lang") == "fr-FR"
    expect(page.get_by_role("button", name="Enquêtes et images (SHS) · environnement 3fa1b2c4")).to_be_visible()
    page.get_by_role("button", name="Vérifier").click()
    expect(dialog(page)).to_contain_text("2 tests visibles échouent")
    picture(page, "verify")
    dialog(page).get_by_role("button", name="Aller à la cellule: Test · 2. Compter").click()
    expect(page.locator(".jp-Notebook-cell.jp-mod-active")).to_contain_text("assert compter")

    write(page, 0, "def nettoyer(texte):\n    return texte.strip().lower()")
    page.get_by_role("button", name="Rendre").click()
    expect(dialog(page)).to_contain_text("Rendre « TP1 Recoder une enquête » ?")
    assert "strip().lower()" in on_disk(lab)
    press(page, "Rendre")
    expect(dialog(page)).to_contain_text("Reçu à temps.")
    expect(page.locator("#himalia-announcer")).to_contain_text("Rendu. 24 novembre 2026 à 22:58:03")
    picture(page, "receipt")
    with page.expect_download() as download:
        dialog(page).get_by_role("link", name="Télécharger ce qui a été rendu").click()
    digest = hashlib.sha256(download.value.path().read_bytes()).hexdigest()
    assert dialog(page).locator(".himalia-digest").inner_text() == digest
    press(page, "Fermer")
    assert len(exchange.receipts) == 1

    page.get_by_role("tab", name="Versions").click()
    versions = page.get_by_role("region", name="Versions", exact=True)
    versions.get_by_label("Que remettre comme dans le sujet").select_option("nettoyer")
    versions.get_by_role("button", name="Recommencer").click()
    press(page, "Recommencer")
    first = page.locator(".jp-CodeCell").first
    expect(first).to_contain_text("NotImplementedError")
    expect(versions).to_contain_text("avant de recommencer")
    picture(page, "versions")
    versions.get_by_role("button", name="Rétablir la version du").first.click()
    press(page, "Rétablir")
    expect(first).to_contain_text("strip().lower()")
    assert "strip().lower()" in on_disk(lab)


def test_a_refusal_is_told_in_plain_words(page: Page, lab: LabServer, exchange: Platform) -> None:
    opened(page, lab)
    exchange.refusal = (409, "La date limite est passée", "Demandez un délai à votre enseignant·e.")
    page.get_by_role("button", name="Rendre").click()
    press(page, "Rendre")
    expect(dialog(page)).to_contain_text("Non rendu")
    expect(dialog(page)).to_contain_text("Demandez un délai à votre enseignant·e.")
    exchange.refusal = None
    exchange.late = True
    press(page, "Réessayer")
    expect(dialog(page)).to_contain_text("Reçu après la date limite : marqué en retard.")
    picture(page, "late")


def test_handing_in_by_keyboard_alone(page: Page, lab: LabServer, exchange: Platform) -> None:
    opened(page, lab)
    page.locator(".jp-NotebookPanel-toolbar jp-button[data-command='docmanager:save']").focus()
    hand_in = page.locator(".himalia-submit jp-button")
    for _ in range(30):
        if hand_in.evaluate("button => button === document.activeElement"):
            break
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(dialog(page)).to_contain_text("Rendre « TP1")
    page.keyboard.press("Enter")
    expect(dialog(page).locator(".himalia-digest")).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog(page)).to_have_count(0)
    assert hand_in.evaluate("button => button === document.activeElement")
    assert len(exchange.receipts) == 1


def test_an_author_saves_and_the_platform_has_the_source(page: Page, authors_lab: LabServer, exchange: Platform) -> None:
    opened(page, authors_lab)
    expect(page.get_by_role("button", name="Rendre")).to_be_hidden()
    write(page, 0, "def nettoyer(texte):\n    return 'source'")
    page.keyboard.press("Control+S")
    expect(page.get_by_role("button", name="Source envoyée à")).to_be_visible()
    sent = json.loads(exchange.sources[-1]["TP1 enquête.ipynb"])
    assert "return 'source'" in "".join(sent["cells"][2]["source"])
    picture(page, "author")


def test_what_is_typed_is_saved_by_itself(page: Page, lab: LabServer) -> None:
    opened(page, lab)
    write(page, 0, "seul = 1")
    expect(page.get_by_text("Enregistrement effectué")).to_be_visible()
    assert "seul = 1" in on_disk(lab)
