"""Basic authentication that does not hash a password again which was right a moment ago.

For MLflow releases without `auth_cache_ttl_seconds`; named in the auth configuration as
`authorization_function = mlflow_auth_cached:authenticate`. A hash costs 0.14 s of CPU per request, so the cache is what
lets a server handle more than seven requests a second and core. The price: a changed or deleted user may go on with the
old password for up to MLFLOW_AUTH_CACHE_TTL_SECONDS (60). Only right passwords are remembered, so guessing stays as
slow as it was, and only as keyed digests, so that no password stays in memory for longer.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import threading
import time
from typing import Any

from flask import request
from mlflow.server import auth

TTL_SECONDS = float(os.environ.get("MLFLOW_AUTH_CACHE_TTL_SECONDS", "60"))
MAX_ENTRIES = 10_000

Login = tuple[str, bytes]

_key = secrets.token_bytes(32)
_expiry_by_login: dict[Login, float] = {}
_lock = threading.Lock()


def authenticate() -> Any:
    """What MLflow calls for each request: the request's authorization, or the response that asks for one."""
    given = request.authorization
    if given is None or given.type != "basic" or given.username is None or given.password is None:
        return auth.make_basic_auth_response()
    login = (given.username, hmac.new(_key, given.password.encode(), hashlib.sha256).digest())
    with _lock:
        if _expiry_by_login.get(login, 0) > time.monotonic():
            return given
    if not auth.store.authenticate_user(given.username, given.password):
        return auth.make_basic_auth_response()
    _remember(login)
    return given


def _remember(login: Login) -> None:
    with _lock:
        _expiry_by_login.pop(login, None)  # to the end: the order is that of expiry
        now = time.monotonic()
        while _expiry_by_login:
            oldest = next(iter(_expiry_by_login))
            if _expiry_by_login[oldest] > now and len(_expiry_by_login) < MAX_ENTRIES:
                break
            del _expiry_by_login[oldest]
        _expiry_by_login[login] = now + TTL_SECONDS
