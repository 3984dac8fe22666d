"""How alike two copies' answers are: evidence for a teacher, never a mark. Names, spaces and comments do not count."""

import io
import keyword
import tokenize
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from himalia_grade.models import Notebook
from himalia_grade.scrub import text_of

_LENGTH = 5  # tokens in a row that are compared
_SHORTEST = 30  # an answer with fewer tokens looks like any other
_IGNORED = (
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENCODING,
    tokenize.ENDMARKER,
)


@dataclass(frozen=True)
class Alike:
    """Two copies, and how much of the shorter one's answers is in the other, from 0 to 1."""

    first: str
    second: str
    share: float


def alike(copies: Mapping[str, Sequence[Notebook]], release: Sequence[Notebook], threshold: float = 0.8) -> list[Alike]:
    """Pairs of copies that share at least so much of what the release version does not give already, most alike first."""
    given = _shingles(release)
    own = {student: _shingles(notebooks) - given for student, notebooks in copies.items()}
    long_enough = {student: shingles for student, shingles in own.items() if len(shingles) >= _SHORTEST}
    pairs = [Alike(a, b, share(long_enough[a], long_enough[b])) for a, b in combinations(sorted(long_enough), 2)]
    return sorted((pair for pair in pairs if pair.share >= threshold), key=lambda pair: (-pair.share, pair.first, pair.second))


def share(first: frozenset[tuple[str, ...]], second: frozenset[tuple[str, ...]]) -> float:
    """How much of the smaller set is in the other."""
    smaller = min(len(first), len(second))
    return round(len(first & second) / smaller, 3) if smaller else 0.0


def tokens(source: str) -> list[str]:
    """A cell's tokens, every name of the student's making alike; of a text that is no Python, its words."""
    try:
        return [_normal(token) for token in tokenize.generate_tokens(io.StringIO(source).readline) if token.type not in _IGNORED]
    except (tokenize.TokenError, SyntaxError):
        return source.split()


def _normal(token: tokenize.TokenInfo) -> str:
    return "name" if token.type == tokenize.NAME and not keyword.iskeyword(token.string) else token.string


def _shingles(notebooks: Sequence[Notebook]) -> frozenset[tuple[str, ...]]:
    return frozenset(row for notebook in notebooks for source in _answers(notebook) for row in _rows(tokens(source)))


def _rows(found: list[str]) -> Iterator[tuple[str, ...]]:
    return (tuple(found[start : start + _LENGTH]) for start in range(len(found) - _LENGTH + 1))


def _answers(notebook: Notebook) -> Iterator[str]:
    """The cells that students write in: answers, and cells without any mark."""
    for cell in notebook.get("cells", []):
        marks = (cell.get("metadata") or {}).get("nbgrader") or {}
        if cell.get("cell_type") == "code" and (marks.get("solution") or not (marks.get("grade") or marks.get("locked"))):
            yield text_of(cell.get("source", ""))
