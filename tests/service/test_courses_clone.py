"""Repositories really copied, over HTTPS, from a forge of the site's own: good ones, and those that mean harm."""

import json
import os
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from himalia_exchange.archive import unpack

from hub_services.courses import api, build, materials
from hub_services.courses.repository import Repository, understand
from hub_services.web.jobs import Job
from tests.service.courses_platform import Bench, bench, reasons

pytestmark = pytest.mark.service

NOTEBOOK = json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []})
Commit = Callable[..., None]


@pytest.fixture(scope="module")
def forge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """A forge's address and its folder of repositories: git's own server program behind HTTPS."""
    folder = tmp_path_factory.mktemp("forge")
    certificate = folder / "certificate.pem"
    words = [
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=localhost",
        "-addext",
        "subjectAltName=DNS:localhost",
    ]
    subprocess.run(["openssl", *words, "-keyout", folder / "key.pem", "-out", certificate], check=True, capture_output=True)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _forge_handler(folder))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, folder / "key.pem")
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    (folder / "karim").mkdir()
    yield f"https://localhost:{server.server_port}/karim", folder
    server.shutdown()
    server.server_close()


def _forge_handler(folder: Path) -> type[BaseHTTPRequestHandler]:
    class Forge(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(b"")

        def do_POST(self) -> None:
            self._answer(self.rfile.read(int(self.headers.get("content-length", "0"))))

        def _answer(self, body: bytes) -> None:
            parts = urlsplit(self.path)
            if parts.path.startswith("/karim/private"):
                self.send_response(401)
                self.send_header("www-authenticate", "Basic")
                self.end_headers()
                return
            environment = os.environ | {
                "GIT_PROJECT_ROOT": str(folder),
                "GIT_HTTP_EXPORT_ALL": "1",
                "PATH_INFO": parts.path,
                "QUERY_STRING": parts.query,
                "REQUEST_METHOD": self.command,
                "CONTENT_TYPE": self.headers.get("content-type", ""),
                "CONTENT_LENGTH": str(len(body)),
                "GIT_PROTOCOL": self.headers.get("git-protocol", ""),
                "HTTP_CONTENT_ENCODING": self.headers.get("content-encoding", ""),
            }
            done = subprocess.run(["git", "http-backend"], input=body, env=environment, capture_output=True, check=False)
            head, _, content = done.stdout.partition(b"\r\n\r\n")
            headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n") if ": " in line)
            self.send_response(int(headers.pop("Status", "200").split()[0]))
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    return Forge


@pytest.fixture
def commit(forge: tuple[str, Path]) -> Commit:
    """Make a repository on the forge out of files (bytes or text), links and raw tree entries."""

    def make(name: str, files: dict[str, str | bytes], links: dict[str, str] | None = None, raw: str = "") -> None:
        work = forge[1] / "karim" / name

        def git(*words: str) -> None:
            who = ("-c", "user.name=K", "-c", "user.email=k@example.org", "-c", "init.defaultBranch=main")
            subprocess.run(["git", *who, "-C", work, *words], check=True, capture_output=True)

        work.mkdir()
        git("init")
        for path, content in files.items():
            (work / path).parent.mkdir(parents=True, exist_ok=True)
            (work / path).write_bytes(content.encode() if isinstance(content, str) else content)
        for path, target in (links or {}).items():
            (work / path).symlink_to(target)
        git("add", "-A", "-f")
        if raw:
            git("update-index", "--add", "--cacheinfo", raw)
        git("commit", "-m", "first")

    return make


@pytest.fixture(scope="module")
def site(forge: tuple[str, Path]) -> Iterator[Bench]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GIT_SSL_CAINFO", str(forge[1] / "certificate.pem"))
        limits = {"exchange": {"course_file_mebibytes": 2}, "courses": {"materials_mebibytes": 4, "git_hosts": ["localhost"]}}
        with bench(**limits) as found:
            yield found


def bring(site: Bench, address: str) -> Job:
    repository = understand(address)
    assert isinstance(repository, Repository)
    with site.platform.database.begin() as connection:
        number = materials.ask_import(site.platform, connection, site.karim, site.course, repository, "en")
    job = site.work(number)
    with site.platform.database.begin() as connection:  # the build that it asked for is another test's matter
        build.cancel(site.platform, connection, site.karim, site.course)
    return job


def files(site: Bench) -> list[str]:
    with site.platform.database.read() as connection:
        digest = api.materials(connection, site.course.key)
    return sorted(unpack(site.platform.files.read(digest))) if digest else []


def test_a_repository_becomes_the_files_and_the_environment_of_a_course(
    site: Bench, forge: tuple[str, Path], commit: Commit
) -> None:
    brought = {"a.ipynb": NOTEBOOK, "requirements.txt": "polars\n", "week1/été.csv": "1", "source/tp1/t.ipynb": NOTEBOOK}
    commit("good", brought)
    job = bring(site, f"{forge[0]}/good")
    assert job.state == "done", reasons(job)
    assert files(site) == ["a.ipynb", "requirements.txt", "week1/été.csv"]
    with site.platform.database.read() as connection:
        asked = build.latest(site.platform, connection, site.course)
    assert asked is not None
    assert asked.payload["requirements"] == "polars\n"
    assert "source/" in site.log(job.id)


def test_one_folder_of_a_branch(site: Bench, forge: tuple[str, Path], commit: Commit) -> None:
    commit("folders", {"a.ipynb": NOTEBOOK, "week1/b.ipynb": NOTEBOOK})
    assert bring(site, f"{forge[0]}/folders/tree/main/week1").state == "done"
    assert files(site) == ["b.ipynb"]


def test_what_is_refused_is_named_and_nothing_changes(site: Bench, forge: tuple[str, Path], commit: Commit) -> None:
    commit("before", {"a.ipynb": NOTEBOOK})
    assert bring(site, f"{forge[0]}/before").state == "done"
    commit("without", {"README.md": "no notebook"})
    commit("large", {"a.ipynb": NOTEBOOK, "data.bin": bytes(3 * 1024 * 1024)})
    commit("huge", {"a.ipynb": NOTEBOOK, "data.bin": os.urandom(6 * 1024 * 1024)})
    commit("broken", {"a.ipynb": '{"cells": ['})
    commit("link", {"a.ipynb": NOTEBOOK}, links={"passwd": "/etc/passwd"})
    commit("module", {"a.ipynb": NOTEBOOK}, raw=f"160000,{'a' * 40},inner")
    commit("pointer", {"a.ipynb": NOTEBOOK, "x.csv": "version https://git-lfs.github.com/spec/v1\noid sha256:0\n"})
    expected = {
        "without": "There is no notebook (.ipynb)",
        "large": "data.bin has 3 MB; a file of a course may have 2.",
        "huge": "The repository is larger than a course may be (4 MB)",
        "broken": "a.ipynb is not a notebook: its content is damaged",
        "link": "passwd is a link to another place",
        "module": "inner is another repository inside this one",
        "pointer": "x.csv is only a pointer",
        "nothing-there": "There is no public repository at this address",
        "private": "There is no public repository at this address",
        "before/tree/nobranch": "The repository has no branch called nobranch.",
        "before/tree/main/nofolder": "The repository has no folder nofolder.",
    }
    told = {}
    for path in expected:
        job = bring(site, f"{forge[0]}/{path}")
        told[path] = (job.state, reasons(job)[0] if job.reason else "")
    assert all(state == "failed" for state, _ in told.values())
    assert {path: text for path, (_, text) in told.items() if expected[path] not in text} == {}
    assert files(site) == ["a.ipynb"]
    assert list((site.platform.settings.state / "environments" / ".build").glob("clone-*")) == []


def test_a_repository_cannot_run_anything(site: Bench, forge: tuple[str, Path], commit: Commit) -> None:
    attributes = "*.ipynb filter=evil\n*.csv export-subst ident\n"
    commit(
        "filters",
        {
            "a.ipynb": NOTEBOOK,
            ".gitattributes": attributes,
            "x.csv": "$Format:%H$ $Id$\n",
            "hooks/post-checkout": "#!/bin/sh\nid",
        },
    )
    assert bring(site, f"{forge[0]}/filters").state == "done"
    with site.platform.database.read() as connection:
        digest = api.materials(connection, site.course.key)
    assert unpack(site.platform.files.read(digest))["x.csv"] == b"$Format:%H$ $Id$\n"


def test_an_inner_host_that_the_site_does_not_name_cannot_be_asked(forge: tuple[str, Path], commit: Commit) -> None:
    commit("inner", {"a.ipynb": NOTEBOOK})
    with bench() as closed:
        job = bring(closed, f"{forge[0]}/inner")
    assert job.state == "failed"
    assert reasons(job)[0].startswith("localhost does not answer.")
