"""Patches of other people's code for servers that start sooner and answer always: the only place, each with version and reason.

Imports nothing but the standard library: a person's server loads this file by its path, in an environment of its own.
"""

import sys
from collections.abc import Callable
from importlib import import_module, metadata
from types import ModuleType
from typing import Any


def remedy_server() -> None:
    """Applied in a person's server before it imports JupyterLab."""
    for package, series, remedy in _SERVER:
        if metadata.version(package).startswith(series):
            remedy()
        else:
            sys.stderr.write(f"{package} is not {series}x: {remedy.__name__} is left out, servers do without it\n")


def _no_yarn_configuration() -> None:
    """Answer "no configuration" at once.

    For jupyterlab/jupyterlab: "`jupyter lab` runs `node yarn.js config --json` at each start (0.5 s of processor time when
    Node is installed), only to find a registry that the extension manager's source builds need. With
    `LabApp.extension_manager = 'readonly'` nothing reads it. Could `AppOptions.registry` be looked up when it is used?"
    """
    from jupyterlab import commands

    vars(commands)["_yarn_config"] = lambda _logger: {"yarn config": {}, "npm config": {}}


def _no_hub() -> None:
    """Hide the hub's own modules while the single-user server is imported.

    For jupyterhub/jupyterhub: "`jupyterhub.log` imports `handlers.pages` for one isinstance check, `scopes` and `metrics`
    import `orm` and `roles` for functions of the hub. So every single-user server loads the hub's handlers and tables, and with
    alembic also mako and pygments: 0.25 s of processor time and 10 MB each. Could these imports move to where they are used?"
    """
    names = ("jupyterhub.orm", "jupyterhub.roles", "jupyterhub.handlers", "jupyterhub.handlers.pages")
    hub = import_module("jupyterhub")
    stand_ins = {name: ModuleType(name) for name in names}
    vars(stand_ins["jupyterhub.handlers.pages"])["HealthCheckHandler"] = type("HealthCheckHandler", (), {})
    sys.modules.update(stand_ins)
    vars(hub).update(orm=stand_ins["jupyterhub.orm"], roles=stand_ins["jupyterhub.roles"])
    try:
        import_module("jupyterhub.singleuser")
    finally:
        for name in names:
            del sys.modules[name]
        del hub.orm, hub.roles


def _closing_is_the_proxys() -> None:
    """Leave the end of each connection to whoever opened it.

    For jupyterhub/configurable-http-proxy: "To a target on a Unix socket, requests go without an agent and so with
    `Connection: close`. The server answers and closes; Node then writes the empty end of a request's body, which on a Unix
    socket is EPIPE at once (on TCP it is not): about one PUT, POST or PATCH in 70 becomes a 503, after the server has done
    what it was asked. Could these targets have a keep-alive agent, or the error be ignored once the response has begun?"
    """
    connection = import_module("tornado.http1connection").HTTP1Connection
    connection._can_keep_alive = lambda _self, _start_line, _headers: True


_Remedy = Callable[[], Any]
_SERVER: tuple[tuple[str, str, _Remedy], ...] = (
    ("jupyterhub", "6.1.", _no_hub),
    ("jupyterlab", "4.", _no_yarn_configuration),
    ("tornado", "6.", _closing_is_the_proxys),
)
