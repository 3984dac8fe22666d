"""Requests with a body reach a person's server and their answers come back: none becomes a 503 on its way."""

import http.client
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

from tests.service.conftest import Himalia, until

COURSE = "enquetes-images"
EACH, AT_ONCE = 200, 4
BODY = b'{"a": 1}' * 20


def statuses(port: int, host: str, path: str) -> Counter[int]:
    """Headers, then the body, over one connection that is kept, as a browser does."""
    found: Counter[int] = Counter()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    for _ in range(EACH):
        connection.putrequest("PATCH", path, skip_host=True)
        for name, value in (("Host", host), ("Connection", "keep-alive"), ("Content-Length", str(len(BODY)))):
            connection.putheader(name, value)
        connection.endheaders()
        connection.send(BODY)
        answer = connection.getresponse()
        answer.read()
        found[answer.status] += 1
    connection.close()
    return found


def test_no_answer_is_lost_between_the_server_and_the_proxy(himalia: Himalia) -> None:
    """Before the remedy in hub_config/start_time.py one in seventy was: a Unix socket closed too early is EPIPE at once."""
    browser = himalia.sign_in("maelle")
    opened = browser.post(f"/courses/{COURSE}/open")

    def workspace() -> str:
        asked = browser.get(f"/courses/{COURSE}/opening", follow_redirects=False)
        return asked.headers.get("location", "") if asked.status_code == 303 else ""

    address = urlsplit(str(opened.url) if "/user/" in str(opened.url) else until(workspace, seconds=60, what="a workspace"))
    path = address.path.removesuffix("lab") + "api/sessions/none"
    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = sum(pool.map(lambda _: statuses(himalia.port, address.netloc, path), range(AT_ONCE)), Counter())
    assert found == {403: EACH * AT_ONCE}  # nobody is signed in: JupyterLab itself answered
