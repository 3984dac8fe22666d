"""IPython as ipykernel has it, without its sockets and threads: cells in, the outputs of a notebook out."""

import asyncio
import builtins
import getpass
import os
import random
import signal
import sys
import threading
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import Any

from ipykernel.compiler import XCachingCompiler
from ipykernel.zmqshell import ZMQInteractiveShell as KernelShell
from IPython.core.error import StdinNotImplementedError
from jupyter_client.session import Session
from traitlets.config import Config

from .outputs import Outputs
from .streams import CellStream, Descriptors

# Tracebacks look at every module that is loaded, once.
_REHEARSAL = (
    "def f(x):\n    return 1 / x\nf(0)",
    "assert 1 == 2",
    "print(1)\n'a'",
    "import asyncio\nawait asyncio.sleep(0)",
    "f(:",
)
NO_INPUT = "raw_input was called, but this frontend does not support input requests."


class Wire(Session):
    """Where the kernel would put a message on its socket, this hands it to the interpreter."""

    deliver: Any = None

    def send(self, _stream: Any, message: Any, content: Any = None, *_args: Any, **_options: Any) -> Any:  # type: ignore[override]
        if isinstance(message, dict):
            self.deliver(message["header"]["msg_type"], message["content"])
        else:
            self.deliver(message, content or {})


class Kernel:
    """What libraries look for at `get_ipython().kernel`."""

    eventloop = None
    shell: Any = None

    def __init__(self, session: Wire) -> None:
        self.session = session
        self.iopub_socket = None
        self.ident = "himalia"

    def get_parent(self, _channel: str = "shell") -> dict[str, Any]:
        return {}


class ZMQInteractiveShell(KernelShell):
    """The shell under the name that libraries look for."""

    postponing = False
    postponed: Any = None
    position: Any = None

    def enable_gui(self, gui: Any = None) -> None:
        self.active_eventloop = gui

    def _format_exception_for_storage(self, exception: BaseException, *_args: Any, **_options: Any) -> dict[str, Any]:
        """For a history that is never saved, IPython would format each traceback a second time."""
        return {"ename": type(exception).__name__, "evalue": "", "traceback": []}

    def _tee(self, channel: Any) -> Any:
        """IPython would keep all that is printed a second time, without end."""
        del channel
        return nullcontext()

    def showtraceback(self, exc_tuple: Any = None, *args: Any, **options: Any) -> None:
        """Show it, or keep it for later: a trial's traceback costs more than the trial, and few are ever read."""
        if not self.postponing:
            super().showtraceback(exc_tuple, *args, **options)
        else:
            self.postponed = (self.position(), exc_tuple or sys.exc_info(), args, options)


class Interpreter:
    """One warm interpreter. Make it once, fork, then `begin` in the child and `run` cell after cell."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._outputs = Outputs(room)
        self._wire = Wire()
        self._wire.deliver = self._deliver
        self.shell = _shell(self._wire)
        self.shell.position = self._position
        self._descriptors: Descriptors | None = None

    def begin(self, seed: int) -> None:
        """Take the streams of this process; the same seed gives the same random numbers."""
        self._descriptors = Descriptors(self._add, self._room)
        sys.stdout, sys.stderr = CellStream("stdout", self._stream), CellStream("stderr", self._stream)
        builtins.input, getpass.getpass = _no_input, _no_input
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # only a running cell may be interrupted
        random.seed(seed)
        if numpy := sys.modules.get("numpy"):
            numpy.random.seed(seed % 2**32)

    def rehearse(self) -> None:
        """Do once what every copy will do, so that forks find it done: an error with its traceback, a printed line, an await."""
        kept = sys.stdout, sys.stderr, signal.getsignal(signal.SIGINT)
        sys.stdout = sys.stderr = CellStream("stdout", self._add)
        for code in _REHEARSAL:
            asyncio.run(self.run(code, None))
        sys.stdout, sys.stderr, handler = kept
        signal.signal(signal.SIGINT, handler)
        self.shell.reset(new_session=True)
        for name in ("last_type", "last_value", "last_traceback"):
            vars(sys).pop(name, None)

    def separate(self) -> None:
        """After a fork: keep apart from the process that this one comes from."""
        if self._descriptors:
            self._descriptors.separate()

    async def run(self, code: str, cell_id: str | None, *, trial: bool = False) -> dict[str, Any]:
        """Execute one cell. The reply is that of a kernel, with the cell's outputs; a trial's has no traceback yet."""
        self._outputs = Outputs(self._room)
        self.shell.postponing, self.shell.postponed = trial, None
        signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            result = await self._execute(code, cell_id)
            reply = self._reply(result)
        except KeyboardInterrupt:
            reply = {"status": "error", "ename": "KeyboardInterrupt", "evalue": "", "traceback": []}
        finally:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
        self.shell.postponing = False
        return self._whole(reply)

    async def shown(self, reply: dict[str, Any]) -> dict[str, Any]:
        """A trial's reply with its traceback, as if it had been run as a cell."""
        postponed, self.shell.postponed = self.shell.postponed, None
        if postponed:
            place, failure, args, options = postponed
            after = self._outputs.items[place:]
            del self._outputs.items[place:]
            with suppress(Exception):  # what shows it may have been taken away
                self.shell.showtraceback(failure, *args, **options)
            self._outputs.items += after
            reply = {**reply, "traceback": [str(line) for line in self.shell._last_traceback or []]}
        return self._whole(reply)

    def _whole(self, reply: dict[str, Any]) -> dict[str, Any]:
        self._drain()
        return {**reply, "outputs": self._outputs.items, "threads": _busy()}

    async def _execute(self, code: str, cell_id: str | None) -> Any:
        """As ipykernel does: coroutines on the running loop, everything else at once."""
        shell = self.shell
        failed = None
        try:
            transformed = shell.transform_cell(code)
        except Exception:
            transformed, failed = code, sys.exc_info()
        if not shell.should_run_async(code, transformed_cell=transformed, preprocessing_exc_tuple=failed):
            return shell.run_cell(code, store_history=True, cell_id=cell_id)
        task = asyncio.ensure_future(
            shell.run_cell_async(
                code, store_history=True, transformed_cell=transformed, preprocessing_exc_tuple=failed, cell_id=cell_id
            )
        )
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGINT, task.cancel)
        result = None
        try:
            result = await task
        finally:
            loop.remove_signal_handler(signal.SIGINT)
            shell.events.trigger("post_execute")
            shell.events.trigger("post_run_cell", result)
        return result

    def _reply(self, result: Any) -> dict[str, Any]:
        shell = self.shell
        count = shell.execution_count - 1
        shell.payload_manager.clear_payload()
        if result.success and not getattr(shell, "_last_traceback_during_displayhook", False):
            return {"status": "ok", "execution_count": count}
        error = result.error_before_exec if result.error_before_exec is not None else result.error_in_exec
        return {
            "status": "error",
            "execution_count": count,
            "ename": type(error).__name__,
            "evalue": str(error),
            "traceback": [str(line) for line in shell._last_traceback or []],
        }

    def _deliver(self, kind: str, content: dict[str, Any]) -> None:
        self._drain()
        self._outputs.message(kind, content)

    def _stream(self, name: str, text: str) -> None:
        self._drain()
        self._add(name, text)

    def _add(self, name: str, text: str) -> None:
        self._outputs.stream(name, text)

    def _position(self) -> int:
        self._drain()
        return len(self._outputs.items)

    def _drain(self) -> None:
        if self._descriptors:
            self._descriptors.drain()


def _shell(wire: Wire) -> Any:
    os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    settings = Config()
    # No thread and no file: a fork would share both.
    settings.HistoryManager.enabled = False
    kernel = Kernel(wire)
    shell: Any = ZMQInteractiveShell.instance(config=settings, kernel=kernel, compiler_class=XCachingCompiler)
    kernel.shell = shell
    shell.displayhook.session = shell.display_pub.session = wire
    shell.displayhook.topic = b"execute_result"
    return shell


def _busy() -> bool:
    """Whether something runs beside the cells that a fork would not take along."""
    return threads() > 1 or len(asyncio.all_tasks()) > 1


def threads() -> int:
    """How many threads this process has, those that Python does not know of included: a fork has but one."""
    try:
        return sum(1 for _thread in Path("/proc/self/task").iterdir())
    except OSError:
        return threading.active_count()


def _no_input(*_args: Any, **_options: Any) -> str:
    raise StdinNotImplementedError(NO_INPUT)
