"""JupyterHub's configuration file: load the settings, call configure."""

import os
from pathlib import Path
from typing import Any

from hub_config.configure import configure
from hub_config.settings.load import load

get_config: Any  # given by JupyterHub
configure(get_config(), load(Path(os.environ["HIMALIA_SETTINGS"])))  # noqa: F821
