"""One deterministic zip for everything that travels: packed from files, unpacked within limits, or refused."""

import fnmatch
import io
import os
import stat
import struct
import tempfile
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

MEBIBYTE = 1024 * 1024
IGNORED = (".ipynb_checkpoints", "__pycache__", "*.pyc", ".nbgrader.log", ".DS_Store")

_EPOCH = (1980, 1, 1, 0, 0, 0)
_COMPRESSED = frozenset((".png", ".jpg", ".jpeg", ".gif", ".webp", ".zip", ".gz", ".xz", ".bz2", ".7z", ".mp4", ".pdf", ".whl"))
_END_OF_DIRECTORY = b"PK\x05\x06"
# All that zipfile was seen to raise for spoilt input.
_FAULTS = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, RuntimeError, OSError, ValueError, LookupError)
_ZIP64_LOCATOR = b"PK\x06\x07"


@dataclass(frozen=True)
class Limits:
    """How much an archive may hold once unpacked."""

    total_bytes: int = 100 * MEBIBYTE
    file_bytes: int = 100 * MEBIBYTE
    files: int = 2000
    path_bytes: int = 240


DEFAULT = Limits()


class ArchiveRefused(Exception):
    """The archive is not taken; `reason` is a stable word, `name` the file that it is about."""

    def __init__(self, reason: str, name: str = "") -> None:
        self.reason = reason
        self.name = name.encode("utf-8", "backslashreplace").decode()  # a name on disk may be no text
        super().__init__(f"{reason}: {self.name}" if name else reason)


def pack(content: Path | Mapping[str, bytes], ignore: Iterable[str] = IGNORED) -> bytes:
    """One zip of a folder or of named bytes: the same files give the same bytes, whatever their dates and owners.

    Raises ArchiveRefused for a link, a device, or a name that `unpack` would not take.
    """
    files = content if isinstance(content, Mapping) else dict(_read_folder(content, tuple(ignore)))
    _check_names(files, DEFAULT)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in sorted(files):
            archive.writestr(_entry(name), files[name])
    return buffer.getvalue()


def unpack(data: bytes, limits: Limits = DEFAULT) -> dict[str, bytes]:
    """The files of a zip by their path; nothing is written. Raises ArchiveRefused for anything doubtful."""
    return dict(_contents(data, limits))


def measure(data: bytes, limits: Limits = DEFAULT) -> dict[str, int]:
    """The sizes of the files of a zip by their path, each read to its end and let go. Raises as `unpack` does."""
    return {name: len(content) for name, content in _contents(data, limits)}


def lay_out(files: Mapping[str, bytes], folder: Path, replace: bool = True) -> list[Path]:
    """Write unpacked files under `folder`, each whole or not at all; without `replace`, only the missing ones."""
    written = []
    for name in sorted(files):
        path = folder / name
        if replace or not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            _write_whole(path, files[name])
            written.append(path)
    return written


def _write_whole(path: Path, content: bytes) -> None:
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _contents(data: bytes, limits: Limits) -> Iterator[tuple[str, bytes]]:
    left = limits.total_bytes
    with _opened(data, limits) as archive:
        for entry in _entries(archive, limits):
            content = _read(archive, entry, min(left, limits.file_bytes))
            left -= len(content)
            yield entry.filename, content


def _read_folder(folder: Path, ignore: tuple[str, ...]) -> Iterator[tuple[str, bytes]]:
    for root, folders, names, descriptor in os.fwalk(folder, follow_symlinks=False):
        relative = Path(root).relative_to(folder)
        folders[:] = [name for name in folders if not _ignored(name, ignore)]
        for name in (n for n in [*folders, *names] if not _ignored(n, ignore)):
            path = (relative / name).as_posix()
            if name in names or stat.S_ISLNK(os.lstat(name, dir_fd=descriptor).st_mode):
                yield path, _read_plain(name, path, descriptor)


def _ignored(name: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatch.fnmatch(name, pattern) for pattern in patterns)


def _read_plain(name: str, path: str, folder: int) -> bytes:
    try:
        descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
    except OSError as error:
        reason = "link" if stat.S_ISLNK(os.lstat(name, dir_fd=folder).st_mode) else "unreadable"
        raise ArchiveRefused(reason, path) from error
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise ArchiveRefused("special", path)
        return file.read()


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.create_system = 3
    entry.external_attr = (stat.S_IFREG | 0o644) << 16
    stored = PurePosixPath(name).suffix.lower() in _COMPRESSED
    entry.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    return entry


def _opened(data: bytes, limits: Limits) -> zipfile.ZipFile:
    _check_directory_size(data, limits)
    try:
        return zipfile.ZipFile(io.BytesIO(data))
    except _FAULTS as error:
        raise ArchiveRefused("not-zip") from error


def _check_directory_size(data: bytes, limits: Limits) -> None:
    """Refuse before zipfile reads a table of contents that would itself fill the memory."""
    end = data.rfind(_END_OF_DIRECTORY, max(0, len(data) - 22 - 0xFFFF))
    if end < 0 or len(data) < end + 22:
        raise ArchiveRefused("not-zip")
    if data[max(0, end - 20) : end].startswith(_ZIP64_LOCATOR):
        raise ArchiveRefused("not-zip")
    size = int.from_bytes(data[end + 12 : end + 16], "little")
    if size > limits.files * (limits.path_bytes + 256):
        raise ArchiveRefused("too-many")


def _entries(archive: zipfile.ZipFile, limits: Limits) -> list[zipfile.ZipInfo]:
    every = archive.infolist()
    for entry in every:
        _check_entry(entry)
    files = [entry for entry in every if not entry.filename.endswith("/")]
    names = [entry.filename for entry in files]
    if len(names) != len(set(names)):
        raise ArchiveRefused("duplicate", next(name for name in names if names.count(name) > 1))
    _check_names(names, limits)
    return files


def _check_entry(entry: zipfile.ZipInfo) -> None:
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise ArchiveRefused("link", entry.filename)
    if entry.external_attr >> 16 and stat.S_IFMT(entry.external_attr >> 16) not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise ArchiveRefused("special", entry.filename)
    if entry.flag_bits & 0x1:
        raise ArchiveRefused("encrypted", entry.filename)
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise ArchiveRefused("not-zip", entry.filename)
    if "\\" in entry.orig_filename or "\0" in entry.orig_filename:
        raise ArchiveRefused("path", entry.filename)
    if not _inside(entry.filename.removesuffix("/")):
        raise ArchiveRefused("path", entry.filename)


def _check_names(names: Iterable[str], limits: Limits) -> None:
    seen: dict[str, str] = {}
    for name in names:
        if len(os.fsencode(name)) > limits.path_bytes or any(len(os.fsencode(p)) > 200 for p in name.split("/")):
            raise ArchiveRefused("long-name", name)
        if not _inside(name):
            raise ArchiveRefused("path", name)
        if seen.setdefault(_folded(name), name) != name:
            raise ArchiveRefused("case-clash", name)
    if len(seen) > limits.files:
        raise ArchiveRefused("too-many")
    _check_folders(seen)


def _check_folders(seen: Mapping[str, str]) -> None:
    for folded, name in seen.items():
        if any(str(parent) in seen for parent in PurePosixPath(folded).parents):
            raise ArchiveRefused("case-clash", name)


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _inside(name: str) -> bool:
    parts = name.split("/")
    plain = not any(part in ("", ".", "..") for part in parts)
    return plain and "\\" not in name and not any(unicodedata.category(letter) in ("Cc", "Cs") for letter in name)


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, allowed: int) -> bytes:
    """What the entry holds: zipfile gives no more than the declared size, and checks the sum at its end."""
    if entry.file_size > allowed:
        raise ArchiveRefused("too-large", entry.filename)
    try:
        content = archive.read(entry)
    except _FAULTS as error:
        raise ArchiveRefused("damaged", entry.filename) from error
    if len(content) != entry.file_size:
        raise ArchiveRefused("damaged", entry.filename)
    return content
