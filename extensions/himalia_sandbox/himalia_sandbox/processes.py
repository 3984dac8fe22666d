"""Which process is meant: a pid alone is reused, with its start time and the boot it names one process for ever."""

import os
import select
import signal
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_STATE, _PARENT, _START = 0, 1, 19  # fields 3, 4 and 22 of /proc/PID/stat, counted after the command's name


@dataclass(frozen=True)
class Process:
    """A process of this machine, told apart from any later one with the same number."""

    pid: int
    start_time: int
    boot: str

    @classmethod
    def of(cls, pid: int) -> "Process | None":
        """The process that has this pid now, None if there is none."""
        fields = _stat(pid)
        return cls(pid, int(fields[_START]), boot_id()) if fields else None

    @classmethod
    def named(cls, pid: int) -> "Process":
        """The process that a program has just started; if it has ended already, one that is not alive."""
        return cls.of(pid) or cls(pid, 0, boot_id())

    def alive(self) -> bool:
        """Whether exactly this process runs; a zombie has ended."""
        fields = _stat(self.pid)
        return fields is not None and fields[_STATE] not in "ZX" and self == Process.of(self.pid)

    def send(self, number: signal.Signals) -> bool:
        """Send it a signal, never to another process that got its pid. False: it has ended."""
        try:
            handle = os.pidfd_open(self.pid)
        except ProcessLookupError:
            return False
        try:
            # The handle is held first, so that what was checked is what gets the signal.
            if not self.alive():
                return False
            signal.pidfd_send_signal(handle, number)
        except ProcessLookupError:
            return False
        finally:
            os.close(handle)
        return True

    def wait(self, seconds: float) -> bool:
        """Wait for its end, whoever's child it is. False: it goes on."""
        try:
            handle = os.pidfd_open(self.pid)
        except ProcessLookupError:
            return True
        try:
            end = select.poll()
            end.register(handle, select.POLLIN)
            return not self.alive() or bool(end.poll(seconds * 1000))
        finally:
            os.close(handle)


def descendants(pid: int) -> list[int]:
    """The processes under `pid`, itself first, as they are now."""
    parents = {int(entry.name): _stat(int(entry.name)) for entry in Path("/proc").iterdir() if entry.name.isdigit()}
    found = [pid]
    for one in found:
        found += [child for child, fields in parents.items() if fields and int(fields[_PARENT]) == one]
    return found


@cache
def boot_id() -> str:
    return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()


def _stat(pid: int) -> list[str] | None:
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    return text.rpartition(")")[2].split()
