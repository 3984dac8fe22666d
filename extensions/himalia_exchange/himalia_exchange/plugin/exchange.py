"""What all actions share: the client, the course, the folders, refusals as nbgrader's own errors."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from nbgrader.exchange import abc
from nbgrader.utils import parse_utc

from himalia_exchange.archive import ArchiveRefused
from himalia_exchange.client import ExchangeClient, ExchangeRefused, from_environment

# Written beside `timestamp.txt`; nbgrader carries both from submitted/ to feedback/, so a graded copy knows whose it is.
SUBMISSION_FILE = "himalia_submission.txt"
TIMESTAMP_FILE = "timestamp.txt"
BESIDE = (SUBMISSION_FILE, TIMESTAMP_FILE)


class HimaliaExchange(abc.Exchange):
    """The base of the eight: talks to the platform of the workspace that it runs in."""

    @contextmanager
    def platform(self) -> Iterator[ExchangeClient]:
        """A client, with what the platform refuses turned into nbgrader's error."""
        try:
            with from_environment() as client:
                yield client
        except ExchangeRefused as refused:
            self.fail(str(refused))
        except ArchiveRefused as refused:
            self.fail(f"These files cannot be taken ({refused}). Remove or rename what is named here, then try again.")

    def check_course(self) -> str:
        """The course of this workspace; another one that was asked for is refused in words."""
        own = os.environ.get("HIMALIA_COURSE", "")
        asked: str = self.coursedir.course_id if self.coursedir else ""
        if asked not in ("", "*", own):
            self.fail(f"This workspace is of the course {own}. Open the workspace of {asked} to work with that course.")
        return own

    def check_assignment(self) -> str:
        """The name of the assignment that was asked for."""
        name: str = self.coursedir.assignment_id if self.coursedir else ""
        if not name or "/" in name or name in (".", ".."):
            self.fail("Name the assignment: nbgrader <command> ASSIGNMENT")
        return name

    def assignment_folder(self, name: str) -> Path:
        """Where a student's copy of the assignment is."""
        return Path(self.assignment_dir, name).absolute()

    def step_folder(self, step: str, student: str, assignment: str) -> Path:
        """A folder of a course as its teacher keeps it: source, release, submitted, feedback…"""
        return Path(self.coursedir.format_path(step, student, assignment))

    def init_src(self) -> None:
        self.check_course()

    def init_dest(self) -> None:
        """Nothing to prepare: most destinations are the platform's."""


def shown(moment: datetime) -> str:
    """A moment as nbgrader writes timestamps, in UTC."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f UTC")


def written(folder: Path) -> datetime | None:
    """The moment that `shown` wrote into a folder of submitted/, without a zone as nbgrader has it."""
    file = folder / TIMESTAMP_FILE
    moment: datetime | None = parse_utc(file.read_text().strip()) if file.exists() else None
    return moment
