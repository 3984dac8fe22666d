"""Control groups: where they are, one per sandbox with its limits, what they counted, their end."""

import contextlib
import os
import signal
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from himalia_sandbox.spec import Limits

PARENT = "himalia"
_PERIOD = 100_000  # microseconds
_ABANDONED_SECONDS = 3600.0
_PARENT_SHARES = 8 * 1024  # eight ordinary processes
_V1 = ("memory", "pids", "cpu")
_V2_ROOT = Path("/sys/fs/cgroup")


Maker = Callable[[], "Group"]


class GroupError(Exception):
    """A control group cannot be made; the text says which file refused."""


@dataclass(frozen=True)
class Group:
    """The folders of one sandbox's control group; a process joins by writing itself into each one's `cgroup.procs`."""

    folders: tuple[Path, ...]

    def oom_kills(self) -> int:
        """How many processes were ended for want of memory; an exit code does not tell."""
        return sum(
            _count(folder / name, "oom_kill") for folder in self.folders for name in ("memory.oom_control", "memory.events")
        )

    def gone(self) -> bool:
        return not any(folder.exists() for folder in self.folders)

    def kill(self) -> None:
        """End every process in it."""
        for folder in self.folders:
            try:
                _write(folder / "cgroup.kill", 1)
            except OSError:  # version 1 has no such file
                for pid in _processes(folder):
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)

    def remove(self) -> bool:
        """Remove the folders. False: a process is still in there."""
        for folder in self.folders:
            try:
                folder.rmdir()
            except FileNotFoundError:
                continue
            except OSError:
                return False
        return True


def v1_mounts(mounts: str) -> Mapping[str, Path]:
    """The controllers of version 1 and their mount points, read from the text of /proc/mounts."""
    lines = [line.split() for line in mounts.splitlines()]
    return {name: Path(line[1]) for line in lines if line[2] == "cgroup" for name in line[3].split(",") if name in _V1}


def create_v1(name: str, limits: Limits, mounts: Mapping[str, Path]) -> Group:
    """Make the group in each hierarchy and set its limits. Raises GroupError; nothing is left behind then."""
    group = Group(tuple(mounts[controller] / PARENT / name for controller in _V1))
    memory, pids, cpu = group.folders
    return _filled(
        group,
        {
            memory / "memory.limit_in_bytes": limits.memory_bytes,
            pids / "pids.max": limits.processes,
            cpu / "cpu.cfs_period_us": _PERIOD,
            cpu / "cpu.cfs_quota_us": int(limits.cpus * _PERIOD),
        },
        {
            # Absent where swap is not counted; then swap is off or not limited.
            memory / "memory.memsw.limit_in_bytes": limits.memory_bytes,
            # Else all sandboxes together would weigh as much as any single process of the machine.
            cpu.parent / "cpu.shares": _PARENT_SHARES,
        },
    )


def create_v2(name: str, limits: Limits, root: Path = _V2_ROOT) -> Group:
    """Make the group and set its limits. Raises GroupError; nothing is left behind then."""
    parent = root / PARENT
    try:
        parent.mkdir(exist_ok=True)
        for above in (root, parent):
            _write(above / "cgroup.subtree_control", "+memory +pids +cpu")
    except OSError as error:
        raise GroupError(str(error)) from error
    folder = parent / name
    return _filled(
        Group((folder,)),
        {
            folder / "memory.max": limits.memory_bytes,
            folder / "pids.max": limits.processes,
            folder / "cpu.max": f"{int(limits.cpus * _PERIOD)} {_PERIOD}",
        },
        {folder / "memory.swap.max": 0, folder / "memory.oom.group": int(limits.all_die_together)},
    )


def of_process(pid: int) -> Group | None:
    """The version 2 group that a process is in, for those that systemd made."""
    try:
        lines = Path(f"/proc/{pid}/cgroup").read_text(encoding="utf-8").splitlines()
    except OSError:
        return None
    path = next((line.removeprefix("0::/") for line in lines if line.startswith("0::/")), "")
    # Any other group would be our own: to end it would be to end ourselves.
    return Group((_V2_ROOT / path,)) if Path(path).name.startswith(f"{PARENT}-") else None


def _filled(group: Group, wanted: Mapping[Path, object], welcome: Mapping[Path, object]) -> Group:
    # What an earlier program left under this name, when it was killed before it could write down what it had started.
    group.kill()
    try:
        for folder in group.folders:
            folder.mkdir(parents=True, exist_ok=True)
        for file, value in wanted.items():
            _write(file, value)
    except OSError as error:
        group.remove()
        raise GroupError(str(error)) from error
    for file, value in welcome.items():
        with contextlib.suppress(OSError):
            _write(file, value)
    return group


def sweep(parent: Path, older_than: float = _ABANDONED_SECONDS) -> None:
    """Remove empty groups that a program left behind when it was killed; a young one may be about to be joined."""
    for folder in parent.glob("*/"):
        with contextlib.suppress(OSError):
            if time.time() - folder.stat().st_mtime > older_than:
                folder.rmdir()


def _processes(folder: Path) -> list[int]:
    try:
        return [int(line) for line in (folder / "cgroup.procs").read_text(encoding="ascii").split()]
    except OSError:
        return []


def _write(file: Path, value: object) -> None:
    # No O_CREAT: outside a control group file system this must fail, not leave an ordinary file.
    descriptor = os.open(file, os.O_WRONLY)
    try:
        os.write(descriptor, str(value).encode())
    finally:
        os.close(descriptor)


def _count(file: Path, key: str) -> int:
    try:
        words = file.read_text(encoding="ascii").split()
    except OSError:
        return 0
    return int(words[words.index(key) + 1]) if key in words else 0
