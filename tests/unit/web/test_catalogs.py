"""Each sentence that people read exists in French, with the same values in it."""

import re

import pytest
from babel.messages.catalog import Message

from hub_services.web.i18n import choose_language, translator
from tests import catalogs

_VALUE = re.compile(r"%\((\w+)\)s")


def _messages(feature: str) -> list[Message]:
    return [message for message in catalogs.translated(feature) if message.id]


@pytest.mark.parametrize("feature", catalogs.names())
def test_every_message_of_a_feature_has_its_french(feature: str) -> None:
    known = catalogs.translated(feature)
    said = [message.id for message in catalogs.said(feature) if message.id]
    missing = [id for id in said if id not in known or not catalogs.is_translated(known[id].string)]
    assert not missing


@pytest.mark.parametrize("feature", catalogs.names())
def test_no_translation_is_fuzzy_or_of_a_message_that_nobody_says(feature: str) -> None:
    said = catalogs.said(feature)
    left = [message.id for message in _messages(feature) if (message.fuzzy or message.id not in said)]
    assert not left


@pytest.mark.parametrize("feature", catalogs.names())
def test_a_translation_holds_the_values_of_its_message(feature: str) -> None:
    for message in _messages(feature):
        english = message.id if isinstance(message.id, str) else message.id[-1]
        french = message.string if isinstance(message.string, str) else (message.string or [""])[-1]
        assert set(_VALUE.findall(english)) == set(_VALUE.findall(french)), english


def test_french_typography_keeps_its_marks_together() -> None:
    for feature in catalogs.names():
        for message in _messages(feature):
            strings = [message.string] if isinstance(message.string, str) else message.string or []
            for french in strings:
                assert not re.search(r"\w[?!;:»](?!\S)", french), french
                assert "'" not in french, french


def test_values_are_put_into_a_translated_message() -> None:
    assert translator("fr").gettext("Welcome to %(name)s", {"name": "Himalia"}) == "Bienvenue sur Himalia"
    assert translator("en").gettext("100% of it") == "100% of it"


def test_a_language_that_is_not_offered_is_english() -> None:
    assert translator("de").language == "en"
    assert translator("de").gettext("Sign in") == "Sign in"


@pytest.mark.parametrize(
    ("cookie", "accept", "chosen"),
    [
        ("en", "fr", "en"),
        ("de", "fr", "fr"),
        (None, "de-DE, fr;q=0.8, en;q=0.5", "fr"),
        (None, "EN-gb", "en"),
        (None, "", "fr"),
        (None, ";;;,,,", "fr"),
    ],
)
def test_the_choice_of_a_language(cookie: str | None, accept: str, chosen: str) -> None:
    assert choose_language(cookie, accept, "fr") == chosen


def test_a_message_has_one_french_whoever_says_it() -> None:
    """The catalogs are merged: of two translations one would be lost."""
    said: dict[str, set[str]] = {}
    for feature in catalogs.names():
        for message in _messages(feature):
            said.setdefault(str(message.id), set()).add(str(message.string))
    assert {english: french for english, french in said.items() if len(french) > 1} == {}
