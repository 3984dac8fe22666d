"""The server half's place in jupyter_server: routes, the save hook, what the page is told."""

from pathlib import Path
from typing import Any

from jupyter_server.utils import url_path_join

from himalia_lab.course import course_of, language_of
from himalia_lab.desk import Desk
from himalia_lab.handlers import ROUTES, SETTING
from himalia_lab.materials import deliver_soon
from himalia_lab.workspace import Workspace


def load(server: Any) -> None:
    """Add Himalia to a running server."""
    web_app = server.web_app
    desk = Desk(course_of(), _workspace(server), language_of())
    web_app.settings[SETTING] = desk
    web_app.settings.setdefault("page_config_data", {})["himalia"] = desk.course.for_page()
    web_app.add_handlers(".*$", [(url_path_join(web_app.settings["base_url"], route), kind) for route, kind in ROUTES])
    server.contents_manager.register_post_save_hook(desk.keeper.saved)
    deliver_soon(desk, server.log)
    server.log.info("Himalia: course %s", desk.course.key or "none")


def _workspace(server: Any) -> Workspace:
    return Workspace(root=Path(server.contents_manager.root_dir).resolve(), home=Path.home() / ".himalia")
