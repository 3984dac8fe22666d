"""Sentences that wait for their reader: a msgid and its values, kept in a job until somebody reads it in French or English."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from hub_services.web.i18n import N_, Translator

_FAULT = N_("The platform failed to do this, by no fault of yours. Try again; if it happens twice, tell your administrator.")


@dataclass(frozen=True)
class Sentence:
    """A sentence in English, its msgid, and what fills its `%(name)s`."""

    text: str
    values: Mapping[str, object] = field(default_factory=dict)

    def show(self, words: Translator) -> str:
        """The sentence as its reader reads it."""
        return words.gettext(self.text, self.values)


def pack(sentences: Iterable[Sentence]) -> str:
    """Sentences as one text, for the reason of a job."""
    return json.dumps([[sentence.text, dict(sentence.values)] for sentence in sentences])


def unpack(text: str) -> tuple[Sentence, ...]:
    """What `pack` was given; any other text (a fault of the platform) becomes one sentence that says so."""
    if not text:
        return ()
    try:
        return tuple(Sentence(str(msgid), dict(values)) for msgid, values in json.loads(text))
    except (ValueError, TypeError):
        return (Sentence(_FAULT),)
