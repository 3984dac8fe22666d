"""nbgrader's exchange, on Himalia: one class per action, chosen by `himalia_exchange.plugin.configure`."""

import os
from collections.abc import Mapping
from typing import Any

from himalia_exchange.plugin.collect import HimaliaExchangeCollect
from himalia_exchange.plugin.exchange import HimaliaExchange
from himalia_exchange.plugin.fetch_assignment import HimaliaExchangeFetchAssignment
from himalia_exchange.plugin.fetch_feedback import HimaliaExchangeFetchFeedback
from himalia_exchange.plugin.list import HimaliaExchangeList
from himalia_exchange.plugin.release_assignment import HimaliaExchangeReleaseAssignment
from himalia_exchange.plugin.release_feedback import HimaliaExchangeReleaseFeedback
from himalia_exchange.plugin.submit import HimaliaExchangeSubmit

__all__ = [
    "HimaliaExchange",
    "HimaliaExchangeCollect",
    "HimaliaExchangeFetchAssignment",
    "HimaliaExchangeFetchFeedback",
    "HimaliaExchangeList",
    "HimaliaExchangeReleaseAssignment",
    "HimaliaExchangeReleaseFeedback",
    "HimaliaExchangeSubmit",
    "configure",
]


def configure(c: Any, environment: Mapping[str, str] = os.environ) -> None:
    """Make nbgrader use this exchange, in the course of this workspace; outside of a workspace nothing is changed."""
    if not environment.get("HIMALIA_URL"):
        return
    c.ExchangeFactory.exchange = HimaliaExchange
    c.ExchangeFactory.fetch_assignment = HimaliaExchangeFetchAssignment
    c.ExchangeFactory.fetch_feedback = HimaliaExchangeFetchFeedback
    c.ExchangeFactory.release_assignment = HimaliaExchangeReleaseAssignment
    c.ExchangeFactory.release_feedback = HimaliaExchangeReleaseFeedback
    c.ExchangeFactory.list = HimaliaExchangeList
    c.ExchangeFactory.submit = HimaliaExchangeSubmit
    c.ExchangeFactory.collect = HimaliaExchangeCollect
    c.CourseDirectory.course_id = environment.get("HIMALIA_COURSE", "")
