"""What Jupyter reads in a person's server: pure, from a launch specification to the texts of its configuration files."""

import json
from pathlib import PurePath
from typing import Any

from hub_config.access.launch import LaunchSpecification
from hub_config.access.roles import Right, Role, allows

AUTOSAVE_SECONDS = 10
_LOCALES = {"fr": "fr_FR", "en": "default"}
# nbgrader's exchange, one class for each step.
_EXCHANGE = {
    "exchange": "HimaliaExchange",
    "fetch_assignment": "HimaliaExchangeFetchAssignment",
    "fetch_feedback": "HimaliaExchangeFetchFeedback",
    "release_assignment": "HimaliaExchangeReleaseAssignment",
    "release_feedback": "HimaliaExchangeReleaseFeedback",
    "list": "HimaliaExchangeList",
    "submit": "HimaliaExchangeSubmit",
    "collect": "HimaliaExchangeCollect",
}
_NEVER = (
    "@jupyterlab/apputils-extension:announcements",
    "@jupyterlab/extensionmanager-extension",
    "@jupyter/nbgrader:course-list",
)
# For those who make assignments; the others never see them.
_AUTHOR_PLUGINS = ("@jupyter/nbgrader:formgrader", "@jupyter/nbgrader:create-assignment")


def files(specification: LaunchSpecification, environment: PurePath, course: PurePath) -> dict[str, str]:
    """Each file's text by its path in the folder that JUPYTER_CONFIG_PATH and JUPYTER_PATH name."""
    author = allows(Role(specification.role), Right.AUTHOR)
    contents = {
        "jupyter_server_config.json": _server(author),
        "nbgrader_config.json": _nbgrader(specification, author, course),
        "labconfig/page_config.json": _page(author),
        "labconfig/default_setting_overrides.json": _settings(specification.language),
        "kernels/python3/kernel.json": _kernel(environment),
    }
    return {path: json.dumps(value, indent=1) for path, value in contents.items()}


def _server(author: bool) -> dict[str, Any]:
    return {
        "ServerApp": {
            "jpserver_extensions": {
                "nbgrader.server_extensions.formgrader": author,
                "nbgrader.server_extensions.course_list": False,
            },
            # A login shell, the default, would read /etc/profile and lose the course's and the server's programs.
            "terminado_settings": {"shell_command": ["/bin/bash"]},
        },
        # Nothing leaves: no news, no look for updates, no catalogue of extensions.
        "LabApp": {
            "news_url": None,
            "check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
            "extension_manager": "readonly",
        },
        # Looking for language servers, of which there are none, costs time at each start.
        "LanguageServerManager": {"autodetect": False},
    }


def _nbgrader(specification: LaunchSpecification, author: bool, course: PurePath) -> dict[str, Any]:
    folder: dict[str, Any] = {"course_id": specification.course}
    if author:
        folder["root"] = str(course)
    return {
        "CourseDirectory": folder,
        "ExchangeFactory": {step: f"himalia_exchange.plugin.{name}" for step, name in _EXCHANGE.items()},
    }


def _page(author: bool) -> dict[str, Any]:
    off = [
        "@jupyterlab/apputils-extension:announcements",
        "@jupyterlab/extensionmanager-extension",
        "@jupyter/nbgrader:course-list",
    ]
    if not author:
        off += _AUTHOR_PLUGINS
    return {"disabledExtensions": dict.fromkeys(off, True)}


def _settings(language: str) -> dict[str, Any]:
    return {
        "@jupyterlab/docmanager-extension:plugin": {"autosaveInterval": AUTOSAVE_SECONDS},
        "@jupyterlab/apputils-extension:notification": {"checkForUpdates": False, "fetchNews": "false"},
        "@jupyterlab/translation-extension:plugin": {"locale": _LOCALES[language]},
    }


def _kernel(environment: PurePath) -> dict[str, Any]:
    programs = environment / "bin"
    return {
        "argv": [str(programs / "python"), "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        "display_name": "Python 3",
        "language": "python",
        "metadata": {"debugger": True},
        # The course's own programs come first, also for `!pip` and `%%bash`.
        "env": {"PATH": f"{programs}:/usr/local/bin:/usr/bin:/bin", "VIRTUAL_ENV": str(environment)},
    }
