"""`himalia up`: what people and scripts are told, and that nothing that dies stays dead."""

import json
import os
import re
import signal
import socket
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from himalia_sandbox import Process

from tests.service.conftest import Himalia, started, until

PROCESSES = ("guard", "supervisor", "proxy", "hub", "web", "worker", "relay", "demo")
IDLE_MEBIBYTES = 600


@pytest.fixture(scope="module")
def own() -> Iterator[Himalia]:
    """A platform that this module may hurt."""
    yield from started()


@pytest.fixture(scope="module")
def workspace(own: Himalia) -> Process:
    """A teacher's JupyterLab in a course that she has just made: it must outlive everything else."""
    teacher = own.sign_in("karim")
    made = teacher.post("/courses/new", data={"title": "Essai", "language": "fr"})
    course = made.url.path.split("/")[2]
    opened = teacher.post(f"/courses/{course}/open")
    assert opened.status_code == 200, opened.text
    (record,) = until(lambda: list((own.state / "run" / "servers").glob("*.json")), seconds=60, what="the server's record")
    person, _, key = record.stem.partition(".")
    own.workspaces.append(f"http://{person}.localhost:{own.port}/user/{person}/{key}/api")
    until(own.answers_at_its_workspace, seconds=180, what="the workspace")
    return Process(**json.loads(record.read_text())["process"])


def process_of(platform: Himalia, name: str) -> Process:
    return Process(**platform.record["processes"][name]["process"])


def test_up_leaves_a_record_that_only_its_owner_reads(own: Himalia) -> None:
    mode = (own.state / "run.json").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600
    assert own.address == f"http://localhost:{own.port}"
    assert {"amina", "karim", "ines", "admin"} <= set(own.accounts)
    assert set(own.record["processes"]) == set(PROCESSES)


def test_secrets_are_private(own: Himalia) -> None:
    folder = own.state / "secrets"
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert modes == dict.fromkeys(modes, 0o600)
    assert {"hub_token_web", "launch_token", "proxy_token"} <= set(modes)


def test_no_secret_stands_in_a_command_line(own: Himalia) -> None:
    secrets = [path.read_text().strip() for path in (own.state / "secrets").iterdir()]
    for name in PROCESSES:
        words = " ".join(psutil.Process(process_of(own, name).pid).cmdline())
        assert not any(secret in words for secret in secrets), name


def test_status_says_that_all_is_ready_and_how_little_it_costs(own: Himalia) -> None:
    status = own.status()
    assert status["state"] == "ready"
    assert {name for name, entry in status["processes"].items() if entry["alive"]} == set(PROCESSES)
    assert 50 < status["memory_mebibytes"] <= IDLE_MEBIBYTES


def test_status_for_people(own: Himalia) -> None:
    said = own.run("status")
    assert said.returncode == 0
    assert f"Himalia is ready: {own.address}" in said.stdout
    assert "code runs under bubblewrap" in said.stdout


def test_a_second_up_says_where_the_first_one_is(own: Himalia) -> None:
    second = own.up()
    assert second.returncode == 1
    assert second.stderr.startswith(f"himalia: Himalia already runs at {own.address}")
    assert len(second.stderr.splitlines()) == 1


def test_a_port_in_use_is_named_with_its_holder(tmp_path_factory: pytest.TempPathFactory) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        other = Himalia(tmp_path_factory.mktemp("other"), port)
        refused = other.up()
    assert refused.returncode == 1
    assert f"port {port} is held by" in refused.stderr
    assert f"process {os.getpid()}" in refused.stderr
    assert "--port" in refused.stderr


def test_the_demo_signs_in_without_a_password(own: Himalia) -> None:
    page = own.sign_in("amina").get("/")
    assert page.status_code == 200
    assert "Amina" in page.text


def test_signing_out_ends_the_providers_session_too(own: Himalia) -> None:
    browser = own.sign_in("ines")
    leaving = browser.post("/sign-out")
    assert leaving.url.path == "/session/end", "the provider's page, whose button a script presses at once"
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', leaving.text))
    assert browser.post(leaving.url.join("/session/end/confirm"), data=fields).url.path == "/sign-in"
    assert "Choose a demo account" in browser.get("/sign-in/demo").text, "nobody is signed in without being asked"


def test_the_provider_refuses_an_account_that_is_not_on_its_list(own: Himalia) -> None:
    browser = own.browser()
    chooser = browser.get("/sign-in/demo")
    refused = browser.post(chooser.url, data={"account": "mallory"})
    assert refused.status_code == 400
    assert browser.get("/").url.path == "/sign-in"


@pytest.mark.parametrize("name", PROCESSES)
def test_a_killed_process_is_back_within_seconds_and_servers_live_on(own: Himalia, workspace: Process, name: str) -> None:
    victim = process_of(own, name)
    assert victim.send(signal.SIGKILL)
    until(lambda: is_back(own, name, victim), seconds=20, what=f"the return of {name}")
    until(lambda: own.browser().get("/sign-in").status_code == 200, what="the sign-in page")
    assert own.status()["state"] == "ready"
    assert workspace.alive(), "the kernel's memory is lost"
    until(own.answers_at_its_workspace, seconds=20, what="the workspace's address")


def is_back(platform: Himalia, name: str, victim: Process) -> bool:
    entry: dict[str, Any] = platform.record["processes"][name]
    process = Process(**entry["process"])
    return process != victim and entry["state"] == "ready" and process.alive()


def test_down_leaves_nothing_running(own: Himalia, workspace: Process) -> None:
    before = [process_of(own, name) for name in PROCESSES]
    ended = own.run("down")
    assert (ended.returncode, ended.stdout) == (0, "Himalia has ended.\n")
    assert not [process for process in (*before, workspace) if process.alive()]
    assert not processes_about(own.state)
    assert not (own.state / "run.json").exists()
    assert not list((own.state / "run" / "servers").glob("*.json"))
    assert own.run("down").stdout.startswith("Nothing of Himalia runs")
    assert json.loads(own.run("status", "--json").stdout)["state"] == "stopped"


def processes_about(state: Path) -> list[list[str]]:
    """Whatever names the state folder in its words or environment."""
    found = []
    for process in psutil.process_iter():
        try:
            words, variables = process.cmdline(), process.environ()
        except psutil.Error:
            continue
        if str(state) in " ".join(words) or str(state) in variables.get("HIMALIA_SETTINGS", ""):
            found.append(words)
    return found


def until_line(terminal: "subprocess.Popen[str]", words: str) -> Iterator[str]:
    """What is said up to the line that holds these words; all of it if the program ends before."""
    for line in terminal.stdout or ():
        yield line
        if words in line:
            return


def test_up_at_a_terminal_finds_everything_again_and_ends_it_at_ctrl_c(own: Himalia) -> None:
    own.run("down")
    with own.popen("up", "--port", str(own.port)) as terminal:
        said = "".join(until_line(terminal, "Ctrl-C ends everything"))
        assert "installed the demo" not in said
        assert f"Himalia is ready: {own.address}" in said
        assert "Amina Benali" in said
        assert own.sign_in("amina").get("/").status_code == 200
        processes = [process_of(own, name) for name in PROCESSES]
        terminal.send_signal(signal.SIGINT)
        assert terminal.wait(60) == 0
    assert not [process for process in processes if process.alive()]
    assert not processes_about(own.state)


def test_what_a_dead_supervisor_and_its_guard_left_is_cleared_away(own: Himalia) -> None:
    own.run("down")
    assert own.up().returncode == 0
    left = [process_of(own, name) for name in PROCESSES]
    for name in ("guard", "supervisor"):
        process_of(own, name).send(signal.SIGSTOP)
    for name in ("guard", "supervisor"):
        process_of(own, name).send(signal.SIGKILL)
    again = own.up()
    assert again.returncode == 0, again.stderr
    assert not [process for process in left if process.alive()]
    assert own.status()["state"] == "ready"


def test_without_the_demo_there_is_nobody_invented(own: Himalia) -> None:
    own.run("down")
    (own.state / "empty.yaml").write_text("site: {name: Université}\n")
    begun = own.run("up", "--detach", "--no-demo", "--port", str(own.port), "--config", str(own.state / "empty.yaml"))
    assert begun.returncode == 0, begun.stderr
    assert own.accounts == []
    assert "demo" not in own.record["processes"]
    page = own.browser().get("/sign-in")
    assert page.status_code == 200
    assert "Université" in page.text
