"""The warm interpreter: imports once, then forks a copy's keeper for each order that comes over its socket."""

import gc
import importlib
import os
import signal
import socket
import sys
from contextlib import suppress
from typing import Any

from . import confine
from .frames import Frame, FrameError, receive_with_descriptors, send
from .interpreter import Interpreter, threads
from .keeper import keep


def main(descriptor: int) -> None:
    """Serve orders on the inherited socket until the other side hangs up."""
    channel = socket.socket(fileno=descriptor)
    confine.die_with_parent()
    first, _none = receive_with_descriptors(channel, 0)
    interpreter = Interpreter(first["room"])
    failed = _preload(first["preload"])
    interpreter.rehearse()
    confine.hide()
    gc.collect()
    gc.freeze()
    send(channel, {"language": _language(), "not_preloaded": failed, "threads": threads()})
    with suppress(FrameError):
        while True:
            order, descriptors = receive_with_descriptors(channel, 1)
            send(channel, _fork_copy(interpreter, channel, order, descriptors[0]))


def _fork_copy(interpreter: Interpreter, zygote: socket.socket, order: Frame, descriptor: int) -> Frame:
    """Fork the keeper, behind walls of its own where they are asked for, and wait for its end."""
    pid = os.fork()
    if pid == 0:
        zygote.close()
        _become_keeper(interpreter, socket.socket(fileno=descriptor), order)
    os.close(descriptor)
    _pid, status = os.waitpid(pid, 0)
    return {"ended": os.waitstatus_to_exitcode(status)}


def _become_keeper(interpreter: Interpreter, channel: socket.socket, order: Frame) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    confine.die_with_parent()
    if not order["walls"]:
        keep(interpreter, channel, order, walls=False)
    confine.hide(hidden=False)  # a hidden process may not write its own maps of users
    if not confine.enter_namespaces():
        send(channel, {"error": "this machine does not let a copy have namespaces of its own"})
        os._exit(1)
    confine.die_with_parent()  # again: new privileges undo it
    pid = os.fork()
    if pid == 0:
        confine.die_with_parent()
        keep(interpreter, channel, order, walls=True)
    channel.close()
    _pid, status = os.waitpid(pid, 0)
    os._exit(max(0, os.waitstatus_to_exitcode(status)))


def _preload(names: list[str]) -> list[str]:
    """Import what the course's notebooks will import; a library that fails here fails in the cell, where it is seen."""
    failed = []
    for name in names:
        try:
            importlib.import_module(name)
        except BaseException:
            failed.append(name)
    return failed


def _language() -> dict[str, Any]:
    """What a kernel says of its language, which notebooks keep in their metadata."""
    return {
        "name": "python",
        "version": sys.version.split()[0],
        "mimetype": "text/x-python",
        "codemirror_mode": {"name": "ipython", "version": sys.version_info[0]},
        "pygments_lexer": f"ipython{sys.version_info[0]}",
        "nbconvert_exporter": "python",
        "file_extension": ".py",
    }
