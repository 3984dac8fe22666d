"""Every page in Chromium: axe finds nothing, nothing overflows a phone, nothing asks another host, in both languages."""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE, violations
from tests.browser.lab import LAB, PATIENCE, expect_lab
from tests.service.conftest import Himalia

SHS, L2 = "/courses/enquetes-images", "/courses/apprentissage-equite"
PAGES = {
    "Amina": (
        "/",
        SHS,
        f"{SHS}/tp1-recoder",
        f"{SHS}/tp1-recoder/copy",
        f"{SHS}/tp2-image-texte",
        f"{SHS}/opening",
        "/courses/none",
    ),
    "Karim": (
        "/",
        "/courses/new",
        SHS,
        f"{SHS}/tp1-recoder",
        f"{SHS}/tp1-recoder/preview",
        f"{SHS}/tp1-recoder/grading",
        f"{SHS}/new-assignment",
        f"{SHS}/people",
        f"{SHS}/environment",
        f"{SHS}/settings",
        f"{L2}/tp2-loyer",
    ),
    "Inès": ("/", f"{L2}/tp2-loyer", f"{L2}/people"),
    "Camille": ("/", "/administration", "/administration/enquetes-images"),
}
NARROW = {"width": 320, "height": 640}  # WCAG 2.2, 1.4.10: a page at 400 %
CSS_PIXELS_TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def check(page: Page, path: str) -> None:
    page.goto(path)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert violations(page) == [], path
    assert page.evaluate(CSS_PIXELS_TOO_WIDE) <= 0, f"{path} is wider than the screen"


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE, NARROW], ids=["desktop", "phone", "narrow"])
def test_pages_are_accessible_and_fit(
    name: str, viewport: dict[str, int], himalia: Himalia, person: Callable[..., Page], shoot: Callable[..., None]
) -> None:
    page = person(name, viewport=viewport)
    for path in PAGES[name]:
        check(page, path)
        if viewport is PHONE:
            shoot(page, name + path.replace("/", "-"))


@pytest.mark.parametrize("name", PAGES)
def test_pages_in_english(name: str, himalia: Himalia, person: Callable[..., Page]) -> None:
    page = person(name)
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    for path in PAGES[name]:
        check(page, path)


def test_the_first_pages_of_a_visitor(himalia: Himalia, blank: Callable[..., Page], shoot: Callable[..., None]) -> None:
    page = blank()
    check(page, "/sign-in")
    shoot(page, "sign-in")
    page.locator("#sign-in-demo").click()
    expect(page.get_by_role("button", name="Amina Benali")).to_be_visible()
    assert violations(page) == []


def test_a_copy_in_its_sandbox_is_accessible_and_runs_nothing(himalia: Himalia, person: Callable[..., Page]) -> None:
    page = person("Amina", bypass_csp=True)
    page.goto(f"{SHS}/tp1-recoder/copy")
    address = page.locator("iframe.copy").get_attribute("src")
    assert address
    answer = page.goto(address)
    assert answer
    assert answer.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    # pandas writes its tables so; they are shown as the notebook holds them.
    assert [v for v in violations(page) if v.rule != "empty-table-header"] == []


def test_nothing_is_asked_of_another_host(himalia: Himalia, person: Callable[..., Page]) -> None:
    page = person("Linh")
    asked: set[str] = set()
    page.on("request", lambda request: asked.add(urlsplit(request.url).hostname or ""))
    page.on("websocket", lambda socket: asked.add(urlsplit(socket.url).hostname or ""))
    for path in PAGES["Amina"]:
        page.goto(path)
    page.goto(f"{SHS}/visite-guidee")
    page.get_by_role("button", name="Ouvrir dans JupyterLab").click()
    expect_lab(page, "visite-guidee.ipynb")
    assert {host for host in asked if host != "localhost" and not host.endswith(".localhost")} == set()


def test_a_page_works_without_its_script(himalia: Himalia, blank: Callable[..., Page]) -> None:
    page = blank(java_script_enabled=False)
    page.goto("/")
    page.locator("#sign-in-demo").click()
    page.get_by_role("button", name="Mehdi Haddad").click()
    page.goto(SHS)
    page.get_by_role("button", name="Ouvrir Visite guidée").click()
    # The waiting page asks again by itself, and leads into the workspace: its address is enough without a script.
    expect(page).to_have_url(LAB, timeout=PATIENCE)


def test_the_readers_own_time_is_added_where_it_differs(himalia: Himalia, person: Callable[..., Page]) -> None:
    page = person("Sofia", timezone_id="Indian/Reunion")
    page.goto(f"{SHS}/tp2-image-texte")
    due = page.locator("dl.facts time").first
    expect(due).to_contain_text("23:59 (chez vous")
    at_home = person("Noam")
    at_home.goto(f"{SHS}/tp2-image-texte")
    expect(at_home.locator("dl.facts time").first).not_to_contain_text("chez vous")


def test_a_clock_that_is_two_hours_off_is_told(himalia: Himalia, person: Callable[..., Page]) -> None:
    page = person("Zoé")
    notice = page.locator("[data-now]")
    expect(notice).to_be_hidden()
    page.add_init_script("const real = Date.now; Date.now = () => real() + 7200000")
    page.reload()
    expect(notice).to_contain_text("L’horloge de cet ordinateur n’est pas juste.")
