"""How far the demo has come in a state folder: STATE/demo.json, so that a start which was killed goes on from there."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from hub_config.settings.model import Settings

FILE = "demo.json"
PROVIDER = "demo"


@dataclass(frozen=True)
class Record:
    """The day that the demo's deadlines count from, whose accounts it knows, and what is done."""

    today: datetime
    issuer: str
    is_filled: bool = False
    is_returned: bool = False


def read(state: Path) -> Record | None:
    """What is known of the demo here; None before it was ever filled."""
    try:
        values = json.loads((state / FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return Record(**values | {"today": datetime.fromisoformat(values["today"])})


def write(state: Path, record: Record) -> None:
    """Keep `record`, whole or not at all."""
    text = json.dumps(asdict(record) | {"today": record.today.isoformat()})
    fresh = state / f".{FILE}"
    fresh.write_text(text, encoding="utf-8")
    fresh.rename(state / FILE)


def issuer_of(settings: Settings) -> str | None:
    """The demo's sign-in provider, where there is one."""
    return next((provider.issuer for provider in settings.sign_in.providers if provider.name == PROVIDER), None)


def needs_seed(settings: Settings) -> bool:
    """Whether `seed` has anything to do."""
    issuer, known = issuer_of(settings), read(settings.state)
    return issuer is not None and (known is None or not known.is_filled or known.issuer != issuer)


def needs_return(settings: Settings) -> bool:
    """Whether the demo is filled here and its copies are not returned yet."""
    known = read(settings.state)
    return issuer_of(settings) is not None and known is not None and known.is_filled and not known.is_returned
