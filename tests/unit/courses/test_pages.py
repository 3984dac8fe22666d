"""The pages of courses: who sees them, what the forms do, what they refuse."""

import io
import json
import zipfile

import pytest
from himalia_exchange.archive import unpack

from hub_config.access.roles import Role
from hub_services.courses import api, build, materials, store
from hub_services.courses.models import Course, Environment, NewCourse
from hub_services.people.api import Person, enrol
from hub_services.web.platform import Platform
from tests.unit.courses.conftest import SignIn

NOTEBOOK = json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}).encode()


@pytest.fixture
def course(platform: Platform, karim: Person) -> Course:
    with platform.database.begin() as connection:
        return api.create(platform, connection, karim, NewCourse("Stat L2", "fr"))


def only_course(platform: Platform) -> Course:
    with platform.database.read() as connection:
        (found,) = api.every_course(connection)
    return found


def put_environment(platform: Platform, course: Course, person: Person, digest: str, version: str) -> None:
    now = platform.now()
    environment = Environment(digest, f"numpy=={version}\n", "3.11.2", {"numpy": version}, 1000, now)
    with platform.database.begin() as connection:
        store.put_environment(connection, environment)
        store.put_in_service(connection, course.key, digest, requirements=f"numpy=={version}", by=person.id, now=now)
    place = platform.settings.state / "environments" / digest
    place.mkdir(parents=True)
    (place / "pyvenv.cfg").touch()


def test_a_course_is_made_from_dropped_files(platform: Platform, karim: Person, signed_in: SignIn) -> None:
    files = [
        ("files", ("visite.ipynb", NOTEBOOK)),
        ("files", ("data.csv", b"a;b\n")),
        ("files", ("requirements.txt", b"\xef\xbb\xbfnumpy\r\n")),
    ]
    browser = signed_in(karim)
    assert "Nouveau cours" in browser.get("/courses/new").text
    answer = browser.post("/courses/new", data={"title": "Stat L2", "language": "fr"}, files=files)
    assert (answer.status_code, answer.headers["location"]) == (303, "/courses/stat-l2/environment")
    course = only_course(platform)
    assert sorted(unpack(platform.files.read(course.materials))) == ["data.csv", "requirements.txt", "visite.ipynb"]
    with platform.database.read() as connection:
        job = build.latest(platform, connection, course)
    assert job is not None
    assert job.payload["requirements"].split() == ["numpy"]
    page = browser.get(answer.headers["location"]).text
    assert f'data-events="/courses/stat-l2/environment/events/{job.id}"' in page
    assert "En attente de construction" in page


def test_a_course_of_a_title_alone_has_the_default_list(platform: Platform, karim: Person, signed_in: SignIn) -> None:
    answer = signed_in(karim).post("/courses/new", data={"title": "Stat L2", "language": "en", "address": ""})
    assert answer.status_code == 303
    with platform.database.read() as connection:
        job = build.latest(platform, connection, only_course(platform))
    assert job is not None
    assert "matplotlib" in job.payload["requirements"]


@pytest.mark.parametrize(
    ("data", "files", "says"),
    [
        ({"title": " "}, [], "Un cours a besoin"),
        ({"title": "X"}, [("a.ipynb", b"{broken")], "a.ipynb n’est pas un notebook"),
        ({"title": "X"}, [("requirements.txt", b"numpy\n-r /etc/passwd")], "Ligne 2"),
        ({"title": "X"}, [("../../etc/cron.d/x", b"x")], "mène hors du dossier"),
        ({"title": "X"}, [("c.zip", b"not a zip")], "abîmé"),
        ({"title": "X", "address": "file:///etc"}, [], "https://"),
        ({"title": "X", "address": "https://me:secret@host.org/a"}, [], "mot de passe"),
        ({"title": "X", "address": "https://host.org/a"}, [("a.csv", b"1")], "pas les deux"),
    ],
)
def test_a_form_with_a_problem_makes_nothing(
    platform: Platform, karim: Person, signed_in: SignIn, data: dict[str, str], files: list[tuple[str, bytes]], says: str
) -> None:
    answer = signed_in(karim).post("/courses/new", data=data, files=[("files", file) for file in files] or None)
    assert answer.status_code == 422
    assert says in answer.text
    assert "secret" not in answer.text or data["address"] in answer.text
    with platform.database.read() as connection:
        assert api.every_course(connection) == []


def test_a_form_of_two_gigabytes_is_refused_before_it_is_read(karim: Person, signed_in: SignIn) -> None:
    headers = {"content-length": str(2 * 1024**3), "content-type": "multipart/form-data; boundary=x"}
    answer = signed_in(karim).post("/courses/new", content=b"", headers=headers)
    assert answer.status_code == 413
    assert "2048 Mo" in answer.text


def test_a_zip_is_opened_and_a_link_in_it_refused(platform: Platform, karim: Person, signed_in: SignIn) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("cours/semaine1/a.ipynb", NOTEBOOK)
        archive.writestr("cours/requirements.txt", "polars")
    browser = signed_in(karim)
    answer = browser.post("/courses/new", data={"title": "X"}, files=[("files", ("cours.zip", buffer.getvalue()))])
    assert answer.status_code == 303
    assert sorted(unpack(platform.files.read(only_course(platform).materials))) == ["requirements.txt", "semaine1/a.ipynb"]
    link = zipfile.ZipInfo("passwd")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr(link, "/etc/passwd")
    refused = browser.post("/courses/new", data={"title": "Y"}, files=[("files", ("c.zip", buffer.getvalue()))])
    assert refused.status_code == 422
    assert "est un lien" in refused.text


def test_solutions_are_kept_from_students_and_that_is_said(platform: Platform, karim: Person, signed_in: SignIn) -> None:
    solved = json.dumps(
        {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"source": "### BEGIN SOLUTION\n1\n### END SOLUTION"}]}
    ).encode()
    browser = signed_in(karim)
    files = [("files", ("tp1.ipynb", solved)), ("files", ("a.ipynb", NOTEBOOK)), ("files", ("source/tp1/x.csv", b"1"))]
    answer = browser.post("/courses/new", data={"title": "X"}, files=files)
    assert sorted(unpack(platform.files.read(only_course(platform).materials))) == ["a.ipynb"]
    page = browser.get(answer.headers["location"]).text
    assert "tp1.ipynb" in page
    assert "source/" in page


def test_a_git_address_becomes_a_job(platform: Platform, karim: Person, signed_in: SignIn) -> None:
    address = "https://gitlab.example/group/course/-/tree/main/week1"
    browser = signed_in(karim)
    answer = browser.post("/courses/new", data={"title": "X", "language": "fr", "address": address})
    assert answer.headers["location"] == "/courses/x/settings"
    with platform.database.read() as connection:
        job = materials.latest_import(platform, connection, only_course(platform))
    assert job is not None
    assert job.payload["repository"]["url"] == "https://gitlab.example/group/course"
    assert job.payload["repository"]["folder"] == "week1"
    assert "en cours de copie" in browser.get("/courses/x/settings").text


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "environment"),
        ("POST", "environment/build"),
        ("POST", "environment/cancel"),
        ("POST", "environment/use"),
        ("GET", "environment/lock"),
        ("GET", "environment/events/1"),
        ("GET", "settings"),
        ("POST", "settings/title"),
        ("POST", "settings/files"),
        ("POST", "settings/rules"),
        ("GET", "settings/files.zip"),
    ],
)
def test_only_the_teacher_of_the_course(
    platform: Platform, amina: Person, karim: Person, course: Course, signed_in: SignIn, method: str, path: str
) -> None:
    data = {"digest": "a", "title": "X", "late_policy": "accept", "language": "fr"} if method == "POST" else None
    browser = signed_in(amina)
    assert browser.request(method, f"/courses/stat-l2/{path}", data=data).status_code == 404
    for role in (Role.STUDENT, Role.ASSISTANT):
        with platform.database.begin() as connection:
            enrol(connection, amina.id, course.key, role, source="form", now=platform.now())
        assert browser.request(method, f"/courses/stat-l2/{path}", data=data).status_code == 403
    anonymous = browser.request(method, f"/courses/stat-l2/{path}", data=data, headers={"cookie": ""})
    assert anonymous.status_code in (303, 401)


def test_a_list_with_problems_comes_back_with_them(karim: Person, course: Course, signed_in: SignIn) -> None:
    browser = signed_in(karim)
    answer = browser.post("/courses/stat-l2/environment/build", data={"packages": "numpy\n-e .\n<script>"})
    assert answer.status_code == 422
    assert "Ligne 2, « -e . »" in answer.text
    assert "&lt;script&gt;" in answer.text
    assert "<script>" not in answer.text.replace('<script src="/static', "")


def test_a_list_is_built_and_stopped(platform: Platform, karim: Person, course: Course, signed_in: SignIn) -> None:
    browser = signed_in(karim)
    assert browser.post("/courses/stat-l2/environment/build", data={"packages": "polars"}).status_code == 303
    assert browser.post("/courses/stat-l2/environment/build", data={"packages": "other"}).status_code == 303
    page = browser.get("/courses/stat-l2/environment").text
    assert "polars" in page
    assert "other" not in page  # the build under way goes on
    assert browser.post("/courses/stat-l2/environment/cancel").status_code == 303
    assert "a été arrêtée" in browser.get("/courses/stat-l2/environment").text


def test_one_click_goes_back(platform: Platform, karim: Person, course: Course, signed_in: SignIn) -> None:
    put_environment(platform, course, karim, "a" * 64, "1.26.4")
    put_environment(platform, course, karim, "b" * 64, "2.0.0")
    browser = signed_in(karim)
    page = browser.get("/courses/stat-l2/environment").text
    assert "numpy 1.26.4 → 2.0.0" in page
    assert browser.post("/courses/stat-l2/environment/use", data={"digest": "a" * 64}).status_code == 303
    assert only_course(platform).environment == "a" * 64
    assert ">numpy==1.26.4</textarea>" in browser.get("/courses/stat-l2/environment").text
    lock = browser.get("/courses/stat-l2/environment/lock", params={"digest": "b" * 64})
    assert lock.text == "numpy==2.0.0\n"
    assert "attachment" in lock.headers["content-disposition"]


def test_an_environment_of_another_course_cannot_be_chosen(
    platform: Platform, karim: Person, amina: Person, course: Course, signed_in: SignIn
) -> None:
    with platform.database.begin() as connection:
        other = api.create(platform, connection, amina, NewCourse("Other", "fr"))
    put_environment(platform, other, amina, "a" * 64, "1.26.4")
    browser = signed_in(karim)
    assert browser.post("/courses/stat-l2/environment/use", data={"digest": "a" * 64}).status_code == 404
    assert browser.get("/courses/stat-l2/environment/lock", params={"digest": "a" * 64}).status_code == 404


def test_files_are_replaced_and_downloaded(platform: Platform, karim: Person, course: Course, signed_in: SignIn) -> None:
    browser = signed_in(karim)
    assert browser.get("/courses/stat-l2/settings/files.zip").status_code == 404
    sent = browser.post("/courses/stat-l2/settings/files", files=[("files", ("data.csv", b"a;b"))])
    assert sent.status_code == 303
    assert "data.csv" in browser.get("/courses/stat-l2/settings").text
    assert unpack(browser.get("/courses/stat-l2/settings/files.zip").content) == {"data.csv": b"a;b"}
    nothing = browser.post("/courses/stat-l2/settings/files", data={"address": ""})
    assert nothing.status_code == 422


def test_a_new_list_among_the_files_is_built(platform: Platform, karim: Person, course: Course, signed_in: SignIn) -> None:
    put_environment(platform, course, karim, "a" * 64, "1.26.4")
    browser = signed_in(karim)

    def bring(content: bytes) -> int:
        return browser.post("/courses/stat-l2/settings/files", files=[("files", ("requirements.txt", content))]).status_code

    assert bring(b"numpy==1.26.4") == 303
    with platform.database.read() as connection:
        assert build.latest(platform, connection, course) is None
    assert bring(b"-e .") == 422
    assert bring(b"polars") == 303
    with platform.database.read() as connection:
        assert build.latest(platform, connection, course) is not None


def test_the_rules_of_a_course(platform: Platform, karim: Person, course: Course, signed_in: SignIn) -> None:
    browser = signed_in(karim)
    data = {"late_policy": "refuse", "language": "en", "profile": "small"}
    assert browser.post("/courses/stat-l2/settings/rules", data=data).status_code == 303
    changed = only_course(platform)
    assert (changed.late_policy.value, changed.language, changed.profile) == ("refuse", "en", "small")
    for wrong in ({"late_policy": "maybe"}, {"language": "xx"}, {"profile": "huge"}):
        assert browser.post("/courses/stat-l2/settings/rules", data=data | wrong).status_code == 422
    assert only_course(platform) == changed


def test_a_renamed_course_redirects_its_pages(karim: Person, course: Course, signed_in: SignIn) -> None:
    browser = signed_in(karim)
    renamed = browser.post("/courses/stat-l2/settings/title", data={"title": "Statistique"})
    assert renamed.headers["location"] == "/courses/statistique/settings"
    old = browser.get("/courses/stat-l2/environment?x=1")
    assert (old.status_code, old.headers["location"]) == (308, "/courses/statistique/environment?x=1")


def test_the_log_of_a_job_streams(platform: Platform, karim: Person, course: Course, signed_in: SignIn) -> None:
    with platform.database.begin() as connection:
        number = build.ask(platform, connection, karim, course, "numpy", "fr")
    claimed = platform.jobs.claim((build.BUILD,))
    assert claimed is not None
    claimed.log("Bonjour")
    platform.jobs.finish(claimed, "failed", reason="[]")
    events = signed_in(karim).get(f"/courses/stat-l2/environment/events/{number}").text
    assert "data: Bonjour" in events
    assert "event: end" in events
