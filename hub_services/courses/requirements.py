"""A teacher's list of packages: understood as plain names (PEP 508), or refused line by line; pure.

Nothing but a name, a version and a marker ever reaches the installer: no option, file, address or path.
"""

import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from hub_services.courses.known_packages import nearest, package_of_module
from hub_services.courses.sentences import Sentence
from hub_services.web.i18n import N_

LONGEST_TEXT = 65_536
MOST_LINES = 400
Refuse = Callable[..., Sentence]
_COMMENT = re.compile(r"(^|\s)#.*$")
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))

_FILE = N_("Line %(line)s, “%(text)s”: a list cannot refer to another file. Write the names of that file here.")
_INDEX = N_("Line %(line)s, “%(text)s”: the platform itself says where packages come from. Remove this line.")
_EDITABLE = N_("Line %(line)s, “%(text)s”: a folder cannot be installed. Only packages of the index, by their names.")
_HASH = N_("Line %(line)s, “%(text)s”: the platform makes the hashes itself. Keep the name and the version alone.")
_OPTION = N_("Line %(line)s, “%(text)s”: options are not taken. Only names of packages, one on each line.")
_ADDRESS = N_("Line %(line)s, “%(text)s”: packages come from the index, not from an address. Write the package’s name.")
_PATH = N_("Line %(line)s, “%(text)s”: this is a file or a folder. Write the package’s name.")
_COMMAND = N_("Line %(line)s, “%(text)s”: this is a command. Write the names of the packages alone, one on each line.")
_SEVERAL = N_("Line %(line)s, “%(text)s”: one package on each line, please.")
_EQUALS = N_("Line %(line)s, “%(text)s”: an exact version is written with two signs: %(fix)s")
_PYTHON = N_("Line %(line)s, “%(text)s”: Python itself is not in the list. This site’s is %(python)s.")
_STANDARD = N_("Line %(line)s, “%(text)s”: this comes with Python. Remove the line.")
_MODULE = N_("Line %(line)s, “%(text)s”: this is what one imports; the package is called %(fix)s")
_LETTER = N_("Line %(line)s, “%(text)s”: the sign “%(sign)s” cannot stand here. Type it again from the keyboard.")
_UNCLEAR = N_("Line %(line)s, “%(text)s”: not understood. Examples: numpy · pandas==2.2.3 · scipy>=1.11")
_TOO_LONG = N_("This list is too long to be one: at most %(count)s lines.")
_BINARY = N_("This file is not a text.")

_SHAPES = (
    (re.compile(r"--?(r|c|requirement|constraint)\b"), _FILE),
    (re.compile(r"--?(e|editable)\b"), _EDITABLE),
    (re.compile(r"(-i|-f|--(index-url|extra-index-url|find-links|no-index|trusted-host))\b"), _INDEX),
    (re.compile(r"--hash\b"), _HASH),
    (re.compile(r"-"), _OPTION),
    (re.compile(r"[!%$]?\s*(python\d?\s+-m\s+)?(pip\d?|conda|mamba|uv|poetry)\s+\w+"), _COMMAND),
    (re.compile(r"\S*(git|hg|svn|bzr)\+|\S*\w+://|[^;]*@"), _ADDRESS),
    (re.compile(r"[./~\\]|[A-Za-z]:\\|\S*[/\\]|\S+\.(whl|zip|gz|txt|toml|yml|yaml|py|ipynb)$"), _PATH),
    (re.compile(r"[\w.-]+(\[[^]]*\])?\s*,\s*[A-Za-z]|[\w.-]+\s+[A-Za-z][\w.-]*\s*$"), _SEVERAL),
)


@dataclass(frozen=True)
class Requirements:
    """A list as it was understood: one plain requirement each, in the order typed, or the problems."""

    lines: tuple[str, ...]
    names: tuple[str, ...]
    problems: tuple[Sentence, ...]


def decode(content: bytes) -> str:
    """The text of a file as editors of any system save it: BOM or not, UTF-8, UTF-16 or Windows-1252."""
    encoding = next((name for bom, name in _BOMS if content.startswith(bom)), "utf-8")
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def read(text: str) -> Requirements:
    """Understand a list, each line on its own; never stops at the first problem."""
    if "\0" in text:
        return Requirements((), (), (Sentence(_BINARY),))
    if len(text) > LONGEST_TEXT or len(text.splitlines()) > MOST_LINES:
        return Requirements((), (), (Sentence(_TOO_LONG, {"count": MOST_LINES}),))
    kept: dict[str, str] = {}
    problems = []
    for number, line in _logical_lines(text):
        understood = _understand(number, line)
        if isinstance(understood, Sentence):
            problems.append(understood)
        else:
            kept[str(understood)] = canonicalize_name(understood.name)
    return Requirements(tuple(kept), tuple(dict.fromkeys(kept.values())), tuple(problems))


def squats(names: tuple[str, ...]) -> dict[str, str]:
    """Names that differ by a letter from a well-known package, and that package: worth a word, no refusal."""
    return {name: near[0] for name in names if (near := nearest(name, strictly=True))}


def _logical_lines(text: str) -> Iterator[tuple[int, str]]:
    """Lines without comments and blanks, those that end with a backslash joined, each with its number."""
    start, held = 0, ""
    for number, raw in enumerate(text.splitlines(), 1):
        line = _COMMENT.sub("", raw.lstrip("\ufeff")).strip()
        start = start if held else number
        if line.endswith("\\"):
            held += line[:-1].rstrip() + " "
            continue
        if held + line:
            yield start, held + line
        held = ""
    if held.strip():
        yield start, held.strip()


def _understand(number: int, line: str) -> Requirement | Sentence:
    def refuse(text: str, **values: str) -> Sentence:
        return Sentence(text, {"line": number, "text": line[:80], **values})

    strange = next((letter for letter in line if ord(letter) > 126 or ord(letter) < 32), None)
    if strange and strange != "\t":
        return refuse(_LETTER, sign=strange)
    shape = next((sentence for pattern, sentence in _SHAPES if pattern.match(line)), None)
    if shape is None and " --" in line:
        shape = _HASH if " --hash" in line else _OPTION
    if shape:
        return refuse(shape)
    single = re.fullmatch(r"([\w.-]+)\s*=\s*([\w.]+)(=\w+)?", line)
    if single and canonicalize_name(single[1]) != "python":
        return refuse(_EQUALS, fix=f"{single[1]}=={single[2]}")
    try:
        return _name_checked(Requirement(line), refuse)
    except InvalidRequirement:
        is_python = re.match(r"python\s*[=<>~!]", line)
        return refuse(_PYTHON, python=_own_python()) if is_python else refuse(_UNCLEAR)


def _name_checked(found: Requirement, refuse: Refuse) -> Requirement | Sentence:
    if found.url:
        return refuse(_ADDRESS)
    if found.name.lower() == "python":
        return refuse(_PYTHON, python=_own_python())
    package = package_of_module(found.name)
    if package:
        return refuse(_MODULE, fix=package)
    if found.name.lower() in sys.stdlib_module_names:
        return refuse(_STANDARD)
    return found


def _own_python() -> str:
    return f"{sys.version_info.major}.{sys.version_info.minor}"
