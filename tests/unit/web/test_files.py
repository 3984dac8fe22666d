"""Files by content: whole, once, and on the disk before anybody is told so."""

import errno
import hashlib
import os
from pathlib import Path

import pytest

from hub_services.web.files import Files


def test_what_was_put_is_read_by_its_digest(tmp_path: Path) -> None:
    files = Files(tmp_path / "files")
    digest = files.put(b"work")
    assert digest == hashlib.sha256(b"work").hexdigest()
    assert files.exists(digest)
    assert files.read(digest) == b"work"
    assert files.put(b"work") == digest
    assert not files.exists(hashlib.sha256(b"other").hexdigest())


def test_the_file_then_its_name_then_its_folder_reach_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = Files(tmp_path / "files")
    steps: list[str] = []
    fsync, rename = os.fsync, Path.rename

    def note_sync(descriptor: int) -> None:
        steps.append("folder" if os.path.isdir(f"/proc/self/fd/{descriptor}") else "file")  # noqa: PTH112
        fsync(descriptor)

    def note_rename(path: Path, target: Path) -> Path:
        steps.append("name")
        return rename(path, target)

    monkeypatch.setattr(os, "fsync", note_sync)
    monkeypatch.setattr(Path, "rename", note_rename)
    files.put(b"work")
    assert steps == ["file", "name", "folder", "folder"]


def test_a_full_disk_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = Files(tmp_path / "files")

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        files.put(b"work")
    assert [path for path in (tmp_path / "files").rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("digest", ["", "../../etc/passwd", "a" * 63, "A" * 64, "g" * 64, "a" * 64 + "\n", "é" * 64])
def test_only_a_digest_is_a_name(tmp_path: Path, digest: str) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        Files(tmp_path).path(digest)


def test_only_the_platform_reads_the_folder(tmp_path: Path) -> None:
    files = Files(tmp_path / "files")
    digest = files.put(b"work")
    assert (tmp_path / "files").stat().st_mode & 0o077 == 0
    assert files.path(digest).stat().st_mode & 0o077 == 0
