"""Settings and its sections; each field's description is the reference manual."""

from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator

Host = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$")]
ProfileName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,29}$")]
MEBIBYTE = 1024 * 1024


class Section(BaseModel):
    """A part of the settings: frozen, and a key that it does not know is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class SiteSettings(Section):
    """What the platform is called and how it speaks."""

    name: str = Field("Himalia", description="The name that people see at the top of every page.")
    language: Literal["fr", "en"] = Field("fr", description="The language of a page when the browser asks for neither.")
    time_zone: str = Field("Europe/Paris", description="The IANA time zone in which dates are shown and deadlines typed.")


class AddressSettings(Section):
    """Where browsers find the platform, and where its own processes find each other."""

    public_url: str = Field(
        "http://localhost:8000",
        description="The root address. User servers live on `<person>.` this host, their own origin (law 6).",
    )
    proxy_api_port: int = Field(8001, ge=1, le=65535, description="The proxy's own API, on 127.0.0.1.")
    hub_port: int = Field(8081, ge=1, le=65535, description="The hub, on 127.0.0.1.")
    web_port: int = Field(8002, ge=1, le=65535, description="The web application's public part, behind the proxy.")
    internal_port: int = Field(
        8003, ge=1, le=65535, description="Launch specifications and the hub's sign-in: a port the proxy never serves."
    )
    metrics_port: int = Field(8004, ge=1, le=65535, description="The worker's health and metrics, on 127.0.0.1.")
    proxy_metrics_port: int = Field(8005, ge=1, le=65535, description="The proxy's metrics, on 127.0.0.1.")

    @field_validator("public_url")
    @classmethod
    def _is_a_root(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.path not in ("", "/"):
            raise ValueError("must be http(s)://host[:port] with no path")
        return value.rstrip("/")

    @property
    def host(self) -> str:
        """The public host name without its port."""
        return urlsplit(self.public_url).hostname or ""

    @property
    def port(self) -> int:
        """The public port, written or implied by the scheme."""
        parts = urlsplit(self.public_url)
        return parts.port or (443 if parts.scheme == "https" else 80)

    @property
    def secure(self) -> bool:
        """Whether browsers reach the platform over TLS."""
        return self.public_url.startswith("https://")


class DatabaseSettings(Section):
    """Where people, courses, submissions and marks are kept."""

    url: str = Field(
        "",
        description="An SQLAlchemy URL (`sqlite:///…`, `postgresql+psycopg://…`); empty means SQLite in the state folder.",
    )


class OidcProviderSettings(Section):
    """An OpenID Connect provider that people sign in with."""

    name: ProfileName = Field(description="A short name, part of the call-back address.")
    title: str = Field(description="What the sign-in button says.")
    issuer: str = Field(description="The issuer address; its discovery document is read from it (OIDC Discovery 1.0 §4).")
    client_id: str = Field(description="The client identifier that the provider gave.")
    client_secret_file: Path = Field(description="A file that holds the client secret, readable by the platform alone.")
    administrators: tuple[str, ...] = Field((), description="Subjects of this issuer who administer the platform.")


class SignInSettings(Section):
    """With which accounts people sign in."""

    providers: tuple[OidcProviderSettings, ...] = Field((), description="The OpenID Connect providers, in the order shown.")
    session_hours: int = Field(12, ge=1, le=168, description="After how many hours a session ends.")


class ProfileSettings(Section):
    """A size of server that a person can have."""

    name: ProfileName = Field(description="Its key.")
    title: str = Field(description="What people see.")
    memory_mebibytes: int = Field(1024, ge=128, description="Memory that a server may use before its kernel is stopped.")
    cpus: float = Field(1.0, gt=0, description="Processor time, in cores.")
    processes: int = Field(256, ge=32, description="Processes and threads at one time.")


class IsolationSettings(Section):
    """How students' code is kept apart from everything else (law 6)."""

    mode: Literal["bubblewrap", "none"] = Field(
        "bubblewrap",
        description="`none` runs students' code with the platform's own rights: for a trusted person alone.",
    )
    first_uid: int = Field(
        200_000, ge=10_000, description="With root, each person's code runs as this number plus the person's number."
    )
    outside: tuple[Host, ...] = Field((), description="Hosts that user servers may reach, by HTTPS; none by default.")


class CourseSettings(Section):
    """Courses and their files."""

    creators: Literal["everyone", "teachers", "administrators"] = Field(
        "teachers",
        description="Who may make a course, beside administrators: `teachers` of any course, `everyone` who signs in, nobody.",
    )
    materials_mebibytes: int = Field(500, ge=1, description="All files of a course together, its assignments not counted.")
    git_hosts: tuple[Host, ...] = Field(
        (), description="Git forges on the site's own network; those of the public Internet need no mention."
    )
    clone_seconds: int = Field(120, ge=5, description="After how long the copying of a git repository is stopped.")


class EnvironmentSettings(Section):
    """How course environments are built."""

    index_url: str = Field(
        "", description="The Python package index; empty means `UV_DEFAULT_INDEX` of the platform's own processes, else PyPI."
    )
    files_hosts: tuple[Host, ...] = Field(
        ("files.pythonhosted.org",), description="Hosts beside the index's own that it serves files from; builds reach no other."
    )
    default_requirements: tuple[str, ...] = Field(
        ("ipykernel", "numpy", "pandas", "matplotlib"), description="What a course has that names no requirements."
    )
    build_seconds: int = Field(600, ge=10, description="After how long a build is stopped.")


class ExchangeSettings(Section):
    """What may be handed in."""

    submission_mebibytes: int = Field(100, ge=1, description="The largest submission that is taken.")
    course_file_mebibytes: int = Field(200, ge=1, description="The largest single file of a course.")


class GradingSettings(Section):
    """How copies are graded."""

    cell_seconds: int = Field(30, ge=1, description="After how long a cell is stopped.")
    copy_seconds: int = Field(300, ge=1, description="After how long the grading of a copy is stopped.")
    memory_mebibytes: int = Field(1024, ge=128, description="Memory for the grading of one copy.")
    workers: int = Field(2, ge=1, description="Copies graded at the same time by one worker.")


class Settings(Section):
    """Everything that an administrator can set."""

    state: Path = Field(Path("/var/lib/himalia"), description="The folder that holds everything: files, logs, environments.")
    site: SiteSettings = Field(default_factory=SiteSettings, description="The name and the language.")
    addresses: AddressSettings = Field(default_factory=AddressSettings, description="Addresses and ports.")
    database: DatabaseSettings = Field(default_factory=DatabaseSettings, description="The database.")
    sign_in: SignInSettings = Field(default_factory=SignInSettings, description="Accounts and sessions.")
    profiles: tuple[ProfileSettings, ...] = Field(
        (ProfileSettings(name="small", title="Petite"),),
        min_length=1,
        description="Sizes of servers; the first is the default.",
    )
    isolation: IsolationSettings = Field(default_factory=IsolationSettings, description="Sandboxes.")
    courses: CourseSettings = Field(default_factory=CourseSettings, description="Courses and their files.")
    environments: EnvironmentSettings = Field(default_factory=EnvironmentSettings, description="Environment builds.")
    exchange: ExchangeSettings = Field(default_factory=ExchangeSettings, description="Limits of what is handed in.")
    grading: GradingSettings = Field(default_factory=GradingSettings, description="Limits of grading.")

    @property
    def database_url(self) -> str:
        """The database's URL, or SQLite in the state folder."""
        return self.database.url or f"sqlite:///{self.state / 'himalia.db'}"
