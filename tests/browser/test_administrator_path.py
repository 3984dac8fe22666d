"""The administrator's path of five minutes: a build has failed, the page says why, a corrected list is built."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.lab import PATIENCE
from tests.service.conftest import Himalia, until

COURSE = "Apprentissage et équité (L2)"
GOOD = "numpy>=2,<3\npandas>=2.3,<4\nmatplotlib>=3.10,<4"
BROKEN = "numpy==1.25.2\npandas>=3,<4\nmatplotlib>=3.10,<4"


def test_an_administrator_repairs_an_environment(
    himalia: Himalia, person: Callable[..., Page], shoot: Callable[..., None]
) -> None:
    page = person("Camille")
    step = page.get_by_role("link", name=f"Ouvrez l’environnement de « {COURSE} »")

    def is_offered() -> bool:
        page.reload()  # the demo's builds go on after the platform is ready
        return step.count() == 1

    until(is_offered, seconds=300, what="a build that fails")
    shoot(page, "home")
    step.click()
    expect(page.get_by_text("Deux paquets de votre liste ne peuvent pas aller ensemble")).to_be_visible()
    expect(page.get_by_label("Un paquet par ligne")).to_have_value(BROKEN)
    shoot(page, "broken")
    page.get_by_label("Un paquet par ligne").fill(GOOD)
    page.get_by_role("button", name="Construire").click()
    expect(page.locator("dl.facts .badge")).to_have_text("réussie", timeout=PATIENCE)
    shoot(page, "repaired")
    page.goto("/courses/apprentissage-equite")
    expect(page.get_by_role("heading", level=1)).to_have_text("Cette page n’existe pas")

    # As it was, for whoever comes next.
    page.goto("/administration/apprentissage-equite")
    page.get_by_label("Un paquet par ligne").fill(BROKEN)
    page.get_by_role("button", name="Construire").click()
    expect(page.locator("dl.facts .badge")).to_have_text("échouée", timeout=PATIENCE)
