"""What `up` prepares: folders, ports, settings, programs, environments."""

import os
import stat
import subprocess
from pathlib import Path
from typing import Any

import pytest
from himalia_sandbox import Means

from hub_cli.failure import CannotProceed
from hub_cli.one_machine import demo, environments, install, isolation, node, ports, programs, resolve, state
from hub_cli.one_machine.resolve import Wishes
from hub_config.settings.load import load
from hub_config.settings.model import Settings


@pytest.fixture
def all_ports_free(monkeypatch: pytest.MonkeyPatch) -> set[int]:
    """The ports that a test says are taken; none at first."""
    taken: set[int] = set()
    monkeypatch.setattr(ports, "is_free", lambda port: port not in taken)
    return taken


def test_the_folders_of_a_state_are_private_where_they_must_be(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    folder = Path("/tmp").resolve() / f"himalia-{os.getpid()}"
    try:
        state.prepare(folder)
        modes = {name: stat.S_IMODE((folder / name).stat().st_mode) for name in state.FOLDERS}
        assert modes == dict(state.FOLDERS)
        assert {stat.S_IMODE((folder / name).stat().st_mode) for name in state.DATABASES} == {0o600}
    finally:
        subprocess.run(["rm", "-r", str(folder)], check=True)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives people uids of their own")
def test_a_state_behind_a_closed_folder_is_refused(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    with pytest.raises(CannotProceed, match="closed to other users"):
        state.prepare(closed / "state")


def test_a_state_that_cannot_be_made_is_one_sentence() -> None:
    with pytest.raises(CannotProceed, match=r"cannot be used \(.+\); name another with --state"):
        state.prepare(Path("/proc/himalia"))


def test_ports_are_the_usual_ones_where_they_are_free(tmp_path: Path, all_ports_free: set[int]) -> None:
    chosen = ports.choose(tmp_path / "ports.json", 8000, Settings().addresses)
    assert chosen["hub_port"] == 8081
    assert chosen["demo_port"] == ports.DEMO_PORT
    assert len(set(chosen.values()) | {8000}) == len(chosen) + 1


def test_a_taken_port_gives_way_and_the_choice_is_kept(tmp_path: Path, all_ports_free: set[int]) -> None:
    all_ports_free.add(8081)
    chosen = ports.choose(tmp_path / "ports.json", 8000, Settings().addresses)
    assert chosen["hub_port"] != 8081
    assert chosen["web_port"] == 8002
    all_ports_free.clear()
    assert ports.choose(tmp_path / "ports.json", 8000, Settings().addresses) == chosen


def test_another_platform_stays_away_from_the_usual_ports(tmp_path: Path, all_ports_free: set[int]) -> None:
    chosen = ports.choose(tmp_path / "ports.json", 8010, Settings().addresses)
    assert all(port in ports.BELOW_OUTGOING for port in chosen.values())
    assert len(set(chosen.values())) == len(chosen)


def test_a_port_of_the_settings_file_is_kept_or_refused(
    tmp_path: Path, all_ports_free: set[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ports, "holder", lambda _: "nginx (process 7)")
    addresses = Settings.model_validate({"addresses": {"hub_port": 9001}}).addresses
    assert ports.choose(tmp_path / "ports.json", 8000, addresses)["hub_port"] == 9001
    all_ports_free.add(9001)
    with pytest.raises(CannotProceed, match=r"port 9001 is held by nginx \(process 7\); stop it, or .*addresses\.hub_port"):
        ports.choose(tmp_path / "ports.json", 8000, addresses)


def wishes(config: Path | None = None, **more: Any) -> Wishes:
    return Wishes(**({"config": config, "state": None, "port": None, "demo": True} | more))


def test_the_command_line_wins_over_the_file(tmp_path: Path, all_ports_free: set[int]) -> None:
    file = tmp_path / "himalia.yaml"
    file.write_text(f"state: {tmp_path}/written\naddresses: {{public_url: 'http://localhost:9000'}}\nsite: {{name: École}}\n")
    (tmp_path / "run").mkdir()
    assert resolve.state_folder(wishes(file)) == tmp_path / "written"
    assert resolve.state_folder(wishes(file, state=tmp_path)) == tmp_path
    assert resolve.without_ports(wishes(file), tmp_path).addresses.port == 9000
    settings, _ = resolve.with_ports(wishes(file, port=9100), tmp_path)
    assert (settings.addresses.public_url, settings.site.name, settings.state) == (
        "http://localhost:9100",
        "École",
        tmp_path,
    )


def test_the_demo_adds_its_provider_to_those_of_the_file(tmp_path: Path, all_ports_free: set[int]) -> None:
    (tmp_path / "run").mkdir()
    settings, port = resolve.with_ports(wishes(), tmp_path)
    (provider,) = settings.sign_in.providers
    assert (provider.name, provider.issuer, provider.administrators) == ("demo", f"http://localhost:{port}", ("admin",))
    assert load(resolve.write(settings)) == settings
    assert resolve.with_ports(wishes(demo=False), tmp_path)[0].sign_in.providers == ()


def test_a_wrong_key_is_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / "himalia.yaml"
    file.write_text("stat: /tmp\n")
    with pytest.raises(CannotProceed, match="did you mean `state`"):
        resolve.state_folder(wishes(file))


def test_the_proxy_listens_on_this_machine_alone_until_it_has_a_public_name() -> None:
    local = programs.programs(Settings(), "node")
    public = programs.programs(Settings.model_validate({"addresses": {"public_url": "https://hub.univ.fr"}}), "node")
    assert [_option(_named(table, "proxy"), "--ip") for table in (local, public)] == ["127.0.0.1", "0.0.0.0"]
    assert "--host-routing" in _named(local, "proxy").argv


def _named(table: tuple[Any, ...], name: str) -> Any:
    return next(program for program in table if program.name == name)


def _option(program: Any, option: str) -> str:
    return str(program.argv[program.argv.index(option) + 1])


def test_processes_get_little_of_the_shell() -> None:
    shell = {"PATH": "/bin", "LC_ALL": "C", "https_proxy": "http://p", "AWS_SECRET": "x", "JUPYTERHUB_API_TOKEN": "x"}
    kept = programs.environment(Path("/settings.json"), shell | {"PYTHONDONTWRITEBYTECODE": "1"})
    assert set(kept) == {"PATH", "LC_ALL", "https_proxy", "HIMALIA_SETTINGS", "PYTHONUNBUFFERED"}


def test_every_demo_account_says_what_it_is() -> None:
    accounts = demo.accounts()
    assert [account["sub"] for account in accounts[:4]] == ["amina", "karim", "ines", "admin"]
    assert len({account["sub"] for account in accounts}) == len(accounts) == 15
    assert all(account["name"] and account["description_fr"] and account["description_en"] for account in accounts)


def test_isolation_off_is_loud(capsys: pytest.CaptureFixture[str]) -> None:
    isolation.require_isolation("none")
    assert "ISOLATION IS OFF" in capsys.readouterr().out


def test_no_isolation_no_start(monkeypatch: pytest.MonkeyPatch) -> None:
    refused = Means(bubblewrap=False, limits="rlimit", uid=False, reason="it is not installed")
    monkeypatch.setattr(isolation, "detect", lambda: refused)
    with pytest.raises(CannotProceed, match="bubblewrap cannot be used: it is not installed"):
        isolation.require_isolation("bubblewrap")


@pytest.mark.parametrize(
    ("output", "sentence"),
    [
        ("error: dns error: failed to lookup address", "because the network does not answer"),
        ("npm error code EAI_AGAIN", "because the network does not answer"),
        ("error: no space left\n\n", "JupyterLab could not be installed: error: no space left"),
        ("", "no output"),
    ],
)
def test_an_installer_that_fails_is_one_sentence(tmp_path: Path, output: str, sentence: str) -> None:
    with pytest.raises(CannotProceed) as failed:
        install.run(["sh", "-c", f"printf '{output}'; exit 1"], log=tmp_path / "log", what="JupyterLab", cwd=tmp_path)
    assert sentence in str(failed.value)
    assert "\n" not in str(failed.value)


def repository(folder: Path) -> Path:
    for name in ("uv.lock", "pyproject.toml", "extensions/himalia_lab/a.py", "extensions/himalia_exchange/b.py"):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return folder


def test_the_server_is_built_again_when_and_only_when_its_sources_change(tmp_path: Path) -> None:
    made = repository(tmp_path)
    first = environments.server_stamp(made)
    (made / "extensions/himalia_lab/node_modules").mkdir()
    (made / "extensions/himalia_lab/node_modules/big.js").write_text("x")
    assert environments.server_stamp(made) == first
    (made / "extensions/himalia_lab/a.py").write_text("changed")
    assert environments.server_stamp(made) != first


@pytest.mark.parametrize(("version", "good"), [("v18.20.4", False), ("v20.1.0", True), ("v24.19.0", True), ("", False)])
def test_an_old_node_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str, good: bool) -> None:
    for name in ("node", "npm"):
        (tmp_path / name).write_text(f"#!/bin/sh\necho {version}\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert (node._of_the_system() is not None) is good


def test_the_proxys_own_page_needs_nothing_from_elsewhere() -> None:
    page = (programs.PROXY_PAGES / "error.html").read_text(encoding="utf-8")
    assert 'lang="fr"' in page
    assert 'lang="en"' in page
    assert "http:" not in page
    assert "<script" not in page
