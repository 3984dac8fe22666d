"""One notebook's process: cells arrive one at a time, each answered before the next is sent.

A test arrives as several variants, each to be tried in a fork of its own, without a word of which one is the test: all
look alike from in here. Then the other side names the fork that goes on; the rest ends.
"""

import asyncio
import os
import socket
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import NoReturn

from .frames import Frame, FrameError, receive, send
from .interpreter import Interpreter


@dataclass
class Trials:
    """The forks that wait for the other side's choice, and the ends of the pipes that tell them."""

    waiting: dict[int, int] = field(default_factory=dict)

    def close(self) -> None:
        for end in self.waiting.values():
            os.close(end)
        self.waiting.clear()


def serve(interpreter: Interpreter, channel: socket.socket, seed: int) -> None:
    """Answer until the other side hangs up, then end this process."""
    interpreter.begin(seed)
    _until_hung_up(_answer(interpreter, channel))


def _until_hung_up(work: Coroutine[None, None, None]) -> NoReturn:
    try:
        asyncio.run(work)
    except (FrameError, OSError):
        os._exit(0)
    finally:
        os._exit(1)


async def _answer(interpreter: Interpreter, channel: socket.socket) -> None:
    trials = Trials()
    while True:
        frame = await _next(channel)
        operation = frame["op"]
        if operation == "cell":
            replies = [await interpreter.run(code, frame["cell"]) for code in frame["codes"]]
            send(channel, {"id": frame["id"], "replies": replies})
        elif operation == "try":
            _try(interpreter, channel, frame, trials)
        elif operation == "keep":
            _hand_over(trials, frame["id"])


async def _next(channel: socket.socket) -> Frame:
    """Wait on the loop, so that what a cell left running goes on meanwhile, as in a kernel."""
    loop = asyncio.get_running_loop()
    readable: asyncio.Future[None] = loop.create_future()
    loop.add_reader(channel, _settle, readable)
    try:
        await readable
    finally:
        loop.remove_reader(channel)
    return receive(channel)


def _settle(readable: "asyncio.Future[None]") -> None:
    if not readable.done():
        readable.set_result(None)


def _try(interpreter: Interpreter, channel: socket.socket, frame: Frame, trials: Trials) -> None:
    done, finished = os.pipe()
    told, tell = os.pipe()
    if os.fork() == 0:
        os.close(done)
        os.close(tell)
        trials.close()
        interpreter.separate()
        # A loop cannot be shared by two processes: the fork has its own.
        _until_hung_up(_trial(interpreter, channel, frame, told, finished))
    os.close(finished)
    os.close(told)
    answered = os.read(done, 1)
    os.close(done)
    trials.waiting[frame["id"]] = tell
    if not answered:
        send(channel, {"id": frame["id"], "died": True})


async def _trial(interpreter: Interpreter, channel: socket.socket, frame: Frame, told: int, finished: int) -> None:
    """Run the codes of a trial in turn, wait for the choice, and either go on as the notebook's process or end."""
    replies = [await interpreter.run(code, frame["cell"], trial=True) for code in frame["codes"]]
    send(channel, {"id": frame["id"], "replies": replies})
    os.write(finished, b"a")
    os.close(finished)
    chosen = os.read(told, 1) == b"k"
    os.close(told)
    if not chosen:
        os._exit(0)
    send(channel, {"id": frame["id"], "replies": [interpreter.shown(replies[-1])]})
    await _answer(interpreter, channel)


def _hand_over(trials: Trials, chosen: int) -> None:
    """Let the chosen fork go on in this one's place."""
    os.write(trials.waiting[chosen], b"k")
    os._exit(0)
