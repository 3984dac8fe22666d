"""The course this server belongs to, as the platform told it in the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

AUTHORS = frozenset({"teacher"})


@dataclass(frozen=True)
class Course:
    """What the badge shows and what the handlers need to know; empty strings outside the platform."""

    key: str
    title: str
    environment: str
    role: str
    address: str

    @property
    def may_author(self) -> bool:
        """Whether opening an assignment means opening its source. The exchange checks the right itself."""
        return self.role in AUTHORS

    def for_page(self) -> dict[str, str | bool]:
        """What the page is told; nothing in it is secret."""
        return {
            "key": self.key,
            "title": self.title,
            "environment": self.environment,
            "role": self.role,
            "author": self.may_author,
            "address": self.address,
        }


def course_of(environment: Mapping[str, str] = os.environ) -> Course:
    """Read the course from the variables that the platform sets for each server."""
    return Course(
        key=environment.get("HIMALIA_COURSE", ""),
        title=environment.get("HIMALIA_COURSE_TITLE", ""),
        environment=environment.get("HIMALIA_ENVIRONMENT", ""),
        role=environment.get("HIMALIA_ROLE", ""),
        address=environment.get("HIMALIA_COURSE_URL", "") or _front_page(environment),
    )


def _front_page(environment: Mapping[str, str]) -> str:
    """The platform's first page, on the host where the hub is."""
    hub = urlsplit(environment.get("JUPYTERHUB_PUBLIC_HUB_URL", ""))
    return f"{hub.scheme}://{hub.netloc}/" if hub.netloc else ""


def language_of(environment: Mapping[str, str] = os.environ) -> str:
    """The person's language as a tag (`fr`, `en-GB`); empty where the environment names none."""
    chosen = environment.get("LANGUAGE", "").split(":")[0] or environment.get("LANG", "").split(".")[0]
    return "" if chosen in ("C", "POSIX") else chosen.replace("_", "-")
