"""What a feature brings to the platform: the shape of one row of the table in `app.py`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from fastapi import APIRouter
from sqlalchemy import Connection

from hub_services.web.jobs import ClaimedJob
from hub_services.web.platform import Platform

JobHandler = Callable[[Platform, ClaimedJob], dict[str, Any]]
Export = Callable[[Connection, str], Mapping[str, Any]]
Erase = Callable[[Connection, str], None]


@dataclass(frozen=True)
class Feature:
    """One feature: its pages and API, what the hub alone may ask, its jobs, and what it holds of a person."""

    name: str
    router: APIRouter
    internal: APIRouter | None = None
    jobs: Mapping[str, JobHandler] = field(default_factory=dict)
    export: Export | None = None
    erase: Erase | None = None
