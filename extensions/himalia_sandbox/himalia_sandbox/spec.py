"""What a sandbox holds: files, limits, identity; frozen values that the other modules turn into commands."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

MEBIBYTE = 1024 * 1024

# A tmpfs without a size may fill the memory of the machine.
TEMPORARY = MappingProxyType({"/tmp": 256 * MEBIBYTE, "/dev/shm": 128 * MEBIBYTE, "/run": 8 * MEBIBYTE})  # noqa: S108 -- inside


@dataclass(frozen=True)
class Bind:
    """A file or folder of the machine, shown inside at `destination` (the same path if none is given)."""

    source: Path
    destination: str = ""

    @property
    def inside(self) -> str:
        return self.destination or str(self.source)


@dataclass(frozen=True)
class Limits:
    """What the code may use; memory and processes are walls, cpus is a share that it cannot exceed."""

    memory_bytes: int
    processes: int
    cpus: float = 1.0
    all_die_together: bool = False  # out of memory: the whole sandbox ends, not only the largest process


@dataclass(frozen=True)
class Sandbox:
    """One place to run untrusted code in. Nothing of the machine is visible but what is named here and /usr."""

    name: str  # names the control group: unique among those that live, [a-z0-9.-]
    limits: Limits
    read_only: tuple[Bind, ...] = ()
    writable: tuple[Bind, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)  # small read-only files, by their path inside
    temporary: Mapping[str, int] = field(default_factory=lambda: TEMPORARY)
    environment: Mapping[str, str] = field(default_factory=dict)
    directory: str = "/tmp"  # noqa: S108 -- inside the sandbox
    uid: int | None = None  # with root: whom the code is to the machine; nobody if none is given
    # The sandbox ends with the *thread* that launches it; else it outlives the program, and its main process is process 1.
    die_with_parent: bool = False
    isolated: bool = True  # False: no bubblewrap, the platform's own rights
    # The main process is ours: it may make namespaces and walls off, each apart, the untrusted code that it forks.
    nests: bool = False
    home: str = "/home/me"
