"""A proxy that was restarted has lost its routes: the hub is asked to give them back at once, not minutes later."""

import http.client
from pathlib import Path
from urllib.parse import urlsplit

SECONDS = 10


def restore_routes(hub_api: str, token_file: Path) -> bool:
    """Ask the hub to write its routes into the proxy (POST /proxy, scope `proxy`); False if it must be asked again."""
    address = urlsplit(hub_api)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=SECONDS)
    try:
        headers = {"Authorization": f"token {token_file.read_text(encoding='utf-8').strip()}"}
        connection.request("POST", f"{address.path}/proxy", headers=headers)
        return connection.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
