"""Sessions: a random id in a cookie, its SHA-256 in a row."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select
from starlette.responses import Response

from hub_services.web.platform import Platform
from hub_services.web.tables import sessions


@dataclass(frozen=True)
class Session:
    """A signed-in browser."""

    digest: str
    person: str
    provider: str
    id_token: str
    expires_at: datetime


def cookie_name(secure: bool) -> str:
    """`__Host-` binds the cookie to this exact host, which needs TLS (RFC 6265bis §4.1.3.2)."""
    return "__Host-himalia" if secure else "himalia"


def open_session(platform: Platform, response: Response, person: str, provider: str, id_token: str) -> None:
    """Sign `person` in: a new random id, never one that the browser brought."""
    value = secrets.token_urlsafe(32)
    now = platform.now()
    expires = now + timedelta(hours=platform.settings.sign_in.session_hours)
    row = {"digest": _digest(value), "person": person, "provider": provider, "id_token": id_token}
    with platform.database.begin() as connection:
        connection.execute(delete(sessions).where(sessions.c.expires_at < now))
        connection.execute(insert(sessions).values(**row, created_at=now, expires_at=expires))
    secure = platform.settings.addresses.secure
    response.set_cookie(cookie_name(secure), value, httponly=True, samesite="lax", path="/", secure=secure)


def find_session(connection: Connection, cookie: str | None, now: datetime) -> Session | None:
    """The live session of `cookie`."""
    if not cookie:
        return None
    return session_by_digest(connection, _digest(cookie), now)


def session_by_digest(connection: Connection, digest: str, now: datetime) -> Session | None:
    """The live session of that row: what the hub's access tokens point at, so that signing out ends them too."""
    columns = (sessions.c.digest, sessions.c.person, sessions.c.provider, sessions.c.id_token, sessions.c.expires_at)
    row = connection.execute(select(*columns).where(sessions.c.digest == digest, sessions.c.expires_at > now)).first()
    return Session(*row) if row else None


def close_session(connection: Connection, digest: str) -> None:
    """End one session."""
    connection.execute(delete(sessions).where(sessions.c.digest == digest))


def _digest(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()
