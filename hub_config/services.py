"""What other processes may do at the hub: each service, its scopes, and why it has each of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Service:
    """A process that holds a token of the hub."""

    name: str
    secret: str  # the file of its token, in the folder of secrets
    scopes: Mapping[str, str]  # each scope and what it is there for


SERVICES = (
    Service(
        "web",
        "hub_token_web",
        {
            "admin:users": "make a hub user at a person's first start; remove it when the person is erased",
            "servers": "start and stop servers, show whether they run and how a start goes",
            "tokens": "end a person's hub sessions when they sign out",
            "proxy": "give a restarted proxy its routes back",
        },
    ),
    Service("metrics", "hub_token_metrics", {"read:metrics": "let Prometheus read /hub/metrics"}),
)


def configure(c: Any, secrets: Path) -> None:
    """Tell JupyterHub of the services; a token's file that is missing stops it."""
    c.JupyterHub.services = [{"name": one.name, "api_token": read(secrets, one.secret)} for one in SERVICES]
    c.JupyterHub.load_roles = [{"name": one.name, "services": [one.name], "scopes": list(one.scopes)} for one in SERVICES]


def read(secrets: Path, name: str) -> str:
    """A secret, from its file: it stands in no argument and no environment."""
    return (secrets / name).read_text(encoding="utf-8").strip()
