"""A process known by its number and its start time, so that a number used again is never taken for it."""

import os
import select
import signal
import subprocess
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

LOG_BYTES = 10 * 1024 * 1024


@dataclass(frozen=True)
class Identity:
    """One process of this boot, and no other."""

    pid: int
    start_time: int  # field 22 of /proc/PID/stat: clock ticks since boot


def identify(pid: int) -> Identity | None:
    """The live process that has this number now; a zombie counts as dead."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    fields = text.rpartition(")")[2].split()  # a program's name may hold spaces and brackets
    return None if fields[0] in "ZX" else Identity(pid, int(fields[19]))


def is_alive(identity: Identity | None) -> bool:
    return identity is not None and identify(identity.pid) == identity


def boot_id() -> str:
    """Changes at each boot of the machine: process numbers of another boot mean nothing."""
    return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()


def open_pidfd(identity: Identity) -> int | None:
    """A descriptor that becomes readable when the process ends; works for processes that are not our children."""
    try:
        descriptor = os.pidfd_open(identity.pid)
    except OSError:
        return None
    if is_alive(identity):
        return descriptor
    os.close(descriptor)
    return None


def start(argv: Sequence[str], *, env: Mapping[str, str], cwd: str, log: Path) -> "subprocess.Popen[bytes]":
    """Start a process in a session of its own: Ctrl-C at the terminal and the end of its parent do not reach it."""
    _make_room(log)
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    try:
        return subprocess.Popen(
            argv,
            env=env,
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=descriptor,
            stderr=descriptor,
            start_new_session=True,
        )
    finally:
        os.close(descriptor)


def _make_room(log: Path) -> None:
    """One older file is kept, so a process that restarts for days cannot fill the disk."""
    with suppress(FileNotFoundError):
        if log.stat().st_size > LOG_BYTES:
            log.replace(log.with_suffix(".log.1"))


def end(identities: Iterable[Identity], *, seconds: float) -> None:
    """Ask each process group to end; after `seconds`, end those that are left. Returns when none is alive."""
    living = [identity for identity in identities if is_alive(identity)]
    for identity in living:
        _signal_group(identity, signal.SIGTERM)
    for identity in _wait(living, seconds):
        _signal_group(identity, signal.SIGKILL)
    _wait(living, seconds)


def _signal_group(identity: Identity, number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        if is_alive(identity) and os.getpgid(identity.pid) == identity.pid:
            os.killpg(identity.pid, number)
        elif is_alive(identity):
            os.kill(identity.pid, number)


def _wait(identities: Iterable[Identity], seconds: float) -> list[Identity]:
    """Wait for their end; the ones still alive after `seconds`."""
    limit = time.monotonic() + seconds
    return [identity for identity in identities if not has_ended(identity, within=limit - time.monotonic())]


def has_ended(identity: Identity, *, within: float | None) -> bool:
    """Wait at most `within` seconds (None: without limit) for the end of a process; whether it has ended."""
    descriptor = open_pidfd(identity)
    if descriptor is None:
        return True
    try:
        return bool(select.select([descriptor], [], [], None if within is None else max(within, 0))[0])
    finally:
        os.close(descriptor)
