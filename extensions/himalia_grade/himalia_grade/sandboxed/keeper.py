"""The keeper of one copy: process 1 of the copy's own namespace. It starts notebooks, ends them and hands out their files."""

import base64
import os
import resource
import signal
import socket
import stat
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import ClassVar

from . import confine
from .frames import Frame, FrameError, receive_with_descriptors, send
from .interpreter import Interpreter
from .notebook import serve


class Keeper:
    """Answers the trusted half over `channel` until it hangs up."""

    def __init__(self, interpreter: Interpreter, channel: socket.socket, order: Frame, walls: bool) -> None:
        self._interpreter = interpreter
        self._channel = channel
        self._order = order
        self._walls = walls
        self._home = Path(order["home"])
        self._given: dict[str, bytes] = {}
        self._leader = 0

    def serve(self) -> None:
        """Never returns: the end of this process is the end of the copy."""
        confine.hide()
        confine.adopt_orphans()
        signal.signal(signal.SIGCHLD, _reap)
        self._home.mkdir(exist_ok=True)
        os.chdir(self._home)
        send(self._channel, {"pid": os.getpid(), "walls": self._walls})
        while True:
            frame, descriptors = receive_with_descriptors(self._channel, 1)
            send(self._channel, self._ANSWERS[frame["op"]](self, frame, descriptors))

    def _place(self, frame: Frame, _descriptors: list[int]) -> Frame:
        """Write the copy's files where it works."""
        for name, content in frame["files"].items():
            data = base64.b64decode(content)
            target = self._home / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
            self._given[name] = data
        return {}

    def _start(self, frame: Frame, descriptors: list[int]) -> Frame:
        """Fork a notebook's process with its end of a channel."""
        pid = os.fork()
        if pid == 0:
            self._become_notebook(frame, descriptors[0])
        os.close(descriptors[0])
        self._leader = pid
        return {"pid": pid}

    def _become_notebook(self, frame: Frame, descriptor: int) -> None:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.setsid()
        self._channel.close()
        confine.hide(hidden=False)
        order = self._order
        confine.limit(
            processes=order["processes"] if not self._walls else None,
            data_bytes=order["data_bytes"],
            file_bytes=order["file_bytes"],
        )
        os.environ.update(frame["environment"])
        serve(self._interpreter, socket.socket(fileno=descriptor), frame["seed"])

    def _interrupt(self, _frame: Frame, _descriptors: list[int]) -> Frame:
        self._signal_all(signal.SIGINT)
        return {}

    def _stop(self, _frame: Frame, _descriptors: list[int]) -> Frame:
        """End every process of the copy but this one."""
        ended = 0
        while True:
            self._signal_all(signal.SIGKILL)
            try:
                os.waitpid(-1, 0)
                ended += 1
            except ChildProcessError:
                return {"ended": ended}

    def _signal_all(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError, PermissionError):
            if self._walls:
                os.kill(-1, number)
            elif self._leader:
                os.killpg(self._leader, number)

    def _usage(self, _frame: Frame, _descriptors: list[int]) -> Frame:
        mine, theirs = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = mine.ru_utime + mine.ru_stime + theirs.ru_utime + theirs.ru_stime
        return {"cpu_seconds": round(cpu, 4), "most_memory": theirs.ru_maxrss * 1024}

    def _collect(self, frame: Frame, _descriptors: list[int]) -> Frame:
        """The regular files that were made or changed; asked for only when no process of the copy is left."""
        room, files, left_out = frame["room"], {}, 0
        for name in _walk(self._home, frame["most"]):
            data = _content(self._home / name, room)
            if data is None:
                left_out += 1
            elif self._given.get(name) != data:
                room -= len(data)
                files[name] = base64.b64encode(data).decode()
        return {"files": files, "left_out": left_out}

    _ANSWERS: ClassVar[dict[str, Callable[["Keeper", Frame, list[int]], Frame]]] = {
        "place": _place,
        "start": _start,
        "interrupt": _interrupt,
        "stop": _stop,
        "usage": _usage,
        "collect": _collect,
    }


def _reap(*_arguments: object) -> None:
    """Ended processes count among those that a copy may have, until somebody asks how they ended."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def keep(interpreter: Interpreter, channel: socket.socket, order: Frame, walls: bool) -> None:
    """Serve one copy and end this process."""
    status = 1
    try:
        if walls and not confine.mount_own_files(order["temporary"], order["kept"]):
            send(channel, {"error": "the copy's own files could not be mounted"})
        else:
            confine.give_up_privileges(base64.b64decode(order["filter"]))
            Keeper(interpreter, channel, order, walls).serve()
    except FrameError:
        status = 0
    except OSError as error:
        with suppress(OSError):
            send(channel, {"error": str(error)})
    finally:
        os._exit(status)


def _walk(folder: Path, most: int) -> list[str]:
    """Names below a folder, in order, without following any link; at most `most`."""
    names: list[str] = []
    for here, folders, files in os.walk(folder, followlinks=False):
        folders.sort()
        folders[:] = [name for name in folders if name != "__pycache__" and not (Path(here) / name).is_symlink()]
        names += [str((Path(here) / name).relative_to(folder)) for name in sorted(files)]
        if len(names) > most:
            break
    return names[:most]


def _content(path: Path, room: int) -> bytes | None:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    with os.fdopen(descriptor, "rb") as file:
        about = os.fstat(file.fileno())
        if not stat.S_ISREG(about.st_mode) or about.st_size > room:
            return None
        return file.read()
