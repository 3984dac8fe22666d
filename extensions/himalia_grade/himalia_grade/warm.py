"""The trusted end of the warm interpreter: start it, open a copy in it, ask the copy's keeper for things."""

import base64
import socket
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from himalia_grade.isolation import SandboxError, Started, start
from himalia_grade.models import MEBIBYTE, Limits
from himalia_grade.protocol import ForgedError, HungUpError, Line, TooLateError

_START_SECONDS = 120.0  # libraries are imported: a cold disk takes its time
_KEEPER_SECONDS = 60.0  # far above what it takes: a machine may be very busy
_KEEPER_ROOM = 4 * MEBIBYTE


class EngineError(Exception):
    """The engine itself cannot work: nothing is wrong with any copy. The text is a sentence."""


@dataclass
class Warm:
    """One interpreter with its libraries loaded; copies are forked from it one at a time."""

    started: Started
    line: Line
    language: Mapping[str, Any]
    limits: Limits
    usable: bool = True  # False: it did not come back from a copy, start another

    @classmethod
    def start(cls, python: Path, preload: Sequence[str], limits: Limits, *, isolated: bool) -> "Warm":
        """Start it and wait until its libraries are loaded. Raises EngineError.

        Libraries that leave threads running when they are loaded are not loaded before copies are forked.
        """
        warm, threads = cls._started(python, preload, limits, isolated=isolated)
        if threads > 1 and preload:
            warm.close()
            warm, threads = cls._started(python, (), limits, isolated=isolated)
        return warm

    @classmethod
    def _started(cls, python: Path, preload: Sequence[str], limits: Limits, *, isolated: bool) -> tuple["Warm", int]:
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                started = start(python, theirs.fileno(), limits, isolated=isolated)
        except (SandboxError, OSError) as error:
            ours.close()
            raise EngineError(str(error)) from error
        line = Line(ours, _KEEPER_ROOM)
        try:
            line.send({"room": limits.output_bytes, "preload": list(preload)})
            hello = line.receive(_START_SECONDS)
        except (HungUpError, TooLateError, ForgedError) as error:
            complaint = started.complaint() or str(error)
            line.close()
            started.end()
            raise EngineError(f"The grading interpreter did not start: {complaint}.") from error
        return cls(started, line, hello["language"], limits), int(hello["threads"])

    @contextmanager
    def copy(self) -> Iterator["Copy"]:
        """A process for one copy; all that it started is ended at the end. Raises EngineError."""
        ours, theirs = socket.socketpair()
        home = self.started.new_home()
        kills = self.started.memory_kills()
        keeper = Line(ours, _keeper_room(self.limits))
        try:
            with theirs:
                self._ask_for_copy(self._order(home), theirs.fileno())
            yield Copy(keeper, self.limits, _greeting(keeper), lambda: self.started.memory_kills() > kills)
        finally:
            keeper.close()
            self._until_ended()
            self.started.forget_home(home)

    def _order(self, home: str) -> dict[str, Any]:
        """What the interpreter is told of a copy."""
        started, limits = self.started, self.limits
        return {
            "walls": started.walls,
            "home": home,
            "temporary": dict(started.temporary(limits)),
            "kept": list(started.kept()),
            "filter": base64.b64encode(started.filter()).decode(),
            "processes": limits.processes,
            "data_bytes": limits.memory_bytes,
            "file_bytes": limits.disk_bytes,
        }

    def close(self) -> None:
        self.line.close()
        self.started.end()

    def _ask_for_copy(self, order: dict[str, Any], descriptor: int) -> None:
        try:
            self.line.send(order, (descriptor,))
        except HungUpError as error:
            raise EngineError("The grading interpreter has ended.") from error

    def _until_ended(self) -> None:
        """The interpreter answers when the copy's last process is gone."""
        with suppress(ForgedError, HungUpError, TooLateError):
            self.line.receive(_KEEPER_SECONDS)
            return
        self.usable = False


@dataclass
class Copy:
    """One copy's keeper, asked over its own socket."""

    keeper: Line
    limits: Limits
    pid: int
    out_of_memory: Any

    def place(self, files: Mapping[str, bytes]) -> None:
        """Put these files where the copy works."""
        encoded = {name: base64.b64encode(data).decode() for name, data in files.items() if relative(name)}
        self._ask({"op": "place", "files": encoded})

    def start_notebook(self, environment: Mapping[str, str], seed: int) -> Line:
        """A process for one notebook; the line to it."""
        ours, theirs = socket.socketpair()
        with theirs:
            self._ask({"op": "start", "environment": dict(environment), "seed": seed}, (theirs.fileno(),))
        # Base64 of pictures and escapes of text: JSON takes more room than what it says.
        return Line(ours, 4 * self.limits.output_bytes + 8 * MEBIBYTE)

    def interrupt(self) -> None:
        """What a person does with the square button."""
        self._ask({"op": "interrupt"})

    def stop(self) -> None:
        """End every process that the copy has started."""
        self._ask({"op": "stop"})

    def cpu_seconds(self) -> float:
        """What the copy has used, its ended processes included."""
        used = self._ask({"op": "usage"}).get("cpu_seconds")
        return float(used) if isinstance(used, int | float) else 0.0

    def collect(self) -> dict[str, bytes]:
        """The files that the copy's code made or changed, as far as they fit; links and devices are left out."""
        limits = self.limits
        files = self._ask({"op": "collect", "room": limits.files_bytes, "most": limits.files_count}).get("files")
        if not isinstance(files, dict):
            raise ForgedError("a collection that is none")
        return {name: _bytes(content) for name, content in sorted(files.items()) if relative(name)}

    def _ask(self, frame: dict[str, Any], descriptors: tuple[int, ...] = ()) -> dict[str, Any]:
        self.keeper.send(frame, descriptors)
        reply = self.keeper.receive(_KEEPER_SECONDS)
        if not isinstance(reply, dict):
            raise ForgedError("a keeper's answer that is none")
        return reply


def relative(name: object) -> bool:
    """Whether this is the name of a file inside a folder, on any system."""
    if not isinstance(name, str) or "\0" in name or "\\" in name:
        return False
    parts = PurePosixPath(name).parts
    return bool(parts) and not name.startswith("/") and ".." not in parts and all(len(part) < 200 for part in parts)


def _greeting(keeper: Line) -> int:
    try:
        hello = keeper.receive(_KEEPER_SECONDS)
    except (HungUpError, TooLateError, ForgedError) as error:
        raise EngineError(f"A copy could not be opened: {error}.") from error
    if "error" in hello:
        raise EngineError(f"A copy could not be opened: {hello['error']}.")
    return int(hello["pid"])


def _keeper_room(limits: Limits) -> int:
    return 2 * limits.files_bytes + 300 * limits.files_count


def _bytes(content: object) -> bytes:
    try:
        return base64.b64decode(str(content), validate=True)
    except ValueError as error:
        raise ForgedError("a file that is not base64") from error


def elapsed(since: float) -> float:
    """Seconds since a moment of the monotonic clock, rounded for reports."""
    return round(time.monotonic() - since, 3)
