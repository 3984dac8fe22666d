"""Sessions: what a cookie opens, for how long, and what a stolen table does not."""

from collections.abc import Callable

from sqlalchemy import select
from starlette.responses import Response
from starlette.testclient import TestClient

from hub_services.people.api import Person
from hub_services.web.platform import Platform
from hub_services.web.sessions import close_session, cookie_name, find_session, open_session
from hub_services.web.tables import sessions
from tests.unit.conftest import Clock, FakeHub


def cookie_of(response: Response) -> str:
    return response.headers["set-cookie"].partition(";")[0].partition("=")[2]


def opened(platform: Platform) -> str:
    response = Response()
    open_session(platform, response, "p-amina", "demo", "token")
    return cookie_of(response)


def test_a_session_is_found_by_its_cookie_until_it_ends(platform: Platform, clock: Clock) -> None:
    cookie = opened(platform)
    with platform.database.read() as connection:
        found = find_session(connection, cookie, clock.now())
        assert found
        assert (found.person, found.provider, found.id_token) == ("p-amina", "demo", "token")
        clock.move(hours=12, seconds=1)
        assert find_session(connection, cookie, clock.now()) is None


def test_the_table_holds_nothing_that_opens_a_session(platform: Platform, clock: Clock) -> None:
    cookie = opened(platform)
    with platform.database.read() as connection:
        row = connection.execute(select(sessions)).one()
        assert cookie not in [str(value) for value in row]
        assert find_session(connection, row.digest, clock.now()) is None


def test_each_sign_in_is_a_new_session(platform: Platform, clock: Clock) -> None:
    first, second = opened(platform), opened(platform)
    assert first != second
    with platform.database.begin() as connection:
        found = find_session(connection, first, clock.now())
        assert found
        close_session(connection, found.digest)
        assert find_session(connection, first, clock.now()) is None
        assert find_session(connection, second, clock.now())


def test_no_cookie_and_any_cookie_are_nobody(platform: Platform, clock: Clock) -> None:
    with platform.database.read() as connection:
        assert find_session(connection, None, clock.now()) is None
        assert find_session(connection, "", clock.now()) is None
        assert find_session(connection, "'; drop table sessions", clock.now()) is None


def test_ended_sessions_are_swept(platform: Platform, clock: Clock) -> None:
    opened(platform)
    clock.move(days=2)
    opened(platform)
    with platform.database.read() as connection:
        assert len(connection.execute(select(sessions)).all()) == 1


def test_the_cookie_is_bound_to_its_host_over_tls(platform: Platform) -> None:
    assert cookie_name(secure=True).startswith("__Host-")
    response = Response()
    open_session(platform, response, "p-amina", "demo", "")
    attributes = response.headers["set-cookie"].lower()
    assert "httponly" in attributes
    assert "samesite=lax" in attributes
    assert "domain" not in attributes


def test_signing_out_ends_the_session_and_the_hub_tokens(
    hub: FakeHub, somebody: Callable[..., Person], browser_of: Callable[[Person], TestClient]
) -> None:
    amina = somebody()
    browser = browser_of(amina)
    kept = dict(browser.cookies)
    assert browser.post("/sign-out").headers["location"] == "/hub/logout"
    browser.cookies.update(kept)
    assert browser.get("/sign-in").status_code == 200, "the old cookie opens nothing"
    assert hub.forgotten == [amina.id]


def test_who_is_not_signed_in_is_sent_to_the_sign_in_page_and_back(visitor: TestClient) -> None:
    answer = visitor.get("/?a=1&b=2")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in?next=%2F%3Fa%3D1%26b%3D2"
