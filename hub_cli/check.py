"""`himalia check FILE`: is this settings file right? A wrong key is named with its line and the nearest valid name."""

import argparse
import json
import sys
from pathlib import Path

from hub_config.settings.load import SettingsError, load


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="a settings file, himalia.yaml")
    parser.add_argument("--json", action="store_true", help="for a script")


def run(arguments: argparse.Namespace) -> int:
    errors = _errors(arguments.file)
    if arguments.json:
        print(json.dumps({"valid": not errors, "errors": errors}, ensure_ascii=False))
    elif errors:
        print("\n".join(errors), file=sys.stderr)
    else:
        print(f"{arguments.file}: the settings are right.")
    return 1 if errors else 0


def _errors(path: Path) -> list[str]:
    try:
        load(path)
    except SettingsError as error:
        return str(error).splitlines()
    return []
