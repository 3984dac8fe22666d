"""Where a person may be sent after a form: a path of ours, never another site (CVE-2019-10255)."""

from urllib.parse import urlsplit


def local_path(target: str) -> str:
    """`target` if it is a path on this site, else `/`."""
    if not target.startswith("/") or target.startswith("//") or "\\" in target or any(ord(c) < 33 for c in target):
        return "/"
    parts = urlsplit(target)
    return "/" if parts.scheme or parts.netloc else target
