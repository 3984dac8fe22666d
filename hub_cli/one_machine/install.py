"""Running installers: their output goes to a log, a failure becomes one sentence."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from hub_cli.failure import CannotProceed

REPOSITORY = Path(__file__).parents[2]
PYTHON = "/usr/bin/python3"  # people's own uids must reach the interpreter: never one under /root
NO_NETWORK = ("dns error", "EAI_AGAIN", "ENOTFOUND", "ECONNREFUSED", "ETIMEDOUT", "Failed to fetch", "error sending request")


def run(argv: Sequence[str], *, log: Path, what: str, cwd: Path = REPOSITORY, env: Mapping[str, str] | None = None) -> None:
    """Run an installer. Raises CannotProceed with what failed, why as far as it is known, and where the log is."""
    with log.open("a+", encoding="utf-8", errors="replace") as output:
        output.write(f"$ {' '.join(argv)}\n")
        output.flush()
        began = output.tell()
        variables = environment() | dict(env or {})
        done = subprocess.run(argv, cwd=cwd, env=variables, stdout=output, stderr=output, umask=0o022, check=False)
        output.seek(began)
        said = output.read()
    if done.returncode != 0:
        raise CannotProceed(_sentence(said, what, log))


def environment() -> dict[str, str]:
    """Bytecode is wanted: without it each start of a server costs seconds."""
    return {name: value for name, value in os.environ.items() if name not in ("PYTHONDONTWRITEBYTECODE", "VIRTUAL_ENV")}


def _sentence(output: str, what: str, log: Path) -> str:
    if any(word in output for word in NO_NETWORK):
        return f"{what} could not be installed because the network does not answer; connect this machine and start again."
    last = next((line.strip() for line in reversed(output.splitlines()) if line.strip()), "no output")
    return f"{what} could not be installed: {last}; {log} has the whole story."


def uv() -> str:
    """The uv that was installed with Himalia."""
    beside = Path(sys.executable).with_name("uv")
    return str(beside) if beside.exists() else "uv"
