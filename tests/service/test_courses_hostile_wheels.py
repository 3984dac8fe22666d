"""Packages that mean harm or cannot work, from a mirror of the site's own; nothing of the Internet is needed."""

import hashlib
import io
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from hub_services.courses.api import environment
from tests.service.courses_platform import Bench, bench, reasons

pytestmark = pytest.mark.service

LIBRARY = 'raise ImportError("libnothing.so.1: cannot open shared object file: No such file or directory")\n'
# At the start of any Python of that environment: write where builds write, reach out through their gate.
AT_START = (
    "import pathlib, socket; "
    "[p.joinpath('harm').write_text('x') for p in pathlib.Path('{state}/environments').rglob('cache-*')]; "
    "socket.create_connection(('127.0.0.1', 18083))"
)


def wheel(name: str, files: dict[str, str]) -> bytes:
    """A wheel of pure Python."""
    about = f"{name}-1.0.dist-info"
    content = files | {
        f"{about}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n",
        f"{about}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    content[f"{about}/RECORD"] = "".join(f"{path},,\n" for path in [*content, f"{about}/RECORD"])
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path, text in content.items():
            archive.writestr(path, text)
    return buffer.getvalue()


@contextmanager
def index(wheels: dict[str, bytes]) -> Iterator[str]:
    """The address of a PEP 503 index with these wheels and no others."""

    class Index(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = self.path.strip("/").split("/")
            if parts[0] == "files":
                self._send(wheels[parts[1].split("-")[0]])
            elif parts[-1] in wheels:
                name = parts[-1]
                digest = hashlib.sha256(wheels[name]).hexdigest()
                file = f"{name}-1.0-py3-none-any.whl"
                self._send(f'<a href="/files/{file}#sha256={digest}">{file}</a>'.encode())
            else:
                self.send_error(404)

        def do_HEAD(self) -> None:
            self.do_GET()

        def _send(self, body: bytes) -> None:
            self.send_response(200)
            self.send_header("content-type", "text/html")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Index)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://localhost:{server.server_port}/simple"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def wheels() -> dict[str, bytes]:
    return {}


@pytest.fixture(scope="module")
def site(wheels: dict[str, bytes]) -> Iterator[Bench]:
    with index(wheels) as address, bench(environments={"index_url": address, "files_hosts": []}) as found:
        state = found.platform.settings.state
        wheels["ipykernel"] = wheel("ipykernel", {"ipykernel/__init__.py": "", "ipykernel/kernelapp.py": ""})
        wheels["atstart"] = wheel("atstart", {"atstart/__init__.py": "", "atstart.pth": AT_START.format(state=state)})
        wheels["wantslibrary"] = wheel("wantslibrary", {"wantslibrary.py": LIBRARY})
        wheels["leaves"] = wheel("leaves", {"leaves/__init__.py": "import sys\nsys.exit(0)\n"})
        yield found


def test_a_package_that_runs_at_every_start_harms_no_one(site: Bench) -> None:
    job = site.build("atstart")
    harmed = list(site.platform.settings.state.rglob("harm"))
    assert harmed == []
    assert job.state == "done", reasons(job)


@pytest.mark.parametrize(
    ("package", "says"),
    [
        ("wantslibrary", "wantslibrary needs libnothing.so.1, a library of the machine"),
        ("leaves", "leaves was installed but cannot be imported: SystemExit"),
        ("nosuchnameanywhere", "No package is called nosuchnameanywhere"),
    ],
)
def test_what_cannot_be_imported_never_reaches_the_class(site: Bench, package: str, says: str) -> None:
    before = site.environment
    job = site.build(package)
    assert job.state == "failed"
    assert says in reasons(job)[0]
    assert site.environment == before
    assert site.left_over() == []


def test_a_mirror_is_all_that_a_build_needs(site: Bench, wheels: dict[str, bytes]) -> None:
    wheels["plain"] = wheel("plain", {"plain.py": "x = 1\n"})
    job = site.build("plain")
    assert job.state == "done", reasons(job)
    with site.platform.database.read() as connection:
        found = environment(connection, site.environment)
    assert found is not None
    assert found.packages == {"ipykernel": "1.0", "plain": "1.0"}


def test_an_index_that_does_not_answer_is_named_as_the_cause() -> None:
    with bench(environments={"index_url": "http://localhost:9/simple"}) as site:
        job = site.build("six")
    assert job.state == "failed"
    assert reasons(job) == [
        "The package index does not answer. Your environment in service is unchanged; try again in a few minutes."
    ]
