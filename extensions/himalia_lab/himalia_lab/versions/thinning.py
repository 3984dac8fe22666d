"""Which versions are kept as they grow older: all of the last minutes, then fewer and fewer. Pure rules."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

SAVED = "saved"

LARGE_BYTES = 5 * 1024 * 1024
_LARGE_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class Version:
    """One dated state of a notebook; `reason` says why it was kept (`saved`, `submitted`, `before-restore`, …)."""

    id: str
    at: datetime
    sha256: str
    size: int
    reason: str = SAVED

    @property
    def pinned(self) -> bool:
        """Kept for a reason of its own: thinning never takes it."""
        return self.reason != SAVED


@dataclass(frozen=True)
class Step:
    """Of the versions younger than `until`, one is kept per `every`."""

    until: timedelta
    every: timedelta


STEPS = (
    Step(timedelta(minutes=10), timedelta(0)),
    Step(timedelta(hours=1), timedelta(minutes=1)),
    Step(timedelta(days=1), timedelta(minutes=10)),
    Step(timedelta(days=30), timedelta(hours=1)),
    Step(timedelta.max, timedelta(days=1)),
)


def thinned(versions: Sequence[Version], now: datetime, steps: Sequence[Step] = STEPS) -> list[Version]:
    """The versions to keep, oldest first: in each span the last one; the first and the newest always.

    Spans lie at fixed times, so thinning twice takes no more than thinning once.
    """
    ordered = sorted(versions, key=lambda version: (version.at, version.id))
    last_of_span = {_span(version, now, steps): version for version in ordered if not version.pinned}
    kept = {version.id for version in last_of_span.values()} | {version.id for version in ordered[:1] + ordered[-1:]}
    return [version for version in ordered if version.pinned or version.id in kept]


def too_soon(newest: Version | None, size: int, now: datetime) -> bool:
    """Whether a plain save of a large notebook need not be kept: its last version is not a minute old."""
    return newest is not None and size > LARGE_BYTES and now - newest.at < _LARGE_EVERY


def within(versions: Sequence[Version], limit: int) -> list[Version]:
    """As many as fit in `limit` bytes, each content counted once: the oldest plain ones go first, the newest never."""
    kept = list(versions)
    for candidate in _expendable(versions):
        if _bytes(kept) <= limit:
            break
        kept.remove(candidate)
    return kept


def _span(version: Version, now: datetime, steps: Sequence[Step]) -> tuple[int, int] | str:
    age = now - version.at
    number, step = next((n, step) for n, step in enumerate(steps) if age < step.until)
    return (number, int(version.at.timestamp() // step.every.total_seconds())) if step.every else version.id


def _expendable(versions: Sequence[Version]) -> Iterator[Version]:
    older = versions[:-1]
    yield from (version for version in older if not version.pinned)
    yield from (version for version in older if version.pinned)


def _bytes(versions: Sequence[Version]) -> int:
    return sum({version.sha256: version.size for version in versions}.values())
