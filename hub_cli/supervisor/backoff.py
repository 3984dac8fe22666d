"""When a process that died is started again: at once, later and later if it keeps dying; pure rules."""

SETTLED_SECONDS = 20.0  # alive for so long, a process is no longer in a crash loop
GIVE_UP_AFTER = 3  # deaths without having been ready once, after which `up` says that it cannot start
LONGEST_SECONDS = 30.0


def deaths_in_a_row(former: int, lived_seconds: float) -> int:
    return 1 if lived_seconds >= SETTLED_SECONDS else former + 1


def delay(deaths: int) -> float:
    """Seconds to wait before the next start, after that many deaths in a row."""
    return 0.0 if deaths <= 1 else min(0.25 * 2 ** (deaths - 1), LONGEST_SECONDS)


def cannot_start(deaths: int, *, was_ready: bool) -> bool:
    return deaths >= GIVE_UP_AFTER and not was_ready
