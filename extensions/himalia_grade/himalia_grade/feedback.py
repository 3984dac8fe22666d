"""The graded copy as one page of HTML that a student may see: no script, nothing remote, no hidden test; French or English."""

import base64
import html
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from nbconvert.filters import ansi
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from himalia_grade.models import Cell, Notebook
from himalia_grade.safe_html import clean, from_markdown, picture
from himalia_grade.scrub import Scrubbed, scrubbed, text_of

Score = tuple[float | None, float]

_WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "title": "Graded copy",
        "points": "points",
        "waiting": "not graded yet",
        "comment": "Comment",
        "withheld": "The result of this cell's hidden tests is in its points alone.",
        "empty": "There is no notebook to show.",
        "output": "Output",
        "figure": "Figure",
        "cell": "Graded cell",
    },
    "fr": {
        "title": "Copie corrigée",
        "points": "points",
        "waiting": "pas encore corrigé",
        "comment": "Commentaire",
        "withheld": "Le résultat des tests cachés de cette cellule ne se lit que dans ses points.",
        "empty": "Il n'y a pas de notebook à montrer.",
        "output": "Sortie",
        "figure": "Figure",
        "cell": "Cellule notée",
    },
}
# For the page kept as a file; served, it has the same in its headers.
_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
_PICTURES = ("image/png", "image/jpeg", "image/gif")
_PYTHON = PythonLexer(stripnl=False)
_coloured: Any = ansi.ansi2html
_COLOURS = HtmlFormatter(nowrap=True, classprefix="c-")


def render(
    notebook: Notebook,
    scores: Mapping[str, Score],
    comments: Mapping[str, str],
    language: str = "en",
) -> str:
    """The page. `scores` and `comments` are by grade id; a score is (points or None if none yet, maximum).

    Every text of the notebook is the student's or the student's code's: it is escaped or cleaned here, and hidden
    tests are taken out, whatever is in it. The same notebook always gives the same bytes.
    """
    page = _Page(scrubbed(notebook), scores, comments, _WORDS["fr" if language.startswith("fr") else "en"])
    code = "fr" if language.startswith("fr") else "en"
    return (
        f'<!DOCTYPE html>\n<html lang="{code}"><head><meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{page.words['title'] if scores else 'Notebook'}</title>\n<style>\n{_style()}</style></head>\n"
        f"<body><main>\n{page.body()}</main></body></html>\n"
    )


@dataclass(frozen=True)
class _Page:
    scrubbed: Scrubbed
    scores: Mapping[str, Score]
    comments: Mapping[str, str]
    words: Mapping[str, str]

    def body(self) -> str:
        cells = self.scrubbed.notebook.get("cells", [])
        shown = "".join(self._cell(position, cell) for position, cell in enumerate(cells))
        return self._header() + (shown or f"<p>{self.words['empty']}</p>\n")

    def _header(self) -> str:
        if not self.scores:
            return ""
        total = sum(points or 0 for points, _maximum in self.scores.values())
        maximum = sum(most for _points, most in self.scores.values())
        return f"<h1>{self.words['title']} <span class='points'>{total:g} / {maximum:g} {self.words['points']}</span></h1>\n"

    def _cell(self, position: int, cell: Cell) -> str:
        grade_id = str((cell.get("metadata") or {}).get("nbgrader", {}).get("grade_id", ""))
        graded = self._points(grade_id) + self._comment(grade_id)
        kind = "graded" if graded else "plain"
        label = f' aria-label="{self.words["cell"]} {html.escape(grade_id)}"' if graded else ""
        return f'<section class="cell {kind}"{label}>\n{self._content(position, cell)}{graded}</section>\n'

    def _content(self, position: int, cell: Cell) -> str:
        source = text_of(cell.get("source", ""))
        if cell.get("cell_type") == "markdown":
            return f'<div class="text">{from_markdown(source, cell.get("attachments") or {})}</div>\n'
        if cell.get("cell_type") != "code":
            return f"<pre>{html.escape(source)}</pre>\n"
        shown = "".join(self._output(output) for output in cell.get("outputs", []))
        if position in self.scrubbed.withheld:
            shown = f'<p class="withheld">{self.words["withheld"]}</p>\n'
        return f'<pre class="code">{highlight(source, _PYTHON, _COLOURS)}</pre>\n{shown}'

    def _points(self, grade_id: str) -> str:
        if grade_id not in self.scores:
            return ""
        points, maximum = self.scores[grade_id]
        if points is None:
            return f'<p class="score waiting">{self.words["waiting"]} / {maximum:g} {self.words["points"]}</p>\n'
        kind = "full" if points >= maximum else "none" if points == 0 else "part"
        return f'<p class="score {kind}">{points:g} / {maximum:g} {self.words["points"]}</p>\n'

    def _comment(self, grade_id: str) -> str:
        text = self.comments.get(grade_id, "").strip()
        lines = html.escape(text).replace("\n", "<br>")
        return f'<div class="comment"><strong>{self.words["comment"]}</strong><br>{lines}</div>\n' if text else ""

    def _output(self, output: Mapping[str, Any]) -> str:
        kind = output.get("output_type")
        if kind == "stream":
            return _text(text_of(output.get("text", "")), f"out {'error' if output.get('name') == 'stderr' else ''}".strip())
        if kind == "error":
            return _text("\n".join(map(str, output.get("traceback", []))), "out error")
        return self._bundle(output.get("data") or {})

    def _bundle(self, data: Mapping[str, Any]) -> str:
        """The best of an output's forms that can be shown without running anything."""
        for form in _PICTURES:
            if form in data:
                return f'<div class="out">{picture(form, _base64(data[form]), self._name_of(data))}</div>\n'
        if "image/svg+xml" in data:
            drawing = base64.b64encode(text_of(data["image/svg+xml"]).encode()).decode()
            return f'<div class="out">{picture("image/svg+xml", drawing, self._name_of(data))}</div>\n'
        if "text/html" in data:
            # A wide table is scrolled by the keyboard too.
            return f'<div class="out" tabindex="0">{clean(text_of(data["text/html"]))}</div>\n'
        if "text/markdown" in data:
            return f'<div class="out">{from_markdown(text_of(data["text/markdown"]), {})}</div>\n'
        return _text(text_of(data.get("text/plain", data.get("text/latex", ""))), "out")

    def _name_of(self, data: Mapping[str, Any]) -> str:
        return text_of(data.get("text/plain", ""))[:200] or self.words["figure"]


def _text(text: str, kind: str) -> str:
    return f'<pre class="{kind}">{_coloured(text)}</pre>\n' if text else ""


def _base64(value: object) -> str:
    """What of a text is base64: anything else would end the picture's address."""
    return "".join(letter for letter in text_of(value) if letter.isascii() and (letter.isalnum() or letter in "+/="))


def _style() -> str:
    own = (files("himalia_grade") / "feedback.css").read_text(encoding="utf-8")
    return f"{own}{_COLOURS.get_style_defs('.code')}\n"
