"""Alembic's entry: runs inside the transaction that `schema.upgrade` opened."""

from alembic import context

from hub_services.web.database import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True)
context.run_migrations()
