"""The path of five minutes that each account's first page offers: pure rules over the cards."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from hub_config.access.roles import Role
from hub_services.courses.api import Upkeep
from hub_services.portal.cards import Card
from hub_services.portal.works import NEVER, ClassWork, Progress, Work
from hub_services.web.i18n import N_

_IN_HAND = (Progress.HANDED_IN, Progress.HANDED_IN_LATE, Progress.RETURNED)


@dataclass(frozen=True)
class Step:
    """One thing to do; `text` is a msgid, `href` the page where it is done."""

    text: str
    href: str = ""
    values: Mapping[str, object] = field(default_factory=dict)
    is_done: bool = False


@dataclass(frozen=True)
class Path:
    """What to try in five minutes; `title` is a msgid."""

    title: str
    steps: tuple[Step, ...]


def path_for(cards: Sequence[Card], broken: Sequence[Upkeep] = ()) -> Path | None:
    """What the account can do most: repair what is `broken`, grade, assist or hand in; None when nothing is there to try."""
    if broken:
        return _repair(broken[0])
    for role, path in ((Role.TEACHER, _grade), (Role.ASSISTANT, _assist), (Role.STUDENT, _hand_in)):
        found = path(cards) if any(card.membership.role is role for card in cards) else None
        if found:
            return found
    return None


def _hand_in(cards: Sequence[Card]) -> Path | None:
    open_ones = [(card, work) for card in cards for work in card.works if work.takes_more]
    if not open_ones:
        return None
    card, work = min(open_ones, key=lambda pair: (not pair[1].is_due, pair[1].standing.deadline or NEVER))
    href = _page(card, work.assignment.name)
    values = {"title": work.assignment.title}
    steps = (
        Step(N_("Open “%(title)s”: its page has a button that starts JupyterLab on it."), href, values, _is_fetched(work)),
        Step(N_("Run the cells, write an answer, check the visible tests.")),
        Step(N_("Hand in from JupyterLab, and keep the receipt."), href, {}, work.progress in _IN_HAND),
    )
    return Path(N_("Five minutes: hand in an assignment"), steps)


def _grade(cards: Sequence[Card]) -> Path | None:
    found = _to_grade(cards, Role.TEACHER)
    if found is None:
        return None
    card, work = found
    grading = f"{_page(card, work.assignment.name)}/grading"
    values = {"title": work.assignment.title, "count": work.handed_in}
    steps = (
        Step(N_("Open the grading of “%(title)s”: %(count)s copies wait there."), grading, values),
        Step(N_("Press Grade, and watch each copy run in its own sandbox.")),
        Step(N_("Read a copy, give points and a comment where a question wants them.")),
        Step(N_("Publish the copies, then download the marks."), "", {}, work.returned > 0),
    )
    return Path(N_("Five minutes: grade an assignment"), steps)


def _assist(cards: Sequence[Card]) -> Path | None:
    returned = [(card, work) for card in cards for work in card.returned]
    mine = tuple(
        Step(
            N_("In “%(course)s” you are a student: read your graded copy of “%(title)s”."),
            f"{_page(card, work.assignment.name)}/copy",
            {"course": card.course.title, "title": work.assignment.title},
        )
        for card, work in returned[:1]
    )
    found = _to_grade(cards, Role.ASSISTANT)
    theirs = tuple(
        Step(
            N_("In “%(course)s” you assist: open the grading of “%(title)s”."),
            f"{_page(card, work.assignment.name)}/grading",
            {"course": card.course.title, "title": work.assignment.title},
        )
        for card, work in ([found] if found else [])
    )
    steps = (*mine, *theirs)
    return Path(N_("Five minutes: one account, two roles"), steps) if steps else None


def _repair(found: Upkeep) -> Path:
    page = f"/administration/{found.course.slug}"
    values = {"course": found.course.title}
    steps = (
        Step(N_("Open the environment of “%(course)s”: its newest build failed, and the page says why."), page, values),
        Step(N_("Correct the list of packages, and press Build.")),
        Step(N_("Follow the build; the next workspace that opens in the course has it.")),
    )
    return Path(N_("Five minutes: repair an environment"), steps)


def _to_grade(cards: Sequence[Card], role: Role) -> tuple[Card, ClassWork] | None:
    """The assignment with the most copies that wait."""
    mine = [(card, work) for card in cards if card.membership.role is role for work in card.class_works if work.handed_in]
    return max(mine, key=lambda pair: (pair[1].to_return, pair[1].handed_in), default=None)


def _is_fetched(work: Work) -> bool:
    return work.standing.fetched_version is not None


def _page(card: Card, assignment: str) -> str:
    return f"/courses/{card.course.slug}/{assignment}"
