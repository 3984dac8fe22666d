"""The exchange over HTTP: one call per action, repeated safely, refusals as exceptions."""

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self, TypeVar
from uuid import uuid4

import httpx2 as httpx
from pydantic import BaseModel, TypeAdapter, ValidationError

from himalia_exchange.wire import (
    IDEMPOTENCY_KEY,
    ZIP,
    AssignmentInfo,
    FeedbackInfo,
    Receipt,
    RefusalMessage,
    ReleaseInfo,
    SubmissionInfo,
)

# Every call may be repeated: reads change nothing, and each write carries a key or is decided by its content.
_TRY_AGAIN = frozenset((502, 503, 504))
_ASSIGNMENTS = TypeAdapter(tuple[AssignmentInfo, ...])
M = TypeVar("M", bound=BaseModel)
T = TypeVar("T")
_SUBMISSIONS = TypeAdapter(tuple[SubmissionInfo, ...])


class ExchangeRefused(Exception):
    """The exchange said no, or could not be reached; `title` says what happened, `detail` what to do."""

    def __init__(self, title: str, detail: str = "", status: int = 0) -> None:
        super().__init__(f"{title.rstrip('.')}. {detail}".strip())
        self.title = title
        self.detail = detail
        self.status = status


@dataclass(frozen=True)
class Patience:
    """How long a call waits, and after which pauses it is repeated."""

    connect_seconds: float = 5
    answer_seconds: float = 60
    pauses: tuple[float, ...] = (0.3, 1.0, 3.0, 6.0)
    sleep: Callable[[float], None] = time.sleep


class ExchangeClient:
    """One person's exchange in one course; both are the token's."""

    def __init__(
        self,
        url: str,
        token: str,
        *,
        language: str = "",
        patience: Patience = Patience(),
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        headers = {"Authorization": f"token {token}", "Accept": "application/json"}
        if language:
            headers["Accept-Language"] = language
        self._patience = patience
        self._http = httpx.Client(
            base_url=f"{url.rstrip('/')}/api/exchange",
            headers=headers,
            timeout=httpx.Timeout(patience.answer_seconds, connect=patience.connect_seconds),
            transport=transport,
            trust_env=False,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        self._http.close()

    def assignments(self) -> tuple[AssignmentInfo, ...]:
        """The assignments that this person may see, in the course's order."""
        return _parsed(_ASSIGNMENTS.validate_json, self._get("/assignments"))

    def materials(self) -> bytes:
        """The zip of the course's files that are no assignment; empty when there are none."""
        return self._get("/materials").content

    def fetch(self, assignment: str) -> bytes:
        """The zip of the released version; that it was fetched is recorded."""
        return self._get(f"/assignments/{assignment}/release").content

    def source(self, assignment: str) -> bytes:
        """The zip of the assignment's source, with its solutions and tests; for its authors."""
        return self._get(f"/assignments/{assignment}/source").content

    def put_source(self, assignment: str, archive: bytes) -> AssignmentInfo:
        """Replace the source, making the assignment a draft if there was none of that name."""
        return _message(AssignmentInfo, self._send("PUT", f"/assignments/{assignment}/source", archive))

    def release(self, assignment: str, archive: bytes, ready: bool = False) -> ReleaseInfo:
        """Release a source: the platform makes the students' version, unless `archive` already is it (`ready`).

        The same release twice is one version.
        """
        query = "?ready=1" if ready else ""
        return _message(ReleaseInfo, self._send("POST", f"/assignments/{assignment}/release{query}", archive))

    def withdraw(self, assignment: str) -> None:
        """Take a released assignment back; what was handed in stays."""
        self._call("DELETE", f"/assignments/{assignment}/release")

    def submit(self, assignment: str, archive: bytes, key: str = "") -> Receipt:
        """Hand in. When this returns the submission is kept; the same `key` twice gives the same receipt."""
        headers = {IDEMPOTENCY_KEY: key or uuid4().hex}
        return _message(Receipt, self._send("POST", f"/assignments/{assignment}/submissions", archive, headers))

    def submissions(self, assignment: str, everyone: bool = False) -> tuple[SubmissionInfo, ...]:
        """One's own submissions, oldest first; with `everyone`, the course's (for those who read copies)."""
        query = {"all": "1"} if everyone else {}
        return _parsed(_SUBMISSIONS.validate_json, self._get(f"/assignments/{assignment}/submissions", query))

    def submission(self, identifier: str) -> bytes:
        """The zip of a submission, byte for byte as it was handed in."""
        return self._get(f"/submissions/{identifier}").content

    def receipt(self, identifier: str) -> Receipt:
        """The receipt of a submission again."""
        return _message(Receipt, self._get(f"/submissions/{identifier}/receipt"))

    def feedback(self, assignment: str) -> bytes:
        """The zip of one's own published graded copies, a folder per submission."""
        return self._get(f"/assignments/{assignment}/feedback").content

    def publish_feedback(self, assignment: str, archive: bytes) -> FeedbackInfo:
        """Publish graded copies: a zip with a folder per submission id."""
        return _message(FeedbackInfo, self._send("POST", f"/assignments/{assignment}/feedback", archive))

    def _get(self, path: str, query: Mapping[str, str] | None = None) -> httpx.Response:
        return self._call("GET", path, params=query or {})

    def _send(self, method: str, path: str, archive: bytes, headers: Mapping[str, str] | None = None) -> httpx.Response:
        return self._call(method, path, content=archive, headers={"Content-Type": ZIP, **(headers or {})})

    def _call(self, method: str, path: str, **parts: Any) -> httpx.Response:
        for pause in (*self._patience.pauses, None):
            try:
                answer = self._http.request(method, path, **parts)
            except httpx.TransportError as error:
                if pause is None:
                    raise _unreachable(error) from error
            else:
                if pause is None or answer.status_code not in _TRY_AGAIN:
                    return _checked(answer)
            self._patience.sleep(pause)
        raise AssertionError("the last attempt returns or raises")


def from_environment(environment: Mapping[str, str] = os.environ) -> ExchangeClient:
    """The client of the user server that this runs in. Raises ExchangeRefused outside of one."""
    url, token = environment.get("HIMALIA_URL", ""), environment.get("JUPYTERHUB_API_TOKEN", "")
    if not url or not token:
        raise ExchangeRefused(
            "This is not a Himalia workspace.",
            "HIMALIA_URL and JUPYTERHUB_API_TOKEN are set there: open the course from the platform's page.",
        )
    return ExchangeClient(url, token, language=_language(environment))


def _language(environment: Mapping[str, str]) -> str:
    chosen = environment.get("LANGUAGE", "").split(":")[0] or environment.get("LANG", "").split(".")[0]
    return "" if chosen in ("C", "POSIX") else chosen.replace("_", "-")


def _checked(answer: httpx.Response) -> httpx.Response:
    if answer.is_success:
        return answer
    try:
        message = RefusalMessage.model_validate_json(answer.content)
    except ValidationError:
        message = RefusalMessage(title=f"The exchange answered {answer.status_code}.", detail="Please try again in a minute.")
    raise ExchangeRefused(message.title, message.detail, answer.status_code)


def _unreachable(error: httpx.TransportError) -> ExchangeRefused:
    return ExchangeRefused(
        "The exchange cannot be reached.",
        f"Your files are as they were; nothing counts as done. Please try again in a minute. ({error})",
    )


def _message(kind: type[M], answer: httpx.Response) -> M:
    return _parsed(kind.model_validate_json, answer)


def _parsed(parse: Callable[[bytes], T], answer: httpx.Response) -> T:
    try:
        return parse(answer.content)
    except ValidationError as error:
        raise ExchangeRefused(
            "The exchange's answer was not understood.",
            "The platform and this workspace are of different versions: stop your workspace and open it again.",
            answer.status_code,
        ) from error
