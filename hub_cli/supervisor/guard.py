"""The guard: when the supervisor dies it starts another, which takes over; the supervisor does so for the guard."""

import os
import subprocess
import sys
import time
from pathlib import Path

from hub_cli.supervisor import backoff, record
from hub_cli.supervisor.folder import Folder
from hub_cli.supervisor.process import has_ended, start


def main(state: Path) -> None:
    """Return when the supervisor was told to end."""
    folder, deaths = Folder(state), 0
    while True:
        began = time.monotonic()
        _wait_for_its_end(folder)
        now = record.read(folder.record)
        if now is None or now.state == "ending":
            return
        deaths = backoff.deaths_in_a_row(deaths, time.monotonic() - began)
        time.sleep(backoff.delay(deaths))
        spawn_supervisor(folder).wait()


def _wait_for_its_end(folder: Folder) -> None:
    now = record.read(folder.record)
    if now:
        has_ended(now.processes[record.SUPERVISOR].process, within=None)


def spawn_supervisor(folder: Folder) -> "subprocess.Popen[bytes]":
    """Start a supervisor for this folder; it ends at once if one lives already."""
    argv = [sys.executable, "-m", "hub_cli.supervisor", str(folder.state)]
    return start(argv, env=os.environ, cwd=folder.run, log=folder.log("supervisor"))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
