"""Responses in place of MLflow's."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

METHODS = frozenset(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])


@dataclass(frozen=True)
class Refusal:
    """A response in place of MLflow's."""

    status: int
    reason: str
    code: str
    message: str
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def body(self) -> bytes:
        """What MLflow's clients read: a code and a message."""
        return json.dumps({"error_code": self.code, "message": self.message}).encode()

    @property
    def all_headers(self) -> dict[str, str]:
        """Those of the response."""
        own = {"Content-Type": "application/json", "Content-Length": str(len(self.body))}
        return {**own, **self.headers}


# What MLflow answers if it cannot look up who sent a request: its code for wrong logins, or its own failure.
LOGIN_FAILURES = frozenset([401, 500])

UNKNOWN_METHOD = Refusal(
    405, "Method Not Allowed", "BAD_REQUEST", "The method is not allowed.", {"Allow": ", ".join(sorted(METHODS))}
)
BAD_HOST = Refusal(400, "Bad Request", "BAD_REQUEST", "The Host header is not a name with or without a port.")
BAD_LENGTH = Refusal(400, "Bad Request", "BAD_REQUEST", "The Content-Length header is not a number.")
NOT_FOUND = Refusal(404, "Not Found", "RESOURCE_DOES_NOT_EXIST", "There is nothing here.")
ORIGIN_REFUSED = Refusal(
    403,
    "Forbidden",
    "PERMISSION_DENIED",
    "Pages of another origin may not do this (server.corsAllowedOrigins lists the origins that may).",
)
LOGIN_REQUIRED = Refusal(
    401,
    "Unauthorized",
    "UNAUTHENTICATED",
    "You are not authenticated. A user name and a password are required (MLFLOW_TRACKING_USERNAME, "
    "MLFLOW_TRACKING_PASSWORD).",
    {"WWW-Authenticate": 'Basic realm="mlflow"'},
)
# Without asking for another login, which a browser would show a form for.
LOGIN_REFUSED = Refusal(
    401,
    "Unauthorized",
    "UNAUTHENTICATED",
    "Single sign-on does not let you in under this name. The administrator finds the reason in the log of the server.",
)
TRY_LATER = Refusal(
    429,
    "Too Many Requests",
    "REQUEST_LIMIT_EXCEEDED",
    "There were too many wrong logins. Try again in a few seconds.",
    {"Retry-After": "5"},
)
DATABASE_AWAY = Refusal(
    503,
    "Service Unavailable",
    "TEMPORARILY_UNAVAILABLE",
    "The database is unavailable, so the login could not be checked. Try again in a few seconds.",
    {"Retry-After": "5"},
)
BUSY = Refusal(
    503,
    "Service Unavailable",
    "TEMPORARILY_UNAVAILABLE",
    "The server is busy with too many large requests. Try again in a few seconds.",
    {"Retry-After": "5"},
)
