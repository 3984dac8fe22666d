"""Names of courses: titles, addresses, keys; pure."""

import re
import unicodedata
from collections.abc import Container

LONGEST_TITLE = 120
LONGEST_SLUG = 56
KEY_STEM = 17  # with "-" and six random letters: 24, what the hub and Kubernetes take
RESERVED = frozenset({"new"})
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l", "&": " et "})


def clean_title(title: str) -> str:
    """`title` on one line, without control characters, spaces joined, at most 120 letters; empty if nothing is left."""
    visible = "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in title)
    return " ".join(unicodedata.normalize("NFC", visible).split())[:LONGEST_TITLE].strip()


def slug_of(title: str) -> str:
    """The address that a title wishes for: lower-case ASCII letters, digits and hyphens; `cours` if nothing is left."""
    plain = unicodedata.normalize("NFKD", title.lower().translate(_LIGATURES)).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    return _cut(words, LONGEST_SLUG) or "cours"


def free_slug(wished: str, taken: Container[str]) -> str:
    """`wished`, or the first of `wished-2`, `wished-3`… that is neither reserved nor in `taken`."""
    slug, number = wished, 1
    while slug in RESERVED or slug in taken:
        number += 1
        slug = f"{wished}-{number}"
    return slug


def key_of(slug: str, random: str) -> str:
    """An immutable key: a legible stem and random letters; starts with a letter, at most 24, `[a-z0-9-]`."""
    stem = slug if slug[:1].isalpha() else f"c-{slug}"
    return f"{_cut(stem, KEY_STEM)}-{random}"


def _cut(words: str, length: int) -> str:
    """At most `length` letters, cut between words where that leaves something."""
    if len(words) <= length:
        return words
    head, _, _ = words[: length + 1].rpartition("-")
    return head or words[:length]
