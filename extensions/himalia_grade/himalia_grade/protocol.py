"""What comes out of a sandbox, read as what it is: bytes of a stranger. Sized, timed, and taken apart field by field."""

import json
import select
import socket
import struct
import time
from dataclasses import dataclass, field
from typing import Any

from himalia_grade.sandboxed.frames import Frame, send

_HEADER = struct.Struct(">I")
_MOST_TRACEBACK = 10_000
_MOST_MIMETYPES = 50
_DEEPEST = 64

Output = dict[str, Any]


class ForgedError(Exception):
    """What came is no answer of ours: the process on the other side is not what we started."""


class TooLateError(Exception):
    """Nothing came in time."""

    def __str__(self) -> str:
        return "no answer in time"


class HungUpError(Exception):
    """The other side ended."""


@dataclass(frozen=True)
class Reply:
    """What one piece of code did."""

    failed: bool
    outputs: tuple[Output, ...]
    execution_count: int | None = None
    ename: str = ""
    evalue: str = ""
    traceback: tuple[str, ...] = ()
    threads: bool = False


@dataclass(frozen=True)
class Answer:
    """The answer to one frame: a reply for each code, or none when the process ended over it."""

    identity: int
    replies: tuple[Reply, ...] = ()
    died: bool = False


@dataclass
class Line:
    """Our end of a socket to a sandbox. `most` bounds what one frame may hold."""

    channel: socket.socket
    most: int
    _buffer: bytearray = field(default_factory=bytearray)

    def send(self, frame: Frame, descriptors: tuple[int, ...] = ()) -> None:
        try:
            send(self.channel, frame, descriptors)
        except OSError as error:
            raise HungUpError(str(error)) from error

    def receive(self, seconds: float) -> Any:
        """The next frame, decoded and not yet looked at. Raises ForgedError, TooLateError, HungUpError."""
        deadline = time.monotonic() + seconds
        size = _HEADER.unpack(self._exactly(_HEADER.size, deadline))[0]
        if size > self.most:
            raise ForgedError(f"an answer of {size} bytes, more than the {self.most} allowed")
        return decoded(self._exactly(size, deadline))

    def close(self) -> None:
        self.channel.close()

    def _exactly(self, size: int, deadline: float) -> bytes:
        while len(self._buffer) < size:
            self._wait(deadline)
            self._read(size)
        part = bytes(self._buffer[:size])
        del self._buffer[:size]
        return part

    def _wait(self, deadline: float) -> None:
        left = deadline - time.monotonic()
        if left <= 0 or not select.select([self.channel], [], [], left)[0]:
            raise TooLateError

    def _read(self, size: int) -> None:
        try:
            part = self.channel.recv(min(size - len(self._buffer), 1 << 20))
        except OSError as error:
            raise HungUpError(str(error)) from error
        if not part:
            raise HungUpError("the process ended")
        self._buffer += part


def decoded(body: bytes) -> Any:
    """The JSON value, or ForgedError: NaN, bombs of depth and numbers without end are refused by name."""
    try:
        return json.loads(body, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise ForgedError(f"not JSON: {type(error).__name__}") from error


def answer(frame: Any, identity: int, codes: int) -> Answer:
    """The answer to frame `identity`, which held so many codes. Raises ForgedError."""
    fields = _object(frame)
    if fields.get("id") != identity:
        raise ForgedError("an answer to a question that was not asked")
    if fields.get("died") is True:
        return Answer(identity, died=True)
    replies = _list(fields.get("replies"))
    if len(replies) != codes:
        raise ForgedError(f"{len(replies)} replies to {codes} codes")
    return Answer(identity, tuple(_reply(reply) for reply in replies))


def _reply(value: Any) -> Reply:
    fields = _object(value)
    status = fields.get("status")
    if status not in ("ok", "error"):
        raise ForgedError("a reply without a status")
    return Reply(
        failed=status == "error",
        outputs=tuple(_output(output) for output in _list(fields.get("outputs"))),
        execution_count=_count(fields.get("execution_count")),
        ename=_text(fields.get("ename", "")),
        evalue=_text(fields.get("evalue", "")),
        traceback=_traceback(fields.get("traceback", [])),
        threads=fields.get("threads") is True,
    )


def _output(value: Any) -> Output:
    fields = _object(value)
    kind = fields.get("output_type")
    if kind == "stream":
        return {"output_type": kind, "name": _stream_name(fields.get("name")), "text": _text(fields.get("text"))}
    if kind == "error":
        ename, evalue = _text(fields.get("ename")), _text(fields.get("evalue"))
        return {"output_type": kind, "ename": ename, "evalue": evalue, "traceback": list(_traceback(fields.get("traceback")))}
    if kind in ("display_data", "execute_result"):
        metadata = _tree(_object(fields.get("metadata")))
        shown: Output = {"output_type": kind, "data": _bundle(fields.get("data")), "metadata": metadata}
        if kind == "execute_result":
            shown["execution_count"] = _count(fields.get("execution_count"))
        return shown
    raise ForgedError("an output of no known kind")


def _bundle(value: Any) -> dict[str, Any]:
    fields = _object(value)
    if len(fields) > _MOST_MIMETYPES:
        raise ForgedError("too many representations of one output")
    return {_text(name): _tree(content) if _is_json(name) else _text(content) for name, content in fields.items()}


def _is_json(mimetype: str) -> bool:
    return mimetype == "application/json" or mimetype.endswith("+json")


def _tree(value: Any, depth: int = 0) -> Any:
    """A JSON value with clean text, not too deep."""
    if depth > _DEEPEST:
        raise ForgedError("an output nested too deeply")
    if isinstance(value, dict):
        return {_text(name): _tree(inner, depth + 1) for name, inner in value.items()}
    if isinstance(value, list):
        return [_tree(inner, depth + 1) for inner in value]
    return _text(value) if isinstance(value, str) else value


def _traceback(value: Any) -> tuple[str, ...]:
    lines = _list(value)
    if len(lines) > _MOST_TRACEBACK:
        raise ForgedError("a traceback without end")
    return tuple(_text(line) for line in lines)


def _stream_name(value: Any) -> str:
    if value not in ("stdout", "stderr"):
        raise ForgedError("a stream of no known name")
    return str(value)


def _count(value: Any) -> int | None:
    if value is None:
        return None
    if type(value) is not int or not 0 <= value < 10**9:
        raise ForgedError("an execution count that is none")
    return value


def _text(value: Any) -> str:
    """Text that can be written to a file: half characters are replaced."""
    if not isinstance(value, str):
        raise ForgedError(f"{type(value).__name__} where text belongs")
    return value.encode("utf-8", "replace").decode("utf-8")


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ForgedError(f"{type(value).__name__} where an object belongs")
    return value


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise ForgedError(f"{type(value).__name__} where a list belongs")
    return value


def _refuse_constant(name: str) -> None:
    raise ValueError(name)
