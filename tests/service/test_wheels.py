"""Every distribution's wheel is built, installed alone in an empty environment, and each of its modules is imported."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
UV = str(Path(sys.executable).with_name("uv"))
EXTRAS = {"himalia_exchange": "[nbgrader]"}  # its plugin imports nbgrader
# Run beside students' code or inside JupyterLab by path, or only by a hub; they import what those processes bring.
LEFT_OUT = ("hub_config.jupyterhub_config", "hub_config.spawners.inside", "hub_services.web.migrations")


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("wheels")
    argv = [UV, "build", "--quiet", "--all-packages", "--wheel", "--out-dir", str(folder)]
    subprocess.run(argv, cwd=ROOT, check=True, capture_output=True, timeout=300)
    return {wheel.name.partition("-")[0]: wheel for wheel in folder.glob("*.whl")}


def modules(wheel: Path) -> list[str]:
    """The modules that the wheel brings."""
    with zipfile.ZipFile(wheel) as archive:
        files = [Path(name) for name in archive.namelist() if name.endswith(".py") and ".data/" not in name]
    names = [".".join(path.with_suffix("").parts).removesuffix(".__init__") for path in files]
    return sorted(name for name in names if not name.endswith("__main__") and not name.startswith(LEFT_OUT))


def test_each_distribution_has_a_wheel(wheels: dict[str, Path]) -> None:
    assert set(wheels) == {"himalia", "himalia_exchange", "himalia_grade", "himalia_lab", "himalia_sandbox"}


@pytest.mark.parametrize("name", ["himalia", "himalia_exchange", "himalia_grade", "himalia_lab", "himalia_sandbox"])
def test_a_wheel_installs_alone_and_imports(wheels: dict[str, Path], name: str, tmp_path: Path) -> None:
    python = tmp_path / "venv" / "bin" / "python"
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("VIRTUAL_ENV", "PYTHON"))}
    subprocess.run([UV, "venv", "--quiet", "--python", "/usr/bin/python3", tmp_path / "venv"], check=True, env=environment)
    links = wheels[name].parent
    wanted = f"{name.replace('_', '-')}{EXTRAS.get(name, '')} @ {wheels[name].as_uri()}"
    install = [UV, "pip", "install", "--quiet", "--python", str(python), "--find-links", str(links), wanted]
    subprocess.run(install, check=True, env=environment, timeout=300)
    brought = modules(wheels[name])
    assert brought
    code = f"import importlib; [importlib.import_module(name) for name in {brought!r}]"
    done = subprocess.run([python, "-W", "error::SyntaxWarning", "-c", code], capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 0, done.stderr


def test_the_platforms_wheel_holds_its_pages_and_words(wheels: dict[str, Path]) -> None:
    with zipfile.ZipFile(wheels["himalia"]) as archive:
        names = set(archive.namelist())
    wanted = {path for path in ROOT.glob("hub_services/**/*") if path.suffix in (".html", ".po", ".css", ".js", ".svg")}
    assert {str(path.relative_to(ROOT)) for path in wanted} <= names
