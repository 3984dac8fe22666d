"""What Jupyter reads in a person's server."""

import json
from pathlib import PurePath
from typing import Any

import pytest

from hub_config.spawners import lab
from tests.unit.hub_config.test_server import specification

FORMGRADER = "@jupyter/nbgrader:formgrader"


def written(**changes: object) -> dict[str, Any]:
    texts = lab.files(specification(**changes), PurePath("/env"), PurePath("/home/me/course"))
    return {path: json.loads(text) for path, text in texts.items()}


def test_the_kernel_is_the_courses() -> None:
    kernel = written()["kernels/python3/kernel.json"]
    assert kernel["argv"][:3] == ["/env/bin/python", "-m", "ipykernel_launcher"]
    assert kernel["env"]["PATH"].startswith("/env/bin:")


@pytest.mark.parametrize(("role", "shown"), [("student", False), ("assistant", False), ("teacher", True)])
def test_the_tools_for_making_assignments_are_their_authors(role: str, shown: bool) -> None:
    files = written(role=role)
    extensions = files["jupyter_server_config.json"]["ServerApp"]["jpserver_extensions"]
    assert extensions["nbgrader.server_extensions.formgrader"] is shown
    assert (FORMGRADER not in files["labconfig/page_config.json"]["disabledExtensions"]) is shown
    assert ("root" in files["nbgrader_config.json"]["CourseDirectory"]) is shown


def test_nothing_leaves() -> None:
    files = written()
    assert files["jupyter_server_config.json"]["LabApp"] == {
        "news_url": None,
        "check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
        "extension_manager": "readonly",
    }
    off = files["labconfig/page_config.json"]["disabledExtensions"]
    assert off["@jupyterlab/apputils-extension:announcements"]
    assert off["@jupyterlab/extensionmanager-extension"]


@pytest.mark.parametrize(("language", "locale"), [("fr", "fr_FR"), ("en", "default")])
def test_lab_speaks_the_persons_language_and_saves_often(language: str, locale: str) -> None:
    settings = written(language=language)["labconfig/default_setting_overrides.json"]
    assert settings["@jupyterlab/translation-extension:plugin"]["locale"] == locale
    assert settings["@jupyterlab/docmanager-extension:plugin"]["autosaveInterval"] == 10


def test_every_step_of_the_exchange_is_himalias() -> None:
    steps = written()["nbgrader_config.json"]["ExchangeFactory"]
    assert len(steps) == 8
    assert all(name.startswith("himalia_exchange.plugin.Himalia") for name in steps.values())


def test_a_terminal_keeps_the_servers_programs() -> None:
    shell = written()["jupyter_server_config.json"]["ServerApp"]["terminado_settings"]["shell_command"]
    assert shell == ["/bin/bash"]
