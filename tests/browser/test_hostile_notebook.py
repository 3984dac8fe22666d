"""A hostile notebook on our pages in a real browser: nothing runs, nothing is asked, nobody is led away (law 6)."""

import json
from collections.abc import Callable
from urllib.parse import urlsplit

from playwright.sync_api import Dialog, Page, expect

from tests.browser.lab import copy_in
from tests.service.conftest import Himalia

COURSE = "/courses/apprentissage-equite"
EVIL = "http://evil.example"
ATTACKS = (
    "<script>top.hurt = 1; alert(1)</script>",
    "<img src=x onerror=\"parent.postMessage('hurt', '*'); alert(2)\">",
    f'<img src="{EVIL}/pixel.png">',
    '<svg onload="alert(3)"><a xlink:href="javascript:alert(4)"><text y="20">x</text></a></svg>',
    "<a href=\"javascript:alert(5)\">five</a> [six](javascript:alert(6)) <a href='/sign-out' target='_top'>out</a>",
    '<iframe srcdoc="<script>alert(7)</script>"></iframe><object data="javascript:alert(8)"></object>',
    f'<meta http-equiv="refresh" content="0;url={EVIL}"><base href="{EVIL}/" target="_top">',
    f'<link rel="stylesheet" href="{EVIL}/x.css"><style>@import url({EVIL}/y.css); body {{ background: url({EVIL}/z) }}</style>',
    f'<form action="{EVIL}" method="post"><button id="go">Continue</button></form>',
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(9)&gt;">',
    '<noscript><p title="</noscript><img src=x onerror=alert(10)>">',
    "<details open ontoggle=alert(11)><summary>x</summary></details><input autofocus onfocus=alert(12)>",
)


def hostile() -> bytes:
    def cell(number: int, text: str) -> dict[str, object]:
        return {"id": f"c{number}", "cell_type": "markdown", "metadata": {}, "source": text}

    cells = [cell(0, "# Still here"), *(cell(number, attack) for number, attack in enumerate(ATTACKS, 1))]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


def test_a_hostile_notebook_is_only_looked_at(himalia: Himalia, person: Callable[..., Page], shoot: Callable[..., None]) -> None:
    page = person("Karim")
    dialogs: list[str] = []
    hosts: set[str] = set()

    def seen(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", seen)
    page.on("request", lambda request: hosts.add(urlsplit(request.url).hostname or ""))
    page.goto(f"{COURSE}/new-assignment")
    page.get_by_label("Titre").fill("Hostile <img src=x onerror=alert(0)>")
    files = [{"name": "hostile.ipynb", "mimeType": "application/json", "buffer": hostile()}]
    page.get_by_label("Un notebook résolu et ses données").set_input_files(files)  # type: ignore[arg-type]
    page.get_by_role("button", name="Créer le brouillon").click()
    address = page.url
    page.get_by_role("link", name="Voir comme étudiant").click()
    expect(copy_in(page).get_by_role("heading", name="Still here")).to_be_visible()
    shoot(page, "preview", whole=False)
    page.wait_for_load_state("networkidle")
    assert page.url == f"{address}/preview"
    assert page.evaluate("typeof window.hurt") == "undefined"
    page.goto(f"{address}/preview/hostile.ipynb.html")
    expect(page.get_by_role("heading", name="Still here")).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert dialogs == []
    assert hosts == {"localhost"}

    page.goto(address)
    page.locator("summary").filter(has_text="Supprimer le devoir").click()
    page.get_by_role("button", name="Le supprimer").click()
    expect(page.get_by_text("Hostile")).to_have_count(0)
