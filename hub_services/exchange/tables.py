"""The tables of the exchange."""

from sqlalchemy import JSON, Boolean, Column, Index, Integer, String, Table, UniqueConstraint

from hub_services.web.database import UtcDateTime, metadata

assignments = Table(
    "assignments",
    metadata,
    Column("course", String(24), primary_key=True),
    Column("name", String(64), primary_key=True),
    Column("title", String(200), nullable=False),
    Column("kind", String(12), nullable=False),
    Column("state", String(12), nullable=False),
    Column("deadline", UtcDateTime),
    Column("late_policy", String(12), nullable=False),
    Column("accepts", JSON, nullable=False),
    Column("position", Integer, nullable=False),
    Column("source", String(64)),
    Column("version", Integer),
    Column("created_at", UtcDateTime, nullable=False),
    Column("created_by", String(16), nullable=False),
)

releases = Table(
    "releases",
    metadata,
    Column("course", String(24), primary_key=True),
    Column("assignment", String(64), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("sha256", String(64), nullable=False),
    Column("source", String(64), nullable=False),
    Column("released_at", UtcDateTime, nullable=False),
    Column("released_by", String(16), nullable=False),
    Column("files", JSON, nullable=False),
)

submissions = Table(
    "submissions",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("id", String(24), nullable=False, unique=True),
    Column("course", String(24), nullable=False),
    Column("assignment", String(64), nullable=False),
    Column("person", String(16), nullable=False, index=True),
    Column("key", String(128), nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("size", Integer, nullable=False),
    Column("late", Boolean, nullable=False),
    Column("deadline", UtcDateTime),
    Column("version", Integer),
    Column("files", JSON, nullable=False),
    UniqueConstraint("course", "assignment", "person", "key"),
    Index("ix_submissions_course_assignment", "course", "assignment"),
)

fetches = Table(
    "fetches",
    metadata,
    Column("course", String(24), primary_key=True),
    Column("assignment", String(64), primary_key=True),
    Column("person", String(16), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("first_at", UtcDateTime, nullable=False),
    Index("ix_fetches_person", "person"),
)

extensions = Table(
    "extensions",
    metadata,
    Column("course", String(24), primary_key=True),
    Column("assignment", String(64), primary_key=True),
    Column("person", String(16), primary_key=True),
    Column("deadline", UtcDateTime, nullable=False),
    Column("given_by", String(16), nullable=False),
    Column("given_at", UtcDateTime, nullable=False),
    Index("ix_extensions_person", "person"),
)

feedback = Table(
    "feedback",
    metadata,
    Column("submission", String(24), primary_key=True),
    Column("course", String(24), nullable=False),
    Column("assignment", String(64), nullable=False),
    Column("person", String(16), nullable=False, index=True),
    Column("sha256", String(64), nullable=False),
    Column("published_at", UtcDateTime, nullable=False),
    Column("published_by", String(16), nullable=False),
    Index("ix_feedback_course_assignment", "course", "assignment"),
)
