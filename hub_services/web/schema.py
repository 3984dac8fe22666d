"""Bring the database to this version's tables; safe when several processes start at once."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import text

from hub_services.web.database import Database

_MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(database: Database) -> None:
    """Run the migrations that are missing, in one transaction that only one process holds at a time."""
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    with database.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("select pg_advisory_xact_lock(4856)"))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
