"""What the web application says to the hub, and what it makes of the answers."""

import json
from collections.abc import Callable
from pathlib import Path

import httpx2 as httpx
import pytest

from hub_services.web.hub import HubClient, ServerIdentity, ServerState
from hub_services.web.refusals import Refusal
from hub_services.web.secrets import Secrets

Answer = Callable[[httpx.Request], httpx.Response]


@pytest.fixture
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Answer], tuple[HubClient, list[httpx.Request]]]:
    def make(answer: Answer) -> tuple[HubClient, list[httpx.Request]]:
        asked: list[httpx.Request] = []

        def handle(request: httpx.Request) -> httpx.Response:
            asked.append(request)
            return answer(request)

        made = HubClient("http://127.0.0.1:8081/hub/api", Secrets(tmp_path))
        transport = httpx.MockTransport(handle)
        monkeypatch.setattr(made, "_client", httpx.Client(base_url="http://127.0.0.1:8081/hub/api", transport=transport))
        return made, asked

    return make


Make = Callable[[Answer], tuple[HubClient, list[httpx.Request]]]


def always(status: int, body: object = None) -> Answer:
    return lambda _request: httpx.Response(status, content=json.dumps(body).encode())


def test_a_start_goes_out_with_our_token(client: Make, tmp_path: Path) -> None:
    hub, asked = client(always(202))
    hub.start("p-amina", "stats")
    assert [(r.method, r.url.path) for r in asked] == [("POST", "/hub/api/users/p-amina/servers/stats")]
    assert asked[0].headers["authorization"] == "token " + (tmp_path / "hub_token_web").read_text()


def test_somebody_whom_the_hub_does_not_know_is_made_first(client: Make) -> None:
    known: set[str] = set()

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/users/p-amina"):
            known.add("p-amina")
            return httpx.Response(201)
        return httpx.Response(202 if known else 404)

    hub, asked = client(answer)
    hub.start("p-amina", "stats")
    assert [r.url.path.rsplit("/hub/api", 1)[1] for r in asked] == [
        "/users/p-amina/servers/stats",
        "/users/p-amina",
        "/users/p-amina/servers/stats",
    ]


def test_a_server_that_runs_already_is_no_error(client: Make) -> None:
    hub, _ = client(always(400, {"message": "p-amina:stats is already running"}))
    hub.start("p-amina", "stats")


@pytest.mark.parametrize(("status", "told"), [(429, 503), (500, 502), (403, 502), (400, 502)])
def test_a_refused_start_is_told_in_words(status: int, told: int, client: Make) -> None:
    hub, _ = client(always(status, {"message": "Traceback: secret"}))
    with pytest.raises(Refusal) as refusal:
        hub.start("p-amina", "stats")
    assert refusal.value.status == told
    assert "secret" not in refusal.value.detail


def test_a_hub_that_is_away_is_told_in_words(client: Make) -> None:
    def away(_request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    hub, _ = client(away)
    for call in (
        lambda: hub.start("p", "c"),
        lambda: hub.stop("p", "c"),
        lambda: hub.server("p", "c"),
        lambda: hub.identify("t"),
    ):
        with pytest.raises(Refusal) as refusal:
            call()
        assert refusal.value.status == 503


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (always(404), ServerState(running=False, ready=False, pending=None)),
        (always(200, {"servers": {}}), ServerState(running=False, ready=False, pending=None)),
        (always(200, {"servers": {"stats": {"ready": False, "pending": "spawn"}}}), ServerState(True, False, "spawn")),
        (always(200, {"servers": {"stats": {"ready": True, "pending": None}}}), ServerState(True, True, None)),
        (always(200, {"servers": {"other": {"ready": True}}}), ServerState(running=False, ready=False, pending=None)),
    ],
)
def test_the_state_of_a_server(answer: Answer, state: ServerState, client: Make) -> None:
    hub, _ = client(answer)
    assert hub.server("p-amina", "stats") == state


@pytest.mark.parametrize(
    ("scopes", "identity"),
    [
        (["access:servers!server=p-amina/stats", "read:users!user=p-amina"], ServerIdentity("p-amina", "stats")),
        (["access:servers!server=p-amina/"], None),
        (["access:servers!server=p-karim/stats"], None),
        (["access:servers!server=p-amina/stats", "access:servers!server=p-amina/other"], None),
        (["access:servers!user=p-amina"], None),
        (["access:servers"], None),
        ([], None),
    ],
    ids=str,
)
def test_a_token_counts_for_its_own_server_alone(scopes: list[str], identity: ServerIdentity | None, client: Make) -> None:
    hub, asked = client(always(200, {"name": "p-amina", "scopes": scopes}))
    assert hub.identify("theirs") == identity
    assert asked[0].headers["authorization"] == "token theirs"


def test_a_token_that_the_hub_does_not_know_is_nobody_and_is_asked_once(client: Make) -> None:
    hub, asked = client(always(403))
    assert hub.identify("stolen") is None
    assert hub.identify("stolen") is None
    assert len(asked) == 1
    assert hub.identify("other") is None
    assert len(asked) == 2


def test_browsers_of_a_person_are_forgotten_and_other_tokens_stay(client: Make) -> None:
    tokens = [{"id": "a1", "oauth_client": "stats server"}, {"id": "a2", "oauth_client": "JupyterHub"}, {"id": "a3"}]
    hub, asked = client(always(200, {"api_tokens": tokens}))
    hub.forget_sessions("p-amina")
    assert [r.url.path for r in asked if r.method == "DELETE"] == ["/hub/api/users/p-amina/tokens/a1"]
