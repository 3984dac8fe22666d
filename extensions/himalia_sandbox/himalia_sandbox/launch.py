"""Start, find again, end and clean up what runs in a sandbox."""

import dataclasses
import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from himalia_sandbox import command, groups, means, seccomp, watch
from himalia_sandbox.groups import Group
from himalia_sandbox.means import Means
from himalia_sandbox.processes import Process, descendants
from himalia_sandbox.spec import Sandbox

Stream = int | IO[Any] | None
# What the programs outside the walls (setpriv, bubblewrap, systemd-run) get: nothing of the platform's environment.
_OUTSIDE = {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "LANG": "C.UTF-8"}
_END_SECONDS = 10.0
_SESSION = ("XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS")


class SandboxError(Exception):
    """The sandbox could not be made; nothing ran. The text is a sentence for people who look after the machine."""


@dataclass(frozen=True)
class Streams:
    """Where the code reads and writes; each as `subprocess.Popen` takes it."""

    stdin: Stream
    stdout: Stream
    stderr: Stream


@dataclass(frozen=True)
class Running:
    """What runs in a sandbox. `process` is its first one: when that ends, all of it ends."""

    process: Process
    group: Group | None
    marker: Path | None = None  # written by the watcher when it ends the sandbox for want of memory
    popen: "subprocess.Popen[bytes] | None" = field(default=None, compare=False)

    def record(self) -> dict[str, Any]:
        """What is needed to find it again after this program has ended, ready for JSON."""
        return {
            "process": dataclasses.asdict(self.process),
            "group": [str(folder) for folder in self.group.folders] if self.group else None,
            "marker": str(self.marker) if self.marker else None,
        }

    @classmethod
    def found(cls, record: Mapping[str, Any]) -> "Running":
        """The one that `record` was made of, alive or not."""
        group = Group(tuple(Path(folder) for folder in record["group"])) if record["group"] else None
        return cls(Process(**record["process"]), group, Path(record["marker"]) if record["marker"] else None)

    def alive(self) -> bool:
        if self.popen:
            self.popen.poll()
        return self.process.alive()

    def oom_killed(self) -> bool:
        """Whether the code ran out of memory, in any of its processes. Ask before `cleanup`."""
        if self.group and self.group.gone():
            # systemd removes a scope with its counters at once; who else would have killed it?
            return self.popen is not None and self.popen.poll() in (-signal.SIGKILL, 128 + signal.SIGKILL)
        return bool(self.group and self.group.oom_kills()) or bool(self.marker and self.marker.exists())

    def terminate(self) -> bool:
        """Ask it to end, unless it dies with its parent: that one can only be killed. False: it has ended."""
        return self.process.send(signal.SIGTERM)

    def kill(self) -> None:
        """End all of it now; the kernel ends a sandbox with its first process."""
        if self.group:
            self.group.kill()
        if self.process.alive():
            for pid in reversed(descendants(self.process.pid)):
                one = Process.of(pid)
                if one:
                    one.send(signal.SIGKILL)

    def cleanup(self) -> bool:
        """Remove what the machine kept of it. False: a process is still ending, call again."""
        if self.popen:
            self.popen.poll()
        if self.marker:
            self.marker.unlink(missing_ok=True)
        return self.group is None or self.group.remove()

    def end(self) -> None:
        """Kill it and clean up; nothing of it is left when this returns."""
        self.kill()
        self.process.wait(_END_SECONDS)
        deadline = time.monotonic() + _END_SECONDS
        while not self.cleanup() and time.monotonic() < deadline:
            time.sleep(0.01)

    def wait(self, timeout: float | None = None) -> int:
        """The exit code, for the program that launched it. Raises subprocess.TimeoutExpired."""
        if self.popen is None:
            raise SandboxError("only the program that launched a sandbox can wait for it")
        return self.popen.wait(timeout)


def launch(
    sandbox: Sandbox,
    argv: Sequence[str],
    *,
    stdin: Stream = subprocess.DEVNULL,
    stdout: Stream = subprocess.DEVNULL,
    stderr: Stream = subprocess.DEVNULL,
    pass_fds: Sequence[int] = (),
    how: Means | None = None,
) -> Running:
    """Run `argv` in the sandbox and return when its first process exists. Raises SandboxError.

    Never pass a TCP socket: with `connect(AF_UNSPEC)` the code would leave its network namespace. A Unix one is safe.
    """
    how = how or means.detect()
    streams = Streams(stdin, stdout, stderr)
    if not sandbox.isolated:
        return _launch_bare(sandbox, argv, streams, pass_fds)
    if not how.bubblewrap:
        raise SandboxError(f"No sandbox can be made on this machine: {how.reason}.")
    group, join = _confine(sandbox, how)
    try:
        running = _launch_inside(sandbox, argv, streams, pass_fds, how, join)
    except SandboxError:
        if group:
            group.remove()
        raise
    if how.limits == "systemd":
        group = groups.of_process(running.process.pid)
    marker = _watch(running.process, sandbox) if how.limits == "rlimit" else None
    return dataclasses.replace(running, group=group, marker=marker)


def _launch_bare(sandbox: Sandbox, argv: Sequence[str], streams: Streams, pass_fds: Sequence[int]) -> Running:
    popen = subprocess.Popen(
        argv,
        stdin=streams.stdin,
        stdout=streams.stdout,
        stderr=streams.stderr,
        env=dict(sandbox.environment),
        cwd=sandbox.directory,
        pass_fds=tuple(pass_fds),
        start_new_session=True,
    )
    return Running(Process.named(popen.pid), None, popen=popen)


def _confine(sandbox: Sandbox, how: Means) -> tuple[Group | None, list[str]]:
    """The control group and the words that make what follows enter it."""
    if how.limits == "systemd":
        return None, list(means.scope(sandbox.name, sandbox.limits))
    if how.limits == "rlimit":
        return None, []
    try:
        if how.limits == "cgroup2":
            group = groups.create_v2(sandbox.name, sandbox.limits)
        else:
            group = groups.create_v1(sandbox.name, sandbox.limits, means.v1_mounts())
    except groups.GroupError as error:
        raise SandboxError(f"The limits of the sandbox could not be set: {error}.") from error
    joined = " && ".join(f"echo 0 > {shlex.quote(str(folder / 'cgroup.procs'))}" for folder in group.folders)
    return group, ["/bin/sh", "-c", f'{joined} && exec "$@"', "sh"]


def _launch_inside(
    sandbox: Sandbox,
    argv: Sequence[str],
    streams: Streams,
    pass_fds: Sequence[int],
    how: Means,
    join: Sequence[str],
) -> Running:
    uid = (command.NOBODY if sandbox.uid is None else sandbox.uid) if how.uid else None
    processes = sandbox.limits.processes if how.limits == "rlimit" else None
    program = shutil.which("bwrap") or "/usr/bin/bwrap"
    status = os.memfd_create("status")
    held = [status]
    try:
        arguments = _arguments(sandbox, status, held)
        words = [*join, *command.as_person(uid), program, "--args", str(arguments), "--"]
        popen = subprocess.Popen(
            [*words, *command.inner(argv, processes=processes)],
            stdin=streams.stdin,
            stdout=streams.stdout,
            stderr=streams.stderr,
            env=_OUTSIDE | {name: os.environ[name] for name in _SESSION if name in os.environ},
            pass_fds=(*pass_fds, *held),
            start_new_session=True,
        )
        return Running(Process.named(_first_pid(status, popen)), None, popen=popen)
    except OSError as error:
        raise SandboxError(f"The sandbox could not be started: {error}.") from error
    finally:
        for descriptor in held:
            os.close(descriptor)


def _arguments(sandbox: Sandbox, status: int, held: list[int]) -> int:
    """Bubblewrap's options in a descriptor, where no other user of the machine can read them; `held` gets what to close."""

    def keep(data: bytes) -> int:
        held.append(_memory(data))
        return held[-1]

    files = {path: keep(text.encode()) for path, text in (command.accounts(sandbox) | dict(sandbox.files)).items()}
    words = command.options(sandbox, seccomp=keep(seccomp.program()), status=status, files=files)
    return keep("".join(word + "\0" for word in words).encode())


def _memory(data: bytes) -> int:
    descriptor = os.memfd_create("sandbox")
    os.write(descriptor, data)
    os.lseek(descriptor, 0, os.SEEK_SET)
    return descriptor


def _first_pid(status: int, popen: "subprocess.Popen[bytes]") -> int:
    """The sandbox's first process, as the machine numbers it, once bubblewrap has written it."""
    # A memory file rather than a pipe: bubblewrap writes a last time at the end, when nobody may be there to read.
    while True:
        ended = popen.poll() is not None
        line, newline, _ = os.pread(status, 4096, 0).partition(b"\n")
        if newline and b"child-pid" in line:
            return int(json.loads(line)["child-pid"])
        if ended:
            raise SandboxError(f"The sandbox could not be made (exit code {popen.returncode}); its error output says why.")
        time.sleep(0.001)


def _watch(process: Process, sandbox: Sandbox) -> Path:
    """Start the memory watcher, a process of its own: it outlives this program as the sandbox does."""
    descriptor, name = tempfile.mkstemp(prefix="himalia-out-of-memory-")
    os.close(descriptor)
    marker = Path(name)
    marker.unlink()
    words = (str(process.pid), str(process.start_time), str(sandbox.limits.memory_bytes), str(marker))
    # Through a shell that ends at once, so that it is nobody's child and leaves nothing to collect.
    watcher = ["/bin/sh", "-c", '"$@" &', "sh", sys.executable, "-I", watch.__file__, *words]
    subprocess.run(watcher, env=_OUTSIDE, start_new_session=True, check=True, stdin=subprocess.DEVNULL)
    return marker
