"""From the settings file and the command's arguments to the settings that all processes read."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hub_cli.failure import CannotProceed
from hub_cli.one_machine import demo, ports, state
from hub_cli.supervisor.plan import write_private
from hub_config.settings.load import SettingsError, load
from hub_config.settings.model import Settings


@dataclass(frozen=True)
class Wishes:
    """What the command line says."""

    config: Path | None
    state: Path | None
    port: int | None
    demo: bool


def read(path: Path | None, **overrides: Any) -> Settings:
    try:
        return load(path, **overrides)
    except SettingsError as error:
        raise CannotProceed(str(error)) from error


def state_folder(wishes: Wishes) -> Path:
    """--state, else what the file says, else the usual place."""
    if wishes.state:
        return wishes.state.resolve()
    written = read(wishes.config)
    return written.state.resolve() if "state" in written.model_fields_set else state.default()


def without_ports(wishes: Wishes, folder: Path) -> Settings:
    """The settings as far as they are asked for: no port of our own is chosen yet."""
    return read(wishes.config, **_asked(wishes, folder))


def _asked(wishes: Wishes, folder: Path) -> dict[str, Any]:
    addresses = {"public_url": f"http://localhost:{wishes.port}"} if wishes.port else {}
    return {"state": folder, "addresses": addresses}


def with_ports(wishes: Wishes, folder: Path) -> tuple[Settings, int]:
    """The settings of this start, with ports that are free now, and the demo provider's port."""
    asked, written = _asked(wishes, folder), read(wishes.config)
    public_port = without_ports(wishes, folder).addresses.port
    chosen = ports.choose(folder / "run" / "ports.json", public_port, written.addresses)
    demo_port = chosen.pop("demo_port")
    asked["addresses"] |= chosen
    if wishes.demo:
        own = [provider.model_dump(mode="json") for provider in written.sign_in.providers]
        asked["sign_in"] = {"providers": [*own, demo.provider_settings(folder, demo_port)]}
    return read(wishes.config, **asked), demo_port


def write(settings: Settings) -> Path:
    path = settings.state / "run" / "settings.json"
    write_private(path, settings.model_dump_json(indent=1))
    return path
