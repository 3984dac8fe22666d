"""The hub's sign-in: single-use codes of 60 s, PKCE, the exact address, tokens that end with the session."""

import base64
import hashlib
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from starlette.testclient import TestClient

from hub_services.people.api import Person
from hub_services.web.platform import Platform
from tests.unit.conftest import HOME, Clock

VERIFIER = "v" * 64
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
CALLBACK = f"{HOME}/hub/oauth_callback"
ASKED = {
    "client_id": "jupyterhub",
    "redirect_uri": CALLBACK,
    "response_type": "code",
    "state": "s1",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}


@pytest.fixture
def amina(somebody: Callable[..., Person]) -> Person:
    return somebody("Amina")


@pytest.fixture
def browser(amina: Person, browser_of: Callable[[Person], TestClient]) -> TestClient:
    return browser_of(amina)


@pytest.fixture
def redeem(platform: Platform, internal: TestClient) -> Callable[..., tuple[int, dict[str, str]]]:
    def ask(code: str, **changed: str) -> tuple[int, dict[str, str]]:
        form = {
            "code": code,
            "code_verifier": VERIFIER,
            "redirect_uri": CALLBACK,
            "client_id": "jupyterhub",
            "client_secret": platform.secrets.read("oauth_client_secret"),
        }
        answer = internal.post("/oauth/token", data=form | changed)
        return answer.status_code, answer.json()

    return ask


def code_of(browser: TestClient) -> str:
    answer = browser.get("/oauth/authorize", params=ASKED)
    assert answer.status_code == 303
    target = urlsplit(answer.headers["location"])
    assert target._replace(query="").geturl() == CALLBACK
    query = parse_qs(target.query)
    assert query["state"] == ["s1"]
    return query["code"][0]


def test_who_is_signed_in_gets_a_code_without_a_page_and_the_hub_their_id(
    amina: Person, browser: TestClient, redeem: Callable[..., tuple[int, dict[str, str]]], internal: TestClient
) -> None:
    status, answer = redeem(code_of(browser))
    assert status == 200
    told = internal.get("/oauth/userinfo", headers={"authorization": f"Bearer {answer['access_token']}"})
    assert told.json() == {"sub": amina.id}


def test_a_code_counts_once(browser: TestClient, redeem: Callable[..., tuple[int, dict[str, str]]]) -> None:
    code = code_of(browser)
    assert redeem(code)[0] == 200
    assert redeem(code) == (400, {"error": "invalid_grant"})


def test_a_code_counts_for_a_minute(browser: TestClient, clock: Clock, redeem: Callable[..., tuple[int, dict[str, str]]]) -> None:
    code = code_of(browser)
    clock.move(seconds=61)
    assert redeem(code)[0] == 400


@pytest.mark.parametrize(
    "changed", [{"code_verifier": "w" * 64}, {"code_verifier": ""}, {"redirect_uri": f"{HOME}/elsewhere"}], ids=str
)
def test_a_code_tried_wrongly_is_used_up(
    changed: dict[str, str], browser: TestClient, redeem: Callable[..., tuple[int, dict[str, str]]]
) -> None:
    code = code_of(browser)
    assert redeem(code, **changed)[0] == 400
    assert redeem(code)[0] == 400


@pytest.mark.parametrize("changed", [{"client_secret": "x"}, {"client_secret": ""}, {"client_id": "other"}], ids=str)
def test_only_the_hub_redeems(
    changed: dict[str, str], browser: TestClient, redeem: Callable[..., tuple[int, dict[str, str]]]
) -> None:
    assert redeem(code_of(browser), **changed) == (401, {"error": "invalid_client"})


def test_the_hub_may_prove_itself_in_the_header(platform: Platform, browser: TestClient, internal: TestClient) -> None:
    form = {"code": code_of(browser), "code_verifier": VERIFIER, "redirect_uri": CALLBACK}
    answer = internal.post("/oauth/token", data=form, auth=("jupyterhub", platform.secrets.read("oauth_client_secret")))
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "changed",
    [
        {"redirect_uri": "https://evil.example/hub/oauth_callback"},
        {"redirect_uri": CALLBACK + "/x"},
        {"redirect_uri": ""},
        {"client_id": "other"},
        {"response_type": "token"},
        {"code_challenge_method": "plain"},
        {"code_challenge": ""},
    ],
    ids=str,
)
def test_a_doubtful_request_is_refused_here_and_sent_nowhere(changed: dict[str, str], browser: TestClient) -> None:
    answer = browser.get("/oauth/authorize", params=ASKED | changed)
    assert answer.status_code == 400
    assert "location" not in answer.headers


def test_who_is_not_signed_in_signs_in_first_and_comes_back(visitor: TestClient) -> None:
    answer = visitor.get("/oauth/authorize", params=ASKED)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in?next=%2Foauth%2Fauthorize%3F")


def test_signing_out_ends_the_hubs_token(
    browser: TestClient, redeem: Callable[..., tuple[int, dict[str, str]]], internal: TestClient
) -> None:
    token = redeem(code_of(browser))[1]["access_token"]
    browser.post("/sign-out")
    assert internal.get("/oauth/userinfo", headers={"authorization": f"Bearer {token}"}).status_code == 401


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer x", "Basic x", "token x"])
def test_no_token_is_nobody(header: str, internal: TestClient) -> None:
    assert internal.get("/oauth/userinfo", headers={"authorization": header}).status_code == 401


def test_the_token_endpoint_is_not_on_the_public_port(visitor: TestClient) -> None:
    assert visitor.post("/oauth/token", data={"code": "x"}).status_code in (404, 405)
    assert visitor.get("/oauth/userinfo").status_code == 404
    assert visitor.get("/metrics").status_code == 404
