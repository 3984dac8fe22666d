"""One supervised process over its whole life: started, adopted, dead, started again."""

import os
import re
import subprocess
import time
from pathlib import Path

from himalia_sandbox.processes import Process

from hub_cli.supervisor import backoff, process, record
from hub_cli.supervisor.plan import Program
from hub_cli.supervisor.probe import is_ready

NOBODY = Process(0, 0, "")
NOTE_BYTES = 4096
ERROR = re.compile(r"error:|Error\b.*:")


class Child:
    """Holds a process by its pidfd, so that its end is seen at once and never mistaken."""

    def __init__(self, program: Program, log: Path) -> None:
        self.program = program
        self.process = NOBODY
        self.pidfd: int | None = None
        self.state: record.State = "waiting"
        self.restarts = 0
        self.next_start = 0.0
        self._log = log
        self._popen: subprocess.Popen[bytes] | None = None
        self._deaths = 0
        self._was_ready = False
        self._started = 0.0

    def start(self, env: dict[str, str], cwd: Path) -> None:
        secrets = {name: Path(path).read_text(encoding="utf-8").strip() for name, path in self.program.secrets.items()}
        env = env | dict(self.program.env) | secrets
        self._popen = process.start(self.program.argv, env=env, cwd=cwd, log=self._log)
        self._hold(Process.of(self._popen.pid) or NOBODY)
        self._started = time.monotonic()

    def adopt(self, former: record.Entry) -> None:
        """Take over a process that a former supervisor started, if it still lives."""
        self.restarts = former.restarts
        if former.process.alive():
            self._hold(former.process)
            self._started = time.monotonic()

    def _hold(self, held: Process) -> None:
        self.process, self.state = held, "starting"
        self.pidfd = process.open_pidfd(held)
        if self.pidfd is None:
            self.has_died()

    def probe(self) -> bool:
        """Ask once whether it is ready; True when it has just become so."""
        if self.state != "starting" or not is_ready(self.program.probe, self.process.pid):
            return False
        self.state, self._was_ready = "ready", True
        return True

    def has_died(self) -> None:
        """Its end was seen: reap it and decide when it starts again."""
        if self.pidfd is not None:
            os.close(self.pidfd)
        if self._popen is not None:
            self._popen.wait()
        self._deaths = backoff.deaths_in_a_row(self._deaths, time.monotonic() - self._started)
        self.restarts += 1
        self.next_start = time.monotonic() + backoff.delay(self._deaths)
        failing = backoff.cannot_start(self._deaths, was_ready=self._was_ready)
        self.pidfd, self._popen, self.process = None, None, NOBODY
        self.state = "failing" if failing else "waiting"

    @property
    def entry(self) -> record.Entry:
        note = "" if self.state in ("ready", "starting") else self._last_words()
        return record.Entry(self.process, self.state, self.restarts, note)

    def _last_words(self) -> str:
        """The last line of its log that names an error, else the last one."""
        try:
            with self._log.open("rb") as file:
                file.seek(max(file.seek(0, os.SEEK_END) - NOTE_BYTES, 0))
                text = file.read().decode("utf-8", "replace")
        except OSError:
            return ""
        lines = [line.strip() for line in reversed(text.split("\n")) if line.strip()]
        return next((line for line in lines if ERROR.search(line)), lines[0] if lines else "")
