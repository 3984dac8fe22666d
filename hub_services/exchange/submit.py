"""Handing in: when `submit` returns, the submission is on disk and in the database."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from himalia_exchange.wire import FileEntry, Receipt
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from hub_services.exchange import rules, store
from hub_services.exchange.find import released
from hub_services.exchange.hooks import tell_submitted
from hub_services.exchange.keep import measured, storing
from hub_services.exchange.models import Assignment, Submission
from hub_services.web import metrics
from hub_services.web.i18n import N_
from hub_services.web.platform import Platform
from hub_services.web.refusals import Refusal

_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
_LONGEST_KEY = 128


@dataclass(frozen=True)
class _Attempt:
    course: str
    person: str
    name: str
    archive: bytes
    sha256: str
    key: str
    received_at: datetime


def submit(platform: Platform, course: str, person: str, name: str, archive: bytes, key: str = "") -> Submission:
    """Keep `archive` (a zip) as a submission of `person`. Raises Refusal.

    The caller has checked Right.SUBMIT. The same `key` with the same bytes gives the submission that it first made;
    without a key each call makes one. The time is the server's, taken when everything had arrived.
    """
    key = (key or secrets.token_hex(16))[:_LONGEST_KEY]
    digest = hashlib.sha256(archive).hexdigest()
    attempt = _Attempt(course, person, name, archive, digest, key, platform.now())
    try:
        made, outcome = _known(platform, attempt), "repeated"
        if made is None:
            made, outcome = _keep(platform, attempt)
    except Refusal:
        metrics.SUBMISSIONS.labels("refused").inc()
        raise
    metrics.SUBMISSIONS.labels(outcome).inc()
    return made


def receipt(submission: Submission) -> Receipt:
    """The receipt of a submission, as it is sent, shown and downloaded."""
    return Receipt(**{name: getattr(submission, name) for name in Receipt.model_fields})


def receipt_text(submission: Submission) -> str:
    """The receipt as a text file, in English and French, with what proves it."""
    lines = (
        f"receipt / récépissé: {submission.id}",
        f"course / cours: {submission.course}",
        f"assignment / devoir: {submission.assignment}",
        f"person / personne: {submission.person}",
        f"received / reçu: {submission.received_at.isoformat(timespec='seconds')}",
        f"late / en retard: {'yes / oui' if submission.late else 'no / non'}",
        f"size / taille: {submission.size}",
        f"sha256 (zip): {submission.sha256}",
        *(f"  {file.size:>10} {file.path}" for file in submission.files),
    )
    return "\n".join(lines) + "\n"


def _known(platform: Platform, attempt: _Attempt) -> Submission | None:
    with platform.database.read() as connection:
        return _earlier(connection, attempt)


def _earlier(connection: Connection, attempt: _Attempt) -> Submission | None:
    found = store.submission_of_key(connection, attempt.course, attempt.name, attempt.person, attempt.key)
    if found is not None and found.sha256 != attempt.sha256:
        raise Refusal(
            409,
            N_("This key was used for another submission"),
            N_("A repeated request must carry the same files. Hand in again with a new key."),
        )
    return found


def _keep(platform: Platform, attempt: _Attempt) -> tuple[Submission, str]:
    files = measured(attempt.archive, platform.settings.exchange.submission_mebibytes)
    with platform.database.read() as connection:
        _check(platform, connection, attempt, files)
    with storing():
        platform.files.put(attempt.archive)
        with platform.database.begin() as connection:
            made = _insert(platform, connection, attempt, files)
    return made, "late" if made.late else "on_time"


def _check(platform: Platform, connection: Connection, attempt: _Attempt, files: tuple[FileEntry, ...]) -> datetime | None:
    """The person's deadline, if all that the assignment asks is so. Raises Refusal."""
    assignment = released(connection, attempt.course, attempt.name)
    deadline = _deadline(connection, assignment, attempt.person)
    rules.check_open(assignment, attempt.received_at, deadline, ZoneInfo(platform.settings.site.time_zone))
    limit = platform.settings.exchange.submission_mebibytes
    rules.check_pace(store.sizes_since(connection, attempt.person, attempt.received_at - rules.PACE), len(attempt.archive), limit)
    given = store.given_files(connection, attempt.course, attempt.name)
    rules.check_content({file.path: file.size for file in files}, assignment.accepts, given)
    return deadline


def _deadline(connection: Connection, assignment: Assignment, person: str) -> datetime | None:
    extensions = store.extensions_of(connection, assignment.course, assignment.name, person)
    return rules.own_deadline(assignment, extensions[0] if extensions else None)


def _insert(platform: Platform, connection: Connection, attempt: _Attempt, files: tuple[FileEntry, ...]) -> Submission:
    deadline = _check(platform, connection, attempt, files)
    versions = store.fetches_of(connection, attempt.course, attempt.name, attempt.person)
    try:
        with connection.begin_nested():
            store.add_submission(
                connection,
                attempt.key,
                id="s-" + "".join(secrets.choice(_ALPHABET) for _ in range(20)),
                course=attempt.course,
                assignment=attempt.name,
                person=attempt.person,
                received_at=attempt.received_at,
                sha256=attempt.sha256,
                size=len(attempt.archive),
                late=rules.is_late(attempt.received_at, deadline),
                deadline=deadline,
                version=max((fetch.version for fetch in versions), default=None),
                files=files,
            )
    except IntegrityError:
        # The same request ran beside this one, and won.
        return _must(_earlier(connection, attempt))
    made = _must(_earlier(connection, attempt))
    tell_submitted(platform, connection, made)
    return made


def _must(found: Submission | None) -> Submission:
    if found is None:
        raise RuntimeError("a submission that was just written is not there")
    return found
