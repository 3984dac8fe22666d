"""The tables of the first version."""

import sqlalchemy as sa
from alembic import op

from hub_services.web.database import UtcDateTime

revision = "0001"
down_revision = None


def upgrade() -> None:
    _assignments()
    _audit()
    _copies()
    _courses()
    _environments()
    _extensions()
    _feedback()
    _fetches()
    _hand_history()
    _hands()
    _hub_codes()
    _hub_tokens()
    _invitations()
    _jobs()
    _join_links()
    _persons()
    _published()
    _releases()
    _sessions()
    _submissions()
    _course_addresses()
    _course_environments()
    _identities()
    _job_log()
    _memberships()


def _assignments() -> None:
    op.create_table(
        "assignments",
        sa.Column("course", sa.String(length=24), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("deadline", UtcDateTime(), nullable=True),
        sa.Column("late_policy", sa.String(length=12), nullable=False),
        sa.Column("accepts", sa.JSON(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=True),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_by", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("course", "name", name=op.f("pk_assignments")),
    )


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("person", sa.String(length=16), nullable=False),
        sa.Column("course", sa.String(length=24), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_index(op.f("ix_audit_course"), "audit", ["course"], unique=False)
    op.create_index(op.f("ix_audit_person"), "audit", ["person"], unique=False)


def _copies() -> None:
    op.create_table(
        "copies",
        sa.Column("course", sa.String(length=24), nullable=False),
        sa.Column("assignment", sa.String(length=80), nullable=False),
        sa.Column("person", sa.String(length=16), nullable=False),
        sa.Column("submission", sa.String(length=40), nullable=False),
        sa.Column("submission_sha256", sa.String(length=64), nullable=False),
        sa.Column("environment", sa.String(length=64), nullable=False),
        sa.Column("tests", sa.String(length=64), nullable=False),
        sa.Column("engine", sa.String(length=40), nullable=False),
        sa.Column("executed", sa.String(length=64), nullable=False),
        sa.Column("notebooks", sa.JSON(), nullable=False),
        sa.Column("flags", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("cpu_seconds", sa.Float(), nullable=False),
        sa.Column("graded_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("course", "assignment", "person", name=op.f("pk_copies")),
    )


def _courses() -> None:
    op.create_table(
        "courses",
        sa.Column("key", sa.String(length=24), nullable=False),
        sa.Column("slug", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("environment", sa.String(length=64), nullable=False),
        sa.Column("profile", sa.String(length=30), nullable=False),
        sa.Column("late_policy", sa.String(length=12), nullable=False),
        sa.Column("materials", sa.String(length=64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_by", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_courses")),
        sa.UniqueConstraint("slug", name=op.f("uq_courses_slug")),
    )


def _environments() -> None:
    op.create_table(
        "environments",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("lock", sa.Text(), nullable=False),
        sa.Column("python", sa.String(length=20), nullable=False),
        sa.Column("packages", sa.JSON(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("built_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_environments")),
    )


def _extensions() -> None:
    op.create_table(
        "extensions",
        sa.Column("course", sa.String(length=24), nullable=False),
        sa.Column("assignment", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=16), nullable=False),
        sa.Column("deadline", UtcDateTime(), nullable=False),
        sa.Column("given_by", sa.String(length=16), nullable=False),
        sa.Column("given_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("course", "assignment", "person", name=op.f("pk_extensions")),
    )
    op.create_index("ix_extensions_person", "extensions", ["person"], unique=False)


def _feedback() -> None:
    op.create_table(
        "feedback",
        sa.Column("submission", sa.String(length=24), nullable=False),
        sa.Column("course", sa.String(length=24), nullable=False),
        sa.Column("assignment", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=16), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("published_at", UtcDateTime(), nullable=False),
        sa.Column("published_by", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("submission", name=op.f("pk_feedback")),
    )
    op.create_index("ix_feedback_course_assignment", "feedback", ["course", "assignment"], unique=False)
    op.create_index(op.f("ix_feedback_person"), "feedback", ["person"], unique=False)


def _fetches() -> None:
    op.create_table(
        "fetches",
        sa.Column("course", sa.String(length=24), nullable=False),
        sa.Column("assignment", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("first_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("course", "assignment", "person", "version", name=op.f("pk_fetches")),
    )
    op.create_index("ix_fetches_person", "fetches", ["person"], unique=False)


def _hand_history() -> None:
    op.create_table(
        "hand_history",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course", sa.String(length=24), nullable=False),
        sa.Column("assignment", sa.String(length=80), nullable=False),
        sa.Column("person", sa.String(length=16), nullable=False),
        sa.Column("notebook", sa.String(length=200), nullable=False),
        sa.Column("cell", sa.String(length=200), nullable=False),
        sa.Column("points", sa.Float(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=16), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_history")),
    )
    op.create_index(op.f("ix_hand_history_course"), "hand_history", ["course"], unique=False)
    op.create_index(op.f("ix_hand_history_person"), "hand_history", ["person"], unique=False)


def _hands() -> None:
    op.create_table(
        "hands",
        sa.Column("course", sa.String(length=24), nullable=False),
        sa.Column("assignment", sa.String(length=80), nullable=False),
        sa.Column("person", sa.String(length=16), nullable=False),
        sa.Column("notebook", sa.String(length=200), nullable=False),
        sa.Column("cell", sa.String(length=200), nullable=False),
        sa.Column("points", sa.Float(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=16), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("course", "assignment", "person", "notebook", "cell", name=op.f("pk_hands")),
    )


def _hub_codes() -> None:
    op.create_table(
        "hub_codes",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("session", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=16), nullable=False),
        sa.Column("challenge", sa.String(length=128), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_hub_codes")),
    )


def _hub_tokens() -> None:
    op.create_table(
        "hub_tokens",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("session", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=16), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_hub_tokens")),
    )


def _invitations() -> None:
    op.create_table(
        "invitations",
        sa.Column("course", sa.String(length=24), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.Column("group", sa.String(length=80), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("course", "email", name=op.f("pk_invitations")),
    )


def _jobs() -> None:
    op.create_table(
        "jobs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("course", sa.String(length=24), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("cancel", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("result", sa.JSON(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.String(length=16), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=True),
        sa.Column("lease_until", UtcDateTime(), nullable=True),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
    )
    op.create_index("ix_jobs_kind_key", "jobs", ["kind", "key"], unique=False)
    op.create_index("ix_jobs_state_kind", "jobs", ["state", "kind"], unique=False)


def _join_links() -> None:
    op.create_table(
        "join_links",
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("course", sa.String(length=24), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_join_links")),
    )
    op.create_index(op.f("ix_join_links_course"), "join_links", ["course"], unique=False)


def _persons() -> None:
    op.create_table(
        "persons",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("is_administrator", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_persons")),
        sa.UniqueConstraint("number", name=op.f("uq_persons_number")),
    )
    op.create_index(op.f("ix_persons_email"), "persons", ["email"], unique=False)


def _published() -> None:
    op.create_table(
        "published",
        sa.Column("course", sa.String(length=24), nullable=False),
        sa.Column("assignment", sa.String(length=80), nullable=False),
        sa.Column("person", sa.String(length=16), nullable=False),
        sa.Column("submission", sa.String(length=40), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("max_score", sa.Float(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("course", "assignment", "person", name=op.f("pk_published")),
    )


def _releases() -> None:
    op.create_table(
        "releases",
        sa.Column("course", sa.String(length=24), nullable=False),
        sa.Column("assignment", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("released_at", UtcDateTime(), nullable=False),
        sa.Column("released_by", sa.String(length=16), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("course", "assignment", "version", name=op.f("pk_releases")),
    )


def _sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=16), nullable=False),
        sa.Column("provider", sa.String(length=64), nullable=False),
        sa.Column("id_token", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_sessions")),
    )
    op.create_index(op.f("ix_sessions_person"), "sessions", ["person"], unique=False)


def _submissions() -> None:
    op.create_table(
        "submissions",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=24), nullable=False),
        sa.Column("course", sa.String(length=24), nullable=False),
        sa.Column("assignment", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=16), nullable=False),
        sa.Column("key", sa.String(length=128), nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("deadline", UtcDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_submissions")),
        sa.UniqueConstraint("course", "assignment", "person", "key", name=op.f("uq_submissions_course_assignment_person_key")),
        sa.UniqueConstraint("id", name=op.f("uq_submissions_id")),
    )
    op.create_index("ix_submissions_course_assignment", "submissions", ["course", "assignment"], unique=False)
    op.create_index(op.f("ix_submissions_person"), "submissions", ["person"], unique=False)


def _course_addresses() -> None:
    op.create_table(
        "course_addresses",
        sa.Column("slug", sa.String(length=64), nullable=False),
        sa.Column("course", sa.String(length=24), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["course"], ["courses.key"], name=op.f("fk_course_addresses_course"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_course_addresses")),
    )
    op.create_index(op.f("ix_course_addresses_course"), "course_addresses", ["course"], unique=False)


def _course_environments() -> None:
    op.create_table(
        "course_environments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course", sa.String(length=24), nullable=False),
        sa.Column("environment", sa.String(length=64), nullable=False),
        sa.Column("requirements", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=16), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["course"], ["courses.key"], name=op.f("fk_course_environments_course"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["environment"], ["environments.digest"], name=op.f("fk_course_environments_environment")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_environments")),
    )
    op.create_index("ix_course_environments_course", "course_environments", ["course", "id"], unique=False)


def _identities() -> None:
    op.create_table(
        "identities",
        sa.Column("issuer", sa.String(length=300), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("person", sa.String(length=16), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["persons.id"], name=op.f("fk_identities_person"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("issuer", "subject", name=op.f("pk_identities")),
    )
    op.create_index(op.f("ix_identities_person"), "identities", ["person"], unique=False)


def _job_log() -> None:
    op.create_table(
        "job_log",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("job", sa.Integer(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["job"], ["jobs.id"], name=op.f("fk_job_log_job"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_log")),
    )
    op.create_index(op.f("ix_job_log_job"), "job_log", ["job"], unique=False)


def _memberships() -> None:
    op.create_table(
        "memberships",
        sa.Column("person", sa.String(length=16), nullable=False),
        sa.Column("course", sa.String(length=24), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.Column("source", sa.String(length=12), nullable=False),
        sa.Column("group", sa.String(length=80), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["person"], ["persons.id"], name=op.f("fk_memberships_person"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("person", "course", name=op.f("pk_memberships")),
    )
    op.create_index("ix_memberships_course", "memberships", ["course"], unique=False)
