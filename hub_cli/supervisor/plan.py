"""The plan: the processes to run, written by `up` and read by the supervisor each time that it starts."""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Probe:
    """How to see that a process is ready: an address of 127.0.0.1 that answers, or a Unix socket that accepts."""

    port: int = 0
    path: str = "/"
    socket: str = ""


@dataclass(frozen=True)
class Program:
    """A process of the platform. Secrets are named by file and read at its start: the plan holds none."""

    name: str
    argv: tuple[str, ...]
    probe: Probe
    env: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Plan:
    """All that the supervisor needs to know, with what a person is told of it."""

    address: str
    accounts: tuple[Mapping[str, str], ...]
    programs: tuple[Program, ...]
    env: Mapping[str, str]
    hub_api: str
    hub_token: str


def write(path: Path, plan: Plan) -> None:
    write_private(path, json.dumps(asdict(plan), indent=1))


def read(path: Path) -> Plan:
    data = json.loads(path.read_text(encoding="utf-8"))
    programs = tuple(_program(item) for item in data.pop("programs"))
    return Plan(programs=programs, accounts=tuple(data.pop("accounts")), **data)


def _program(data: dict[str, Any]) -> Program:
    return Program(argv=tuple(data.pop("argv")), probe=Probe(**data.pop("probe")), **data)


def write_private(path: Path, text: str) -> None:
    """Replace a file at once by one that only its owner reads."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.unlink(missing_ok=True)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    temporary.replace(path)
