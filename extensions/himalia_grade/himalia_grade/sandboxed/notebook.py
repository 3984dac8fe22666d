"""One notebook's process: cells arrive one at a time, each answered before the next is sent.

A test arrives as several variants, each to be tried from the same state, without a word of which one is the test: all
look alike from in here. All but the last are tried in forks, the last in this process. Then the other side names the one
whose process goes on; the rest ends.
"""

import asyncio
import os
import socket
from typing import Any

from .frames import Frame, FrameError, receive, send
from .interpreter import Interpreter


def serve(interpreter: Interpreter, channel: socket.socket, seed: int) -> None:
    """Answer until the other side hangs up, then end this process."""
    try:
        interpreter.begin(seed)
        _Notebook(interpreter, channel).serve()
    except (FrameError, OSError):
        os._exit(0)
    finally:
        os._exit(1)


class _Notebook:
    """The process that answers now. A fork that is chosen goes on in the same loop, no deeper in the stack."""

    def __init__(self, interpreter: Interpreter, channel: socket.socket) -> None:
        self._interpreter = interpreter
        self._channel = channel
        self._waiting: dict[int, int] = {}  # forks that wait for the choice, and the ends of the pipes that tell them
        self._own: list[dict[str, Any]] = []  # the replies of the last trial, when it was this process's
        self._loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self._loop)

    def serve(self) -> None:
        while True:
            # On the loop, so that what a cell left running goes on meanwhile, as in a kernel.
            self._until(_readable(self._channel))
            frame = receive(self._channel)
            operation = frame["op"]
            if operation == "cell":
                self._answer(frame, self._run(frame, trial=False))
            elif operation == "try" and frame["last"]:
                self._own = self._run(frame, trial=True)
                self._answer(frame, self._own)
            elif operation == "try":
                self._try(frame)
            elif operation == "keep":
                self._hand_over(frame)

    def _run(self, frame: Frame, *, trial: bool) -> list[dict[str, Any]]:
        return [self._until(self._interpreter.run(code, frame["cell"], trial=trial)) for code in frame["codes"]]

    def _answer(self, frame: Frame, replies: list[dict[str, Any]]) -> None:
        send(self._channel, {"id": frame["id"], "replies": replies})

    def _try(self, frame: Frame) -> None:
        """Run a variant in a fork and come back when it has answered; a fork that is chosen comes back too, as itself."""
        done, finished = os.pipe()
        told, tell = os.pipe()
        if os.fork() == 0:
            os.close(done)
            os.close(tell)
            self._separate()
            self._trial(frame, told, finished)
            return
        os.close(finished)
        os.close(told)
        answered = os.read(done, 1)
        os.close(done)
        self._waiting[frame["id"]] = tell
        if not answered:
            send(self._channel, {"id": frame["id"], "died": True})

    def _separate(self) -> None:
        """A fork has its own streams. The loop is shared, but not at one time: its parent stands still meanwhile."""
        self._let_go()
        self._interpreter.separate()

    def _trial(self, frame: Frame, told: int, finished: int) -> None:
        replies = self._run(frame, trial=True)
        self._answer(frame, replies)
        os.write(finished, b"a")
        os.close(finished)
        chosen = os.read(told, 1) == b"k"
        os.close(told)
        if not chosen:
            os._exit(0)
        self._answer(frame, [self._until(self._interpreter.shown(replies[-1]))])

    def _hand_over(self, frame: Frame) -> None:
        """Let the chosen fork go on in this process's place, or go on and let the forks end."""
        chosen = self._waiting.get(frame["id"])
        if chosen is not None:
            os.write(chosen, b"k")
            os._exit(0)
        self._let_go()
        self._answer(frame, [self._until(self._interpreter.shown(self._own[-1]))])

    def _let_go(self) -> None:
        for end in self._waiting.values():
            os.close(end)
        self._waiting.clear()

    def _until(self, work: Any) -> Any:
        return self._loop.run_until_complete(work)


async def _readable(channel: socket.socket) -> None:
    loop = asyncio.get_running_loop()
    readable: asyncio.Future[None] = loop.create_future()
    loop.add_reader(channel, _settle, readable)
    try:
        await readable
    finally:
        loop.remove_reader(channel)


def _settle(readable: "asyncio.Future[None]") -> None:
    if not readable.done():
        readable.set_result(None)
