"""What the server's environment says of the course and the person."""

import pytest
from himalia_lab.course import course_of, language_of


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LANGUAGE": "fr:en", "LANG": "C.UTF-8"}, "fr"),
        ({"LANG": "fr_FR.UTF-8"}, "fr-FR"),
        ({"LANG": "C.UTF-8"}, ""),
        ({}, ""),
    ],
)
def test_the_language_is_that_of_the_environment(environment: dict[str, str], language: str) -> None:
    assert language_of(environment) == language


def test_only_teachers_author() -> None:
    assert [course_of({"HIMALIA_ROLE": role}).may_author for role in ("student", "assistant", "teacher", "")] == [
        False,
        False,
        True,
        False,
    ]


def test_the_link_leads_to_the_platform() -> None:
    assert course_of({"JUPYTERHUB_PUBLIC_HUB_URL": "http://localhost:8000/hub/"}).address == "http://localhost:8000/"
    assert course_of({}).address == ""


def test_nothing_secret_is_told_to_the_page() -> None:
    told = course_of({"JUPYTERHUB_API_TOKEN": "secret", "HIMALIA_COURSE": "intro"}).for_page()
    assert "secret" not in str(told)
    assert told["key"] == "intro"
