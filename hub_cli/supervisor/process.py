"""Starting processes that outlive their parent, and ending them; which process is meant is `himalia_sandbox.Process`."""

import os
import select
import signal
import subprocess
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from himalia_sandbox.processes import Process

LOG_BYTES = 10 * 1024 * 1024


def open_pidfd(process: Process) -> int | None:
    """A descriptor that becomes readable when the process ends, also of one that is not our child; None: it has ended."""
    try:
        descriptor = os.pidfd_open(process.pid)
    except OSError:
        return None
    if process.alive():
        return descriptor
    os.close(descriptor)
    return None


def start(argv: Sequence[str], *, env: Mapping[str, str], cwd: Path, log: Path) -> "subprocess.Popen[bytes]":
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


def end(processes: Iterable[Process], *, seconds: float) -> None:
    """Ask each process to end, with its group; kill those that are left after `seconds`. Returns when none is alive."""
    living = [process for process in processes if process.alive()]
    for process in living:
        _signal_group(process, signal.SIGTERM)
    for process in _wait(living, seconds):
        _signal_group(process, signal.SIGKILL)
    _wait(living, seconds)


def _signal_group(process: Process, number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        if not process.alive():
            return
        if os.getpgid(process.pid) == process.pid:
            os.killpg(process.pid, number)
        else:
            process.send(number)


def _wait(processes: Iterable[Process], seconds: float) -> list[Process]:
    """Wait for their end; the ones still alive after `seconds`."""
    limit = time.monotonic() + seconds
    return [process for process in processes if not has_ended(process, within=limit - time.monotonic())]


def has_ended(process: Process, *, within: float | None) -> bool:
    """Wait at most `within` seconds (None: without limit) for the end of a process; whether it has ended."""
    descriptor = open_pidfd(process)
    if descriptor is None:
        return True
    try:
        return bool(select.select([descriptor], [], [], None if within is None else max(within, 0))[0])
    finally:
        os.close(descriptor)
