"""What code in a person's server can see and do: the course, and nothing of the machine or of other people."""

import json
import os
from pathlib import Path

import pytest

from tests.service.hub_rig import COURSE, PERSON, SPECIFICATION, Platform
from tests.service.hub_rig import platform as platform

pytestmark = pytest.mark.service
SERVER = f"/user/{PERSON}/{COURSE}"
FACTS = """
import json, os, socket, sys, urllib.request
def reach(host, port):
    try:
        socket.create_connection((host, port), 2).close()
        return True
    except OSError:
        return False
print(json.dumps({
    "prefix": sys.prefix,
    "folder": os.getcwd(),
    "course": os.environ["HIMALIA_COURSE"],
    "secrets": sorted(name for name in os.environ if "TOKEN" in name or "SECRET" in name or "KEY" in name),
    "others": [path for path in PATHS if os.path.exists(path)],
    "processes": sum(name.isdigit() for name in os.listdir("/proc")),
    "hub": urllib.request.urlopen(os.environ["JUPYTERHUB_API_URL"]).status,
    "open": [port for port in PORTS if reach("127.0.0.1", port)],
    "outside": [host for host in ("169.254.169.254", "1.1.1.1") if reach(host, 80)],
}))
"""
FORKS = """
import os, signal, time
children = []
while len(children) < 1000:
    try:
        child = os.fork()
        if child == 0:
            time.sleep(60)
            os._exit(0)
        children.append(child)
    except OSError:
        break
print(len(children))
for child in children:
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
"""


@pytest.fixture(scope="module")
def token(platform: Platform) -> str:
    """An open server, the same for all tests here, and a token that may visit it."""
    return platform.open()


def test_a_kernel_sees_its_course_and_nothing_of_the_machine(platform: Platform, token: str) -> None:
    hidden = [str(platform.state / name) for name in ("secrets", "hub.sqlite", "people", "run")] + [
        "/etc/shadow",
        "/root",
        "/work",
    ]
    code = f"PATHS = {hidden}; PORTS = {sorted(platform.ports.values())}\n{FACTS}"
    facts = json.loads(platform.run(code, token))
    assert facts["prefix"] == str(platform.state / "environments" / "bare")
    assert facts["folder"] == "/home/me/course"
    assert facts["course"] == COURSE
    assert facts["secrets"] == ["JPY_API_TOKEN", "JUPYTERHUB_API_TOKEN"]
    assert facts["others"] == []
    assert facts["processes"] < 10
    assert facts["hub"] == 200
    assert facts["open"] == []
    assert facts["outside"] == []


def test_files_belong_to_the_persons_own_uid(platform: Platform, token: str) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give each person a uid")
    platform.run("open('/home/me/course/a.txt', 'w').write('é')", token)
    home, work = (platform.state / "people" / PERSON / COURSE / name for name in ("home", "work"))
    assert (work / "a.txt").stat().st_uid == home.stat().st_uid == 200_007
    assert home.stat().st_mode & 0o777 == work.stat().st_mode & 0o777 == 0o700


def test_a_token_is_in_no_process_title(platform: Platform, token: str) -> None:
    titles = [path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline") if path.parent.exists()]
    assert any(b"start_server.py" in title for title in titles)
    assert not any(b"API_TOKEN" in title or platform.secret("launch_token").encode() in title for title in titles)


def test_ten_gigabytes_end_the_kernel_and_not_the_server(platform: Platform, token: str) -> None:
    assert "the kernel died" in platform.run("a = bytearray(10 << 30)", token)
    assert platform.visit(f"{SERVER}/api/status", token)[0] == 200


def test_a_fork_bomb_leaves_the_server_alive(platform: Platform, token: str) -> None:
    assert 0 < int(platform.run(FORKS, token)) < SPECIFICATION["processes"]
    assert platform.visit(f"{SERVER}/api/status", token)[0] == 200


def test_lab_is_in_french_saves_often_and_asks_nobody_for_news(platform: Platform, token: str) -> None:
    answer = json.loads(platform.visit(f"{SERVER}/lab/api/settings", token)[1])
    settings = {one["id"]: one["schema"].get("properties", {}) for one in answer["settings"]}
    assert settings["@jupyterlab/translation-extension:plugin"]["locale"]["default"] == "fr_FR"
    assert settings["@jupyterlab/docmanager-extension:plugin"]["autosaveInterval"]["default"] == 10
    assert settings["@jupyterlab/apputils-extension:notification"]["fetchNews"]["default"] == "false"
    translation = json.loads(platform.visit(f"{SERVER}/lab/api/translations/fr_FR", token)[1])
    assert "jupyterlab" in translation["data"], translation
    page = platform.visit(f"{SERVER}/lab", token)[1]
    assert '"@jupyter/nbgrader:formgrader"' in page.replace("&#34;", '"')
    status, _ = platform.visit(f"{SERVER}/formgrader", token)
    assert status == 404
