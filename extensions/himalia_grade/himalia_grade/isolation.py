"""How the warm interpreter is kept apart from the machine: the only module that knows of himalia_sandbox.

The sandbox holds the warm interpreter, which is ours. Each copy is forked from it and walls itself off once more
(`sandboxed.confine`): own processes, own memory segments, own small file systems, no privilege, fewer system calls.
"""

import os
import shutil
import site
import stat
import subprocess
import tempfile
import uuid
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol

import himalia_sandbox
from himalia_sandbox import Bind, Running, Sandbox, SandboxError, groups, seccomp

from himalia_grade.models import MEBIBYTE, Limits

_INSIDE = Path(__file__).parent / "sandboxed"
_PROGRAM = """
import sys
sys.path.insert(0, sys.argv[1])
from sandboxed.zygote import main
sys.path.pop(0)
main(int(sys.argv[2]))
"""
_CONTROL_GROUPS = Path("/sys/fs/cgroup")
_PATH = "/usr/local/bin:/usr/bin:/bin"
_HOME = "/home/me"
_WARM_MEMORY = 512 * MEBIBYTE  # the interpreter itself, with its libraries
_WARM_PROCESSES = 8
_END_SECONDS = 5.0  # to end by itself once nobody speaks to it
_PLACES = ("/tmp", "/dev/shm", _HOME)  # noqa: S108 -- inside the sandbox


class Started(Protocol):
    """A warm interpreter's process on the machine."""

    walls: bool

    def new_home(self) -> str:
        """Where the next copy works."""

    def forget_home(self, home: str) -> None: ...

    def temporary(self, limits: Limits) -> Mapping[str, int]:
        """Places that are empty for each copy, with their sizes."""

    def kept(self) -> Sequence[str]:
        """What the interpreter needs although it lies below such a place: an environment in /tmp, say."""

    def filter(self) -> bytes:
        """The system call filter that a copy puts on."""

    def memory_kills(self) -> int:
        """How many processes the kernel has ended for want of memory."""

    def complaint(self) -> str:
        """The last line that it wrote before it ended."""

    def end(self) -> None:
        """End it; whoever spoke to it has hung up before."""


def start(python: Path, descriptor: int, limits: Limits, *, isolated: bool) -> Started:
    """Start the sandboxed half with this Python; it speaks on the inherited descriptor. Raises SandboxError."""
    errors = tempfile.TemporaryFile()  # noqa: SIM115 -- closed when the interpreter ends
    words = [str(python), "-c", _PROGRAM, str(_INSIDE.parent if not isolated else "/opt/himalia"), str(descriptor)]
    if not isolated:
        return Bare(_bare(words, python, descriptor, errors), errors)
    closed = closed_to_others([_INSIDE, *readable(python)]) if os.geteuid() == 0 else None
    if closed:
        raise SandboxError(
            f"Copies run as an ordinary user, who may not enter {closed}, which the interpreter needs: "
            f"open it (chmod o+x {closed}) or use an environment elsewhere."
        )
    _forget_the_dead()
    running = himalia_sandbox.launch(_sandbox(python, limits), words, stderr=errors, pass_fds=(descriptor,))
    return Walled(running, errors, python)


@dataclass
class Walled:
    """In a sandbox."""

    running: Running
    errors: IO[bytes]
    python: Path
    walls: bool = True

    def new_home(self) -> str:
        return f"{_HOME}/course"

    def forget_home(self, home: str) -> None:
        """It was gone with the copy."""

    def temporary(self, limits: Limits) -> Mapping[str, int]:
        return dict.fromkeys(_PLACES, limits.disk_bytes)

    def kept(self) -> Sequence[str]:
        return [str(folder) for folder in readable(self.python) if any(folder.is_relative_to(place) for place in _PLACES)]

    def filter(self) -> bytes:
        return seccomp.program()

    def memory_kills(self) -> int:
        return self.running.group.oom_kills() if self.running.group else int(self.running.oom_killed())

    def complaint(self) -> str:
        return _last_line(self.errors)

    def end(self) -> None:
        if self.running.popen:
            # Ended by itself, its processor time is counted with ours; killed, it would be lost.
            with suppress(subprocess.TimeoutExpired):
                self.running.popen.wait(_END_SECONDS)
        self.running.end()
        if self.running.popen:
            self.running.popen.wait()
        self.errors.close()


@dataclass
class Bare:
    """With this program's own rights: for code that one trusts, and for machines that cannot do better."""

    process: "subprocess.Popen[bytes]"
    errors: IO[bytes]
    walls: bool = False

    def new_home(self) -> str:
        return tempfile.mkdtemp(prefix="himalia-copy-")

    def forget_home(self, home: str) -> None:
        shutil.rmtree(home, ignore_errors=True)

    def temporary(self, limits: Limits) -> Mapping[str, int]:
        del limits
        return {}

    def kept(self) -> Sequence[str]:
        return ()

    def filter(self) -> bytes:
        return b""

    def memory_kills(self) -> int:
        return 0

    def complaint(self) -> str:
        return _last_line(self.errors)

    def end(self) -> None:
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(_END_SECONDS)
        self.process.kill()
        self.process.wait()
        self.errors.close()


def environment(python: Path, home: str) -> dict[str, str]:
    """All that a copy's processes find in their environment; nothing of the platform's."""
    return {
        "PATH": f"{python.parent}:{_PATH}",
        "LANG": "C.UTF-8",
        "HOME": home,
        "PYTHONHASHSEED": "0",
        # Threads of a numeric library do not survive a fork.
        **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
    }


def readable(python: Path) -> list[Path]:
    """What of the machine the interpreter needs besides /usr: its environment, and the Python that this rests on."""
    prefix = python.parent.parent
    places = [prefix, *_base(prefix)]
    if prefix == Path("/usr"):
        places = [Path(folder) for folder in ("/usr/local", site.getusersitepackages())]
    real = [place for place in places if place.exists()]
    return [place for place in real if not place.is_relative_to("/usr")]


def closed_to_others(places: Sequence[Path]) -> Path | None:
    """The first folder on the way to these places that other users may not enter."""
    folders = [folder for place in places for folder in reversed([place, *place.parents])]
    return next((folder for folder in folders if not folder.stat().st_mode & stat.S_IXOTH), None)


def _forget_the_dead() -> None:
    """Remove the control groups of programs that were killed: empty, they still count in the kernel."""
    for root in (_CONTROL_GROUPS, *_CONTROL_GROUPS.glob("*")):
        for folder in (root / groups.PARENT).glob("grade-*"):
            pid = folder.name.split("-")[1]
            if not Path("/proc", pid).exists():
                with suppress(OSError):
                    folder.rmdir()


def _sandbox(python: Path, limits: Limits) -> Sandbox:
    return Sandbox(
        name=f"grade-{os.getpid()}-{uuid.uuid4().hex[:8]}",
        limits=himalia_sandbox.Limits(limits.memory_bytes + _WARM_MEMORY, limits.processes + _WARM_PROCESSES),
        read_only=(Bind(_INSIDE, "/opt/himalia/sandboxed"), *(Bind(place) for place in readable(python))),
        temporary=dict.fromkeys((*_PLACES, "/run"), MEBIBYTE),
        environment=environment(python, _HOME),
        nests=True,
    )


def _bare(words: list[str], python: Path, descriptor: int, errors: IO[bytes]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        words,
        env=environment(python, tempfile.gettempdir()),
        pass_fds=(descriptor,),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=errors,
    )


def _base(prefix: Path) -> list[Path]:
    """The installation that a virtual environment was made from."""
    try:
        lines = (prefix / "pyvenv.cfg").read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
    values = {name.strip(): value.strip() for name, _, value in (line.partition("=") for line in lines)}
    return [Path(values["home"]).resolve().parent] if "home" in values else []


def _last_line(errors: IO[bytes]) -> str:
    errors.seek(0)
    lines = errors.read().decode("utf-8", "replace").strip().splitlines()
    return lines[-1] if lines else ""


__all__ = ["SandboxError", "Started", "environment", "readable", "start"]
