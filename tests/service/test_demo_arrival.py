"""On arrival: the demo's courses are there, TP1 comes back with its marks, an environment waits to be repaired."""

import httpx2 as httpx

from tests.service.conftest import Himalia, until

COPY = "/courses/enquetes-images/tp1-recoder/copy"


def answer(browser: httpx.Client, path: str, *words: str) -> str:
    """The page, once it answers and holds every one of `words`; empty before."""
    page = browser.get(path)
    return page.text if page.status_code == 200 and all(word in page.text for word in words) else ""


def test_amina_finds_her_two_courses_and_her_graded_copy(himalia: Himalia) -> None:
    amina = himalia.sign_in("amina")
    assert answer(amina, "/", "Enquêtes et images (SHS)", "Apprentissage et équité (L2)")
    copy = until(lambda: answer(amina, COPY, "19"), seconds=120, what="the return of TP1")
    assert "20" in copy
    assert answer(amina, f"{COPY}/recoder.html", "Bonne lecture du test et de la figure.")


def test_karim_finds_eleven_copies_to_grade(himalia: Himalia) -> None:
    karim = himalia.sign_in("karim")
    assert answer(karim, "/courses/apprentissage-equite/tp2-loyer/grading", "Lucas Moreau", "Zoé Kowalska")


def test_karim_finds_an_environment_to_repair(himalia: Himalia) -> None:
    karim = himalia.sign_in("karim")
    page = "/courses/apprentissage-equite/environment"
    until(lambda: answer(karim, page, "numpy==1.25.2", "pandas"), seconds=240, what="a build that failed")
    assert answer(karim, page, "numpy")
