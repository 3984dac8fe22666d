"""The teacher's path, as issue 3 tells it: a course from a form, its environment, an assignment marked up in Lab, the
student's view, release, a student who joins and hands in, grading, points by hand, publishing, the marks."""

import csv
import io
import re
from collections.abc import Callable

from playwright.sync_api import FilePayload, Page, expect

from tests.browser.lab import PATIENCE, copy_in, expect_lab, hand_in, write
from tests.service.conftest import Himalia

COURSE = "Moyennes et médianes"
NOTEBOOK = b'{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'
ANSWER = "def moyenne(nombres):\n    return sum(nombres) / len(nombres)"  # right on lists, wrong on the empty one


def makes_a_course(page: Page, shoot: Callable[..., None]) -> str:
    """From the form to an environment in service; returns the course's address."""
    page.get_by_role("link", name="Nouveau cours").click()
    page.get_by_label("Titre").fill(COURSE)
    files = [
        {"name": "requirements.txt", "mimeType": "text/plain", "buffer": b"numpy\n"},
        {"name": "cours.ipynb", "mimeType": "application/json", "buffer": NOTEBOOK},
    ]
    page.get_by_label("Notebooks, données et requirements.txt").set_input_files(files)  # type: ignore[arg-type]
    shoot(page, "new-course")
    page.get_by_role("button", name="Créer le cours").click()
    expect(page.get_by_role("heading", name=COURSE)).to_be_visible()
    shoot(page, "build")
    expect(page.locator("dl.facts")).to_contain_text("Python", timeout=PATIENCE)
    shoot(page, "environment")
    page.get_by_role("link", name="Devoirs").click()
    expect(page.get_by_text("Il n’y a pas encore de devoir.")).to_be_visible()
    return page.url


def writes_an_assignment(page: Page, shoot: Callable[..., None]) -> str:
    """From the model, marked up in JupyterLab with nbgrader's own tool; returns the assignment's address."""
    page.get_by_role("link", name="Nouveau devoir").click()
    page.get_by_label("Titre").fill("TP1 Moyenne")
    page.get_by_role("button", name="Créer le brouillon").click()
    expect(page.get_by_text("Les étudiants ne voient encore rien.")).to_be_visible()
    address = page.url
    page.get_by_role("button", name="Ouvrir dans JupyterLab").click()
    expect_lab(page, "notebook.ipynb")
    page.get_by_role("tab", name="Create Assignment").click()
    cells = page.locator(".nbgrader-CellWidget")
    expect(cells.nth(3).get_by_role("combobox")).to_have_value("tests")
    points = cells.nth(3).locator(".nbgrader-CellPoints input")
    points.fill("4")
    points.press("Tab")
    cells.nth(1).get_by_role("combobox").select_option("readonly")
    expect(page.locator(".nbgrader-TotalPointsInput")).to_have_value("6")
    shoot(page, "markup", whole=False)
    page.locator(".jp-MarkdownCell").first.click()
    page.keyboard.press("Control+S")
    expect(page.get_by_role("button", name=re.compile("Source envoyée à"))).to_be_visible()
    page.goto(address)
    return address


def releases(page: Page, shoot: Callable[..., None]) -> None:
    """Look as a student, then release."""
    page.get_by_role("link", name="Voir comme étudiant").click()
    shown = copy_in(page)
    expect(shown.get_by_role("main")).to_contain_text("NotImplementedError")
    text = shown.get_by_role("main").inner_text()
    assert "sum(nombres)" not in text, "the solution"
    assert "liste vide a pour moyenne" not in text, "a hidden test"
    shoot(page, "students-view", whole=False)
    page.get_by_role("button", name="Distribuer").click()
    expect(page.get_by_text("La version 1 est celle que récupèrent les étudiants.")).to_be_visible()


def brings_people_in(page: Page, course: str, shoot: Callable[..., None]) -> str:
    """An assistant by a list, students by a link; returns the link."""
    page.goto(f"{course}/people")
    roster = "﻿courriel;nom;rôle\nines@demo.example;Inès Delgado;assistant\nnouvelle@demo.example;;\n"
    page.get_by_label("Fichier").set_input_files(FilePayload(name="liste.csv", mimeType="text/csv", buffer=roster.encode()))
    page.get_by_role("button", name="Ajouter ces personnes").click()
    expect(page.get_by_role("status")).to_contain_text("2 lignes acceptées")
    expect(page.get_by_label("Rôle de Inès Delgado")).to_have_value("assistant")
    page.get_by_role("button", name="Créer un lien d’inscription").click()
    shoot(page, "people")
    return page.get_by_label("Adresse à donner").input_value()


def joins_and_hands_in(page: Page, link: str, shoot: Callable[..., None]) -> None:
    page.goto(link)
    shoot(page, "join")
    page.get_by_role("button", name="Rejoindre le cours").click()
    page.get_by_role("link", name="TP1 Moyenne").click()
    page.get_by_role("button", name="Ouvrir dans JupyterLab").click()
    expect_lab(page, "notebook.ipynb")
    write(page, 0, ANSWER)
    hand_in(page)


def grades(page: Page, address: str, shoot: Callable[..., None]) -> list[dict[str, str]]:
    """Grade, give points by hand, publish; returns the marks that were downloaded."""
    page.goto(f"{address}/grading")
    page.locator("#grade").click()
    row = page.get_by_role("row").filter(has_text="Priya Sivakumar")
    expect(row.get_by_role("link", name="Priya Sivakumar")).to_be_visible(timeout=PATIENCE)
    shoot(page, "gradebook")
    row.get_by_role("link", name="Priya Sivakumar").click()
    page.locator("input[name='points:notebook:question-2']").fill("1,5")
    page.locator("textarea[name='comment:notebook:question-2']").fill("Et avec une valeur extrême ?")
    shoot(page, "copy", whole=False)
    page.locator("#save").click()
    expect(page.locator("dl.facts")).to_contain_text("1,5 / 6")
    page.goto(f"{address}/grading")
    page.locator("#publish").click()
    expect(row.locator(".badge.good")).to_be_visible()
    shoot(page, "published")
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("CSV")).click()
    text = download.value.path().read_text(encoding="utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";" if ";" in text.partition("\n")[0] else ","))


def test_a_teacher_goes_the_whole_path(himalia: Himalia, person: Callable[..., Page], shoot: Callable[..., None]) -> None:
    karim = person("Karim")
    shoot(karim, "my-courses")
    course = makes_a_course(karim, shoot)
    address = writes_an_assignment(karim, shoot)
    releases(karim, shoot)
    link = brings_people_in(karim, course, shoot)
    priya = person("Priya")
    joins_and_hands_in(priya, link, shoot)
    karim.goto(address)
    expect(karim.get_by_role("row").filter(has_text="Priya Sivakumar")).to_contain_text("Fichiers (zip)")
    shoot(karim, "class")
    marks = grades(karim, address, shoot)
    assert any({"1.5", "1,5"} & set(line.values()) for line in marks), marks
    priya.goto(f"{address}/copy")
    expect(priya.locator("#score")).to_have_text("1,5 / 6")
    expect(copy_in(priya).get_by_text("Et avec une valeur extrême ?")).to_be_visible()
    shoot(priya, "students-copy", whole=False)


def test_an_assistant_reads_copies_and_changes_no_setting(himalia: Himalia, person: Callable[..., Page]) -> None:
    page = person("Inès")
    expect(page.get_by_text("Vous assistez dans ce cours").first).to_be_visible()
    expect(page.get_by_text("Vous suivez ce cours").first).to_be_visible()
    page.goto("/courses/apprentissage-equite")
    page.get_by_role("link", name="TP2 · Prédire un loyer").click()
    expect(page.get_by_role("link", name="Correction")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("Distribuer"))).to_have_count(0)
    for refused in ("people", "environment", "new-assignment"):
        page.goto(f"/courses/apprentissage-equite/{refused}")
        expect(page.get_by_role("heading", level=1)).to_have_text("Cela ne vous est pas ouvert dans ce cours")
    page.goto("/courses/enquetes-images/tp1-recoder/grading")
    expect(page.get_by_role("heading", level=1)).to_have_text("Cela ne vous est pas ouvert dans ce cours")
