"""`himalia migrate`: bring the database to this version, before anything else uses it; web and worker do so too."""

import argparse
import importlib
from pathlib import Path

from hub_cli.serve import settings_file


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--config", type=Path, metavar="FILE", help="a settings file; else HIMALIA_SETTINGS names it")


def run(arguments: argparse.Namespace) -> int:
    from hub_config.settings.load import load
    from hub_services.web.database import Database
    from hub_services.web.schema import upgrade

    importlib.import_module("hub_services.app")  # every feature declares its tables there
    upgrade(Database(load(arguments.config or settings_file()).database_url))
    return 0
