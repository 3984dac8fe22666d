"""The table of commands: quick, complete, and one sentence when something is wrong."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from hub_cli.main import COMMANDS, main


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith(f"usage: himalia {command}")


def test_help_imports_no_command() -> None:
    """`himalia --help` answers at once: what a command needs is loaded with the command."""
    code = "import sys; from hub_cli.main import main\ntry: main(['--help'])\nexcept SystemExit: pass\nprint(sorted(sys.modules))"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert "hub_cli.main" in said
    assert not [name for name in ("pydantic", "sqlalchemy", "jupyterhub", "hub_cli.up") if f"'{name}'" in said]


def test_without_a_command_the_commands_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    said = capsys.readouterr().out
    assert all(name in said for name in COMMANDS)


def test_a_sentence_instead_of_a_traceback(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HIMALIA_SETTINGS", raising=False)
    assert main(["serve", "web"]) == 1
    assert capsys.readouterr().err.startswith("himalia: HIMALIA_SETTINGS names no settings file")


def test_check_names_the_line_and_the_nearest_key(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "himalia.yaml"
    file.write_text("site:\n  name: Lycée\n  langage: fr\n")
    assert main(["check", str(file)]) == 1
    assert capsys.readouterr().err == f"{file}, line 3: site.langage: no such setting; did you mean `language`?\n"


def test_check_for_a_script(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "himalia.yaml"
    file.write_text("addresses: {hub_port: high}\nsite: {nom: x}\n")
    assert main(["check", str(file), "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert found["valid"] is False
    assert len(found["errors"]) == 2


def test_check_of_a_right_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "himalia.yaml"
    file.write_text("site: {name: Université}\n")
    assert main(["check", str(file)]) == 0
    assert capsys.readouterr().out == f"{file}: the settings are right.\n"


def test_check_of_a_file_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(tmp_path / "none.yaml")]) == 1
    assert "cannot be read" in capsys.readouterr().err


def test_status_and_down_where_nothing_runs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["status", "--state", str(tmp_path)]) == 3
    assert main(["down", "--state", str(tmp_path)]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said == [
        f"Himalia does not run with the state folder {tmp_path}.",
        f"Nothing of Himalia runs with the state folder {tmp_path}.",
    ]
