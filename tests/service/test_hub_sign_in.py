"""A browser's way to a person's server: the sign-in, without a consent page, and whose server it opens."""

import contextlib
import http.client
import re
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

import pytest

from tests.service.hub_rig import COURSE, PERSON, Platform
from tests.service.hub_rig import platform as platform

pytestmark = pytest.mark.service
LAB = f"/user/{PERSON}/{COURSE}/lab"


@dataclass
class Page:
    """One answer on the way."""

    url: str
    status: int
    cookies: list[str]
    text: str


@dataclass
class Browser:
    """Follows redirects; keeps each host's cookies for that host, by path, as browsers do."""

    port: int
    jar: dict[tuple[str, str, str], str] = field(default_factory=dict)

    def visit(self, url: str) -> list[Page]:
        """The pages from `url` to where it leads."""
        pages: list[Page] = []
        while len(pages) < 15:
            page, location = self._get(url)
            pages.append(page)
            if not location:
                return pages
            url = urljoin(url, location)
        raise AssertionError(f"it never ends: {[page.url for page in pages]}")

    def _get(self, url: str) -> tuple[Page, str | None]:
        address = urlsplit(url)
        assert address.port == self.port, url
        path = address.path + (f"?{address.query}" if address.query else "")
        host = address.hostname or ""
        sent = [f"{name}={value}" for (at, below, name), value in self.jar.items() if at == host and path.startswith(below)]
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Host": address.netloc, "Sec-Fetch-Mode": "navigate", "Accept": "text/html"}
        connection.request("GET", path, headers=headers | ({"Cookie": "; ".join(sent)} if sent else {}))
        with contextlib.closing(connection), connection.getresponse() as answer:
            text = answer.read().decode(errors="replace")
        cookies = answer.headers.get_all("Set-Cookie") or []
        for cookie in cookies:
            self._keep(host, cookie)
        return Page(url, answer.status, cookies, text), answer.headers.get("Location")

    def _keep(self, host: str, cookie: str) -> None:
        name, _, value = cookie.partition(";")[0].partition("=")
        if "domain=" in cookie.lower():  # refused by browsers for localhost; it opens nothing
            assert name == "jupyterhub-session-id", cookie
            return
        path = re.search(r"path=([^;]*)", cookie, re.IGNORECASE)
        self.jar[host, path.group(1) if path else "/", name] = value


@pytest.fixture(scope="module")
def opened(platform: Platform) -> Platform:
    """The person's server is open, for all tests here."""
    platform.open()
    return platform


def lab(platform: Platform) -> str:
    return f"http://{PERSON}.localhost:{platform.ports['public']}{LAB}"


def test_the_way_to_lab_has_no_page_to_agree_to(opened: Platform) -> None:
    opened.visitor = PERSON
    pages = Browser(opened.ports["public"]).visit(lab(opened))
    assert [page.status for page in pages[:-1]] == [302] * (len(pages) - 1)
    assert pages[-1].status == 200
    assert 'id="jupyter-config-data"' in pages[-1].text
    assert pages[-1].url.startswith(lab(opened))
    assert any("/hub/api/oauth2/authorize" in page.url for page in pages)


def test_the_hub_proves_itself_with_pkce(opened: Platform) -> None:
    Browser(opened.ports["public"]).visit(lab(opened))
    asked = opened.authorized[-1]
    assert (asked["client_id"], asked["scope"], asked["code_challenge_method"]) == ("jupyterhub", "openid", "S256")
    assert asked["redirect_uri"] == f"http://localhost:{opened.ports['public']}/hub/oauth_callback"


def test_every_cookie_that_says_who_one_is_is_lax(opened: Platform) -> None:
    cookies = [cookie for page in Browser(opened.ports["public"]).visit(lab(opened)) for cookie in page.cookies]
    kept = [cookie for cookie in cookies if cookie.startswith("jupyterhub-") and '=""' not in cookie]
    assert kept
    for cookie in kept:
        assert re.search(r"samesite=(lax|strict)", cookie, re.IGNORECASE), cookie


def test_another_person_is_turned_away(opened: Platform) -> None:
    opened.visitor = "p-bbbbbbbbbb"
    try:
        pages = Browser(opened.ports["public"]).visit(lab(opened))
        assert pages[-1].status == 403
        assert "jupyter-config-data" not in pages[-1].text
    finally:
        opened.visitor = PERSON


def test_a_persons_host_shows_nothing_of_the_hub(opened: Platform) -> None:
    browser = Browser(opened.ports["public"])
    for path in ("/", "/hub/home", "/hub/api", "/hub/metrics", "/internal/launch"):
        page = browser.visit(f"http://{PERSON}.localhost:{opened.ports['public']}{path}")[-1]
        assert '"web"' in page.text, path


def test_the_main_host_is_the_web_applications_but_for_the_hubs_corner(opened: Platform) -> None:
    browser = Browser(opened.ports["public"])
    root = f"http://localhost:{opened.ports['public']}"
    assert '"web"' in browser.visit(f"{root}/courses/intro")[-1].text
    assert '"version"' in browser.visit(f"{root}/hub/api")[-1].text
    assert browser.visit(f"{root}/hub/metrics")[-1].status == 403


def test_leaving_the_hub_leads_to_where_the_web_application_ends_the_session(opened: Platform) -> None:
    browser = Browser(opened.ports["public"])
    browser.visit(lab(opened))
    root = f"http://localhost:{opened.ports['public']}"
    assert browser.visit(f"{root}/hub/logout")[-1].url == f"{root}/sign-in/ended"
