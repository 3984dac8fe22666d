"""The launch specification: all that a spawner needs to start one person's server in one course."""

from pydantic import BaseModel, ConfigDict, Field


class LaunchSpecification(BaseModel):
    """Made by the web application at each start, read by both spawners; nothing in it names a place (law 2)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    person: str = Field(description="The person's id, the hub's user name.")
    person_number: int = Field(ge=0, description="A small number of the person, unique; the local uid derives from it.")
    course: str = Field(description="The course's key, the server's name.")
    course_title: str
    course_url: str = Field(description="The address of the course's page.")
    environment: str = Field(description="The digest of the environment; empty means the platform's bare one.")
    materials: str = Field("", description="The digest of the course's files, fetched by the server itself; empty means none.")
    role: str = Field(description="The person's role in this course, for the pages in Lab; grants nothing.")
    language: str = Field(pattern="^(fr|en)$")
    memory_bytes: int = Field(gt=0)
    cpus: float = Field(gt=0)
    processes: int = Field(gt=0)
    outside: tuple[str, ...] = Field((), description="Hosts that this server may reach by HTTPS.")


class LaunchRefusal(BaseModel):
    """Why there is no specification, in the person's language; no specification, no start."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    message: str
