"""How an environment is built: what is asked, what comes back. One module per place (law 2): local here, Kubernetes beside it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from hub_services.courses.sentences import Sentence


@dataclass(frozen=True)
class BuildRequest:
    """Plain requirements, understood by `requirements.read`: nothing else ever reaches a builder."""

    lines: tuple[str, ...]
    names: tuple[str, ...]


@dataclass(frozen=True)
class Built:
    """An environment that is there for every start from now on."""

    digest: str
    lock: str
    python: str
    packages: Mapping[str, str]
    size: int
    reused: bool  # the same content had been built before


class Listener(Protocol):
    """Who follows a build."""

    def say(self, sentence: Sentence) -> None:
        """One line of the log."""

    def phase(self, number: int) -> None:
        """Phase `number` of `PHASES` begins."""

    def cancelled(self) -> bool:
        """Whether somebody asked for the build's end; asked several times a second."""


class Builder(Protocol):
    """A place to build in."""

    def build(self, request: BuildRequest, listener: Listener) -> Built:
        """Build what is asked, or find it built. Raises BuildRefused (the list cannot be had) and BuildCancelled.

        A build that fails leaves what was there before untouched; builds of one content never run twice at a time.
        """

    def has(self, digest: str) -> bool:
        """Whether that environment is there."""


PHASES = 4  # choose versions, install, try, put in service


class BuildRefused(Exception):
    """There is no such environment to be had; the sentences say why and what to do."""

    def __init__(self, *sentences: Sentence) -> None:
        super().__init__(" ".join(sentence.text for sentence in sentences))
        self.sentences = sentences


class BuildCancelled(Exception):
    """Somebody asked for its end."""
