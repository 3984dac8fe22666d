"""Why a list cannot be installed: the resolver's message turned into plain sentences; pure.

Written against uv 0.13's messages; what is not recognised is shown as uv said it, never hidden.
"""

import re
from collections.abc import Iterator

from hub_services.courses.known_packages import nearest
from hub_services.courses.sentences import Sentence
from hub_services.web.i18n import N_

_UNKNOWN = N_("No package is called %(name)s. Check the spelling.")
_UNKNOWN_NEAR = N_("No package is called %(name)s. Did you mean %(near)s?")
_NO_VERSION = N_("%(name)s exists, but not in the version asked for (%(wanted)s). Take the version off to get the newest one.")
_OTHER_PYTHON = N_(
    "%(what)s has no ready-made package for this site’s Python %(python)s, only for Python %(others)s. Ask for a newer version."
)
_SOURCE_ONLY = N_(
    "%(what)s has no ready-made package for this site’s Python %(python)s, and source code is not run while building. "
    "Ask for another version, or another package."
)
_NEWER_PYTHON = N_(
    "%(what)s has no ready-made package for this site’s Python %(python)s, only for Python %(others)s. Ask for an older version."
)
_NEEDS_PYTHON = N_("%(what)s needs Python %(needs)s; this site’s is %(python)s. Ask for an older version.")
_TWICE = N_("Your list asks for %(one)s and for %(other)s: no version is both. Keep one of the two.")
_CLASH = N_("Two packages of your list cannot go together, because they need different versions of %(name)s:")
_ASKS = N_("– %(who)s asks for %(what)s")
_LIST_ASKS = N_("– your list asks for %(what)s")
_SOLVE = N_("Take the version off one of these lines, or remove one of them, and build again.")
_UNREACHABLE = N_("The package index does not answer. Your environment in service is unchanged; try again in a few minutes.")
_OTHER_HOST = N_(
    "The package index sends its files from another place (%(host)s), which builds may not reach. Your administrator can add it: "
    "environments.files_hosts."
)
_TOOL = N_("The installer said: %(text)s")

_NETWORK = (
    "failed to fetch",
    "error sending request",
    "dns error",
    "connection refused",
    "timed out",
    "proxy",
    "could not connect",
)
_NAME = r"[A-Za-z0-9][\w.-]*(?:\[[\w,.-]+\])?"
_VERSION = r"\s?[<>=!~]=?[\w*+!](?:[\w.*+!]*[\w*])?"
_SPEC = rf"(?:{_VERSION}(?:,{_VERSION})*)"
_DEPENDS = re.compile(rf"({_NAME}{_SPEC}?) depends on ({_NAME}{_SPEC}?)(?: and (?!\S+ depends on)({_NAME}{_SPEC}?))?(?=[\s,.]|$)")
_ALL_DEPEND = re.compile(rf"all versions of ({_NAME}) depend on ({_NAME}{_SPEC}?)")
_REQUIRE = re.compile(rf"you require ({_NAME}{_SPEC})(?: and ({_NAME}{_SPEC}))?")
_TAGS = re.compile(r"wheels for `([^`]+)`(?: \(v([^)]+)\))? with the following Python (?:ABI|implementation)? ?tags?: (.+)")
_ONE_OF = re.compile(rf"one of: ((?:{_NAME}{_SPEC}\s?)+)(?=\s| And| and|,|$)")
_PYTHON = re.compile(rf"({_NAME}(?:{_SPEC})?) depends on Python\s?({_SPEC})")


def explain(said: str, python: str) -> tuple[Sentence, ...]:
    """What the resolver said, for a teacher: the cause, who asks for what, what to do."""
    text = _flat(said)
    for cause in (_unknown, _twice, _needs_python, _clash, _no_version, _no_wheel):
        found = tuple(cause(text, python))
        if found:
            return found
    if "connection not allowed" in text.lower():
        return (Sentence(_OTHER_HOST, {"host": _host(text)}),)
    if any(word in text.lower() for word in _NETWORK):
        return (Sentence(_UNREACHABLE),)
    return (Sentence(_TOOL, {"text": _short(text)}),)


def _flat(said: str) -> str:
    """The message on one line, without its colours, its markers and its own conclusions, which repeat the causes."""
    line = " ".join(re.sub(r"\x1b\[[0-9;]*m", "", said).split())
    plain = _ONE_OF.sub(_as_one_range, re.sub(r"(?<=[\w\]])\{[^}]*\}", "", line))
    return re.sub(r",? we can conclude that .*?(?=\.? And because|\. ?hint:|\. hint:| hint:|$)", "", plain)


def _as_one_range(found: re.Match[str]) -> str:
    """`one of: p>=1,<2 p>2,<3` as `p>=1,<3`: from the lowest to the highest, which is what a teacher can act on."""
    ranges = found[1].split()
    name, highest = _name_of(ranges[0]), ranges[-1].split(",")[-1]
    return f"{ranges[0].split(',')[0]},{highest.removeprefix(name)}"


def _unknown(text: str, _python: str) -> Iterator[Sentence]:
    for name in dict.fromkeys(re.findall(rf"({_NAME}) was not found in the package registry", text)):
        near = nearest(name)
        values = {"name": name, "near": ", ".join(near)} if near else {"name": name}
        yield Sentence(_UNKNOWN_NEAR if near else _UNKNOWN, values)


def _twice(text: str, _python: str) -> Iterator[Sentence]:
    for one, other in _REQUIRE.findall(text):
        if other and _name_of(one) == _name_of(other):
            yield Sentence(_TWICE, {"one": one, "other": other})


def _needs_python(text: str, python: str) -> Iterator[Sentence]:
    if "does not satisfy Python" in text:
        for what, needs in dict.fromkeys(_PYTHON.findall(text)):
            yield Sentence(_NEEDS_PYTHON, {"what": what, "needs": needs.strip(), "python": python})


def _clash(text: str, _python: str) -> Iterator[Sentence]:
    """The package that two sides want in different versions, and each side."""
    wants = _wants(text)
    sides: dict[str, dict[str, str]] = {}
    for who, what in wants:
        if who or what != _name_of(what):
            sides.setdefault(_name_of(what), {})[who] = what
    contested = [name for name, of in sides.items() if len(of) > 1 and len(set(of.values())) > 1]
    if not contested:
        return
    name = contested[0]
    yield Sentence(_CLASH, {"name": name})
    for who, what in sides[name].items():
        yield Sentence(_ASKS, {"who": who, "what": what}) if who else Sentence(_LIST_ASKS, {"what": what})
    for what in (w for who, w in wants if not who and _name_of(w) in {_name_of(side) for side in sides[name] if side}):
        yield Sentence(_LIST_ASKS, {"what": what})
    yield Sentence(_SOLVE)


def _wants(text: str) -> list[tuple[str, str]]:
    """Who asks for what; an empty `who` is the teacher's list."""
    found = [(who, what) for who, one, other in _DEPENDS.findall(text) for what in (one, other) if what]
    found += _ALL_DEPEND.findall(text)
    found += [("", what) for one, other in _REQUIRE.findall(text) for what in (one, other) if what]
    return list(dict.fromkeys(found))


def _no_version(text: str, _python: str) -> Iterator[Sentence]:
    for what in dict.fromkeys(re.findall(rf"there (?:is|are) no versions? of ({_NAME}{_SPEC})", text)):
        name = _name_of(what)
        yield Sentence(_NO_VERSION, {"name": name, "wanted": what.removeprefix(name)})


def _no_wheel(text: str, python: str) -> Iterator[Sentence]:
    others = {name: (version, tags) for name, version, tags in _TAGS.findall(text)}
    for name, (version, tags) in others.items():
        what = f"{name} {version}".strip()
        pythons = _pythons(tags)
        text = _NEWER_PYTHON if pythons and _number(pythons[0]) > _number(python) else _OTHER_PYTHON
        yield Sentence(text, {"what": what, "python": python, "others": ", ".join(pythons)})
    pattern = rf"({_NAME}{_SPEC}?) (?:has|have) no (?:usable )?wheels|all versions of ({_NAME}) have no usable wheels"
    for what in dict.fromkeys(one or other for one, other in re.findall(pattern, text)):
        if _name_of(what) not in others:
            yield Sentence(_SOURCE_ONLY, {"what": what, "python": python})


def _host(text: str) -> str:
    """The last host that the message names."""
    hosts = re.findall(r"https?://([^/\s)]+)", text)
    return hosts[-1] if hosts else "?"


def _pythons(tags: str) -> list[str]:
    """`cp27m`, `cp310` … as 2.7, 3.10: each once, in order."""
    found = re.findall(r"`(?:cp|py|pp)(\d)(\d+)", tags)
    return [f"{major}.{minor}" for major, minor in sorted({(int(a), int(b)) for a, b in found})]


def _number(python: str) -> tuple[int, ...]:
    return tuple(int(part) for part in python.split(".")[:2])


def _name_of(what: str) -> str:
    return re.split(r"[\s<>=!~\[]", what, maxsplit=1)[0]


def _short(text: str) -> str:
    return text.removeprefix("error: ")[:600]
