"""The three endpoints that each hub signs in with: code + PKCE, exact address, single-use codes of 60 s (RFC 6749, 7636)."""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection, delete, insert, select

from hub_services.people.tables import hub_codes, hub_tokens
from hub_services.web.platform import Platform
from hub_services.web.sessions import Session, session_by_digest

CLIENT = "jupyterhub"
CODE_LIFE = timedelta(seconds=60)
TOKEN_LIFE = timedelta(hours=12)


@dataclass(frozen=True)
class AuthorizeRequest:
    """What the hub asks of a browser at our authorize endpoint."""

    client_id: str
    redirect_uri: str
    response_type: str
    code_challenge: str
    code_challenge_method: str


@dataclass(frozen=True)
class TokenRequest:
    """What the hub sends to our token endpoint."""

    client_id: str
    client_secret: str
    code: str
    code_verifier: str
    redirect_uri: str


def callback(platform: Platform) -> str:
    """The hub's one call-back address."""
    return f"{platform.settings.addresses.public_url}/hub/oauth_callback"


def problem(platform: Platform, asked: AuthorizeRequest) -> str | None:
    """Why an authorize request is not answered, or None."""
    if asked.client_id != CLIENT or asked.redirect_uri != callback(platform):
        return "unknown client or address"
    if asked.response_type != "code" or asked.code_challenge_method != "S256" or len(asked.code_challenge) != 43:
        return "only code with PKCE S256"
    return None


def give_code(platform: Platform, connection: Connection, session: Session, challenge: str) -> str:
    """A single-use code for the person of `session`."""
    code = secrets.token_urlsafe(32)
    now = platform.now()
    connection.execute(delete(hub_codes).where(hub_codes.c.expires_at < now))
    row = {"digest": _digest(code), "session": session.digest, "person": session.person, "challenge": challenge}
    connection.execute(insert(hub_codes).values(**row, expires_at=now + CODE_LIFE))
    return code


def redeem(platform: Platform, connection: Connection, asked: TokenRequest) -> str | None:
    """An access token for a code, which is used up even when the rest is wrong; None when it does not count."""
    code = delete(hub_codes).where(hub_codes.c.digest == _digest(asked.code))
    row = connection.execute(code.returning(*hub_codes.c)).first()
    if row is None or row.expires_at < platform.now() or asked.redirect_uri != callback(platform):
        return None
    if not hmac.compare_digest(row.challenge, _challenge(asked.code_verifier)):
        return None
    token = secrets.token_urlsafe(32)
    values = {"digest": _digest(token), "session": row.session, "person": row.person}
    connection.execute(delete(hub_tokens).where(hub_tokens.c.expires_at < platform.now()))
    connection.execute(insert(hub_tokens).values(**values, expires_at=platform.now() + TOKEN_LIFE))
    return token


def is_hub(platform: Platform, asked: TokenRequest) -> bool:
    """Whether the caller is the hub, compared in constant time."""
    secret = platform.secrets.read("oauth_client_secret")
    return hmac.compare_digest(asked.client_secret.encode(), secret.encode()) and asked.client_id == CLIENT


def person_of_token(platform: Platform, connection: Connection, token: str) -> str | None:
    """Whose access token this is, as long as the session that it came from lives."""
    row = connection.execute(select(hub_tokens).where(hub_tokens.c.digest == _digest(token))).first()
    if row is None or row.expires_at < platform.now():
        return None
    session = session_by_digest(connection, row.session, platform.now())
    return session.person if session else None


def _digest(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()


def _challenge(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
