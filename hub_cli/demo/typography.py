"""French typography for prose: no line begins with a sign that belongs to the word before it."""

import re

_NO_BREAK, _NARROW = "\u00a0", "\u202f"
_LEFT_ALONE = re.compile(r"(`[^`]*`|\$\$.*?\$\$|\$[^$\n]+\$)", re.DOTALL)  # code and formulas


def unbroken(text: str) -> str:
    """`text` with the spaces made unbreakable that French puts before ; : ! ? » % € m², after « and within thousands."""
    parts = _LEFT_ALONE.split(text)
    return "".join(part if number % 2 else _prose(part) for number, part in enumerate(parts))


def _prose(text: str) -> str:
    text = re.sub(r"(?<=\S) (?=[:»])|(?<=«) ", _NO_BREAK, text)
    text = re.sub(r"(?<=\S) (?=[;!?])|(?<=\d) (?=\d{3}\b)", _NARROW, text)
    return re.sub(r"(?<=\d) (?=[%€×]|m²|pixels\b|points?\b|pages\b)", _NO_BREAK, text)
