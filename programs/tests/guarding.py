"""A guard, and logins for it."""

import base64

from server.guard import Guard
from server.logins import Limits, Logins
from server.outages import UnavailableError

SEARCH = "/api/2.0/mlflow/runs/search"
ARTIFACT = "/api/2.0/mlflow-artifacts/artifacts/1/model.bin"


def basic(username, password):
    return "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode()


RIGHT, WRONG = basic("admin", "right"), basic("admin", "wrong")


CREDENTIAL = "v1:admin:1:signature"


def check(_, password):
    if password == "away":
        raise UnavailableError
    return password == "right"


def guard(*, login=True, prefix="", limit=100, gateway=True, hides_metrics=False, **limits):
    return Guard(
        Logins(check, Limits(remembered=60, **limits)) if login else None,
        limit,
        prefix,
        gateway=gateway,
        is_delegated=CREDENTIAL.__eq__,
        hides_metrics=hides_metrics,
    )
