"""What a higher feature asks to be told: each handler runs in the submission's own transaction."""

import logging
from collections.abc import Callable

from sqlalchemy import Connection

from hub_services.exchange.models import Submission
from hub_services.web.platform import Platform

SubmittedHandler = Callable[[Platform, Connection, Submission], None]

logger = logging.getLogger("himalia.exchange")
_SUBMITTED: list[SubmittedHandler] = []


def on_submitted(handler: SubmittedHandler) -> SubmittedHandler:
    """Call `handler` at each new submission, before it is acknowledged; use as a decorator.

    What the handler writes is kept if and only if the submission is. If it fails, that is logged and undone alone:
    a submission is never lost for it.
    """
    if handler not in _SUBMITTED:
        _SUBMITTED.append(handler)
    return handler


def tell_submitted(platform: Platform, connection: Connection, submission: Submission) -> None:
    """Call the handlers, each in a savepoint."""
    for handler in _SUBMITTED:
        try:
            with connection.begin_nested():
                handler(platform, connection, submission)
        except Exception:
            logger.exception("a handler of submissions failed for %s", submission.id)
