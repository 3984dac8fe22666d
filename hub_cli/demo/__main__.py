"""`python -m hub_cli.demo`: fill the platform whose settings HIMALIA_SETTINGS names, as `himalia up` does at its first start."""

from hub_cli.demo.seed import seed
from hub_cli.serve import settings_file
from hub_config.settings.load import load
from hub_services.web.platform import assemble

if __name__ == "__main__":
    seed(assemble(load(settings_file())))
