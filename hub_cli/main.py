"""The command `himalia`: the table of its commands; each is one file, imported only when it is asked for."""

import argparse
import importlib
import sys
from collections.abc import Sequence
from typing import Protocol, cast

from hub_cli.failure import CannotProceed

COMMANDS = {
    "up": "start Himalia on this machine",
    "status": "say what runs, and how students' code is kept apart",
    "down": "end everything that `up` started",
    "check": "check a settings file",
    "course": "begin, check or publish a course that is a folder",
    "grade": "grade a plain nbgrader course folder, with no platform running",
    "migrate": "bring the database to this version",
    "serve": "run one process of the platform in the foreground",
}


class Command(Protocol):
    """What the module of a command offers."""

    @staticmethod
    def add_arguments(parser: argparse.ArgumentParser) -> None: ...
    @staticmethod
    def run(arguments: argparse.Namespace) -> int: ...


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; its exit status: 0 done, 1 a sentence says why not, 2 wrong arguments, 130 interrupted."""
    words = list(sys.argv[1:] if argv is None else argv)
    name = next((word for word in words if not word.startswith("-")), "")
    command = _import(name) if name in COMMANDS else None
    arguments = _parser(name, command).parse_args(words)
    if command is None:
        _parser("", None).print_help()
        return 2
    return _run(command, arguments)


def _run(command: Command, arguments: argparse.Namespace) -> int:
    try:
        return command.run(arguments)
    except CannotProceed as failure:
        print(f"himalia: {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def load_parser(name: str) -> argparse.ArgumentParser:
    """The parser of one command alone: for the manual."""
    parser = argparse.ArgumentParser(prog=f"himalia {name}", description=COMMANDS[name])
    _import(name).add_arguments(parser)
    return parser


def _import(name: str) -> Command:
    return cast("Command", importlib.import_module(f"hub_cli.{name}"))


def _parser(chosen: str, command: Command | None) -> argparse.ArgumentParser:
    """The parser of all commands; only the chosen one is imported, so only it knows its arguments."""
    parser = argparse.ArgumentParser(prog="himalia", description="A multi-user Jupyter platform on this machine.")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    for name, help_text in COMMANDS.items():
        sub = commands.add_parser(name, help=help_text, description=f"{help_text[0].upper()}{help_text[1:]}.")
        if name == chosen and command is not None:
            command.add_arguments(sub)
    return parser


if __name__ == "__main__":
    sys.exit(main())
