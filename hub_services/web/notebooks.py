"""How a student's notebook is answered, wherever it is shown: it runs nothing and asks nothing (law 6)."""

from starlette.responses import HTMLResponse

_HEADERS = {
    "Content-Security-Policy": "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'; frame-ancestors 'self'",
    "Cache-Control": "no-store",
}


def notebook_page(html: str | bytes) -> HTMLResponse:
    """`html`, made by himalia_grade.feedback, to be shown in a sandboxed frame of ours."""
    return HTMLResponse(html, headers=_HEADERS)
