"""The messages of the exchange: what a user server and the web application say to each other."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

AssignmentName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$")]
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]

IDEMPOTENCY_KEY = "Idempotency-Key"
ZIP = "application/zip"


class Message(BaseModel):
    """Frozen; a field that an older side does not know is ignored, so both sides can be upgraded apart."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Kind(StrEnum):
    """What sort of work an assignment is; the course chooses the label that people read."""

    PRACTICE = "practice"  # never marked
    LAB = "lab"
    PROJECT = "project"
    EXAM = "exam"


class State(StrEnum):
    """How far an assignment has come; only a released one is seen by students."""

    DRAFT = "draft"
    RELEASED = "released"
    WITHDRAWN = "withdrawn"


class LatePolicy(StrEnum):
    """What happens to a submission that arrives after the deadline."""

    REFUSE = "refuse"
    ACCEPT = "accept"  # taken, and marked late


class AssignmentInfo(Message):
    """An assignment as one person sees it: the deadline is that person's own, extension included."""

    name: AssignmentName
    title: str
    kind: Kind
    state: State
    deadline: datetime | None
    late_policy: LatePolicy
    accepts: tuple[str, ...] = Field(description="The file types it takes, as lower-case suffixes.")
    version: int | None = Field(description="The release version that a fetch brings; none before the first release.")
    notebooks: tuple[str, ...] = Field((), description="The notebooks of the released version.")
    fetched_version: int | None = None
    submissions: int = 0
    last_submitted: datetime | None = None
    feedback: bool = Field(False, description="Whether a graded copy of this person's is published.")
    page: str = Field("", description="The path of the assignment's page on the platform.")


class FileEntry(Message):
    """One file of an archive."""

    path: str
    size: int


class Receipt(Message):
    """The proof that a submission is kept: `sha256sum` of the downloaded zip gives `sha256` again."""

    id: str
    course: str
    assignment: AssignmentName
    person: str
    received_at: datetime
    sha256: Digest
    size: int
    late: bool
    deadline: datetime | None = None
    version: int | None = Field(None, description="The release version that the person had fetched.")
    files: tuple[FileEntry, ...]


class SubmissionInfo(Message):
    """A line of the list of submissions."""

    id: str
    assignment: AssignmentName
    person: str
    received_at: datetime
    sha256: Digest
    size: int
    late: bool
    counts: bool = Field(description="Whether this is the person's submission that is graded.")
    files: tuple[FileEntry, ...] = ()
    feedback_sha256: Digest | None = Field(None, description="Of the published graded copy, where there is one.")


class ReleaseInfo(Message):
    """What a release made."""

    assignment: AssignmentName
    version: int
    sha256: Digest
    released_at: datetime
    files: tuple[FileEntry, ...]


class FeedbackInfo(Message):
    """What a publication of graded copies did."""

    assignment: AssignmentName
    published: int


class RefusalMessage(Message):
    """Why a request was refused: what happened, and what to do."""

    title: str
    detail: str = ""
