"""People's servers: opened in a sandbox from a launch specification, found again, refused with words."""

import signal
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest

from tests.service.hub_rig import COURSE, PERSON, SPECIFICATION, Platform, running, state_folder, until
from tests.service.hub_rig import platform as platform

pytestmark = pytest.mark.service
SERVER = f"/user/{PERSON}/{COURSE}"


@pytest.fixture(autouse=True)
def nothing_left(platform: Platform) -> Iterator[None]:
    platform.answer = (200, SPECIFICATION)
    platform.asked.clear()
    yield
    platform.close()


def change(platform: Platform, **changes: object) -> None:
    platform.answer = (200, SPECIFICATION | changes)


def test_a_server_opens_and_leaves_nothing(platform: Platform) -> None:
    token = platform.open()
    assert platform.asked == [(f"Bearer {platform.secret('launch_token')}", {"person": PERSON, "course": COURSE})]
    status, text = platform.visit(f"{SERVER}/api/status", token)
    assert status == 200, text
    process = platform.process()
    assert process.alive()
    platform.close()
    assert not process.alive()
    assert not platform.record.exists()


def test_the_stages_are_told_in_the_persons_language(platform: Platform) -> None:
    platform.call("POST", f"/users/{PERSON}/servers/{COURSE}")
    events = platform.progress()
    assert [event["stage"] for event in events if "stage" in event] == ["membership", "folder", "environment", "server"]
    assert "JupyterLab démarre" in next(event["message"] for event in events if event.get("stage") == "server")
    assert events[-1]["ready"]


def test_a_refusal_is_told_in_the_platforms_words(platform: Platform) -> None:
    platform.answer = (403, {"message": "Vous n'êtes pas inscrit·e dans ce cours."})
    assert "Vous n'êtes pas inscrit·e dans ce cours." in platform.fail()[-1]["message"]


def test_without_the_web_application_nothing_starts(platform: Platform) -> None:
    platform.answer = (500, {})
    assert "La plateforme ne répond pas" in platform.fail()[-1]["message"]


def test_an_environment_that_is_gone_is_told(platform: Platform) -> None:
    change(platform, environment="0123456789abcdef")
    assert "L'environnement de ce cours n'est pas sur cette machine" in platform.fail()[-1]["message"]


def test_a_server_that_cannot_start_is_told_at_once(platform: Platform) -> None:
    change(platform, memory_bytes=40 << 20)
    assert "mémoire" in platform.fail()[-1]["message"]
    assert not platform.record.exists()


def test_a_person_cannot_start_another_name_with_their_own_token(platform: Platform) -> None:
    token = platform.open()
    platform.answer = (403, {"message": "Ce cours n'existe pas."})
    assert platform.call("POST", f"/users/{PERSON}/servers/other", token)[0] == 202
    servers = until(lambda: "other" not in platform.call("GET", f"/users/{PERSON}")[1]["servers"])
    assert servers
    assert platform.asked[-1][1] == {"person": PERSON, "course": "other"}


def test_a_server_lives_on_when_the_hub_is_killed_and_is_found_again(platform: Platform) -> None:
    token = platform.open()
    process = platform.process()
    platform.processes["hub"].send_signal(signal.SIGKILL)
    platform.processes["hub"].wait()
    assert platform.visit(f"{SERVER}/api/status", token)[0] in (200, 500)  # 500: the hub cannot be asked who this is
    platform.start_hub()
    until(lambda: platform.server().get("ready"))
    assert platform.process() == process
    assert process.alive()
    assert until(lambda: platform.visit(f"{SERVER}/api/status", token)[0] == 200)
    platform.close()
    assert not process.alive()


def test_a_server_that_was_killed_is_noticed(platform: Platform) -> None:
    platform.open()
    platform.process().send(signal.SIGKILL)
    until(lambda: not platform.server())
    assert not platform.record.exists()


def test_a_server_that_no_hub_knows_is_ended_at_the_next_start(platform: Platform) -> None:
    platform.open()
    forgotten, record = platform.process(), platform.record.read_text()
    platform.processes["hub"].send_signal(signal.SIGKILL)
    platform.processes["hub"].wait()
    (platform.state / "hub.sqlite").unlink()
    platform.start_hub()
    platform.call("POST", f"/users/{PERSON}")
    platform.open()
    assert not forgotten.alive()
    assert platform.record.read_text() != record
    assert platform.process().alive()


def test_metrics_want_their_own_token(platform: Platform) -> None:
    url = f"http://127.0.0.1:{platform.ports['hub']}/hub/metrics"
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(url)
    request = urllib.request.Request(url, headers={"Authorization": f"token {platform.secret('hub_token_metrics')}"})
    with urllib.request.urlopen(request) as answer:
        text = answer.read().decode()
    assert "jupyterhub_server_spawn_duration_seconds" in text
    assert PERSON not in text


def test_without_isolation_a_server_runs_all_the_same() -> None:
    with state_folder() as state, running(state, {"mode": "none"}) as platform:
        token = platform.open()
        status, text = platform.visit(f"{SERVER}/api/status", token)
        assert status == 200, text + (state / "people" / PERSON / COURSE / "server.log").read_text()
        assert platform.run("import os; print(os.getcwd())", token).strip() == str(state / "people" / PERSON / COURSE / "work")
        process = platform.process()
        platform.close()
        assert not process.alive()
