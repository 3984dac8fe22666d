"""The demo's sign-in provider and its accounts."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hub_cli.demo import record
from hub_cli.demo.people import ADMINISTRATOR, AMINA, INES, KARIM, people
from hub_cli.one_machine import install
from hub_cli.supervisor.plan import Probe, Program, write_private
from hub_config.settings.model import AddressSettings, Settings

FILL = (sys.executable, "-m", "hub_cli.demo")
SCRIPT = Path(__file__).parents[1] / "demo_sign_in" / "provider.mjs"
DESCRIPTIONS = {
    AMINA: ("étudiante", "student"),
    KARIM: ("enseignant", "teacher"),
    INES: ("chargée de TD dans un cours, étudiante dans l’autre", "teaching assistant in one course, student in the other"),
    ADMINISTRATOR: ("administration de la plateforme", "administrator of the platform"),
}
STUDENT = ("étudiant·e", "student")


def accounts() -> tuple[Mapping[str, str], ...]:
    """Everyone who can sign in to the demo, and what each is shown as; those whom the demo is about come first."""
    return tuple(
        {"sub": person.login, "name": person.name, "email": person.email}
        | dict(zip(("description_fr", "description_en"), DESCRIPTIONS.get(person, STUDENT), strict=True))
        for person in dict.fromkeys((*DESCRIPTIONS, *people()))
    )


def provider_settings(state: Path, port: int) -> dict[str, Any]:
    """The entry of `sign_in.providers` that the demo adds."""
    return {
        "name": "demo",
        "title": "Comptes de démonstration",
        "issuer": f"http://localhost:{port}",
        "client_id": "himalia",
        "client_secret_file": str(state / "secrets" / "demo_client_secret"),
        "administrators": [ADMINISTRATOR.login],
    }


def fill(settings: Settings, env: Mapping[str, str], log: Path) -> None:
    """Make the demo's courses where they are not there yet: two seconds, once."""
    if record.needs_seed(settings):
        install.run(FILL, log=log, what="The demo", env=env)


def write_accounts(state: Path) -> Path:
    path = state / "run" / "demo-accounts.json"
    write_private(path, json.dumps(accounts(), ensure_ascii=False))
    return path


def program(node: str, state: Path, addresses: AddressSettings, port: int) -> Program:
    """The provider's process: npm oidc-provider, on 127.0.0.1."""
    env = {
        "DEMO_PORT": str(port),
        "DEMO_PUBLIC_URL": addresses.public_url,
        "DEMO_ACCOUNTS": str(state / "run" / "demo-accounts.json"),
        "DEMO_KEYS": str(state / "secrets" / "demo_signing_keys"),
    }
    secrets = {"DEMO_CLIENT_SECRET": str(state / "secrets" / "demo_client_secret")}
    probe = Probe(port, "/.well-known/openid-configuration")
    return Program("demo", (node, "--max-old-space-size=64", str(SCRIPT)), probe, env, secrets)
