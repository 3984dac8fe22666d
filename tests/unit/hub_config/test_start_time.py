"""The patches of other people's code: what they replace is there, and works as before when it is used."""

import subprocess
import sys

from hub_config import start_time


def run(program: str) -> str:
    """In a fresh interpreter: patches are made before anything is imported."""
    begin = "import sys; sys.path.insert(0, sys.argv[1]); import hub_config.start_time as s\n"
    root = str(start_time.__file__).rsplit("/", 2)[0]
    done = subprocess.run([sys.executable, "-W", "error", "-c", begin + program, root], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_single_user_server_loads_without_the_hub_which_stays_importable() -> None:
    program = """
s._no_hub()
import jupyterhub.singleuser.extension
from jupyterhub.services.auth import HubOAuth
from jupyterhub.scopes import _intersect_expanded_scopes
print("jupyterhub.user" in sys.modules, "mako" in sys.modules)
print(_intersect_expanded_scopes({"a", "b"}, {"b", "c"}))
import jupyterhub.orm, jupyterhub.handlers
print(jupyterhub.orm.User.__tablename__, len(jupyterhub.handlers.default_handlers) > 10)
"""
    assert run(program) == "False False\nfrozenset({'b'})\nusers True\n"


def test_lab_finds_no_yarn_configuration_and_starts_no_node() -> None:
    program = """
import subprocess
subprocess.check_output = None
s._no_yarn_configuration()
from jupyterlab.commands import AppOptions
print(AppOptions(app_dir="/nowhere").registry)
"""
    assert run(program).startswith("https://")
