"""The rules of the exchange, pure: deadlines, what is taken, which submission counts, how a refusal reads."""

import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from pathlib import PurePosixPath

from himalia_exchange.archive import ArchiveRefused
from himalia_exchange.wire import LatePolicy, State

from hub_services.exchange.models import Assignment, Extension, Submission
from hub_services.web.i18n import N_
from hub_services.web.refusals import Refusal

_NAMES_SHOWN = 5
PACE = timedelta(hours=1)
_PACE_SUBMISSIONS = 60
_PACE_TIMES = 5  # as many times the largest submission that the site takes


def own_deadline(assignment: Assignment, extension: Extension | None) -> datetime | None:
    """One person's deadline: an extension never shortens, and adds nothing where there is no deadline."""
    if assignment.deadline is None or extension is None:
        return assignment.deadline
    return max(assignment.deadline, extension.deadline)


def is_late(received_at: datetime, deadline: datetime | None) -> bool:
    """Whether it came after the deadline; at the very moment is on time."""
    return deadline is not None and received_at > deadline


def counting(submissions: Iterable[Submission], deadline: datetime | None, late_policy: LatePolicy) -> Submission | None:
    """The submission that is graded: the last on time; else the last late one, where the course accepts late ones.

    Lateness is judged by the deadline as it is now, so that an extension given afterwards counts.
    """
    ordered = sorted(submissions, key=lambda s: (s.received_at, s.number))
    on_time = [s for s in ordered if not is_late(s.received_at, deadline)]
    if on_time:
        return on_time[-1]
    return ordered[-1] if ordered and late_policy is LatePolicy.ACCEPT else None


def check_open(assignment: Assignment, received_at: datetime, deadline: datetime | None, zone: tzinfo) -> None:
    """Raises Refusal unless the assignment takes a submission at that moment; `zone` is for the words alone."""
    if assignment.state is State.WITHDRAWN:
        raise Refusal(
            409,
            N_("This assignment was withdrawn"),
            N_("Your teacher took “%(title)s” back, so nothing can be handed in. Your files are as they were."),
            {"title": assignment.title},
        )
    if deadline and is_late(received_at, deadline) and assignment.late_policy is LatePolicy.REFUSE:
        raise Refusal(
            409,
            N_("The deadline has passed"),
            N_(
                "“%(title)s” was due on %(deadline)s and this course takes nothing after the deadline. "
                "Your files are as they were. If you have a reason, ask your teacher for an extension, then hand in again."
            ),
            {"title": assignment.title, "deadline": f"{deadline.astimezone(zone):%Y-%m-%d %H:%M} ({zone})"},
        )


def check_content(files: Mapping[str, int], accepts: Sequence[str], given: Collection[str]) -> None:
    """Raises Refusal for an empty submission, or one with files that are neither accepted nor `given` by the release."""
    if not files or not any(files.values()):
        raise Refusal(
            422,
            N_("There is nothing to hand in"),
            N_("The folder holds no file with something in it. Save your work in the assignment's folder and try again."),
        )
    others = [name for name in sorted(files) if name not in given and not _accepted(name, accepts)]
    if others:
        raise Refusal(
            422,
            N_("Some files are of a type that this assignment does not take"),
            N_("It takes %(accepts)s. Move these out of the assignment's folder and hand in again: %(files)s."),
            {"accepts": ", ".join(accepts), "files": some(others)},
        )


def check_size(size: int, mebibytes: int) -> None:
    """Raises Refusal for more than the site takes."""
    if size > mebibytes * 1024 * 1024:
        raise too_large(mebibytes)


def check_pace(recent: Sequence[int], size: int, mebibytes: int) -> None:
    """Raises Refusal when a person hands in without end: `recent` are the sizes of what they handed in within `PACE`."""
    if len(recent) < _PACE_SUBMISSIONS and sum(recent) + size <= _PACE_TIMES * mebibytes * 1024 * 1024:
        return
    raise Refusal(
        429,
        N_("You have handed in very often within an hour"),
        N_(
            "What you handed in before is kept, and your files are as they were. Wait some minutes, then hand in again; "
            "if a program of yours does it, stop that first."
        ),
    )


def too_large(mebibytes: int) -> Refusal:
    """The refusal of something larger than the site takes."""
    return Refusal(
        413,
        N_("This is too large"),
        N_("At most %(limit)s MB are taken at a time. Remove large files that your notebook can make again, then try again."),
        {"limit": mebibytes},
    )


def explain_archive(error: ArchiveRefused, mebibytes: int) -> Refusal:
    """The refusal of a doubtful archive, naming the file."""
    if error.reason == "too-large":
        return too_large(mebibytes)
    return Refusal(422, N_("These files cannot be taken"), _REASONS.get(error.reason, _DAMAGED), {"name": error.name})


def name_of(title: str, taken: Collection[str]) -> str:
    """A name for an assignment of that title: short, plain, not `taken`."""
    bare = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    plain = "".join(letter if letter.isalnum() else "-" for letter in bare)
    base = "-".join(part for part in plain.split("-") if part)[:40].strip("-") or "assignment"
    numbered = (f"{base}-{number}" for number in range(2, len(taken) + 3))
    return next(name for name in (base, *numbered) if name not in taken)


def accepted_types(text: str) -> tuple[str, ...]:
    """File types as somebody typed them ("ipynb, .PY pdf"), once each, as lower-case suffixes."""
    words = text.replace(",", " ").replace(";", " ").split()
    return tuple(dict.fromkeys("." + word.lower().lstrip("*").lstrip(".") for word in words if word.strip("*.")))


def some(names: Sequence[str]) -> str:
    """The first names of many."""
    shown = ", ".join(names[:_NAMES_SHOWN])
    return shown if len(names) <= _NAMES_SHOWN else f"{shown}… ({len(names)})"


def _accepted(name: str, accepts: Sequence[str]) -> bool:
    return PurePosixPath(name).suffix.lower() in accepts


_DAMAGED = N_("The archive is damaged or is not a zip file. Nothing was changed; please try again.")
_REASONS = {
    "path": N_("“%(name)s” would be written outside of the folder, or has a name that not every system can hold. Rename it."),
    "link": N_("“%(name)s” is a link to another place. Replace it by the file itself."),
    "special": N_("“%(name)s” is not an ordinary file. Remove it."),
    "encrypted": N_("“%(name)s” is locked with a password. Put the file itself there."),
    "duplicate": N_("“%(name)s” is there twice. Keep one of them."),
    "case-clash": N_("“%(name)s” differs from another file by capitals or accents alone. Rename one of them."),
    "long-name": N_("The name of “%(name)s” is too long. Shorten it, or use fewer folders."),
    "too-many": N_("There are too many files. Put data that your notebook can make again elsewhere."),
    "unreadable": N_("“%(name)s” cannot be read. Close the program that uses it, then try again."),
}
