"""A platform without its processes: a state folder, SQLite, a teacher, a course; jobs run where the test says."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from hub_config.settings.model import Settings
from hub_services.courses import api, build
from hub_services.courses.models import Course, NewCourse
from hub_services.courses.sentences import unpack
from hub_services.people.api import Identity, Person, resolve
from hub_services.people.sign_in import Account
from hub_services.web.i18n import translator
from hub_services.web.jobs import Job
from hub_services.web.platform import Platform, assemble
from hub_services.web.schema import upgrade
from hub_services.worker import run_job


@dataclass(frozen=True)
class Bench:
    """A platform, its teacher and a course."""

    platform: Platform
    karim: Person
    course: Course

    def ask(self, packages: str) -> int:
        """Enqueue the build of a list."""
        with self.platform.database.begin() as connection:
            return build.ask(self.platform, connection, self.karim, self.course, packages, "en")

    def build(self, packages: str) -> Job:
        """Build a list to its end."""
        return self.work(self.ask(packages))

    def work(self, number: int) -> Job:
        """Run the next job, which must be `number`, in this process."""
        claimed = self.platform.jobs.claim(("build", "import"))
        assert claimed is not None
        assert claimed.id == number
        run_job(self.platform, claimed)
        return self.job(number)

    def job(self, number: int) -> Job:
        with self.platform.database.read() as connection:
            found = self.platform.jobs.get(connection, number)
        assert found is not None
        return found

    def log(self, number: int) -> str:
        with self.platform.database.read() as connection:
            return "\n".join(line.text for line in self.platform.jobs.log_after(connection, number))

    @property
    def environment(self) -> str:
        """The digest in service."""
        with self.platform.database.read() as connection:
            found = api.course(connection, self.course.key)
        assert found is not None
        return found.environment

    def folder(self, digest: str) -> Path:
        return self.platform.settings.state / "environments" / digest

    def left_over(self) -> list[str]:
        """Environments that were begun and not finished."""
        return [path.name for path in (self.platform.settings.state / "environments" / ".build" / "new").iterdir()]


def reasons(job: Job) -> list[str]:
    """Why a job failed, in English."""
    return [sentence.show(translator("en")) for sentence in unpack(job.reason)]


@contextmanager
def bench(**settings: object) -> Iterator[Bench]:
    """A bench in a folder that every uid can pass through."""
    folder = Path(tempfile.mkdtemp(prefix="himalia-courses-"))
    folder.chmod(0o755)
    platform = assemble(Settings.model_validate({"state": folder, **settings}))
    upgrade(platform.database)
    try:
        with platform.database.begin() as connection:
            karim = resolve(platform, connection, Account(Identity("test", "karim"), "Karim", "", False))
            course = api.create(platform, connection, karim, NewCourse("Stat L2", "en"))
        yield Bench(platform, karim, course)
    finally:
        platform.database.engine.dispose()
        shutil.rmtree(folder, ignore_errors=True)
