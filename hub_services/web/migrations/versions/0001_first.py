"""The tables of the first version."""

from alembic import op

from hub_services.web.database import metadata

revision = "0001"
down_revision = None


def upgrade() -> None:
    metadata.create_all(op.get_bind())
