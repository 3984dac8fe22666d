"""`himalia serve web|worker|relay`: one process of the platform, in the foreground, as the supervisor or a pod runs it."""

import argparse
import json
import os
import signal
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from hub_cli.failure import CannotProceed

if TYPE_CHECKING:
    from hub_services.web.platform import Platform

GRACE_SECONDS = 3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("process", choices=sorted(PROCESSES), help="which process")


def run(arguments: argparse.Namespace) -> int:
    PROCESSES[arguments.process](settings_file())
    return 0


def settings_file() -> Path:
    """The resolved settings of this platform."""
    settings = os.environ.get("HIMALIA_SETTINGS")
    if not settings:
        raise CannotProceed("HIMALIA_SETTINGS names no settings file; `himalia up` sets it, a pod must.")
    return Path(settings)


def _web(settings_file: Path) -> None:
    from hub_cli.web_server import run as serve

    serve(settings_file)


def _worker(settings_file: Path) -> None:
    from hub_config.settings.load import load
    from hub_services.web.platform import assemble
    from hub_services.web.schema import upgrade
    from hub_services.worker import run as work

    stopping = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: _end_soon(stopping))
    platform = assemble(load(settings_file))
    upgrade(platform.database)
    _return_demo(platform, stopping)
    work(platform, stopping)


def _end_soon(stopping: threading.Event) -> None:
    """Let jobs that are nearly done finish; the others are taken up again by the next worker, when their lease ends."""
    stopping.set()
    last = threading.Timer(GRACE_SECONDS, os._exit, (0,))
    last.daemon = True
    last.start()


def _return_demo(platform: "Platform", stopping: threading.Event) -> None:
    """At the demo's first start: what it needs of this worker, asked for beside its work."""
    from hub_cli.demo import record

    if record.needs_return(platform.settings):
        from hub_cli.demo.returning import finish

        threading.Thread(target=finish, args=(platform, stopping), daemon=True).start()


def _relay(settings_file: Path) -> None:
    """Without the settings model, which this process would load for three values: it stays small."""
    from himalia_sandbox.relay import run as relay

    settings = json.loads(settings_file.read_text(encoding="utf-8"))
    sockets, addresses = Path(settings["state"]) / "run" / "sockets", settings["addresses"]
    relay(sockets, addresses["hub_port"], addresses["web_port"], settings["isolation"]["outside"])


PROCESSES = {"web": _web, "worker": _worker, "relay": _relay}
