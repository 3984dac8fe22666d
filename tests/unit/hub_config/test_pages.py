"""The hub's own pages: standalone, in both languages, and back to the web application."""

import re
from pathlib import Path

import jinja2
import jupyterhub
import pytest

from hub_config.configure import PAGES

ENVIRONMENT = jinja2.Environment(loader=jinja2.FileSystemLoader(PAGES / "templates"), autoescape=True)
SITE = {"site_name": "Himalia", "site_url": "http://localhost:8000/"}
NAMES = sorted(path.name for path in (PAGES / "templates").glob("*.html"))


@pytest.mark.parametrize("name", NAMES)
def test_a_page_leads_back_and_loads_nothing(name: str) -> None:
    page = ENVIRONMENT.get_template(name).render(**SITE, status_code=404, message="<b>x</b>")
    assert set(re.findall(r'(?:href|src)="([^"]*)"', page)) == {"http://localhost:8000/"}
    assert '<html lang="fr">' in page
    assert 'lang="en"' in page
    assert "<script" not in page
    assert "<b>" not in page


def test_they_stand_in_for_pages_that_jupyterhub_has() -> None:
    stock = Path(jupyterhub.__file__).parents[4] / "share" / "jupyterhub" / "templates"
    assert set(NAMES) - {"back.html"} <= {path.name for path in stock.glob("*.html")}
