"""The page that says why an assignment could not be opened, and what can be done."""

from html import escape

from himalia_lab.answers import Answer
from himalia_lab.sentences import said

_PAGE = """<!doctype html>
<html lang="{lang}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{heading}</title>
<style>body{{font:1.1rem/1.5 system-ui,sans-serif;max-width:36rem;margin:12vh auto;padding:0 1rem;color:#1f2328}}
a{{display:inline-block;margin:.5rem 1rem .5rem 0;color:#0b5394}}</style></head>
<body><main><h1>{heading}</h1><p><strong>{title}</strong></p><p>{detail}</p>
<p><a href="{again}">{try_again}</a><a href="{lab}">{without}</a></p></main></body></html>
"""


def opening_page(assignment: str, answer: Answer, language: str, again: str, lab: str) -> str:
    """Plain HTML without scripts; every text in it is escaped."""
    detail = "Your files are as they were. Please try again in a minute." if answer.code == "unreachable" else ""
    parts = {
        "lang": "fr" if language.lower().startswith("fr") else "en",
        "heading": said("Cannot open {name}", language, name=assignment),
        "title": said(answer.title, language) if answer.code != "refused" else answer.title,
        "detail": said(detail, language) if detail else answer.detail,
        "again": again,
        "lab": lab,
        "try_again": said("Try again", language),
        "without": said("Open JupyterLab without it", language),
    }
    return _PAGE.format(**{name: escape(text) for name, text in parts.items()})
