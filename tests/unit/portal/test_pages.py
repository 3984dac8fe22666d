"""What the pages say: the first page, a course, an assignment, receipts; in both languages, with nothing inline."""

import hashlib
import re
from collections.abc import Callable

import pytest
from himalia_exchange.archive import pack
from himalia_exchange.wire import LatePolicy
from starlette.testclient import TestClient

from hub_services.courses import api as courses
from hub_services.exchange import api as exchange
from hub_services.people.api import Person
from hub_services.web.platform import Platform
from tests.unit.conftest import Clock
from tests.unit.portal.conftest import Class

Browser = Callable[[Person], TestClient]
Make = Callable[..., exchange.Assignment]
Submit = Callable[..., exchange.Submission]


def test_who_is_in_no_course_reads_what_to_do(somebody: Callable[..., Person], browser_of: Browser) -> None:
    page = browser_of(somebody("Nadia")).get("/").text
    assert "You are in no course yet." in page
    assert "Five minutes" not in page


def test_a_student_sees_what_is_due_and_one_button(school: Class, browser_of: Browser, assignment: Make) -> None:
    assignment("TP1", days=7)
    assignment("Draft", released=False)
    page = browser_of(school.amina).get("/").text
    assert "You take this course" in page
    assert "TP1" in page
    assert '<time datetime="2026-03-09T10:00:00+01:00">Monday 9 March, 10:00</time>' in page
    assert "Draft" not in page
    assert f'<form method="post" action="{school.address}/open">' in page
    assert "Five minutes: hand in an assignment" in page


def test_a_teacher_sees_how_the_class_stands(school: Class, browser_of: Browser, assignment: Make, submits: Submit) -> None:
    name = assignment("TP1").name
    submits(school.amina, name)
    page = browser_of(school.teacher).get("/").text
    assert "You teach this course" in page
    assert "1 of 2 handed in" in page
    assert f'href="{school.address}/{name}/grading"' in page


def test_one_account_two_roles(
    platform: Platform,
    school: Class,
    browser_of: Browser,
    assignment: Make,
    submits: Submit,
) -> None:
    submits(school.amina, assignment("TP1").name)
    with platform.database.begin() as connection:
        courses.create(platform, connection, school.assistant, courses.NewCourse("Hers", "en"))
    page = browser_of(school.assistant).get("/").text
    assert "You assist in this course" in page
    assert "You teach this course" in page


def test_the_path_of_five_minutes_can_be_closed_and_opened_again(school: Class, browser_of: Browser, assignment: Make) -> None:
    assignment("TP1")
    browser = browser_of(school.amina)
    browser.post("/path")
    assert "Five minutes" not in browser.get("/").text
    browser.post("/path", data={"show": "true"})
    assert "Five minutes" in browser.get("/").text


def test_a_receipt_proves_what_was_received(school: Class, browser_of: Browser, assignment: Make, submits: Submit) -> None:
    name = assignment("TP1").name
    given = submits(school.amina, name)
    browser = browser_of(school.amina)
    page = browser.get(f"{school.address}/{name}").text
    assert given.sha256 in page
    place = f"{school.address}/{name}/submissions/{given.id}"
    archive = browser.get(f"{place}.zip")
    assert hashlib.sha256(archive.content).hexdigest() == given.sha256 == browser.get(f"{place}.json").json()["sha256"]
    assert given.sha256 in browser.get(f"{place}.txt").text
    assert archive.headers["content-disposition"] == f'attachment; filename="{name}-{given.id}.zip"'


def test_anothers_submission_is_as_if_it_did_not_exist(
    school: Class, browser_of: Browser, assignment: Make, submits: Submit
) -> None:
    name, other = assignment("TP1").name, assignment("TP2").name
    theirs, mine = submits(school.lucas, name), submits(school.amina, name)
    browser = browser_of(school.amina)
    for kind in ("zip", "json", "txt"):
        assert browser.get(f"{school.address}/{name}/submissions/{theirs.id}.{kind}").status_code == 404
        assert browser.get(f"{school.address}/{other}/submissions/{mine.id}.{kind}").status_code == 404
    assert browser_of(school.assistant).get(f"{school.address}/{name}/submissions/{theirs.id}.zip").status_code == 200


def test_the_last_one_on_time_counts_and_the_page_says_which(
    school: Class, browser_of: Browser, assignment: Make, submits: Submit, clock: Clock
) -> None:
    name = assignment("TP1", late=LatePolicy.ACCEPT).name
    submits(school.amina, name)
    clock.move(days=8)
    submits(school.amina, name)
    page = browser_of(school.amina).get(f"{school.address}/{name}").text
    assert "The last one on time counts." in page
    rows = re.findall(r"<tr>.*?</tr>", page, re.DOTALL)
    assert ["counts" in row for row in rows[1:]] == [False, True]
    assert ["late" in row for row in rows[1:]] == [True, False]


def test_a_newer_version_is_announced(platform: Platform, school: Class, browser_of: Browser, assignment: Make) -> None:
    name, key = assignment("TP1").name, school.course.key
    exchange.fetch(platform, key, school.amina.id, name)
    assert "a newer version is out" not in browser_of(school.amina).get(school.address).text
    corrected = pack({"notebook.ipynb": b'{"cells": [], "metadata": {"v": 2}, "nbformat": 4, "nbformat_minor": 5}'})
    exchange.release_as_is(platform, key, school.teacher.id, name, corrected)
    assert "a newer version is out" in browser_of(school.amina).get(school.address).text
    assert "corrected version" in browser_of(school.amina).get(f"{school.address}/{name}").text


def test_a_moved_course_leads_to_its_new_address_for_members_alone(
    platform: Platform, school: Class, browser_of: Browser
) -> None:
    with platform.database.begin() as connection:
        courses.rename(platform, connection, school.teacher, school.course, "Probability")
    answer = browser_of(school.amina).get(school.address)
    assert (answer.status_code, answer.headers["location"]) == (308, "/courses/probability")
    assert browser_of(school.stranger).get(school.address).status_code == 404


@pytest.mark.parametrize("language", ["fr", "en"])
def test_pages_are_whole_in_both_languages_with_nothing_inline(
    language: str, school: Class, browser_of: Browser, assignment: Make, submits: Submit
) -> None:
    name = assignment("TP1").name
    submits(school.amina, name)
    pages = ["/", school.address, f"{school.address}/{name}", f"{school.address}/people", f"{school.address}/new-assignment"]
    for person in (school.teacher, school.amina):
        browser = browser_of(person)
        browser.cookies.set("himalia_language", language)
        for path in pages if person is school.teacher else pages[:3]:
            page = browser.get(path).text
            assert f'<html lang="{language}">' in page
            assert not re.search(r"<script(?! src=)|<style|\sstyle=|\son[a-z]+=|%\(", page), path
            assert browser.get(path).headers["cache-control"] == "no-store"


def test_what_people_type_is_never_markup(school: Class, browser_of: Browser, assignment: Make) -> None:
    name = assignment("<img src=x onerror=alert(1)>").name
    for person in (school.teacher, school.amina):
        for path in ("/", school.address, f"{school.address}/{name}"):
            page = browser_of(person).get(path).text
            assert "<img src=x" not in page
            assert "&lt;img src=x" in page


def test_the_language_switch_comes_back_to_the_page(visitor: TestClient) -> None:
    answer = visitor.post("/language", data={"language": "fr", "back": "/sign-in"})
    assert answer.headers["location"] == "/sign-in"
    assert "Se connecter" in visitor.get("/sign-in").text
    assert visitor.post("/language", data={"language": "fr", "back": "//evil.example"}).headers["location"] == "/"
