"""`himalia up`: prepare this machine, start everything, say where to go; Ctrl-C ends all of it."""

import argparse
import signal
from pathlib import Path

from hub_cli.one_machine.prepare import prepare
from hub_cli.one_machine.progress import Progress
from hub_cli.one_machine.resolve import Wishes, state_folder
from hub_cli.one_machine.running import attend, refuse_a_second, wait_until_ready
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
    for number in (signal.SIGTERM, signal.SIGHUP):  # a closed terminal ends everything too
        signal.signal(number, signal.default_int_handler)
    wishes = Wishes(arguments.config, arguments.state, arguments.port, not arguments.no_demo)
    folder, progress = Folder(state_folder(wishes)), Progress()
    refuse_a_second(folder)
    prepare(wishes, folder, progress)
    spawn_supervisor(folder)
    wait_until_ready(folder, progress, attended=not arguments.detach)
    if not arguments.detach:
        attend(folder)
    return 0
