"""From an exception to what the page is told: a status, what happened, what to do."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from himalia_lab.assignments import NoNotebook
from himalia_lab.folders import OutsideCourse
from himalia_lab.restart import NotInSujet
from himalia_lab.sources import SourceChanged
from himalia_lab.versions.store import NotKept

if TYPE_CHECKING:
    from himalia_exchange.archive import ArchiveRefused
    from himalia_exchange.client import ExchangeRefused

# A refused token must not look like a lost Lab session, which would send the person to the sign-in page.
_SHOWN_AS = {0: 502, 401: 502, 403: 409}


@dataclass(frozen=True)
class Answer:
    """`code` is a stable word that the page may put in the person's language; `title` and `detail` say it plainly."""

    status: int
    code: str
    title: str
    detail: str = ""

    def for_page(self) -> dict[str, str]:
        return {"code": self.code, "title": self.title, "detail": self.detail}


def answer_to(error: Exception) -> Answer | None:
    """What to say of an expected failure; None for any other, which is a defect and must show as one."""
    match error:
        case NoNotebook():
            return Answer(404, "no-notebook", "This assignment holds no notebook.", str(error))
        case OutsideCourse():
            return Answer(400, "outside", "This path is not in the course's folder.", str(error))
        case NotKept():
            return Answer(404, "not-kept", "This version is no longer kept.", str(error))
        case NotInSujet():
            return Answer(404, "not-in-sujet", "The released version does not hold this.", str(error))
        case SourceChanged():
            return Answer(409, "source-changed", "Somebody else changed this source on the platform.", str(error))
        case FileNotFoundError():
            return Answer(404, "no-file", "This file is not there.", str(error.filename or ""))
    return _of_the_exchange(error)


def _of_the_exchange(error: Exception) -> Answer | None:
    # Imported here: the cost would else be paid at every server's start.
    from himalia_exchange.archive import ArchiveRefused
    from himalia_exchange.client import ExchangeRefused

    if isinstance(error, ExchangeRefused):
        return _refused(error)
    return _not_packed(error) if isinstance(error, ArchiveRefused) else None


def _refused(error: "ExchangeRefused") -> Answer:
    status = _SHOWN_AS.get(error.status, error.status)
    return Answer(status, "refused" if error.status else "unreachable", error.title, error.detail)


def _not_packed(error: "ArchiveRefused") -> Answer:
    return Answer(422, f"archive-{error.reason}", "A file cannot be sent.", error.name)
