"""A locked list of packages: what names an environment; pure."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

_PINNED = re.compile(r"^([A-Za-z0-9][\w.-]*)(?:\[[^]]*\])?==([^\s;\\]+)")


@dataclass(frozen=True)
class Changes:
    """What differs between two environments, package by package."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]  # "numpy 1.26.4 → 2.0.0"


def changes(before: Mapping[str, str], after: Mapping[str, str]) -> Changes:
    """What became of each package."""
    return Changes(
        added=tuple(f"{name} {version}" for name, version in after.items() if name not in before),
        removed=tuple(f"{name} {version}" for name, version in before.items() if name not in after),
        changed=tuple(f"{n} {before[n]} → {v}" for n, v in after.items() if n in before and before[n] != v),
    )


def digest_of(lock: str, base: str) -> str:
    """The name of an environment: SHA-256 of what is locked and of the `base` that it stands on.

    Comments do not count: they say who asked for a package, and two lists may ask for the same content.
    """
    kept = sorted(_entries(lock))
    return hashlib.sha256("\n".join((base, *kept)).encode()).hexdigest()


def packages_of(lock: str) -> Mapping[str, str]:
    """Each package and its version, by name."""
    found = (_PINNED.match(line) for line in lock.splitlines())
    return dict(sorted((match[1], match[2]) for match in found if match))


def _entries(lock: str) -> list[str]:
    """One text per package: its pin and its hashes."""
    lines = [line.strip() for line in lock.splitlines() if line.strip() and not line.strip().startswith("#")]
    return re.split(r"\n(?!--hash)", "\n".join(line.removesuffix("\\").strip() for line in lines))
