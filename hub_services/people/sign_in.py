"""Who is asking: the session's person, and the person behind an account that signs in."""

from dataclasses import dataclass

from fastapi import Request
from sqlalchemy import Connection

from hub_services.people import store
from hub_services.people.enrol import claim_invitations
from hub_services.people.models import Identity, Person
from hub_services.web.platform import Platform, platform_of
from hub_services.web.sessions import Session, cookie_name, find_session


class NeedsSignIn(Exception):
    """Nobody is signed in: the browser is sent to the sign-in page and comes back."""


@dataclass(frozen=True)
class Account:
    """What a provider says of who signs in."""

    identity: Identity
    name: str
    email: str  # empty unless the provider vouches for it
    is_administrator: bool


def session_of(request: Request) -> Session | None:
    """The live session of this browser."""
    platform = platform_of(request)
    cookie = request.cookies.get(cookie_name(platform.settings.addresses.secure))
    with platform.database.read() as connection:
        return find_session(connection, cookie, platform.now())


def signed_in(request: Request) -> Person:
    """The person of this request; raises NeedsSignIn. The page's header shows them."""
    session = session_of(request)
    if session is None:
        raise NeedsSignIn
    with platform_of(request).database.read() as connection:
        found = store.person(connection, session.person)
    if found is None:
        raise NeedsSignIn
    request.state.person = found
    return found


def resolve(platform: Platform, connection: Connection, account: Account) -> Person:
    """The person of `account`, made at its first sign-in; name and address follow the provider at each one."""
    now = platform.now()
    person = store.person_of(connection, account.identity)
    if person is None:
        person = store.add_person(connection, name=account.name, email=account.email, now=now)
        store.add_identity(connection, person.id, account.identity, now)
    known = {"name": account.name, "email": account.email, "is_administrator": account.is_administrator}
    store.update_person(connection, person.id, **known)
    updated = Person(**{**person.__dict__, **known})
    claim_invitations(connection, updated, now)
    return updated
