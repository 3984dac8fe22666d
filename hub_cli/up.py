"""`himalia up`: prepare this machine, start everything, say where to go; Ctrl-C ends all of it."""

import argparse
import os
import signal
import sys
from pathlib import Path

from hub_cli.one_machine.prepare import prepare
from hub_cli.one_machine.progress import Progress
from hub_cli.one_machine.resolve import Wishes, state_folder
from hub_cli.one_machine.running import refuse_a_second, wait_until_ready
from hub_cli.supervisor.ending import end
from hub_cli.supervisor.folder import Folder
from hub_cli.supervisor.guard import spawn_supervisor


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--detach", action="store_true", help="return when the sign-in page answers")
    parser.add_argument("--state", type=Path, metavar="DIR", help="the folder that holds everything")
    parser.add_argument("--port", type=int, metavar="N", help="the port that browsers use (default 8000)")
    parser.add_argument("--config", type=Path, metavar="FILE", help="a settings file, himalia.yaml")
    parser.add_argument("--no-demo", action="store_true", help="without the demo's accounts and courses")


def run(arguments: argparse.Namespace) -> int:
    """Returns when Himalia is ready (--detach) or when it has ended. Raises CannotProceed."""
    wishes = Wishes(arguments.config, arguments.state, arguments.port, not arguments.no_demo)
    folder, progress = Folder(state_folder(wishes)), Progress()
    refuse_a_second(folder)
    prepare(wishes, folder, progress)
    _start(folder, progress, attended=not arguments.detach)
    if not arguments.detach:
        attend = [sys.executable, "-m", "hub_cli.supervisor.attend", str(folder.state)]
        os.execv(sys.executable, attend)  # noqa: S606 - in this process's place: what it holds in memory is not needed any more
    return 0


def _start(folder: Folder, progress: Progress, *, attended: bool) -> None:
    """Start everything; whoever interrupts it, or closes the terminal, leaves nothing behind."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    try:
        spawn_supervisor(folder)
        wait_until_ready(folder, progress, attended=attended)
    except KeyboardInterrupt:
        end(folder)
        raise
