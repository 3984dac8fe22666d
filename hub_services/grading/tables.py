"""The tables of grading: copies, points by hand with their history, published copies."""

from sqlalchemy import JSON, Column, Float, Integer, String, Table, Text

from hub_services.web.database import UtcDateTime, metadata


def _of_copy() -> tuple[Column[str], Column[str], Column[str]]:
    """The key of one person's copy."""
    return (
        Column("course", String(24), primary_key=True),
        Column("assignment", String(80), primary_key=True),
        Column("person", String(16), primary_key=True),
    )


copies = Table(
    "copies",
    metadata,
    *_of_copy(),
    Column("submission", String(40), nullable=False),
    Column("submission_sha256", String(64), nullable=False),
    Column("environment", String(64), nullable=False),
    Column("tests", String(64), nullable=False),
    Column("engine", String(40), nullable=False),
    Column("executed", String(64), nullable=False),
    Column("notebooks", JSON, nullable=False),
    Column("flags", JSON, nullable=False),
    Column("reason", Text, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("cpu_seconds", Float, nullable=False),
    Column("graded_at", UtcDateTime, nullable=False),
)

hands = Table(
    "hands",
    metadata,
    *_of_copy(),
    Column("notebook", String(200), primary_key=True),
    Column("cell", String(200), primary_key=True),
    Column("points", Float),
    Column("comment", Text, nullable=False, default=""),
    Column("by", String(16), nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

hand_history = Table(
    "hand_history",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("course", String(24), nullable=False, index=True),
    Column("assignment", String(80), nullable=False),
    Column("person", String(16), nullable=False, index=True),
    Column("notebook", String(200), nullable=False),
    Column("cell", String(200), nullable=False),
    Column("points", Float),
    Column("comment", Text, nullable=False),
    Column("by", String(16), nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

published = Table(
    "published",
    metadata,
    *_of_copy(),
    Column("submission", String(40), nullable=False),
    Column("score", Float, nullable=False),
    Column("max_score", Float, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("by", String(16), nullable=False),
)
