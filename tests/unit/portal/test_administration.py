"""Who administers the platform repairs environments, and sees nothing else of a course."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from hub_services.courses import api as courses
from hub_services.courses import build
from hub_services.courses.sentences import Sentence, pack
from hub_services.people.api import Person
from hub_services.people.tables import audit
from hub_services.web.platform import Platform
from tests.unit.portal.conftest import Class

Browser = Callable[[Person], TestClient]


@pytest.fixture
def camille(school: Class, browser_of: Browser) -> TestClient:
    return browser_of(school.administrator)


@pytest.fixture
def broken(platform: Platform, school: Class) -> None:
    """A build that failed."""
    with platform.database.begin() as connection:
        build.ask(platform, connection, school.teacher, school.course, "numpy==1.0\nnumpy==2.0", "en")
    job = platform.jobs.claim((build.BUILD,))
    assert job
    platform.jobs.finish(job, "failed", reason=pack([Sentence("numpy cannot be both.")]))


@pytest.mark.parametrize("path", ["", "/statistics", "/statistics/events"])
def test_nobody_else_administers(path: str, school: Class, browser_of: Browser) -> None:
    for person in (school.teacher, school.amina, school.stranger):
        assert browser_of(person).get(f"/administration{path}").status_code == 403
        assert browser_of(person).post("/administration/statistics/build", data={"packages": "numpy"}).status_code == 403
        assert "/administration" not in browser_of(person).get("/").text


def test_an_administrator_sees_courses_and_not_into_them(school: Class, camille: TestClient) -> None:
    page = camille.get("/administration").text
    assert "Statistics" in page
    assert "Elsewhere" in page
    assert school.amina.name not in page
    assert camille.get(school.address).status_code == 404


def test_the_first_page_leads_to_what_is_broken(school: Class, camille: TestClient, broken: None) -> None:
    page = camille.get("/").text
    assert "Five minutes: repair an environment" in page
    assert 'href="/administration/statistics"' in page


def test_a_broken_environment_is_explained_and_repaired(
    platform: Platform, school: Class, camille: TestClient, broken: None
) -> None:
    page = camille.get("/administration/statistics").text
    assert "numpy cannot be both." in page
    assert "numpy==1.0\nnumpy==2.0</textarea>" in page
    answer = camille.post("/administration/statistics/build", data={"packages": "numpy"})
    assert answer.headers["location"] == "/administration/statistics"
    assert "A build is under way" in camille.get("/administration/statistics").text
    job = platform.jobs.claim((build.BUILD,))
    assert job
    assert job.payload["requirements"] == "numpy"
    with platform.database.read() as connection:
        rows = connection.execute(select(audit).where(audit.c.person == school.administrator.id)).all()
    assert [(row.course, row.action) for row in rows] == [(school.course.key, "environment-asked")]


def test_a_list_with_problems_is_shown_again(camille: TestClient, platform: Platform, school: Class) -> None:
    answer = camille.post("/administration/statistics/build", data={"packages": "rm -rf /"})
    assert answer.status_code == 422
    assert "rm -rf /</textarea>" in answer.text
    assert platform.jobs.claim((build.BUILD,)) is None


def test_a_course_that_moved_is_found_and_one_that_never_was_is_not(
    platform: Platform, school: Class, camille: TestClient
) -> None:
    with platform.database.begin() as connection:
        courses.rename(platform, connection, school.teacher, school.course, "Probability")
    assert "Probability" in camille.get("/administration/statistics").text
    assert camille.get("/administration/no-such").status_code == 404
    assert camille.get("/administration/probability/events").status_code == 404
