"""The same code on PostgreSQL: migrations, the queue under many workers, moments, an exchange that is durable."""

import os
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, text

from hub_config.settings.model import DatabaseSettings, Settings
from hub_services import app
from hub_services.people import store
from hub_services.web.database import Database, metadata
from hub_services.web.jobs import ClaimedJob, LeaseLost
from hub_services.web.platform import Platform, assemble
from hub_services.web.schema import upgrade

PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin"))


def as_postgres(*words: str | Path) -> None:
    """PostgreSQL refuses to run as root."""
    before = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.getuid() == 0 else []
    subprocess.run([*before, *map(str, words)], check=True, capture_output=True, timeout=60)


@pytest.fixture(scope="module")
def server() -> Iterator[Path]:
    """A PostgreSQL of this test's own, on a Unix socket: its folder."""
    if not PROGRAMS:
        pytest.skip("PostgreSQL is missing: apt-get install postgresql")
    with tempfile.TemporaryDirectory(prefix="himalia-pg-") as folder:
        Path(folder).chmod(0o777)
        data = Path(folder) / "data"
        as_postgres(PROGRAMS[-1] / "initdb", "--auth=trust", "--encoding=UTF8", "--no-sync", "-D", data)
        options = f"-c listen_addresses='' -c unix_socket_directories={folder}"
        control = (PROGRAMS[-1] / "pg_ctl", "-D", data, "-w")
        as_postgres(*control, "-o", options, "-l", Path(folder) / "data" / "log", "start")
        yield Path(folder)
        as_postgres(*control, "-m", "immediate", "stop")


@pytest.fixture
def url(server: Path, request: pytest.FixtureRequest) -> str:
    """An empty database for one test."""
    name = f"t{abs(hash(request.node.name))}"
    root = create_engine(f"postgresql+psycopg://postgres@/postgres?host={server}", isolation_level="AUTOCOMMIT")
    with root.connect() as connection:
        connection.execute(text(f"create database {name}"))
    root.dispose()
    return f"postgresql+psycopg://postgres@/{name}?host={server}"


@pytest.fixture
def platform(url: str, tmp_path: Path) -> Iterator[Platform]:
    made = assemble(Settings(state=tmp_path, database=DatabaseSettings(url=url)))
    upgrade(made.database)
    yield made
    made.database.engine.dispose()


def test_processes_that_start_together_migrate_once(url: str) -> None:
    databases = [Database(url) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(upgrade, databases))
    with databases[0].read() as connection:
        assert connection.execute(text("select count(*) from alembic_version")).scalar() == 1
    for database in databases:
        database.engine.dispose()


def test_the_migrations_make_the_tables_of_the_code(platform: Platform) -> None:
    assert {feature.name for feature in app.FEATURES} >= {"people", "courses", "exchange", "grading"}
    with platform.database.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_many_workers_take_each_job_once(platform: Platform) -> None:
    with platform.database.begin() as connection:
        for number in range(60):
            course = f"c{number % 3}"
            platform.jobs.enqueue(connection, kind="k", key=str(number), payload={"n": number}, course=course)

    def work(_: int) -> list[int]:
        taken = []
        while job := platform.jobs.claim(("k",)):
            platform.jobs.finish(job, "done")
            taken.append(job.payload["n"])
        return taken

    with ThreadPoolExecutor(6) as pool:
        taken = Counter(n for numbers in pool.map(work, range(6)) for n in numbers)
    assert taken == Counter(range(60))
    assert platform.jobs.counts() == {("k", "done"): 60}


def test_a_lost_lease_writes_nothing(platform: Platform) -> None:
    with platform.database.begin() as connection:
        job = platform.jobs.enqueue(connection, kind="k", key="1", payload={})
    first = platform.jobs.claim(("k",))
    assert first is not None
    stolen = ClaimedJob(first.id, first.kind, first.course, first.payload, first.attempt - 1, "", platform.jobs)
    with pytest.raises(LeaseLost):
        platform.jobs.finish(stolen, "failed")
    platform.jobs.finish(first, "done")
    with platform.database.read() as connection:
        found = platform.jobs.get(connection, job)
    assert found is not None
    assert found.state == "done"


def test_a_moment_is_the_same_moment_after_the_database(platform: Platform) -> None:
    paris = datetime(2026, 3, 29, 3, 30, tzinfo=timezone(timedelta(hours=2)))
    with platform.database.begin() as connection:
        person = store.add_person(connection, name="Amina", email="", now=paris)
    with platform.database.read() as connection:
        created = connection.execute(text("select created_at from persons where id = :id"), {"id": person.id}).scalar_one()
    assert created.astimezone(UTC) == paris
