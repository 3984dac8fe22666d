"""The guard: the matrix of origins, hosts, methods and cookies, and the attacks that were tried on a same-site name."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from hub_services.people.api import Person
from hub_services.web.guard import HEADERS, Origin, refusal

LAPTOP = Origin("http://localhost:8000", "localhost:8000", secure=False, forms="http://*.localhost:8000")
SITE = Origin("https://hub.univ.example", "hub.univ.example", secure=True, forms="https://*.hub.univ.example")
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
STUDENTS_PAGE = "https://p-mallory.hub.univ.example"


def asked(method: str = "GET", origin: Origin = SITE, cookies: tuple[str, ...] = (), **headers: str) -> str | None:
    """What the rule says of a request with these headers, written with underscores."""
    return asked_with(headers, method, origin, cookies)


def asked_with(headers: dict[str, str], method: str = "GET", origin: Origin = SITE, cookies: tuple[str, ...] = ()) -> str | None:
    named = {"host": origin.host} | {name.replace("_", "-"): value for name, value in headers.items()}
    return refusal(origin, method, "/", named, cookies)


@pytest.mark.parametrize("origin", [LAPTOP, SITE])
@pytest.mark.parametrize("method", UNSAFE)
def test_a_form_of_our_own_page_is_taken(origin: Origin, method: str) -> None:
    assert asked(method, origin=origin, sec_fetch_site="same-origin") is None


@pytest.mark.parametrize("method", UNSAFE)
def test_a_browser_without_fetch_metadata_is_judged_by_its_origin(method: str) -> None:
    headers = {"host": SITE.host, "origin": SITE.url}
    assert refusal(SITE, method, "/", headers, ()) is None
    for other in (STUDENTS_PAGE, "null", "http://hub.univ.example", SITE.url + ".evil.example", ""):
        assert refusal(SITE, method, "/", {**headers, "origin": other}, ())
    assert refusal(SITE, method, "/", {"host": SITE.host}, ())


@pytest.mark.parametrize("method", UNSAFE)
@pytest.mark.parametrize("site", ["same-site", "cross-site", "none", "", "SAME-ORIGIN"])
def test_a_form_of_another_page_is_refused_whatever_origin_it_claims(method: str, site: str) -> None:
    assert refusal(SITE, method, "/courses/x/people", {"host": SITE.host, "sec-fetch-site": site, "origin": SITE.url}, ())


@pytest.mark.parametrize("site", ["same-site", "cross-site"])
def test_another_page_may_link_to_us_and_no_more(site: str) -> None:
    link = {"sec_fetch_site": site, "sec_fetch_mode": "navigate", "sec_fetch_dest": "document"}
    assert asked_with(link) is None
    for changed in ({"sec_fetch_dest": "iframe"}, {"sec_fetch_mode": "no-cors"}, {"sec_fetch_dest": "empty"}):
        assert asked_with(link | changed)
    assert asked(sec_fetch_site=site, sec_fetch_mode="cors", sec_fetch_dest="empty")


@pytest.mark.parametrize("site", [None, "none", "same-origin"])
def test_looking_is_open_to_address_bars_programs_and_ourselves(site: str | None) -> None:
    assert asked_with({"sec_fetch_site": site} if site else {}) is None


def test_a_planted_session_cookie_is_refused_in_any_form() -> None:
    name = "__Host-himalia"
    assert asked(cookies=(f"{name}=mine",)) is None
    assert asked(cookies=(f"{name}=mine; {name}=planted",))
    assert asked(cookies=(f"{name}=mine", f"other=1;{name}=planted"))
    assert asked(cookies=(f"{name}=mine; {name}x=1; x{name}=1",)) is None


@pytest.mark.parametrize("host", ["p-mallory.hub.univ.example", "hub.univ.example.", "hub.univ.example:443", "127.0.0.1", ""])
def test_another_host_is_no_page_of_ours(host: str) -> None:
    assert refusal(SITE, "GET", "/", {"host": host}, ()) == "this host is not the platform's"


def test_a_token_route_takes_a_token_and_never_a_cookie_alone() -> None:
    path = "/api/exchange/assignments"
    assert refusal(SITE, "POST", path, {"host": "127.0.0.1:18082", "authorization": "token x"}, ()) is None
    assert refusal(SITE, "POST", path, {"host": SITE.host, "sec-fetch-site": "same-site"}, ("__Host-himalia=mine",))
    assert refusal(SITE, "GET", "/api/exchange", {"host": "127.0.0.1:18082"}, ())


@given(
    method=st.sampled_from(UNSAFE),
    site=st.one_of(st.none(), st.text(max_size=12)),
    origin=st.one_of(st.none(), st.text(max_size=40)),
    path=st.sampled_from(["/", "/sign-out", "/courses/x/open", "/api/other", "/api/exchange"]),
)
def test_nothing_is_changed_but_from_our_own_pages(method: str, site: str | None, origin: str | None, path: str) -> None:
    headers = {"host": SITE.host}
    headers |= {"sec-fetch-site": site} if site is not None else {}
    headers |= {"origin": origin} if origin is not None else {}
    taken = refusal(SITE, method, path, headers, ()) is None
    assert taken == (site == "same-origin" or (site is None and origin == SITE.url))


def test_every_page_carries_the_headers(visitor: TestClient) -> None:
    answer = visitor.get("/sign-in")
    assert answer.status_code == 200
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'self'" in policy


def test_a_student_page_cannot_sign_its_visitor_out(
    visitor: TestClient, somebody: Callable[..., Person], browser_of: Callable[[Person], TestClient]
) -> None:
    browser = browser_of(somebody())
    attack = {"sec-fetch-site": "same-site", "origin": "http://p-mallory.localhost:8000"}
    assert browser.post("/sign-out", headers=attack).status_code == 403
    assert browser.get("/sign-in").status_code == 303, "still signed in"


def test_the_address_of_a_stopped_server_shows_the_way_back_and_nothing_of_the_session(
    somebody: Callable[..., Person], browser_of: Callable[[Person], TestClient]
) -> None:
    browser = browser_of(somebody("Amina"))
    answer = browser.get("/hub/home", headers={"host": "p-amina.localhost:8000"})
    assert answer.status_code == 404
    assert 'href="http://localhost:8000/"' in answer.text
    assert "Amina" not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]
