"""`himalia up`: prepare this machine, start everything, say where to go; Ctrl-C ends all of it."""

import argparse
import signal
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from hub_cli.one_machine import demo, environments, install, node, programs, resolve, state
from hub_cli.one_machine.isolation import require_isolation
from hub_cli.one_machine.progress import Progress
from hub_cli.one_machine.resolve import Wishes
from hub_cli.one_machine.running import attend, refuse_a_second, wait_until_ready
from hub_cli.supervisor import plan
from hub_cli.supervisor.folder import Folder
from hub_cli.supervisor.guard import spawn_supervisor
from hub_config.settings.model import Settings
from hub_services.web.secrets import NAMES, Secrets


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--detach", action="store_true", help="return when the sign-in page answers")
    parser.add_argument("--state", type=Path, metavar="DIR", help="the folder that holds everything")
    parser.add_argument("--port", type=int, metavar="N", help="the port that browsers use (default 8000)")
    parser.add_argument("--config", type=Path, metavar="FILE", help="a settings file, himalia.yaml")
    parser.add_argument("--no-demo", action="store_true", help="without the demo's accounts and courses")


def run(arguments: argparse.Namespace) -> int:
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.default_int_handler)
    wishes = Wishes(arguments.config, arguments.state, arguments.port, not arguments.no_demo)
    folder = Folder(resolve.state_folder(wishes))
    refuse_a_second(folder)
    progress = Progress()
    _prepare(wishes, folder, progress)
    spawn_supervisor(folder)
    wait_until_ready(folder, progress)
    if not arguments.detach:
        attend(folder)
    return 0


def _prepare(wishes: Wishes, folder: Folder, progress: Progress) -> None:
    """Everything that the supervisor needs: folders, ports, secrets, programs, environments."""
    state.prepare(folder.state)
    settings, demo_port = resolve.resolve(wishes, folder.state)
    require_isolation(settings.isolation.mode)
    secrets = Secrets(folder.state / "secrets")
    for name in NAMES:
        secrets.read(name)
    written = resolve.write(settings)
    found = _install(settings, progress)
    install.run(programs.MIGRATE, log=folder.log("migrate"), what="The database", env=programs.environment(written))
    table = programs.programs(settings, found)
    if wishes.demo:
        demo.write_accounts(folder.state)
        table += (demo.program(found, folder.state, settings.addresses, demo_port),)
    _write_plan(settings, written, table, folder, demo.accounts() if wishes.demo else ())


def _install(settings: Settings, progress: Progress) -> str:
    """Node and both environments, side by side; a moment when they are there already. The path of Node."""
    logs = settings.state / "logs"
    requirements, index = settings.environments.default_requirements, settings.environments.index_url
    with ThreadPoolExecutor() as pool:
        found = pool.submit(progress.doing, "the proxy", lambda: node.ensure(settings.state, logs / "install-node.log"))
        rest = [
            pool.submit(progress.doing, what, step)
            for what, step in _environments(settings.state, logs, requirements, index).items()
        ]
    for future in rest:
        future.result()
    return found.result()


def _environments(folder: Path, logs: Path, requirements: tuple[str, ...], index: str) -> dict[str, Callable[[], None]]:
    return {
        "JupyterLab": lambda: environments.ensure_server(folder, logs / "install-server.log"),
        "the bare environment": lambda: environments.ensure_bare(folder, requirements, index, logs / "install-bare.log"),
    }


def _write_plan(
    settings: Settings, written: Path, table: tuple[plan.Program, ...], folder: Folder, accounts: tuple[Mapping[str, str], ...]
) -> None:
    plan.write(
        folder.plan,
        plan.Plan(
            address=settings.addresses.public_url,
            accounts=accounts,
            programs=table,
            env=programs.environment(written),
            hub_api=f"http://127.0.0.1:{settings.addresses.hub_port}/hub/api",
            hub_token=str(settings.state / "secrets" / "hub_token_web"),
        ),
    )
