"""Addresses of user servers: each person has an origin of their own (law 6)."""

from urllib.parse import quote, urlsplit


def server_address(public_url: str, person: str, course: str) -> str:
    """The root of the server of `person` in the course of that key, with a slash at its end."""
    parts = urlsplit(public_url)
    return f"{parts.scheme}://{person}.{parts.netloc}/user/{quote(person)}/{quote(course)}/"


def entrance(public_url: str, person: str, course: str, assignment: str = "", *, author: bool = False) -> str:
    """Where a browser enters that server: JupyterLab, or one assignment in it, as its student or as its author."""
    root = server_address(public_url, person, course)
    if not assignment:
        return f"{root}lab"
    return f"{root}himalia/{'author' if author else 'open'}/{quote(assignment, safe='')}"
