"""Jobs: one table, leases with heartbeat, and an attempt number that fences every write of a result."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, RowMapping, and_, func, insert, or_, select, update

from hub_services.web.database import Database
from hub_services.web.tables import job_log, jobs

LEASE = timedelta(seconds=20)
MAX_ATTEMPTS = 3
LIVE = ("waiting", "running")
_LINE_LIMIT = 4000


class JobFailed(Exception):
    """An expected failure: the sentence is shown to whoever asked for the job."""


class LeaseLost(Exception):
    """Another worker holds this job now: whatever this one still does is thrown away."""


@dataclass(frozen=True)
class Job:
    """A job as a page shows it."""

    id: int
    kind: str
    key: str
    course: str
    payload: Mapping[str, Any]
    state: str  # waiting, running, done, failed, cancelled
    attempt: int
    done: int
    total: int
    result: Mapping[str, Any] | None
    reason: str
    asked_by: str
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None

    @property
    def is_live(self) -> bool:
        """Whether it still waits or runs."""
        return self.state in LIVE


@dataclass(frozen=True)
class LogLine:
    """One line that a job said; `id` grows and is the SSE Last-Event-ID."""

    id: int
    at: datetime
    text: str


@dataclass(frozen=True)
class ClaimedJob:
    """A job in a worker's hands: every write is fenced by its attempt number."""

    id: int
    kind: str
    course: str
    payload: Mapping[str, Any]
    attempt: int
    asked_by: str
    _jobs: "Jobs" = field(repr=False)

    def log(self, text: str) -> None:
        """Add a line that people following the job see at once."""
        self._jobs.say(self, text)

    def progress(self, done: int, total: int) -> None:
        """Say how much is done. Raises LeaseLost."""
        with self._jobs.database.begin() as connection:
            self.fence(connection, done=done, total=total)

    def cancelled(self) -> bool:
        """Whether somebody asked for its end, or it is no longer ours."""
        return self._jobs.wants_end(self)

    def fence(self, connection: Connection, **values: Any) -> None:
        """Keep the lease and write `values` in `connection`'s transaction. Raises LeaseLost if the job is another's.

        Call it in the transaction that stores a result: then a result is written once, by the attempt that holds it.
        """
        self._jobs.fence(connection, self, **values)


class Jobs:
    """The queue. `enqueue` runs in the caller's transaction, so a job exists if and only if its cause does."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self.database = database
        self._now = now

    def enqueue(
        self,
        connection: Connection,
        *,
        kind: str,
        key: str,
        payload: Mapping[str, Any],
        course: str = "",
        asked_by: str = "",
    ) -> int:
        """Add a job; while one of the same kind and key is live, its id is returned instead: a second press does nothing."""
        same = select(jobs.c.id).where(jobs.c.kind == kind, jobs.c.key == key, jobs.c.state.in_(LIVE))
        live = connection.execute(same).scalar()
        if live is not None:
            return int(live)
        row = {"kind": kind, "key": key, "payload": dict(payload), "course": course, "asked_by": asked_by}
        added = connection.execute(insert(jobs).values(**row, created_at=self._now()).returning(jobs.c.id))
        return int(added.scalar_one())

    def get(self, connection: Connection, job: int) -> Job | None:
        row = connection.execute(select(jobs).where(jobs.c.id == job)).mappings().first()
        return _job(row) if row else None

    def latest(self, connection: Connection, kind: str, key: str) -> Job | None:
        """The newest job of this kind and key, live or not."""
        newest = select(jobs).where(jobs.c.kind == kind, jobs.c.key == key).order_by(jobs.c.id.desc()).limit(1)
        row = connection.execute(newest).mappings().first()
        return _job(row) if row else None

    def position(self, connection: Connection, job: int) -> int:
        """How many jobs wait before this one."""
        waiting = select(func.count()).where(jobs.c.state == "waiting", jobs.c.id < job)
        return int(connection.execute(waiting).scalar_one())

    def counts(self) -> dict[tuple[str, str], int]:
        """How many jobs are in each (kind, state)."""
        with self.database.read() as connection:
            rows = connection.execute(select(jobs.c.kind, jobs.c.state, func.count()).group_by(jobs.c.kind, jobs.c.state))
            return {(kind, state): count for kind, state, count in rows}

    def cancel(self, connection: Connection, job: int) -> None:
        """Ask for its end: at once if it waits, at its next look if it runs."""
        waiting = update(jobs).where(jobs.c.id == job, jobs.c.state == "waiting")
        connection.execute(waiting.values(state="cancelled", finished_at=self._now()))
        connection.execute(update(jobs).where(jobs.c.id == job, jobs.c.state == "running").values(cancel=1))

    def log_after(self, connection: Connection, job: int, after: int = 0, limit: int = 500) -> list[LogLine]:
        """Lines of `job` with an id above `after`, oldest first."""
        lines = select(job_log.c.id, job_log.c.at, job_log.c.text).where(job_log.c.job == job, job_log.c.id > after)
        return [LogLine(*row) for row in connection.execute(lines.order_by(job_log.c.id).limit(limit))]

    def claim(self, kinds: tuple[str, ...]) -> ClaimedJob | None:
        """Take the next job of `kinds`: of the course with the fewest running, then the oldest; or one whose lease ran out."""
        now = self._now()
        running = (
            select(jobs.c.course, func.count().label("n"))
            .where(jobs.c.state == "running", jobs.c.lease_until > now)
            .group_by(jobs.c.course)
            .subquery()
        )
        lost = and_(jobs.c.state == "running", jobs.c.lease_until <= now)
        candidate = (
            select(jobs.c.id)
            .outerjoin(running, running.c.course == jobs.c.course)
            .where(jobs.c.kind.in_(kinds), or_(jobs.c.state == "waiting", lost))
            .order_by(func.coalesce(running.c.n, 0), jobs.c.id)
            .limit(1)
            .with_for_update(skip_locked=True, of=jobs)
        )
        taken = (
            update(jobs)
            .where(jobs.c.id == candidate.scalar_subquery(), or_(jobs.c.state == "waiting", lost))
            .values(
                state="running",
                attempt=jobs.c.attempt + 1,
                lease_until=now + LEASE,
                started_at=func.coalesce(jobs.c.started_at, now),
            )
            .returning(jobs.c.id, jobs.c.kind, jobs.c.course, jobs.c.payload, jobs.c.attempt, jobs.c.asked_by)
        )
        with self.database.begin() as connection:
            row = connection.execute(taken).first()
        if row is None:
            return None
        job = ClaimedJob(row.id, row.kind, row.course, row.payload, row.attempt, row.asked_by, self)
        if job.attempt > MAX_ATTEMPTS:
            self.finish(job, "failed", reason=f"stopped {MAX_ATTEMPTS} times without an end")
            return None
        return job

    def heartbeat(self, job: ClaimedJob) -> None:
        """Keep the lease. Raises LeaseLost."""
        with self.database.begin() as connection:
            self.fence(connection, job)

    def fence(self, connection: Connection, job: ClaimedJob, **values: Any) -> None:
        values.setdefault("lease_until", self._now() + LEASE)
        mine = update(jobs).where(jobs.c.id == job.id, jobs.c.attempt == job.attempt, jobs.c.state == "running")
        if connection.execute(mine.values(**values)).rowcount != 1:
            raise LeaseLost(job.id)

    def finish(self, job: ClaimedJob, state: str, *, result: Mapping[str, Any] | None = None, reason: str = "") -> None:
        """End the job as done, failed or cancelled. Raises LeaseLost."""
        with self.database.begin() as connection:
            ended = {"result": dict(result or {}), "reason": reason, "finished_at": self._now()}
            self.fence(connection, job, state=state, lease_until=None, **ended)

    def say(self, job: ClaimedJob, text: str) -> None:
        with self.database.begin() as connection:
            line = {"job": job.id, "attempt": job.attempt, "at": self._now(), "text": text[:_LINE_LIMIT]}
            connection.execute(insert(job_log).values(**line))

    def wants_end(self, job: ClaimedJob) -> bool:
        with self.database.read() as connection:
            row = connection.execute(select(jobs.c.cancel, jobs.c.attempt).where(jobs.c.id == job.id)).first()
        return row is None or bool(row.cancel) or row.attempt != job.attempt


def _job(row: RowMapping) -> Job:
    names = Job.__dataclass_fields__
    return Job(**{name: row[name] for name in names})
