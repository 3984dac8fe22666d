"""A platform on a temporary folder, and a teacher in it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from starlette.responses import Response

from hub_config.settings.model import Settings
from hub_services.app import create_public
from hub_services.people.api import Person
from hub_services.people.models import Identity
from hub_services.people.sign_in import Account, resolve
from hub_services.web.platform import Platform, assemble
from hub_services.web.schema import upgrade
from hub_services.web.sessions import open_session

SignIn = Callable[[Person], TestClient]


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    made = assemble(Settings.model_validate({"state": tmp_path, "courses": {"creators": "everyone"}}))
    upgrade(made.database)
    yield made
    made.database.engine.dispose()


def newcomer(platform: Platform, name: str, *, is_administrator: bool = False) -> Person:
    account = Account(Identity("test", name), name, f"{name.lower()}@example.org", is_administrator)
    with platform.database.begin() as connection:
        return resolve(platform, connection, account)


@pytest.fixture
def karim(platform: Platform) -> Person:
    return newcomer(platform, "Karim")


@pytest.fixture
def amina(platform: Platform) -> Person:
    return newcomer(platform, "Amina")


@pytest.fixture
def signed_in(platform: Platform) -> Iterator[SignIn]:
    """A browser of a person: it sends its cookie and says that its forms are our own."""
    clients = []

    def browser(person: Person) -> TestClient:
        carrier = Response()
        open_session(platform, carrier, person.id, "test", "")
        cookie = carrier.headers["set-cookie"].split(";")[0]
        headers = {"cookie": cookie, "sec-fetch-site": "same-origin", "accept": "text/html", "accept-language": "fr"}
        client = TestClient(create_public(platform), "http://localhost:8000", headers=headers, follow_redirects=False)
        clients.append(client)
        return client

    yield browser
    for client in clients:
        client.close()
