"""The graded copy as a page: nothing of it runs or loads, whatever a student put in; hidden tests stay hidden."""

import base64
import re
from html.parser import HTMLParser
from typing import Any

import pytest
from himalia_grade.feedback import render
from himalia_grade.scrub import scrubbed

from tests.unit.grade.notebooks import answer, check, code, error, markdown, notebook, result, stream

HIDDEN = "### BEGIN HIDDEN TESTS\nassert f(17) == 289  # magic\nif x:\n    pass\n### END HIDDEN TESTS"
SCRIPTS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href=' java\tscript:alert(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<iframe src='https://evil.example'></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data='https://evil.example'></object>",
    "<embed src='https://evil.example'>",
    "<link rel=stylesheet href='https://evil.example/x.css'>",
    "<style>@import 'https://evil.example/x.css';</style>",
    "<p style='background:url(https://evil.example/x.png)'>x</p>",
    "<img src='https://evil.example/x.png'>",
    "<img srcset='https://evil.example/x.png 1x'>",
    "<img src='//evil.example/x.png'>",
    "<video src='https://evil.example/x.mp4' autoplay></video>",
    "<form action='https://evil.example'><input name=x><button>x</button></form>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "<base href='https://evil.example'>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "</pre></section></main><script>alert(1)</script>",
    "<table background='https://evil.example/x.png'><tr><td>x</td></tr></table>",
    "[x](javascript:alert(1))",
    "![x](https://evil.example/x.png)",
    "![x](attachment:a.png)",
    "<details ontoggle=alert(1) open>x</details>",
    "<body onload=alert(1)>",
]
HARMLESS = {
    *("html", "head", "meta", "title", "style", "body", "main", "section", "pre", "div", "span", "p", "h1", "h2", "br", "img"),
    *("a", "strong", "em", "table", "tr", "td", "th", "thead", "tbody", "code", "details", "ul", "li"),
}
LOADING = {"src", "srcset", "data", "poster", "background", "action", "formaction", "style", "srcdoc"}


class Page(HTMLParser):
    """What a browser would see."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def page(*cells: dict[str, Any], scores: Any = None, comments: Any = None, language: str = "en") -> str:
    return render(notebook(*cells), scores or {}, comments or {}, language)


def bundle(kind: str, data: object) -> dict[str, Any]:
    return {"output_type": "display_data", "data": {kind: data}, "metadata": {}}


def everywhere(text: str) -> list[dict[str, Any]]:
    """Cells with the text in each place where a student, or the student's code, can put one."""
    return [
        markdown(text),
        code(text, stream(text), stream(text, "stderr"), result(text), error(text)),
        code("x", *(bundle(kind, text) for kind in ("text/html", "text/markdown", "image/svg+xml", "text/latex", "image/png"))),
        {**code(text), "cell_type": "raw"},
        {**markdown("![a](attachment:a.png)"), "attachments": {"a.png": {"image/png": f'"{text}'}}},
        answer(text, text),
    ]


@pytest.mark.parametrize("attack", SCRIPTS)
def test_nothing_runs_and_nothing_loads(attack: str) -> None:
    text = page(*everywhere(attack), scores={attack: (1, 2)}, comments={attack: attack})
    for tag, attributes in Page(text).tags:
        assert tag in HARMLESS
        assert not [name for name in attributes if name.startswith("on")]
        for name in LOADING & set(attributes):
            assert (tag, name) == ("img", "src")
            assert (attributes[name] or "").startswith("data:image/")
        if tag == "a":
            assert (attributes.get("href") or "#").startswith(("http", "mailto:", "#"))
        if tag == "meta":
            assert attributes.get("http-equiv") in (None, "Content-Security-Policy")


def test_the_page_forbids_what_it_does_not_hold() -> None:
    assert "default-src 'none'; img-src data:; style-src 'unsafe-inline'" in page()
    assert not re.search(r"(?:src|href)=[\"']?(?:https?:)?//", page(*everywhere("x")))


def test_points_comments_and_the_total_are_shown() -> None:
    cells = (answer("x", "one"), check("assert x", grade_id="two"), answer("y", "three"))
    scores = {"one": (0.5, 1), "two": (0, 2), "three": (None, 3)}
    text = page(*cells, scores=scores, comments={"one": "Presque !\nRegardez <n>."}, language="fr")
    assert 'lang="fr"' in text
    for wanted in ("0.5 / 6 points", "0.5 / 1 points", "0 / 2 points", "pas encore corrigé / 3 points", "Copie corrigée"):
        assert wanted in text
    assert "Presque !<br>Regardez &lt;n&gt;." in text
    assert "not graded yet" in page(*cells, scores=scores)
    assert "<title>Notebook</title>" in page(*cells)


def test_pictures_tables_and_colours_are_kept() -> None:
    png = base64.b64encode(b"picture").decode()
    table = "<table border='1'><tr><th>a</th></tr><tr><td>1</td></tr></table>"
    text = page(code("x", bundle("image/png", png + "\n"), bundle("text/html", table), error("\x1b[31mAssertionError\x1b[39m")))
    assert f"data:image/png;base64,{png}" in text
    assert "<td>1</td>" in text
    assert "ansi-red-fg" in text


def test_formulas_and_attachments_stay() -> None:
    png = base64.b64encode(b"picture").decode()
    cell = {**markdown("$a_1 + b_1$ ![p](attachment:p.png)"), "attachments": {"p.png": {"image/png": png}}}
    text = page(cell)
    assert "$a_1 + b_1$" in text
    assert png in text


def test_the_same_copy_gives_the_same_bytes() -> None:
    assert page(*everywhere("x")) == page(*everywhere("x"))


def test_a_text_without_end_of_nesting_is_shown_as_written() -> None:
    assert "[[[[" in page(markdown("[" * 3000)) or "<pre>" in page(markdown("> " * 3000))


def test_a_copy_that_could_not_be_read_says_so() -> None:
    assert "There is no notebook" in render({}, {"a": (None, 1)}, {}, "en")


def test_hidden_tests_and_what_their_cell_showed_are_left_out() -> None:
    cell = check(f"assert f(1) == 1\n{HIDDEN}", error("assert f(17) == 289"), stream("289"))
    text = page(cell, scores={"test": (0, 1)}, language="fr")
    assert "tests cachés" in text
    for secret in ("289", "magic", "BEGIN HIDDEN"):
        assert secret not in text
    assert "f(<span" in text or "f(1)" in re.sub("<[^>]+>", "", text)


@pytest.mark.parametrize(
    "leak",
    [
        "assert f(17) == 289  # magic",
        "assert  f(17)\n ==   289  # magic",
        "\x1b[32massert\x1b[39m f(17) == 289  # magic",
        "assert f(17) == 289  # magic"[::-1],
        base64.b64encode(b"assert f(17) == 289  # magic").decode(),
        b"assert f(17) == 289  # magic".hex(),
    ],
)
def test_other_cells_lose_every_hidden_line(leak: str) -> None:
    leaked = [stream(f"before {leak} after"), result(leak), error(leak), bundle("text/html", f"<p>{leak}</p>")]
    shown = scrubbed(notebook(check(HIDDEN), code("print(stolen)", *leaked)))
    outputs = repr(shown.notebook["cells"][1]["outputs"])
    assert leak not in outputs
    assert "before" in outputs
    assert "289" not in outputs


def test_marking_schemes_are_left_out_and_short_lines_left_alone() -> None:
    task = markdown("Do it.\n=== BEGIN MARK SCHEME ===\n2 for 8128\n=== END MARK SCHEME ===", task=True, grade_id="t", points=2)
    text = page(task, check(HIDDEN), code("y", stream("pass")))
    assert "8128" not in text
    assert "pass" in text


def test_a_region_without_an_end_hides_the_rest() -> None:
    assert "secret" not in page(check("assert f(1)\n### BEGIN HIDDEN TESTS\nsecret = f(2)"))
