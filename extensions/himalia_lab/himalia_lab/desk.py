"""What the handlers work with: the course, the person's files, the versions and the line to the platform."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, Any

from himalia_lab import assignments
from himalia_lab.course import Course
from himalia_lab.versions.keeper import Keeper
from himalia_lab.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable

    from himalia_exchange.client import ExchangeClient


def connect() -> ExchangeClient:
    """The exchange as this server's own environment names it; imported at the first use, not at the start."""
    from himalia_exchange.client import from_environment

    return from_environment()


@dataclass
class Desk:
    """One per server. `exchange()` gives the one client; it may be called from any thread."""

    course: Course
    workspace: Workspace
    language: str = ""
    connect: Callable[[], ExchangeClient] = connect
    keeper: Keeper = field(init=False)
    _client: ExchangeClient | None = field(default=None, init=False)
    _lock: Lock = field(default_factory=Lock, init=False)

    def __post_init__(self) -> None:
        self.keeper = Keeper(self.workspace)

    def exchange(self) -> ExchangeClient:
        with self._lock:
            if self._client is None:
                self._client = self.connect()
            return self._client

    def listed(self) -> list[dict[str, Any]]:
        """The assignments as the platform sees them."""
        return assignments.listed(self.exchange(), self.workspace)
