"""What is beside the matrix of every page: code on a student's own origin, and code that holds a server's token."""

from collections.abc import Callable

import pytest
from fastapi.routing import APIRoute
from starlette.testclient import TestClient

from hub_services.exchange import api as exchange
from hub_services.people.api import Person
from hub_services.portal.routes import PAGES
from tests.unit.portal.conftest import Class

ROUTES = [route for page in PAGES for route in page.router.routes if isinstance(route, APIRoute)]
CHANGING = sorted(route.path for route in ROUTES if "POST" in (route.methods or ()))


def test_the_pages_change_things_by_post_alone() -> None:
    methods = {
        method for page in PAGES for route in page.router.routes if isinstance(route, APIRoute) for method in route.methods or ()
    }
    assert methods == {"GET", "POST"}
    assert len(CHANGING) > 15


@pytest.mark.parametrize("template", CHANGING)
@pytest.mark.parametrize("site", ["same-site", "cross-site"])
def test_code_on_a_students_own_origin_changes_nothing(
    template: str,
    site: str,
    school: Class,
    browser_of: Callable[[Person], TestClient],
    assignment: Callable[..., exchange.Assignment],
) -> None:
    """The teacher looks at a page of a student's server: its scripts carry the teacher's cookie on a real domain."""
    path = template.format(slug=school.course.slug, name=assignment("TP1").name, code="x")
    attack = {"sec-fetch-site": site, "origin": "http://p-mallory.localhost:8000"}
    assert browser_of(school.teacher).post(path, headers=attack).status_code == 403


def test_a_servers_token_opens_no_page(school: Class, visitor: TestClient) -> None:
    answer = visitor.get(school.address + "/people", headers={"authorization": "token of-a-teachers-server"})
    assert answer.status_code == 303
    assert visitor.post(school.address + "/open", headers={"authorization": "token x"}).status_code == 401
