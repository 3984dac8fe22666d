"""How the warm interpreter is kept apart from the machine: the only module that knows of himalia_sandbox."""

import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from himalia_grade.models import Limits

_INSIDE = Path(__file__).parent
_PROGRAM = """
import sys
sys.path.insert(0, sys.argv[1])
from sandboxed.zygote import main
sys.path.pop(0)
main(int(sys.argv[2]))
"""
_PATH = "/usr/local/bin:/usr/bin:/bin"


@dataclass
class Started:
    """A warm interpreter's process on the machine."""

    process: "subprocess.Popen[bytes]"
    walls: bool
    errors: Path
    homes: list[Path] = field(default_factory=list)

    def new_home(self) -> Path:
        """Where the next copy works."""
        home = Path(tempfile.mkdtemp(prefix="himalia-copy-"))
        self.homes.append(home)
        return home

    def forget_home(self, home: str) -> None:
        shutil.rmtree(home, ignore_errors=True)

    def temporary(self, _limits: Limits) -> Mapping[str, int]:
        """Places that are empty for each copy, with their sizes."""
        return {}

    def filter(self) -> bytes:
        """The system call filter that a copy puts on."""
        return b""

    def memory_kills(self) -> int:
        """How many processes the kernel has ended for want of memory."""
        return 0

    def complaint(self) -> str:
        """The last line that it wrote before it ended."""
        lines = self.errors.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        return lines[-1] if lines else ""

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.errors.unlink(missing_ok=True)


def start(python: Path, descriptor: int, limits: Limits, *, isolated: bool) -> Started:
    """Start the sandboxed half with this Python; it speaks on the inherited descriptor."""
    del limits, isolated
    errors = Path(tempfile.mkstemp(prefix="himalia-grade-")[1])
    with errors.open("wb") as file:
        process = subprocess.Popen(
            [str(python), "-c", _PROGRAM, str(_INSIDE), str(descriptor)],
            env=environment(python),
            pass_fds=(descriptor,),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=file,
        )
    return Started(process, walls=False, errors=errors)


def environment(python: Path) -> dict[str, str]:
    """All that a copy's processes find in their environment; nothing of the platform's."""
    return {
        "PATH": f"{python.parent}:{_PATH}",
        "LANG": "C.UTF-8",
        "HOME": "/tmp",  # noqa: S108 -- a copy has its own
        "PYTHONHASHSEED": "0",
        # Threads of a numeric library do not survive a fork.
        **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
    }
