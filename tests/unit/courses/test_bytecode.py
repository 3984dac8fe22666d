"""Compiling and trying packages: the two scripts that run inside a new environment."""

import json
import sys
from importlib.util import cache_from_source
from pathlib import Path

import pytest

from hub_services.courses.builders import BuildRefused, bytecode, smoke
from hub_services.courses.builders.local import _describe


def environment(root: Path, name: str) -> Path:
    package = root / name / "pkg"
    (package / "tests").mkdir(parents=True)
    (package / "__init__.py").write_text("value = 1\n")
    (package / "old.py").write_text("print 'Python 2'\n")
    (package / "tests" / "test_it.py").write_text("")
    return root / name


def test_a_module_is_compiled_once_and_linked_afterwards(tmp_path: Path) -> None:
    one, other = environment(tmp_path, "one"), environment(tmp_path, "other")
    for site in (one, other):
        assert bytecode.main([str(site), str(tmp_path / "store")]) == 0
    compiled = [Path(cache_from_source(str(site / "pkg" / "__init__.py"))) for site in (one, other)]
    assert compiled[0].stat().st_ino == compiled[1].stat().st_ino
    assert compiled[0].read_bytes()[4:8] == b"\x01\0\0\0"
    assert len(list((tmp_path / "store").iterdir())) == 1


def test_tests_and_what_is_not_python_3_are_left_alone(tmp_path: Path) -> None:
    site = environment(tmp_path, "one")
    bytecode.main([str(site), str(tmp_path / "store")])
    assert not Path(cache_from_source(str(site / "pkg" / "old.py"))).exists()
    assert not Path(cache_from_source(str(site / "pkg" / "tests" / "test_it.py"))).exists()


def installed(site: Path, name: str, code: str, top_level: str | None = None) -> None:
    (site / f"{name}.py").write_text(code)
    about = site / f"{name}-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (about / "RECORD").write_text(f"{name}.py,,\n")
    if top_level:
        (about / "top_level.txt").write_text(top_level)


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    return tmp_path


def test_only_packages_that_cannot_be_imported_are_told(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    installed(site, "himalia_try_good", "x = 1")
    installed(site, "himalia_try_bad", "import himalia_no_such_module")
    installed(site, "himalia_try_exits", "raise SystemExit(3)")
    names = ["himalia_try_good", "himalia_try_bad", "himalia_try_exits", "himalia-try-absent"]
    assert smoke.main(names) == 0
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(name, module) for name, module, _ in told] == [("himalia_try_bad",) * 2, ("himalia_try_exits",) * 2]
    assert "ModuleNotFoundError" in told[0][2]
    assert "SystemExit: 3" in told[1][2]


def test_one_module_that_works_is_enough(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    installed(site, "himalia_try_two", "x = 1", top_level="himalia_try_two\nhimalia_no_such_module\n_private\ntests\n")
    assert smoke.main(["himalia_try_two"]) == 0
    assert capsys.readouterr().out == ""


def test_a_link_left_by_a_build_is_not_followed(tmp_path: Path) -> None:
    target = tmp_path / "outside"
    target.write_text("kept")
    fresh = tmp_path / "fresh"
    fresh.mkdir()
    (fresh / "requirements.lock").symlink_to(target)
    _describe(fresh, "numpy==1\n")
    assert target.read_text() == "kept"
    assert (fresh / "requirements.lock").read_text() == "numpy==1\n"
    (tmp_path / "link").symlink_to(fresh)
    with pytest.raises(BuildRefused):
        _describe(tmp_path / "link", "")
