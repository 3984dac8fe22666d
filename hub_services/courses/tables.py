"""The tables of courses: courses, their addresses, environments and which course used which when."""

from sqlalchemy import JSON, BigInteger, Column, ForeignKey, Index, Integer, String, Table, Text

from hub_services.web.database import UtcDateTime, metadata

courses = Table(
    "courses",
    metadata,
    Column("key", String(24), primary_key=True),
    Column("slug", String(64), nullable=False, unique=True),
    Column("title", String(200), nullable=False),
    Column("language", String(2), nullable=False),
    Column("environment", String(64), nullable=False, default=""),
    Column("profile", String(30), nullable=False, default=""),
    Column("late_policy", String(12), nullable=False),
    Column("materials", String(64), nullable=False, default=""),
    Column("created_at", UtcDateTime, nullable=False),
    Column("created_by", String(16), nullable=False),
)

# Every address that a course ever had: it stays the course's own, so that no old link leads to another course.
course_addresses = Table(
    "course_addresses",
    metadata,
    Column("slug", String(64), primary_key=True),
    Column("course", String(24), ForeignKey("courses.key", ondelete="CASCADE"), nullable=False, index=True),
    Column("since", UtcDateTime, nullable=False),
)

environments = Table(
    "environments",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("lock", Text, nullable=False),
    Column("python", String(20), nullable=False),
    Column("packages", JSON, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("built_at", UtcDateTime, nullable=False),
)

course_environments = Table(
    "course_environments",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("course", String(24), ForeignKey("courses.key", ondelete="CASCADE"), nullable=False),
    Column("environment", String(64), ForeignKey("environments.digest"), nullable=False),
    Column("requirements", Text, nullable=False),
    Column("by", String(16), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Index("ix_course_environments_course", "course", "id"),
)
