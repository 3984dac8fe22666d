"""A person's server as a sandbox: what it sees, where it may write, what its environment holds."""

from pathlib import Path, PurePath

import pytest

from hub_config.access.launch import LaunchSpecification
from hub_config.spawners import server
from hub_config.spawners.place import Place
from hub_config.spawners.server import Site

STATE = Path("/srv/himalia")
SITE = Site(STATE, isolated=True, hub_port=8081, web_port=8002)
BARE = Site(STATE, isolated=False, hub_port=8081, web_port=8002)
PLACE = Place(STATE, "p-aaaaaaaaaa", "intro")
HUB = {
    "JUPYTERHUB_API_TOKEN": "t",
    "JUPYTERHUB_API_URL": "http://127.0.0.1:8081/hub/api",
    "JUPYTERHUB_SERVICE_PREFIX": "/user/x/",
}


def specification(**changes: object) -> LaunchSpecification:
    fields = {
        "person": "p-aaaaaaaaaa",
        "person_number": 7,
        "course": "intro",
        "course_title": "Introduction",
        "course_url": "http://localhost:8000/courses/introduction",
        "environment": "d1g35t",
        "role": "student",
        "language": "fr",
        "memory_bytes": 1 << 30,
        "cpus": 1.5,
        "processes": 200,
    }
    return LaunchSpecification.model_validate(fields | changes)


def variables(site: Site, **changes: object) -> dict[str, str]:
    return server.environment(specification(**changes), site, server.layout(site, PLACE), HUB, 9)


def shown(**changes: object) -> dict[str, str]:
    walls = server.sandbox(specification(**changes), SITE, PLACE, {}, 200_007)
    return {bind.inside: str(bind.source) for bind in (*walls.read_only, *walls.writable)}


def test_a_server_writes_to_its_own_two_folders_only() -> None:
    walls = server.sandbox(specification(), SITE, PLACE, {}, 200_007)
    people = STATE / "people/p-aaaaaaaaaa/intro"
    assert {bind.inside: bind.source for bind in walls.writable} == {
        "/home/me": people / "home",
        "/home/me/course": people / "work",
    }
    assert (walls.uid, walls.isolated, walls.die_with_parent, walls.directory) == (200_007, True, False, "/home/me/course")
    assert (walls.limits.memory_bytes, walls.limits.processes, walls.limits.cpus) == (1 << 30, 200, 1.5)


def test_servers_of_two_platforms_on_one_machine_have_different_names() -> None:
    names = {
        server.sandbox(specification(), Site(state, isolated=True, hub_port=1, web_port=2), PLACE, {}, None).name
        for state in (STATE, Path("/home/x/himalia"))
    }
    assert len(names) == 2
    assert all(name.startswith("p-aaaaaaaaaa.intro.") for name in names)


def test_a_server_reads_two_environments_and_the_ways_to_the_platform() -> None:
    seen = shown()
    assert {name for name in seen if name.startswith("/srv")} == {
        "/srv/himalia/environments/server",
        "/srv/himalia/environments/d1g35t",
    }
    assert seen["/run/himalia/platform"] == "/srv/himalia/run/sockets/platform"
    assert seen["/run/himalia/jupyter"] == "/srv/himalia/run/servers/p-aaaaaaaaaa/intro/jupyter"
    assert not any("secrets" in path or "doors" in path for path in seen.values())


def test_the_way_outside_exists_only_for_a_course_that_has_one() -> None:
    assert "/run/himalia/outside" not in shown()
    assert shown(outside=["pypi.org"])["/run/himalia/outside"] == "/srv/himalia/run/sockets/outside"
    assert "HTTPS_PROXY" not in variables(SITE)
    assert variables(SITE, outside=["pypi.org"])["HTTPS_PROXY"] == "http://127.0.0.1:18083"
    assert "18083=/run/himalia/outside/out" in server.command(SITE, server.layout(SITE, PLACE), outside=True)
    assert not any("18083" in word for word in server.command(SITE, server.layout(SITE, PLACE), outside=False))


def test_the_platform_is_reached_through_loopback_inside() -> None:
    inside = variables(SITE)
    assert inside["JUPYTERHUB_API_URL"] == "http://127.0.0.1:18081/hub/api"
    assert inside["JUPYTERHUB_ACTIVITY_URL"] == "http://127.0.0.1:18081/hub/api/users/p-aaaaaaaaaa/activity"
    assert inside["HIMALIA_URL"] == "http://127.0.0.1:18082"
    assert inside["PATH"].startswith("/srv/himalia/environments/d1g35t/bin:")


def test_the_environment_says_which_course_and_holds_one_secret() -> None:
    inside = variables(SITE)
    assert {name: inside[name] for name in inside if name.startswith("HIMALIA_") and name != "HIMALIA_URL"} == {
        "HIMALIA_COURSE": "intro",
        "HIMALIA_COURSE_TITLE": "Introduction",
        "HIMALIA_COURSE_URL": "http://localhost:8000/courses/introduction",
        "HIMALIA_ENVIRONMENT": "d1g35t",
        "HIMALIA_MATERIALS": "",
        "HIMALIA_ROLE": "student",
        "HIMALIA_LISTENER": "9",
        "HIMALIA_REMEDIES": "/run/himalia/remedies.py",
    }
    assert [name for name in inside if "TOKEN" in name] == ["JUPYTERHUB_API_TOKEN"]
    assert inside["OMP_NUM_THREADS"] == "2"


@pytest.mark.parametrize(("language", "expected"), [("fr", "fr:en"), ("en", "en")])
def test_programs_speak_the_persons_language(language: str, expected: str) -> None:
    assert variables(SITE, language=language)["LANGUAGE"] == expected


def test_without_walls_the_same_server_uses_the_machines_own_paths() -> None:
    where = server.layout(BARE, PLACE)
    assert where.course == PLACE.work
    assert (where.hub, where.web) == ("http://127.0.0.1:8081", "http://127.0.0.1:8002")
    words = server.command(BARE, where, outside=True)
    assert words[0] == "/srv/himalia/environments/server/bin/python"
    assert "--allow-root" in words
    assert variables(BARE, outside=["pypi.org"]).get("HTTPS_PROXY") is None


def test_no_digest_means_the_bare_environment() -> None:
    assert SITE.environment("") == STATE / "environments" / "bare"


def test_an_interpreter_outside_usr_is_shown_too(tmp_path: Path) -> None:
    python = tmp_path / "cpython-3.13" / "bin" / "python3.13"
    python.parent.mkdir(parents=True)
    python.touch()
    (tmp_path / "env" / "bin").mkdir(parents=True)
    (tmp_path / "env" / "bin" / "python").symlink_to(python)
    assert server.interpreter(tmp_path / "env") == tmp_path / "cpython-3.13"
    assert PurePath("/usr") not in (server.interpreter(tmp_path / "nowhere") or tmp_path).parents
