"""Make a course and rename it."""

from himalia_exchange.wire import LatePolicy
from sqlalchemy import Connection

from hub_config.access.roles import Role
from hub_services.courses import rules, store
from hub_services.courses.models import Course, NewCourse
from hub_services.people.api import Person, audit, enrol, memberships, new_code
from hub_services.web.i18n import LANGUAGES, N_
from hub_services.web.platform import Platform
from hub_services.web.refusals import Refusal


def may_create(platform: Platform, connection: Connection, person: Person) -> bool:
    """Whether the site lets `person` make courses: `courses.creators` in the settings; administrators always may."""
    creators = platform.settings.courses.creators
    if person.is_administrator or creators == "everyone":
        return True
    teaches = any(m.role is Role.TEACHER for m in memberships(platform, connection, person))
    return creators == "teachers" and teaches


def require_creator(platform: Platform, connection: Connection, person: Person) -> None:
    """Raises Refusal unless `person` may make a course."""
    if not may_create(platform, connection, person):
        detail = N_("On this site courses are made by others: ask your administrator to make it and to name you its teacher.")
        raise Refusal(403, N_("You cannot make a course here"), detail)


def create(platform: Platform, connection: Connection, person: Person, new: NewCourse, *, source: str = "form") -> Course:
    """A new course whose teacher is `person`. Raises Refusal for an empty title. Asks for no right: see `require_creator`."""
    title = _title(new.title)
    now = platform.now()
    wished = rules.slug_of(new.slug or title)
    made = Course(
        key=rules.key_of(wished, new_code(6)),
        slug=rules.free_slug(wished, store.slugs_like(connection, wished)),
        title=title,
        language=new.language if new.language in LANGUAGES else platform.settings.site.language,
        environment="",
        profile="",
        late_policy=new.late_policy,
        materials="",
        created_at=now,
        created_by=person.id,
    )
    store.add_course(connection, made)
    enrol(connection, person.id, made.key, Role.TEACHER, source=source, now=now)
    audit(platform, connection, person.id, "course-created", course=made.key, detail=made.title)
    return made


def rename(platform: Platform, connection: Connection, person: Person, course: Course, title: str) -> Course:
    """Give `course` a new title and the address that follows from it; the old address leads there. Raises Refusal."""
    cleaned = _title(title)
    wished = rules.slug_of(cleaned)
    slug = rules.free_slug(wished, store.slugs_like(connection, wished, but_of=course.key))
    store.update_course(connection, course.key, title=cleaned, slug=slug)
    store.add_address(connection, course.key, slug, platform.now())
    audit(platform, connection, person.id, "course-renamed", course=course.key, detail=f"{course.title} → {cleaned}")
    return Course(**course.__dict__ | {"title": cleaned, "slug": slug})


def configure(
    platform: Platform, connection: Connection, person: Person, course: Course, late_policy: str, profile: str, language: str
) -> None:
    """Change what holds for the course as a whole; a value that this site does not offer is refused. Raises Refusal."""
    profiles = [offered.name for offered in platform.settings.profiles]
    if late_policy not in list(LatePolicy) or profile not in ("", *profiles) or language not in LANGUAGES:
        detail = N_("Choose one of the values on the page.")
        raise Refusal(422, N_("This site does not offer that"), detail)
    store.update_course(connection, course.key, late_policy=late_policy, profile=profile, language=language)
    detail = f"late {late_policy}, profile {profile or 'default'}, language {language}"
    audit(platform, connection, person.id, "course-configured", course=course.key, detail=detail)


def _title(typed: str) -> str:
    title = rules.clean_title(typed)
    if not title:
        detail = N_("Type one, for instance “Statistics L2, group B”; it may change later.")
        raise Refusal(422, N_("A course needs a title"), detail)
    return title
