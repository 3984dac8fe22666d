"""Where a form may lead: fuzzed, since browsers read addresses more generously than we do."""

from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub_services.web.redirects import local_path

HOME = "https://hub.univ.example"
ATTACKS = [
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "\t//evil.example",
    " //evil.example",
    "https://evil.example",
    "https:evil.example",
    "https:/evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "evil.example",
    "@evil.example",
    "/\x00/evil.example",
    "",
]


@pytest.mark.parametrize("target", ATTACKS)
def test_what_leads_elsewhere_becomes_the_first_page(target: str) -> None:
    assert local_path(target) == "/"


@pytest.mark.parametrize("target", ["/", "/courses/intro", "/courses/é?x=1&y=//z", "/a#b", "/courses/x:y"])
def test_a_path_of_ours_stays(target: str) -> None:
    assert local_path(target) == target


def as_a_browser_reads(target: str) -> str:
    """WHATWG URL: strip C0 and spaces around, drop tabs and newlines, a backslash is a slash."""
    stripped = target.strip("".join(map(chr, range(33))))
    for dropped in "\t\n\r":
        stripped = stripped.replace(dropped, "")
    return stripped.replace("\\", "/")


@given(st.text(alphabet=st.sampled_from("/\\:@.?#%\t\n\r \x00aehtps"), max_size=20) | st.text(max_size=20))
def test_a_browser_never_leaves_the_site(target: str) -> None:
    seen = urlsplit(urljoin(HOME, as_a_browser_reads(local_path(target))))
    assert (seen.scheme, seen.netloc) == ("https", "hub.univ.example")
