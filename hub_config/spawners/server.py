"""What a person's server is, as a sandbox and a command: pure, from a launch specification and the folders."""

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath

from himalia_sandbox import Bind, Limits, Sandbox, inside

from hub_config.access.launch import LaunchSpecification
from hub_config.spawners.place import Place

HUB_PORT, WEB_PORT, OUTSIDE_PORT = 18081, 18082, 18083
CACHE_SECONDS = 10  # how long a server believes what the hub said about a visitor
_RUN = PurePath("/run/himalia")
_HOME = PurePath("/home/me")
_START = Path(__file__).with_name("inside") / "start_server.py"
_REMEDIES = Path(__file__).parents[1] / "start_time.py"  # applied by the server to itself, not imported here


@dataclass(frozen=True)
class Site:
    """What all servers of this machine share."""

    state: Path
    isolated: bool
    hub_port: int
    web_port: int

    @property
    def server_environment(self) -> Path:
        return self.state / "environments" / "server"

    def environment(self, digest: str) -> Path:
        return self.state / "environments" / (digest or "bare")


@dataclass(frozen=True)
class Layout:
    """Where the server finds things: inside the walls, or on the machine itself where there are none."""

    home: PurePath
    course: PurePath
    jupyter: PurePath
    start: PurePath
    remedies: PurePath
    hub: str
    web: str


def layout(site: Site, place: Place) -> Layout:
    if site.isolated:
        start, remedies = _RUN / "start_server.py", _RUN / "remedies.py"
        hub, web = f"http://127.0.0.1:{HUB_PORT}", f"http://127.0.0.1:{WEB_PORT}"
        return Layout(_HOME, _HOME / "course", _RUN / "jupyter", start, remedies, hub, web)
    hub, web = f"http://127.0.0.1:{site.hub_port}", f"http://127.0.0.1:{site.web_port}"
    return Layout(place.home, place.work, place.jupyter, _START, _REMEDIES, hub, web)


def command(site: Site, where: Layout, outside: bool) -> list[str]:
    """The server's command line; inside the walls, under a first process that forwards to the platform."""
    server = [
        *(str(site.server_environment / "bin" / "python"), str(where.start)),
        *(f"--HubOAuth.cache_max_age={CACHE_SECONDS}", f"--ServerApp.root_dir={where.course}"),
        # Told to listen on a Unix socket, it takes the one that it is handed; there is none at this path.
        f"--ServerApp.sock={_RUN}/none",
    ]
    if not site.isolated:
        return [*server, "--allow-root"]
    forwards = [f"{HUB_PORT}={_RUN}/platform/hub", f"{WEB_PORT}={_RUN}/platform/web"]
    forwards += [f"{OUTSIDE_PORT}={_RUN}/outside/out"] if outside else []
    return ["/usr/bin/python3", "-I", "-S", f"{_RUN}/inside.py", *forwards, "--", *server]


def environment(
    specification: LaunchSpecification, site: Site, where: Layout, hub: Mapping[str, str], listener: int
) -> dict[str, str]:
    """The server's environment: what the hub gives (`hub`), with addresses that hold where the server is."""
    api = f"{where.hub}/hub/api"
    programs = site.server_environment / "bin"
    kernel = site.environment(specification.environment) / "bin"
    proxy = f"http://127.0.0.1:{OUTSIDE_PORT}"
    outside = {"HTTPS_PROXY": proxy, "https_proxy": proxy} if specification.outside and site.isolated else {}
    return {
        **hub,
        "JUPYTERHUB_API_URL": api,
        "JUPYTERHUB_ACTIVITY_URL": f"{api}/users/{specification.person}/activity",
        # The port says nothing: the server listens on the socket that it is handed.
        "JUPYTERHUB_SERVICE_URL": f"http://127.0.0.1:8888{hub['JUPYTERHUB_SERVICE_PREFIX']}",
        "JUPYTER_CONFIG_PATH": str(where.jupyter),
        "JUPYTER_PATH": str(where.jupyter),
        "JUPYTER_RUNTIME_DIR": "/run/jupyter" if site.isolated else str(where.home / ".jupyter-runtime"),
        "HIMALIA_LISTENER": str(listener),
        "HIMALIA_REMEDIES": str(where.remedies),
        "HIMALIA_URL": where.web,
        "HIMALIA_COURSE": specification.course,
        "HIMALIA_COURSE_TITLE": specification.course_title,
        "HIMALIA_COURSE_URL": specification.course_url,
        "HIMALIA_ENVIRONMENT": specification.environment,
        "HIMALIA_MATERIALS": specification.materials,
        "HIMALIA_ROLE": specification.role,
        # Kernels and terminals work in the course's environment, the server in its own.
        "PATH": f"{kernel}:{programs}:/usr/local/bin:/usr/bin:/bin",
        "HOME": str(where.home),
        "SHELL": "/bin/bash",
        "USER": "me",
        "LANG": "C.UTF-8",
        "LANGUAGE": "fr:en" if specification.language == "fr" else "en",
        "MEM_LIMIT": str(specification.memory_bytes),
        "CPU_LIMIT": str(specification.cpus),
        # Else numerical libraries start a thread for each processor of the machine.
        "OMP_NUM_THREADS": str(math.ceil(specification.cpus)),
        **outside,
    }


def sandbox(
    specification: LaunchSpecification, site: Site, place: Place, variables: Mapping[str, str], uid: int | None
) -> Sandbox:
    """The walls round one server."""
    where = layout(site, place)
    return Sandbox(
        name=f"{specification.person}.{specification.course}.{_mark(site.state)}",
        limits=Limits(specification.memory_bytes, specification.processes, specification.cpus),
        read_only=_shown(specification, site, place),
        writable=(Bind(place.home, str(_HOME)), Bind(place.work, str(_HOME / "course"))),
        environment=variables,
        directory=str(where.course),
        uid=uid,
        isolated=site.isolated,
    )


def _mark(state: Path) -> str:
    """Tells the servers of two platforms on one machine apart."""
    return hashlib.sha256(str(state).encode()).hexdigest()[:6]


def _shown(specification: LaunchSpecification, site: Site, place: Place) -> tuple[Bind, ...]:
    """What the server may read of the machine, and nothing else."""
    environments = (site.server_environment, site.environment(specification.environment))
    pythons = {root for root in map(interpreter, environments) if root}
    sockets = site.state / "run" / "sockets"
    outside = (Bind(sockets / "outside", f"{_RUN}/outside"),) if specification.outside else ()
    return (
        *(Bind(folder) for folder in (*environments, *sorted(pythons))),
        Bind(Path(inside.__file__), f"{_RUN}/inside.py"),
        Bind(_START, f"{_RUN}/start_server.py"),
        Bind(_REMEDIES, f"{_RUN}/remedies.py"),
        Bind(place.jupyter, f"{_RUN}/jupyter"),
        Bind(sockets / "platform", f"{_RUN}/platform"),
        *outside,
    )


def interpreter(environment: Path) -> Path | None:
    """The folder of the Python that an environment was made from, when it does not lie under /usr."""
    python = (environment / "bin" / "python").resolve()
    return None if python.is_relative_to("/usr") else python.parent.parent
