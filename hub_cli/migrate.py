"""`himalia migrate`: bring the database to this version; `up` does it, in a cluster a job does before the web application."""

import argparse
from pathlib import Path

from hub_cli.serve import settings_file


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--config", type=Path, metavar="FILE", help="a settings file; else HIMALIA_SETTINGS names it")


def run(arguments: argparse.Namespace) -> int:
    from hub_config.settings.load import load
    from hub_services.web.database import Database
    from hub_services.web.schema import upgrade

    upgrade(Database(load(arguments.config or settings_file()).database_url))
    return 0
