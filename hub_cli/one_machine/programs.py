"""The processes of one machine, as a table: what is started, with which secrets, and how it is seen to be ready."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from hub_cli.one_machine.install import REPOSITORY
from hub_cli.supervisor.plan import Probe, Program
from hub_config.settings.model import AddressSettings, Settings

PROXY_SCRIPT = REPOSITORY / "node_modules" / "configurable-http-proxy" / "bin" / "configurable-http-proxy"
PROXY_PAGES = Path(__file__).parents[1] / "proxy_pages"
HUB_CONFIGURATION = REPOSITORY / "hub_config" / "jupyterhub_config.py"
MIGRATE = (sys.executable, "-m", "hub_cli.main", "migrate")
SEED = (sys.executable, "-m", "hub_cli.demo")
KEPT = frozenset({"HOME", "PATH", "LANG", "TZ", "TMPDIR", "USER", "LOGNAME", "NODE_EXTRA_CA_CERTS"})
KEPT_PREFIXES = ("LC_", "SSL_", "UV_", "PIP_", "REQUESTS_")
KEPT_ENDINGS = ("_proxy", "_PROXY")


def programs(settings: Settings, node: str) -> tuple[Program, ...]:
    """All but the demo's provider; started together, in no order."""
    addresses, state = settings.addresses, settings.state
    return (
        Program("guard", _python("hub_cli.supervisor.guard", str(state)), Probe()),
        _proxy(addresses, node, state),
        Program(
            "hub",
            _python("jupyterhub", "--config", str(HUB_CONFIGURATION)),
            Probe(addresses.hub_port, "/hub/api"),
        ),
        Program("web", _serve("web"), Probe(addresses.internal_port, "/health")),
        Program("worker", _serve("worker"), Probe(addresses.metrics_port, "/health")),
        Program("relay", _serve("relay"), Probe(socket=str(state / "run" / "sockets" / "platform" / "web"))),
    )


def _proxy(addresses: AddressSettings, node: str, state: Path) -> Program:
    """Host routing, since each person's servers are an origin of their own; what has no route is the web application's."""
    options = {
        "ip": "127.0.0.1" if addresses.host.endswith("localhost") else "0.0.0.0",  # noqa: S104 - a public name is public
        "port": addresses.port,
        "api-ip": "127.0.0.1",
        "api-port": addresses.proxy_api_port,
        "metrics-ip": "127.0.0.1",
        "metrics-port": addresses.proxy_metrics_port,
        "default-target": f"http://127.0.0.1:{addresses.web_port}",
        "error-path": str(PROXY_PAGES),
        "log-level": "warn",
    }
    words = [word for name, value in options.items() for word in (f"--{name}", str(value))]
    argv = (node, str(PROXY_SCRIPT), "--host-routing", *words)
    secrets = {"CONFIGPROXY_AUTH_TOKEN": _secret(state, "proxy_token")}
    return Program("proxy", argv, Probe(addresses.proxy_api_port, "/"), secrets=secrets)


def _secret(state: Path, name: str) -> str:
    return str(state / "secrets" / name)


def _python(module: str, *arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-m", module, *arguments)


def _serve(process: str) -> tuple[str, ...]:
    return _python("hub_cli.main", "serve", process)


def environment(settings_file: Path, inherited: Mapping[str, str] = os.environ) -> dict[str, str]:
    """What every process is given: little of the shell's own variables, and where the settings are."""
    kept = {name: value for name, value in inherited.items() if _is_kept(name)}
    return kept | {"HIMALIA_SETTINGS": str(settings_file), "PYTHONUNBUFFERED": "1"}


def _is_kept(name: str) -> bool:
    return name in KEPT or name.startswith(KEPT_PREFIXES) or name.endswith(KEPT_ENDINGS)
