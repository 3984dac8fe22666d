"""The tables of the base: sessions, jobs and what jobs said."""

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, String, Table, Text

from hub_services.web.database import UtcDateTime, metadata

sessions = Table(
    "sessions",
    metadata,
    Column("digest", String(64), primary_key=True),  # SHA-256 of the cookie: a copy of the table opens no session
    Column("person", String(16), nullable=False, index=True),
    Column("provider", String(64), nullable=False, default=""),
    Column("id_token", Text, nullable=False, default=""),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
)

jobs = Table(
    "jobs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(40), nullable=False),
    Column("key", String(200), nullable=False),
    Column("course", String(24), nullable=False, default=""),
    Column("payload", JSON, nullable=False),
    Column("state", String(12), nullable=False, default="waiting"),
    Column("attempt", Integer, nullable=False, default=0),
    Column("cancel", Integer, nullable=False, default=0),
    Column("done", Integer, nullable=False, default=0),
    Column("total", Integer, nullable=False, default=0),
    Column("result", JSON),
    Column("reason", Text, nullable=False, default=""),
    Column("asked_by", String(16), nullable=False, default=""),
    Column("created_at", UtcDateTime, nullable=False),
    Column("started_at", UtcDateTime),
    Column("lease_until", UtcDateTime),
    Column("finished_at", UtcDateTime),
    Index("ix_jobs_state_kind", "state", "kind"),
    Index("ix_jobs_kind_key", "kind", "key"),
)

job_log = Table(
    "job_log",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("job", Integer, ForeignKey("jobs.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("attempt", Integer, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("text", Text, nullable=False),
)
