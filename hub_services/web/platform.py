"""What a request or a job may use: settings, database, files, hub, jobs, the time."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from starlette.requests import Request

from hub_config.settings.model import Settings
from hub_services.web.database import Database
from hub_services.web.files import Files
from hub_services.web.hub import HubClient
from hub_services.web.jobs import Jobs
from hub_services.web.secrets import Secrets


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Platform:
    """The parts that features share; made once per process."""

    settings: Settings
    database: Database
    files: Files
    hub: HubClient
    jobs: Jobs
    secrets: Secrets
    now: Callable[[], datetime] = _now


def assemble(settings: Settings, now: Callable[[], datetime] = _now) -> Platform:
    """A platform from its settings; opens the database and the files folder, starts nothing."""
    database = Database(settings.database_url)
    secrets = Secrets(settings.state / "secrets")
    return Platform(
        settings=settings,
        database=database,
        files=Files(settings.state / "files"),
        hub=HubClient(f"http://127.0.0.1:{settings.addresses.hub_port}/hub/api", secrets),
        jobs=Jobs(database, now),
        secrets=secrets,
        now=now,
    )


def platform_of(request: Request) -> Platform:
    """The platform that serves `request`."""
    platform: Platform = request.app.state.platform
    return platform
