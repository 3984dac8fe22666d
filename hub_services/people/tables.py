"""The tables of people: persons, identities, memberships, join links, the hub's codes and tokens, the audit."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, Text

from hub_services.web.database import UtcDateTime, metadata

persons = Table(
    "persons",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("number", Integer, nullable=False, unique=True),
    Column("name", String(200), nullable=False),
    Column("email", String(254), nullable=False, default="", index=True),
    Column("language", String(2), nullable=False, default=""),
    Column("is_administrator", Boolean, nullable=False, default=False),
    Column("created_at", UtcDateTime, nullable=False),
)

identities = Table(
    "identities",
    metadata,
    Column("issuer", String(300), primary_key=True),
    Column("subject", String(255), primary_key=True),
    Column("person", String(16), ForeignKey("persons.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("created_at", UtcDateTime, nullable=False),
)

memberships = Table(
    "memberships",
    metadata,
    Column("person", String(16), ForeignKey("persons.id", ondelete="CASCADE"), primary_key=True),
    Column("course", String(24), primary_key=True),
    Column("role", String(12), nullable=False),
    Column("source", String(12), nullable=False),
    Column("group", String(80), nullable=False, default=""),
    Column("since", UtcDateTime, nullable=False),
    Column("until", UtcDateTime),
    Index("ix_memberships_course", "course"),
)

invitations = Table(
    "invitations",
    metadata,
    Column("course", String(24), primary_key=True),
    Column("email", String(254), primary_key=True),
    Column("name", String(200), nullable=False, default=""),
    Column("role", String(12), nullable=False),
    Column("group", String(80), nullable=False, default=""),
    Column("created_at", UtcDateTime, nullable=False),
)

join_links = Table(
    "join_links",
    metadata,
    Column("code", String(32), primary_key=True),
    Column("course", String(24), nullable=False, index=True),
    Column("role", String(12), nullable=False),
    Column("until", UtcDateTime, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)

hub_codes = Table(
    "hub_codes",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("session", String(64), nullable=False),
    Column("person", String(16), nullable=False),
    Column("challenge", String(128), nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
)

hub_tokens = Table(
    "hub_tokens",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("session", String(64), nullable=False),
    Column("person", String(16), nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("person", String(16), nullable=False, index=True),
    Column("course", String(24), nullable=False, default="", index=True),
    Column("action", String(60), nullable=False),
    Column("subject", String(200), nullable=False, default=""),
    Column("detail", Text, nullable=False, default=""),
)
