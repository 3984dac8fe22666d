"""`himalia down`: end everything that `up` started, users' servers included."""

import argparse
from pathlib import Path

from hub_cli.one_machine import state
from hub_cli.supervisor.ending import end
from hub_cli.supervisor.folder import Folder


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--state", type=Path, metavar="DIR", default=state.default(), help="the state folder")


def run(arguments: argparse.Namespace) -> int:
    folder = Folder(arguments.state.resolve())
    print("Himalia has ended." if end(folder) else f"Nothing of Himalia runs with the state folder {folder.state}.")
    return 0
