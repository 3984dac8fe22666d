"""Mutated twins: a test made wrong in one place, which an honest copy must fail.

Only the place that is changed differs, letter for letter, so that a twin cannot be told by its looks.
"""

import ast
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass

from himalia_grade.conversation import Twins

_EQUAL = re.compile(r"assert_?\w*(equal|close)\w*", re.IGNORECASE)
_TRUTH = re.compile(r"assert_?(true|false|_)", re.IGNORECASE)
_RAISES = re.compile(r"(assert_?)?raises(regexp?)?", re.IGNORECASE)
_FILES = re.compile(
    r"\b(open|os|shutil|subprocess|Path|pathlib|sqlite3|to_csv|savefig|remove|unlink|write|tempfile|requests|time)\b|^\s*[!%]",
    re.MULTILINE,
)
_EXACT = 2**50  # above it, one more may be the same float
_NEVER = 'type("AssertionFailed", (Exception,), {})'


@dataclass(frozen=True)
class Change:
    """Text to put between two places of a source, counted in bytes."""

    start: int
    end: int
    text: str


def twins(source: str, dice: random.Random, number: int = 1, vacuous: frozenset[str] = frozenset()) -> Twins:
    """So many wrong variants of a test cell, at places that the dice choose; a plain failure at its end where none is found.

    `vacuous` ones, which the model solution passes too, tell nothing and are not taken.
    """
    codes = [code for code in every_twin(source) if code not in vacuous] or [f"{source.rstrip()}\nassert 1 == 2"]
    places = dice.sample(range(max(number, len(codes))), number)
    return Twins(tuple(codes[place % len(codes)] for place in places), touches_files(source))


def touches_files(source: str) -> bool:
    """Whether a test may leave something behind that another run of it would meet."""
    return bool(_FILES.search(source))


def every_twin(source: str) -> tuple[str, ...]:
    """All wrong variants of a test cell, one for each place, in the order of the text."""
    return tuple(_applied(source, place) for place in changes(source))


def changes(source: str) -> list[Change]:
    """Every place where the test can be made wrong, in the order of the text."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    text = _Text(source)
    found = [change for node in ast.walk(tree) for change in _of_node(node, text)]
    return sorted(set(found), key=lambda change: (change.start, change.end))


class _Text:
    """A source with the byte offsets of its nodes."""

    def __init__(self, source: str) -> None:
        self.bytes = source.encode()
        self._lines = [0]
        for line in self.bytes.splitlines(keepends=True):
            self._lines.append(self._lines[-1] + len(line))

    def span(self, node: ast.expr) -> tuple[int, int]:
        assert node.end_lineno is not None and node.end_col_offset is not None  # noqa: S101, PT018 -- a parsed node has an end
        return self._lines[node.lineno - 1] + node.col_offset, self._lines[node.end_lineno - 1] + node.end_col_offset

    def of(self, node: ast.expr) -> str:
        start, end = self.span(node)
        return self.bytes[start:end].decode()

    def replace(self, node: ast.expr, text: str) -> Change:
        return Change(*self.span(node), text)

    def negate(self, node: ast.expr) -> Change:
        return self.replace(node, f"(not ({self.of(node)}))")

    def unequal(self, node: ast.expr) -> Change:
        """Another value in place of this one: of the same kind where it is written out."""
        try:
            return self.replace(node, repr(other(ast.literal_eval(node))))
        except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
            return self.replace(node, f"(({self.of(node)}), 0)")


def other(value: object) -> object:
    """A value of the same kind that is not equal."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float | complex):
        return value + 1 if value == value and abs(value) < _EXACT else 0
    if isinstance(value, str):
        return value[:-1] + _other_letter(value[-1]) if value else "a"
    if isinstance(value, bytes):
        return value[:-1] + bytes([value[-1] ^ 1]) if value else b"a"
    return _other_collection(value)


def _other_collection(value: object) -> object:
    if isinstance(value, list | tuple):
        return type(value)([*value[:-1], other(value[-1])] if value else [0])
    if isinstance(value, dict):
        last = next(reversed(value), 0)
        return {**value, last: other(value[last]) if value else 0}
    if isinstance(value, set):
        return value ^ {"a"}
    return 0  # None and what else can be written out


def _other_letter(letter: str) -> str:
    following = chr(ord(letter) + 1)
    same_kind = letter.isdigit() == following.isdigit() and letter.isalpha() == following.isalpha()
    return following if same_kind and letter not in "fF" else "0" if letter != "0" else "1"


def _of_node(node: ast.AST, text: _Text) -> Iterator[Change]:
    if isinstance(node, ast.Assert):
        yield _of_condition(node.test, text)
    elif isinstance(node, ast.Call):
        yield from _of_call(node, text)
    elif isinstance(node, ast.Try):
        yield from _of_try(node, text)
    elif isinstance(node, ast.If) and any(isinstance(inner, ast.Raise) for inner in node.body):
        yield text.negate(node.test)


def _of_condition(test: ast.expr, text: _Text) -> Change:
    if isinstance(test, ast.Compare) and len(test.ops) == 1 and isinstance(test.ops[0], ast.Eq):
        left, right = test.left, test.comparators[0]
        return text.unequal(left if _is_literal(left) and not _is_literal(right) else right)
    return text.negate(test)


def _of_call(node: ast.Call, text: _Text) -> Iterator[Change]:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    arguments = [argument for argument in node.args if not isinstance(argument, ast.Starred)]
    if _RAISES.fullmatch(name) and arguments:
        yield text.replace(arguments[0], _NEVER)
    elif _EQUAL.fullmatch(name) and len(arguments) > 1:
        yield text.unequal(arguments[0] if _is_literal(arguments[0]) and not _is_literal(arguments[1]) else arguments[1])
    elif _TRUTH.fullmatch(name) and arguments:
        yield text.negate(arguments[0])


def _of_try(node: ast.Try, text: _Text) -> Iterator[Change]:
    """`except X: pass` is what the test wants to see: nothing that is raised is of a class made just now."""
    if node.orelse:
        for handler in node.handlers:
            if handler.type is not None and not any(isinstance(inner, ast.Raise) for inner in handler.body):
                yield text.replace(handler.type, _NEVER)


def _is_literal(node: ast.expr) -> bool:
    try:
        ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return False
    return True


def _applied(source: str, change: Change) -> str:
    data = source.encode()
    return (data[: change.start] + change.text.encode() + data[change.end :]).decode()
