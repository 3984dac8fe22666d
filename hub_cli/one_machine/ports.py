"""Ports: the public one is asked for, the others are chosen free and kept from one start to the next."""

import json
import random
import socket
from collections.abc import Iterable, Mapping, Set
from pathlib import Path

from hub_cli.failure import CannotProceed
from hub_cli.supervisor.plan import write_private
from hub_config.settings.model import AddressSettings

USUAL_PUBLIC_PORT = 8000
DEMO_PORT = 8006
BELOW_OUTGOING = range(20_000, 32_000)  # the system takes ports of outgoing connections above these
INTERNAL = ("proxy_api_port", "web_port", "internal_port", "metrics_port", "proxy_metrics_port", "hub_port")


def is_free(port: int) -> bool:
    """Whether 127.0.0.1:`port` can be listened on now."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def require(port: int, option: str) -> None:
    """Raises CannotProceed with the name of the program that holds the port."""
    if not is_free(port):
        raise CannotProceed(f"port {port} is held by {holder(port)}; stop it, or give another port with {option}.")


def choose(record: Path, public_port: int, settings: AddressSettings) -> dict[str, int]:
    """The internal ports: those of the settings file, else those of the last start, else the usual ones.

    The usual ones belong to the platform on the usual public port: another one on this machine stays away from them.
    """
    defaults = {name: getattr(settings, name) for name in INTERNAL} | {"demo_port": DEMO_PORT}
    written = {name: defaults[name] for name in INTERNAL if name in settings.model_fields_set}
    for name, port in written.items():
        require(port, f"addresses.{name} in the settings")
    usual = defaults if public_port == USUAL_PUBLIC_PORT else dict.fromkeys(defaults, 0)
    former = json.loads(record.read_text(encoding="utf-8")) if record.exists() else {}
    chosen = pick(written | {name: former.get(name, port) for name, port in usual.items()} | written, {public_port})
    write_private(record, json.dumps(chosen))
    return chosen


def pick(wanted: Mapping[str, int], taken: Set[int]) -> dict[str, int]:
    chosen: dict[str, int] = {}
    for name, port in wanted.items():
        used = taken | set(chosen.values())
        chosen[name] = port if port and port not in used and is_free(port) else _any_free(used)
    return chosen


def _any_free(used: Iterable[int]) -> int:
    while True:
        port = random.choice(BELOW_OUTGOING)  # noqa: S311 - so that two platforms which start at once differ
        if port not in used and is_free(port):
            return port


def holder(port: int) -> str:
    """The program that listens on the port, as a person would name it."""
    import psutil

    for connection in psutil.net_connections("tcp"):
        address = connection.laddr
        if connection.status == psutil.CONN_LISTEN and address and address.port == port and connection.pid:
            process = psutil.Process(connection.pid)
            return f"{process.name()} (process {process.pid}, {' '.join(process.cmdline())[:80]})"
    return "another program, of another user"
