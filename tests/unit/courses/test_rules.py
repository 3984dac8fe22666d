"""Names of courses."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub_services.courses import rules


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Enquêtes et images (SHS)", "enquetes-et-images-shs"),
        ("Apprentissage & équité — L2", "apprentissage-et-equite-l2"),
        ("Œuvres, cœurs et nœuds", "oeuvres-coeurs-et-noeuds"),
        ("  ", "cours"),
        ("数学", "cours"),
        ("2026", "2026"),
        ("a" * 90, "a" * 56),
    ],
)
def test_a_title_wishes_for_an_address(title: str, slug: str) -> None:
    assert rules.slug_of(title) == slug


def test_a_long_title_is_cut_between_words() -> None:
    assert rules.slug_of("introduction aux methodes statistiques pour les sciences humaines") == (
        "introduction-aux-methodes-statistiques-pour-les-sciences"
    )


def test_a_taken_or_reserved_address_gets_a_number() -> None:
    assert rules.free_slug("stat", set()) == "stat"
    assert rules.free_slug("stat", {"stat", "stat-2"}) == "stat-3"
    assert rules.free_slug("new", set()) == "new-2"


@given(st.text(max_size=200))
def test_each_key_is_one_that_the_hub_takes(title: str) -> None:
    slug = rules.slug_of(title)
    assert re.fullmatch(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?", slug)
    key = rules.key_of(slug, "abc234")
    assert len(key) <= 24
    assert re.fullmatch(r"[a-z]([a-z0-9-]*[a-z0-9])?", key)
    assert "--" not in key


@pytest.mark.parametrize(
    ("typed", "title"),
    [("  Stat \n L2\t", "Stat L2"), ("\0\x07", ""), ("e\u0301te\u0301", "été"), ("x" * 500, "x" * 120)],
)
def test_a_title_is_one_clean_line(typed: str, title: str) -> None:
    assert rules.clean_title(typed) == title
