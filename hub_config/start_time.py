"""Patches of other people's code that make a server start sooner: the only place for them, each with its version and reason.

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
            sys.stderr.write(f"{package} is not {series}x: {remedy.__name__} is left out, servers start more slowly\n")


def _no_yarn_configuration() -> None:
    """Answer "no configuration" at once.

    For jupyterlab/jupyterlab: "`jupyter lab` runs `node yarn.js config --json` at each start (0.5 s of processor time when
    Node is installed), only to find a registry that the extension manager's source builds need. With
    `LabApp.extension_manager = 'readonly'` nothing reads it. Could `AppOptions.registry` be looked up when it is used?"
    """
    from jupyterlab import commands

    vars(commands)["_yarn_config"] = lambda _logger: {"yarn config": {}, "npm config": {}}


def _no_migrations() -> None:
    """Hide alembic while JupyterHub's tables are imported.

    For jupyterhub/jupyterhub: "A single-user server imports `jupyterhub.orm` (`services.auth` → `scopes`), which imports
    alembic and with it mako and pygments: 0.2 s of processor time at each start. Only `check_db_revision` uses alembic, in
    the hub. Could it be imported there?"
    """
    names = ("alembic", "alembic.command", "alembic.config", "alembic.script")
    if "alembic" in sys.modules:
        return
    stand_ins = {name: ModuleType(name) for name in names}
    vars(stand_ins["alembic.script"])["ScriptDirectory"] = None
    sys.modules.update(stand_ins)
    try:
        import_module("jupyterhub.orm")
    finally:
        for name in names:
            del sys.modules[name]


_Remedy = Callable[[], Any]
_SERVER: tuple[tuple[str, str, _Remedy], ...] = (
    ("jupyterhub", "6.", _no_migrations),
    ("jupyterlab", "4.", _no_yarn_configuration),
)
