"""Every sentence of the page has its French, and no French is left over; the built JavaScript is fresh."""

import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3] / "extensions" / "himalia_lab"
CATALOG = ROOT / "himalia_lab" / "locale" / "fr_FR" / "LC_MESSAGES" / "himalia_lab.json"
_STRING = r"""(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")"""
_CALL = re.compile(rf"\b(__|_n)\(\s*{_STRING}")


def said() -> set[str]:
    sources = "\n".join(path.read_text() for path in (ROOT / "src").rglob("*.ts*"))
    found = (single or double for _, single, double in _CALL.findall(sources))
    return {text.replace("\\'", "'") for text in found}


def translated() -> dict[str, list[str]]:
    catalog: dict[str, list[str]] = json.loads(CATALOG.read_text())
    return {text: french for text, french in catalog.items() if text}


def test_every_sentence_is_translated_and_no_translation_is_left_over() -> None:
    assert said() == set(translated())


def test_no_translation_is_empty() -> None:
    assert [text for text, french in translated().items() if not all(french)] == []


def test_placeholders_survive_translation() -> None:
    broken = [text for text, french in translated().items() if not _places(text) <= _places(french[-1])]
    assert broken == []


def test_the_built_javascript_is_that_of_the_sources() -> None:
    check = subprocess.run([sys.executable, ROOT / "built.py", "check"], capture_output=True, text=True, check=False)
    assert check.returncode == 0, check.stderr


def test_the_versions_of_the_two_halves_agree() -> None:
    package = json.loads((ROOT / "package.json").read_text())
    assert f'version = "{package["version"]}"' in (ROOT / "pyproject.toml").read_text()


def _places(text: str) -> set[str]:
    return set(re.findall(r"%\d", text))
