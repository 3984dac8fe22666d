"""The address of a course's repository, as people paste it: understood, or refused in a sentence; pure."""

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from hub_services.courses.sentences import Sentence
from hub_services.web.i18n import N_

_HTTPS = N_("The address must begin with https:// (yours begins with “%(start)s”). Copy it from your browser.")
_PASSWORD = N_(
    "The address holds a user name or a password, which others would see. Make the repository public, or drop its files here."
)
_NOT_ONE = N_("This is not the address of a repository. Example: https://gitlab.com/group/course")
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?")
_PART = re.compile(r"[\w.+~-]+")
_REF = re.compile(r"[\w][\w./+-]{0,120}")


@dataclass(frozen=True)
class Repository:
    """Where to copy from: `branch` empty means the repository's own first choice, `folder` empty means all of it."""

    url: str
    host: str
    port: int
    branch: str = ""
    folder: str = ""


def understand(address: str) -> Repository | Sentence:
    """A repository from what was pasted: its address, or that of one of its folders in GitHub, GitLab or Gitea."""
    text = address.strip()
    start = re.match(r"[A-Za-z+]+:(//)?|[^/]*@", text)
    if not text.startswith("https://"):
        return Sentence(_HTTPS, {"start": start[0][:20]}) if start else Sentence(_NOT_ONE)
    try:
        parts = urlsplit(text)
        port = parts.port or 443
    except ValueError:
        return Sentence(_NOT_ONE)
    if "@" in parts.netloc:
        return Sentence(_PASSWORD)
    host, path = (parts.hostname or "").rstrip("."), unquote(parts.path)
    pieces = [piece for piece in path.split("/") if piece]
    if not _HOST.fullmatch(host) or not pieces or not all(_PART.fullmatch(p) and p.strip(".") for p in pieces):
        return Sentence(_NOT_ONE)
    return _with_folder(f"https://{parts.netloc}", host, port, pieces)


def _with_folder(root: str, host: str, port: int, pieces: list[str]) -> Repository | Sentence:
    """`…/tree/main/week1` (GitHub), `…/-/tree/main/week1` (GitLab), `…/src/branch/main/week1` (Gitea)."""
    for mark, skipped in (("-", 2), ("tree", 1), ("blob", 1), ("src", 2)):
        at = pieces.index(mark) if mark in pieces[2:] else 0
        rest = pieces[at + skipped :] if at else []
        if rest:
            branch, folder = rest[0], "/".join(rest[1:])
            if not _REF.fullmatch(branch):
                return Sentence(_NOT_ONE)
            return Repository(f"{root}/{'/'.join(pieces[:at])}", host, port, branch, folder)
    return Repository(f"{root}/{'/'.join(pieces)}", host, port)
