"""Himalia in JupyterLab: hand in with a receipt, versions, the course's badge."""

from typing import Any

__version__ = "0.1.0"


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    return [{"src": "labextension", "dest": "himalia-lab"}]


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "himalia_lab"}]


def _load_jupyter_server_extension(server: Any) -> None:
    from himalia_lab.extension import load

    load(server)
