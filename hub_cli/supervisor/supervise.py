"""The loop: start what is due, see what is ready, restart what died, until asked to end."""

import select
import signal
import socket
import time
from pathlib import Path

from himalia_sandbox.processes import Process

from hub_cli.supervisor import plan as plans
from hub_cli.supervisor import record
from hub_cli.supervisor.child import Child
from hub_cli.supervisor.ending import end_all
from hub_cli.supervisor.folder import Folder
from hub_cli.supervisor.routes import restore_routes

PROBE_SECONDS = 0.1


class Supervisor:
    """One per state folder; another one that starts while it lives ends at once (see __main__)."""

    def __init__(self, folder: Folder, plan: plans.Plan, me: Process) -> None:
        self._folder, self._plan, self._me = folder, plan, me
        self._children = [Child(program, folder.log(program.name)) for program in plan.programs]
        self._ending = False
        self._written: record.Record | None = None
        self._proxy_is_new = False
        self._wakeup, waker = socket.socketpair()
        waker.setblocking(False)
        self._waker = waker

    def run(self) -> None:
        """Supervise until SIGTERM or SIGINT, then end everything."""
        signal.set_wakeup_fd(self._waker.fileno())
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)
        self._adopt()
        self._write()  # the guard must find it
        while not self._ending:
            self._start_due()
            self._probe()
            self._write()
            self._wait()
        self._end()

    def _on_signal(self, *_: object) -> None:
        self._ending = True

    def _adopt(self) -> None:
        """Take over what a former supervisor left running; the record keeps saying `ready` if it did."""
        former = record.read(self._folder.record)
        if former is None or not former.any_alive():
            return
        self._written = former
        for child in self._children:
            if child.program.name in former.processes:
                child.adopt(former.processes[child.program.name])

    def _start_due(self) -> None:
        for child in self._children:
            if child.pidfd is None and child.next_start <= time.monotonic():
                child.start(dict(self._plan.env), self._folder.run)
                self._proxy_is_new |= child.program.name == "proxy" and self._was_ready

    @property
    def _was_ready(self) -> bool:
        return self._written is not None and self._written.state == "ready"

    def _probe(self) -> None:
        for child in self._children:
            child.probe()
        if self._proxy_is_new and self._is_ready("proxy") and self._is_ready("hub"):
            self._proxy_is_new = not restore_routes(self._plan.hub_api, Path(self._plan.hub_token))

    def _is_ready(self, name: str) -> bool:
        return any(child.state == "ready" for child in self._children if child.program.name == name)

    def _write(self) -> None:
        """Write the record if something changed."""
        entries = {child.program.name: child.entry for child in self._children}
        entries[record.SUPERVISOR] = record.Entry(self._me)
        ready = self._was_ready or all(child.state == "ready" for child in self._children)
        now = record.Record("ready" if ready else "starting", self._plan.address, self._plan.accounts, entries)
        if now != self._written:
            record.write(self._folder.record, now)
            self._written = now

    def _wait(self) -> None:
        """Sleep until a process ends, a signal comes or something is due."""
        poll = select.poll()
        poll.register(self._wakeup, select.POLLIN)
        held = {child.pidfd: child for child in self._children if child.pidfd is not None}
        for descriptor in held:
            poll.register(descriptor, select.POLLIN)
        for descriptor, _ in poll.poll(self._timeout()):
            if descriptor in held:
                held[descriptor].has_died()

    def _timeout(self) -> float | None:
        """Milliseconds; None while all is well: an idle supervisor uses no processor time."""
        if self._proxy_is_new or any(child.state == "starting" for child in self._children):
            return PROBE_SECONDS * 1000
        due = [child.next_start for child in self._children if child.pidfd is None]
        return max((min(due) - time.monotonic()) * 1000, 0) if due else None

    def _end(self) -> None:
        if self._written is not None:
            record.write(self._folder.record, record.ending(self._written))
        end_all(self._folder, {child.program.name: child.process for child in self._children})
