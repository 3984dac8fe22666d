"""Copy a public repository: git in a sandbox that reaches its host alone; nothing is checked out, no link is followed."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from himalia_sandbox import SandboxError

from hub_config.settings.model import Settings
from hub_services.courses.contained import NO_SANDBOX, Outcome, Stopped, Tool, Walls, run
from hub_services.courses.gate import Door
from hub_services.courses.intake import Limits, all_too_large, too_large
from hub_services.courses.repository import Repository
from hub_services.courses.sentences import Sentence
from hub_services.web.i18n import N_

_MOST_FILES = 2000
_NOT_FOUND = N_(
    "There is no public repository at this address. Try it in a private window of your browser: it must open without signing in."
)
_NO_BRANCH = N_("The repository has no branch called %(branch)s.")
_NO_FOLDER = N_("The repository has no folder %(folder)s.")
_EMPTY = N_("The repository is empty.")
_UNREACHABLE = N_("%(host)s does not answer. Nothing was changed; try again in a few minutes.")
_SLOW = N_(
    "The copy took longer than %(seconds)s seconds and was stopped. Nothing was changed. Drop the files on the page instead."
)
_REPOSITORY_TOO_LARGE = N_("The repository is larger than a course may be (%(limit)s MB). Take the data out of it.")
_LINK = N_("%(name)s is a link to another place, which is not followed. Put the file itself there.")
_MODULE = N_("%(name)s is another repository inside this one (a submodule), which is not copied. Put its files there.")
_TOO_MANY = N_("These are too many files: at most 2,000 are taken.")
_FAILED = N_("The repository could not be copied: %(text)s")

_ENVIRONMENT = {
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_ALLOW_PROTOCOL": "https",
    "GIT_ASKPASS": "/bin/false",
    "GIT_LFS_SKIP_SMUDGE": "1",
}
_QUIET = (
    "-c",
    "core.hooksPath=/dev/null",
    "-c",
    "protocol.allow=never",
    "-c",
    "protocol.https.allow=always",
    "-c",
    "credential.helper=",
)


class CloneRefused(Exception):
    """The repository is not taken; the sentences say why."""

    def __init__(self, *sentences: Sentence) -> None:
        super().__init__(" ".join(sentence.text for sentence in sentences))
        self.sentences = sentences


@dataclass(frozen=True)
class _Entry:
    """One line of the tree: what git says of a file before it is read."""

    mode: str
    object: str
    size: int
    name: str


@dataclass(frozen=True)
class _Git:
    """git in its sandbox, in one folder."""

    settings: Settings
    folder: Path
    door: Door
    cancelled: Callable[[], bool]

    def run(self, *words: str, online: bool = False, given: bytes = b"") -> Outcome:
        limit = self.settings.courses.materials_mebibytes * 1024 * 1024
        tool = Tool(
            ("/usr/bin/git", *_QUIET, *words),
            directory=self.folder,
            seconds=self.settings.courses.clone_seconds,
            writable=(self.folder,),
            doors=(self.door,) if online else (),
            environment=_ENVIRONMENT,
            file_bytes=limit,
        )
        walls = Walls(self.settings.isolation.mode != "none", self.settings.isolation.first_uid - 1)
        return run(tool, walls, stop=lambda: "cancelled" if self.cancelled() else "", given=given)


def clone(settings: Settings, repository: Repository, limits: Limits, cancelled: Callable[[], bool]) -> Mapping[str, bytes]:
    """The files of `repository` by their path in its folder. Raises CloneRefused, and Stopped when somebody cancels."""
    inner = repository.host in settings.courses.git_hosts
    with _folder(settings) as folder:
        git = _Git(settings, folder, Door(repository.host, repository.port, inner), cancelled)
        try:
            _copy(git, repository, limits)
            entries = _tree(git, repository)
            _check(entries, limits)
            return _contents(git, entries)
        except SandboxError as error:
            raise CloneRefused(Sentence(NO_SANDBOX, {"text": str(error)})) from error
        except Stopped as stopped:
            if stopped.why == "cancelled":
                raise
            raise CloneRefused(Sentence(_SLOW, {"seconds": settings.courses.clone_seconds})) from stopped


@contextmanager
def _folder(settings: Settings) -> Iterator[Path]:
    place = settings.state / "environments" / ".build"
    place.mkdir(parents=True, exist_ok=True, mode=0o755)
    folder = Path(tempfile.mkdtemp(prefix="clone-", dir=place))
    try:
        if os.geteuid() == 0 and settings.isolation.mode != "none":
            os.chown(folder, settings.isolation.first_uid - 1, settings.isolation.first_uid - 1)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _copy(git: _Git, repository: Repository, limits: Limits) -> None:
    branch = ("--branch", repository.branch) if repository.branch else ()
    words = ("clone", "--bare", "--depth", "1", "--single-branch", "--no-tags", "--quiet", *branch)
    done = git.run(*words, "--", repository.url, "copy", online=True)
    if done.code != 0:
        raise CloneRefused(_why(done, repository, limits))


def _why(done: Outcome, repository: Repository, limits: Limits) -> Sentence:
    said = done.errors.lower()
    # SIGXFSZ (25): the pack grew beyond what a file may have.
    if "file size limit" in said or "file too large" in said or "signal 25" in said or done.code in (153, -25):
        return Sentence(_REPOSITORY_TOO_LARGE, {"limit": limits.total // (1024 * 1024)})
    if "remote branch" in said:
        return Sentence(_NO_BRANCH, {"branch": repository.branch})
    if any(word in said for word in ("not found", "could not read username", "authentication failed", "403", "401", "404")):
        return Sentence(_NOT_FOUND)
    if any(
        word in said for word in ("could not resolve", "failed to connect", "can't complete socks", "socks", "timed out", "ssl")
    ):
        return Sentence(_UNREACHABLE, {"host": repository.host})
    return Sentence(_FAILED, {"text": " ".join(done.errors.split())[-300:]})


def _tree(git: _Git, repository: Repository) -> list[_Entry]:
    tree = f"HEAD:{repository.folder}" if repository.folder else "HEAD"
    done = git.run("--git-dir", "copy", "ls-tree", "-r", "-l", "-z", "--full-tree", tree)
    if done.code != 0:
        missing = Sentence(_NO_FOLDER, {"folder": repository.folder}) if repository.folder else Sentence(_EMPTY)
        raise CloneRefused(missing)
    return [_entry(line) for line in done.output.decode(errors="surrogateescape").split("\0") if line]


def _entry(line: str) -> _Entry:
    facts, _, name = line.partition("\t")
    mode, _kind, object, size = facts.split()
    return _Entry(mode, object, int(size) if size.isdigit() else 0, name)


def _check(entries: Sequence[_Entry], limits: Limits) -> None:
    """Refuse before a single content is read. Raises CloneRefused with a sentence for each file."""
    problems = [Sentence(_LINK, {"name": e.name}) for e in entries if e.mode == "120000"]
    problems += [Sentence(_MODULE, {"name": e.name}) for e in entries if e.mode == "160000"]
    problems += [too_large(e.name, e.size, limits.file) for e in entries if e.size > limits.file]
    total = sum(entry.size for entry in entries)
    if not problems and total > limits.total:
        problems.append(all_too_large(total, limits.total))
    if len(entries) > _MOST_FILES:
        problems.append(Sentence(_TOO_MANY))
    if problems:
        raise CloneRefused(*problems[:10])


def _contents(git: _Git, entries: Sequence[_Entry]) -> Mapping[str, bytes]:
    """What the files hold, read as objects: no checkout, so no filter, no attribute and no path of theirs has a say."""
    wanted = "".join(f"{entry.object}\n" for entry in entries)
    done = git.run("--git-dir", "copy", "cat-file", "--batch", given=wanted.encode())
    found, at = {}, 0
    for entry in entries:
        header_end = done.output.index(b"\n", at)
        size = int(done.output[at:header_end].split()[-1])
        found[entry.name] = done.output[header_end + 1 : header_end + 1 + size]
        at = header_end + 1 + size + 1
    return found
