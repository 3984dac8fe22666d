"""Everything that the supervisor needs to find: folders, programs, environments, ports, secrets, the database, the plan."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from hub_cli.demo.record import needs_seed
from hub_cli.one_machine import demo, environments, install, node, ports, programs, resolve, state
from hub_cli.one_machine.isolation import require_isolation
from hub_cli.one_machine.progress import Progress
from hub_cli.one_machine.resolve import Wishes
from hub_cli.supervisor import plan
from hub_cli.supervisor.folder import Folder
from hub_config.settings.model import Settings
from hub_services.web.secrets import NAMES, Secrets


def prepare(wishes: Wishes, folder: Folder, progress: Progress) -> None:
    """Leaves STATE/run/plan.json and settings.json. Raises CannotProceed, having started nothing."""
    wanted = resolve.without_ports(wishes, folder.state)
    ports.require(wanted.addresses.port, "--port")
    require_isolation(wanted.isolation.mode)
    state.prepare(folder.state)
    found = _install(wanted, folder, progress)
    settings, demo_port = resolve.with_ports(wishes, folder.state)  # after what takes long: a free port may be taken
    written = resolve.write(settings)
    _make_secrets(folder.state)
    _fill_database(settings, written, folder, progress)
    table = programs.programs(settings, found)
    if wishes.demo:
        demo.fill(settings, programs.environment(written), folder.log("demo-courses"))
        demo.write_accounts(folder.state)
        table += (demo.program(found, folder.state, settings.addresses, demo_port),)
    _write_plan(settings, written, table, folder, demo.accounts() if wishes.demo else ())


def _install(wanted: Settings, folder: Folder, progress: Progress) -> str:
    """Node and both environments, side by side; a moment when they are there already. The path of Node."""
    with ThreadPoolExecutor() as pool:
        log = folder.log("install-node")
        found = pool.submit(progress.doing, "the proxy", lambda: node.ensure(folder.state, log))
        steps = _environments(wanted, folder).items()
        rest = [pool.submit(progress.doing, what, step) for what, step in steps]
    for future in rest:
        future.result()
    return found.result()


def _environments(wanted: Settings, folder: Folder) -> Mapping[str, Callable[[], None]]:
    requirements, index = wanted.environments.default_requirements, wanted.environments.index_url
    server, bare = folder.log("install-server"), folder.log("install-bare")
    return {
        "JupyterLab": lambda: environments.ensure_server(folder.state, server),
        "the bare environment": lambda: environments.ensure_bare(folder.state, requirements, index, bare),
    }


def _make_secrets(folder: Path) -> None:
    secrets = Secrets(folder / "secrets")
    for name in NAMES:
        secrets.read(name)


def _fill_database(settings: Settings, written: Path, folder: Folder, progress: Progress) -> None:
    """At the first start the demo's people and courses; otherwise web and worker bring the tables to this version."""
    if not needs_seed(settings):
        return
    env = programs.environment(written)
    install.run(programs.MIGRATE, log=folder.log("migrate"), what="The database's tables", env=env)
    seed = partial(install.run, programs.SEED, log=folder.log("demo-content"), what="The demo", env=env)
    progress.doing("the demo's people and courses", seed)


def _write_plan(
    settings: Settings,
    written: Path,
    table: tuple[plan.Program, ...],
    folder: Folder,
    accounts: tuple[Mapping[str, str], ...],
) -> None:
    made = plan.Plan(
        address=settings.addresses.public_url,
        accounts=accounts,
        programs=table,
        env=programs.environment(written),
        hub_api=f"http://127.0.0.1:{settings.addresses.hub_port}/hub/api",
        hub_token=str(settings.state / "secrets" / "hub_token_web"),
    )
    plan.write(folder.plan, made)
