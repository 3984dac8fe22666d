"""The exchange of a whole running platform: its database to prepare and look, and tokens as servers have them."""

from collections.abc import Iterator
from contextlib import contextmanager

import httpx2 as httpx

from hub_config.settings.model import Settings
from hub_services.web.platform import Platform, assemble
from tests.service.conftest import Himalia


@contextmanager
def opened(himalia: Himalia) -> Iterator[Platform]:
    """The same database and files as the running platform's."""
    platform = assemble(Settings.model_validate(himalia.settings))
    try:
        yield platform
    finally:
        platform.database.engine.dispose()


def hub_client(platform: Platform) -> httpx.Client:
    """The hub's API with the web application's own token."""
    own = {"Authorization": f"token {platform.secrets.read('hub_token_web')}"}
    return httpx.Client(base_url=f"http://127.0.0.1:{platform.settings.addresses.hub_port}/hub/api", headers=own, timeout=30)


def server_token(platform: Platform, person: str, course: str) -> str:
    """A token with the one scope that a server's token is known by, of a person whom the hub then knows."""
    with hub_client(platform) as hub:
        if hub.get(f"/users/{person}").status_code == 404:
            hub.post(f"/users/{person}").raise_for_status()
        answer = hub.post(f"/users/{person}/tokens", json={"scopes": [f"access:servers!server={person}/{course}"]})
        assert answer.status_code == 201, answer.text
        token: str = answer.json()["token"]
    return token
