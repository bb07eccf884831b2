"""What a request says before its body was read."""

from __future__ import annotations

import base64
import binascii
import functools
from dataclasses import dataclass

from server.origins import NO_PAGE, Page
from server.single_sign_on import NOBODY, Claims

GATEWAY_HEADER = "X-MLflow-Authorization"
DELEGATION_HEADER = "X-MLflow-Assistant-Delegation"


@dataclass(frozen=True)
class Request:
    """What decides about a request, before its body was read."""

    method: str
    # With the static prefix.
    path: str
    address: str
    # Each Authorization header.
    authorization: tuple[str, ...]
    content_length: str | None
    chunked: bool
    # Each header with a login for the gateway alone.
    gateway_authorization: tuple[str, ...] = ()
    # What tools of MLflow's Assistant send in place of a login.
    delegation: str | None = None
    # What the proxy in front of the server says of the person.
    claims: Claims = NOBODY
    # Whether the login is that of such a person, and right.
    is_signed_on: bool = False
    # The web page that a browser sends it for.
    page: Page = NO_PAGE

    @property
    def has_body(self) -> bool:
        """Whether a body follows."""
        return self.chunked or self.content_length not in (None, "0")

    @functools.cached_property
    def login(self) -> tuple[str, str] | None:
        """The user name and password, if there is one login. Of several, MLflow might read another one."""
        return parse_login(self.authorization[0]) if len(self.authorization) == 1 else None


def parse_login(authorization: str) -> tuple[str, str] | None:
    """The user name and password of an Authorization header, or None if it has none that MLflow can read."""
    scheme, _, encoded = authorization.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        username, colon, password = base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return None
    # PostgreSQL has no text with a zero byte in it.
    return (username, password) if colon and username and "\0" not in username + password else None
