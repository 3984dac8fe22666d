"""Refusals and faults: words that people can act on, JSON for programs, never a stack trace."""

import logging

import pytest
from fastapi import APIRouter, FastAPI
from starlette.testclient import TestClient

from hub_services.web import errors
from hub_services.web.platform import Platform
from hub_services.web.refusals import Refusal


@pytest.fixture
def browser(platform: Platform) -> TestClient:
    app = FastAPI()
    app.state.platform = platform
    router = APIRouter()

    @router.get("/fault")
    def fault() -> None:
        raise ZeroDivisionError("the password is x")

    @router.get("/refusal")
    def refusal() -> None:
        raise Refusal(409, "Welcome to %(name)s", "%(what)s & more", {"name": "<b>TP1</b>", "what": "100 %"})

    @router.get("/number")
    def number(count: int) -> int:
        return count

    app.include_router(router)
    errors.install(app)
    return TestClient(app, raise_server_exceptions=False, headers={"accept": "text/html", "accept-language": "en"})


def test_a_fault_is_a_number_for_the_administrator_and_nothing_more(
    browser: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR, "himalia.web"):
        answer = browser.get("/fault")
    assert answer.status_code == 500
    assert "password" not in answer.text
    assert "Traceback" not in answer.text
    (record,) = [record for record in caplog.records if record.name == "himalia.web"]
    number = record.getMessage().split()[1]
    assert number in answer.text


def test_a_refusal_is_a_page_whose_values_are_no_markup(browser: TestClient) -> None:
    answer = browser.get("/refusal")
    assert answer.status_code == 409
    assert "<h1>Welcome to &lt;b&gt;TP1&lt;/b&gt;</h1>" in answer.text
    assert "100 % &amp; more" in answer.text


def test_a_program_gets_json(browser: TestClient) -> None:
    answer = browser.get("/refusal", headers={"accept": "application/json"})
    assert answer.json() == {"title": "Welcome to <b>TP1</b>", "detail": "100 % & more"}


def test_a_refusal_is_told_in_french(browser: TestClient) -> None:
    assert "Bienvenue sur" in browser.get("/refusal", headers={"accept-language": "fr"}).text


@pytest.mark.parametrize(("path", "status"), [("/nothing", 404), ("/number?count=x", 422), ("/number", 422)])
def test_wrong_addresses_and_forms_are_explained(path: str, status: int, browser: TestClient) -> None:
    answer = browser.get(path)
    assert answer.status_code == status
    assert "<h1>" in answer.text
    assert "detail" not in answer.text


def test_a_method_that_is_not_there_is_explained(browser: TestClient) -> None:
    answer = browser.post("/refusal")
    assert answer.status_code == 405
    assert "This request cannot be answered" in answer.text
