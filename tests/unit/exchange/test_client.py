"""The client: what it sends, when it repeats, how a refusal reads."""

from collections.abc import Callable, Iterator

import httpx2 as httpx
import pytest
from himalia_exchange.client import ExchangeClient, ExchangeRefused, Patience, from_environment
from himalia_exchange.wire import IDEMPOTENCY_KEY

RECEIPT = {
    "id": "s-1",
    "course": "intro",
    "assignment": "tp1",
    "person": "p-aaaaaaaaaa",
    "received_at": "2026-11-20T10:00:00Z",
    "sha256": "0" * 64,
    "size": 3,
    "late": False,
    "files": [{"path": "tp1.ipynb", "size": 3}],
    "from_a_later_version": 1,
}


def client(answer: Callable[[httpx.Request], httpx.Response], pauses: tuple[float, ...] = (0, 0)) -> ExchangeClient:
    patience = Patience(pauses=pauses, sleep=lambda _: None)
    return ExchangeClient("http://web/", "secret", language="fr-FR", patience=patience, transport=httpx.MockTransport(answer))


def test_a_submission_carries_token_key_and_language() -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(201, json=RECEIPT)

    receipt = client(answer).submit("tp1", b"zip", key="k1")
    assert receipt.id == "s-1"
    assert str(seen[0].url) == "http://web/api/exchange/assignments/tp1/submissions"
    assert seen[0].headers["authorization"] == "token secret"
    assert seen[0].headers["accept-language"] == "fr-FR"
    assert seen[0].headers[IDEMPOTENCY_KEY] == "k1"
    assert seen[0].content == b"zip"


def test_a_repeated_submission_keeps_its_key() -> None:
    keys: list[str] = []
    answers: Iterator[object] = iter([httpx.ConnectError("down"), httpx.Response(503), httpx.Response(201, json=RECEIPT)])

    def answer(request: httpx.Request) -> httpx.Response:
        keys.append(request.headers[IDEMPOTENCY_KEY])
        what = next(answers)
        if isinstance(what, httpx.Response):
            return what
        raise httpx.ConnectError("down")

    client(answer).submit("tp1", b"zip")
    assert len(keys) == 3
    assert len(set(keys)) == 1


def test_a_refusal_is_not_repeated() -> None:
    calls = 0

    def answer(request: httpx.Request) -> httpx.Response:
        nonlocal calls
        calls += 1
        return httpx.Response(422, json={"title": "Too late", "detail": "Ask your teacher."})

    with pytest.raises(ExchangeRefused) as caught:
        client(answer).submit("tp1", b"zip")
    assert (caught.value.title, caught.value.detail, caught.value.status, calls) == (
        "Too late",
        "Ask your teacher.",
        422,
        1,
    )


def test_an_exchange_that_stays_away_is_said() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("slow")

    with pytest.raises(ExchangeRefused, match="cannot be reached"):
        client(answer).assignments()


@pytest.mark.parametrize("body", [b"<html>", b"[]", b"{}"])
def test_an_answer_in_another_form_is_no_crash(body: bytes) -> None:
    with pytest.raises(ExchangeRefused, match="500"):
        client(lambda _: httpx.Response(500, content=body)).fetch("tp1")
    with pytest.raises(ExchangeRefused, match="versions"):
        client(lambda _: httpx.Response(200, content=b'{"x": 1}')).submit("tp1", b"zip")


def test_outside_of_a_workspace_it_says_so() -> None:
    with pytest.raises(ExchangeRefused, match="not a Himalia workspace"):
        from_environment({"HIMALIA_URL": "http://web"})


@pytest.mark.parametrize(
    ("variables", "language"),
    [
        ({"LANG": "fr_FR.UTF-8"}, "fr-FR"),
        ({"LANG": "C.UTF-8", "LANGUAGE": "en"}, "en"),
        ({"LANG": "fr_FR.UTF-8", "LANGUAGE": "en_GB:fr"}, "en-GB"),
        ({"LANG": "C.UTF-8"}, None),
        ({}, None),
    ],
)
def test_the_language_is_the_workspaces(variables: dict[str, str], language: str | None) -> None:
    made = from_environment({"HIMALIA_URL": "http://web", "JUPYTERHUB_API_TOKEN": "t", **variables})
    assert made._http.headers.get("accept-language") == language
