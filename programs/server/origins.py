"""Requests of other websites, which carry the login that a browser remembers.

MLflow compares origins from 3.5 on: up to 3.9 on the API of programs alone, and below 3.16 on nothing below a static
prefix. Here every request that may change something is compared, whatever the release.
"""

from __future__ import annotations

import fnmatch
import os
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

ALLOWED_ORIGINS = "MLFLOW_SERVER_CORS_ALLOWED_ORIGINS"
TURNED_OFF = "MLFLOW_SERVER_DISABLE_SECURITY_MIDDLEWARE"

STATE_CHANGING = frozenset(["POST", "PUT", "PATCH", "DELETE"])
# Pages of the user's own machine, as MLflow accepts them.
LOCAL = frozenset(["localhost", "127.0.0.1", "::1"])
# What a browser says of the page, in the order of Page.
PAGE_HEADERS = ("Origin", "Sec-Fetch-Site", "Host")
DEFAULT_PORTS = {"http": ":80", "https": ":443"}


@dataclass(frozen=True)
class Page:
    """What a browser says of the web page that sends a request. Programs say nothing."""

    # Each Origin header.
    origins: tuple[str, ...] = ()
    # Each Sec-Fetch-Site header, which browsers send over HTTPS and to localhost.
    sites: tuple[str, ...] = ()
    # Each Host header.
    hosts: tuple[str, ...] = ()


NO_PAGE = Page()


class Origins:
    """The origins whose pages may use the server, beside its own."""

    def __init__(self, allowed: Iterable[str]) -> None:
        self.allowed = tuple(filter(None, (each.strip() for each in allowed)))

    @classmethod
    def of_variables(cls) -> Origins:
        """As MLflow's variables say."""
        is_off = os.environ.get(TURNED_OFF) == "true"
        return cls(["*"] if is_off else os.environ.get(ALLOWED_ORIGINS, "").split(","))

    def refuse(self, method: str, page: Page) -> bool:
        """Whether a request is of a page that may not use the server."""
        if method not in STATE_CHANGING or "*" in self.allowed or page.sites in (("same-origin",), ("none",)):
            return False
        if not page.origins:
            return bool(page.sites)
        return len(page.origins) > 1 or not (self._allows(page.origins[0]) or is_own(page.origins[0], page))

    def _allows(self, origin: str) -> bool:
        if (parts := _parse(origin)) is not None and parts.hostname in LOCAL:
            return True
        return any(fnmatch.fnmatchcase(origin, each) if "*" in each else origin == each for each in self.allowed)


def is_own(origin: str, page: Page) -> bool:
    """Whether an origin is that of the server itself, by the name that the request has for it."""
    parts = _parse(origin)
    if parts is None or not parts.netloc or page.sites or len(page.hosts) != 1:
        return False
    port = DEFAULT_PORTS.get(parts.scheme, "")
    return parts.netloc.lower().removesuffix(port) == page.hosts[0].lower().removesuffix(port)


def _parse(origin: str) -> SplitResult | None:
    try:
        return urlsplit(origin)
    except ValueError:
        return None
