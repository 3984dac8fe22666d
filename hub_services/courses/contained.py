"""Run a tool of ours on doubtful input: in a sandbox, within a time, with a way out to named hosts alone."""

import os
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from himalia_sandbox import MEBIBYTE, Bind, Limits, Running, Sandbox, inside, launch

from hub_services.courses.gate import Door, opened
from hub_services.web.i18n import N_

PORT = 18083
PROXY = f"socks5h://127.0.0.1:{PORT}"
_LOOK_SECONDS = 0.2
_LIMITS = Limits(memory_bytes=2048 * MEBIBYTE, processes=256, cpus=2.0)
# Certificate authorities of the site's own: what the platform was told, its tools are told.
_CERTIFICATES = ("SSL_CERT_FILE", "GIT_SSL_CAINFO")
_SHOWN_ANYWAY = (Path("/usr"), Path("/etc/ssl/certs"))


NO_SANDBOX = N_("This machine cannot build safely at the moment (%(text)s). Nothing was changed; tell your administrator.")


class Stopped(Exception):
    """The tool was ended: `why` is cancelled, time or disk."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Walls:
    """What holds for every tool of one build: whose rights it has, and whether there is a sandbox at all."""

    isolated: bool
    uid: int


@dataclass(frozen=True)
class Tool:
    """One run: the command, what it sees, where it may write, where it may go."""

    argv: Sequence[str]
    directory: Path
    seconds: float
    read_only: tuple[Path, ...] = ()
    writable: tuple[Path, ...] = ()
    doors: Collection[Door] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    file_bytes: int | None = None  # no file that it writes grows beyond


@dataclass(frozen=True)
class Outcome:
    """How it ended and what it said."""

    code: int
    output: bytes
    errors: str


def run(tool: Tool, walls: Walls, *, stop: Callable[[], str], given: bytes = b"") -> Outcome:
    """Run `tool` to its end. `stop` is asked several times a second: an answer ends the tool. Raises Stopped, SandboxError."""
    with ExitStack() as stack:
        gate = stack.enter_context(opened(tool.doors)) if tool.doors and walls.isolated else None
        output = stack.enter_context(tempfile.TemporaryFile())
        errors = stack.enter_context(tempfile.TemporaryFile())
        stdin = stack.enter_context(tempfile.TemporaryFile())
        stdin.write(given)
        stdin.seek(0)
        running = launch(_sandbox(tool, walls, gate), _words(tool, gate), stdin=stdin, stdout=output, stderr=errors)
        stack.callback(_end, running)
        code = _wait(running, tool.seconds, stop)
        return Outcome(code, _read(output), _read(errors).decode(errors="replace"))


def interpreter() -> Path:
    """The Python that environments are made for: the platform's own base one."""
    return Path(sys.base_prefix) / "bin" / f"python{sys.version_info.major}.{sys.version_info.minor}"


def _sandbox(tool: Tool, walls: Walls, gate: Path | None) -> Sandbox:
    base = {"PATH": "/usr/bin:/bin", "HOME": "/tmp", "LANG": "C.UTF-8"}  # noqa: S108 -- inside
    proxy = {"ALL_PROXY": PROXY, "all_proxy": PROXY} if gate else {}
    variables, files = _certificates(walls)
    ours = (Path(sys.base_prefix), Path(inside.__file__), *((gate.parent,) if gate else ()))
    shown = {path for path in (*ours, *tool.read_only) if not path.is_relative_to("/usr")}
    return Sandbox(
        name=f"build-{uuid.uuid4().hex[:12]}",
        limits=_LIMITS,
        read_only=tuple(Bind(path) for path in sorted(shown)),
        writable=tuple(Bind(path) for path in tool.writable),
        files=files,
        environment={**base, **variables, **proxy, **tool.environment},
        directory=str(tool.directory),
        uid=walls.uid,
        die_with_parent=True,
        isolated=walls.isolated,
    )


def _certificates(walls: Walls) -> tuple[dict[str, str], dict[str, str]]:
    """Variables that name the site's authorities, and those that a sandbox must be given, as files of its own."""
    told = {name: Path(os.environ[name]) for name in _CERTIFICATES if Path(os.environ.get(name, "/nowhere")).is_file()}
    hidden = {n: path for n, path in told.items() if walls.isolated and not any(map(path.is_relative_to, _SHOWN_ANYWAY))}
    files = {f"/run/{name}.pem": path.read_text(encoding="ascii", errors="ignore") for name, path in hidden.items()}
    return {name: f"/run/{name}.pem" if name in hidden else str(path) for name, path in told.items()}, files


def _words(tool: Tool, gate: Path | None) -> list[str]:
    size = ["/usr/bin/prlimit", f"--fsize={tool.file_bytes}"] if tool.file_bytes else []
    plain = ["/bin/sh", "-c", 'umask 022 && exec "$@"', "sh", *size, *tool.argv]
    way_out = [str(interpreter()), "-I", inside.__file__, f"{PORT}={gate}", "--"] if gate else []
    return [*way_out, *plain]


def _wait(running: Running, seconds: float, stop: Callable[[], str]) -> int:
    until = time.monotonic() + seconds
    while True:
        try:
            return running.wait(_LOOK_SECONDS)
        except subprocess.TimeoutExpired:
            why = stop() or ("time" if time.monotonic() > until else "")
            if why:
                raise Stopped(why) from None


def _end(running: Running) -> None:
    running.kill()
    if running.popen:
        running.popen.wait()
    while not running.cleanup():
        time.sleep(0.05)


def _read(file: IO[bytes]) -> bytes:
    file.seek(0)
    return file.read()
