"""Addresses of repositories, as people paste them."""

import pytest

from hub_services.courses.repository import Repository, understand
from hub_services.courses.sentences import Sentence


@pytest.mark.parametrize(
    ("address", "url", "branch", "folder"),
    [
        ("https://github.com/a/course", "https://github.com/a/course", "", ""),
        (" https://github.com/a/course.git\n", "https://github.com/a/course.git", "", ""),
        ("https://github.com/a/course/", "https://github.com/a/course", "", ""),
        ("https://github.com/a/course?tab=readme#x", "https://github.com/a/course", "", ""),
        ("https://github.com/a/course/tree/main/week1/data", "https://github.com/a/course", "main", "week1/data"),
        ("https://github.com/a/course/tree/v2", "https://github.com/a/course", "v2", ""),
        ("https://gitlab.com/g/sub/course/-/tree/dev/w%20", None, "", ""),
        ("https://gitlab.com/g/sub/course/-/tree/dev/w1?ref_type=heads", "https://gitlab.com/g/sub/course", "dev", "w1"),
        ("https://codeberg.org/a/course/src/branch/main/w1", "https://codeberg.org/a/course", "main", "w1"),
        ("https://git.univ.example:8443/~karim/course", "https://git.univ.example:8443/~karim/course", "", ""),
    ],
)
def test_an_address_is_understood(address: str, url: str | None, branch: str, folder: str) -> None:
    found = understand(address)
    if url is None:
        assert isinstance(found, Sentence)
        return
    assert isinstance(found, Repository)
    assert (found.url, found.branch, found.folder) == (url, branch, folder)


def test_a_port_is_kept() -> None:
    found = understand("https://git.univ.example:8443/a/b")
    assert isinstance(found, Repository)
    assert (found.host, found.port) == ("git.univ.example", 8443)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "github.com/a/b",
        "http://github.com/a/b",
        "file:///etc/passwd",
        "/srv/course",
        "git@github.com:a/b.git",
        "ssh://git@github.com/a/b",
        "git+https://github.com/a/b",
        "ext::sh -c id",
        "--upload-pack=id",
        "https://",
        "https://github.com",
        "https://me:secret@github.com/a/b",
        "https://token@github.com/a/b",
        "https://github.com/../../etc",
        "https://github.com/a/../b",
        "https://github.com/a/b;id",
        "https://github.com/a/$(id)",
        "https://github.com:notaport/a/b",
        "https://github.com/a/b/tree/--upload-pack=id/x",
        "https://[::1]/a/b",
        "https://127.0.0.1:70000/a",
    ],
)
def test_everything_else_is_refused(address: str) -> None:
    found = understand(address)
    assert isinstance(found, Sentence)
    assert "secret" not in str(found.values)
