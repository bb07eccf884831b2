"""server.native_permissions: the routes that FastAPI serves itself."""

import asyncio
import sys
from types import SimpleNamespace

import pytest

from server import native_permissions
from server.logins import right_login
from tests.granting import World


@pytest.mark.parametrize(
    ("user", "path", "experiment", "status"),
    [
        (None, "/v1/traces", "1", 401),
        ("user", "/v1/traces", "1", 200),
        ("user", "/v1/traces", "2", 403),
        ("user", "/v1/traces", None, 403),
        ("user", "/ajax-api/3.0/jobs/x", "1", 403),
        ("admin", "/ajax-api/3.0/jobs/x", None, 200),
        (None, "/ajax-api/3.0/jobs/x", None, 401),
        (None, "/health", None, 200),
        (None, "/gateway/x/mlflow/invocations", None, 200),
        ("deleted", "/v1/traces", "1", 401),
    ],
)
def test_routes_of_fastapi_need_a_login_and_a_permission(monkeypatch, user, path, experiment, status):
    async def run_sync(function, *arguments):
        return function(*arguments)

    match = SimpleNamespace(NONE="none", FULL="full")
    monkeypatch.setitem(sys.modules, "anyio", SimpleNamespace(to_thread=SimpleNamespace(run_sync=run_sync)))
    monkeypatch.setitem(sys.modules, "starlette.routing", SimpleNamespace(Match=match))
    monkeypatch.setitem(sys.modules, "mlflow.exceptions", SimpleNamespace(MlflowException=ValueError))
    route = SimpleNamespace(matches=lambda scope: ("none" if scope["path"] == "/health" else "full", {}))

    async def application(_scope, _receive, send):
        await send({"type": "http.response.start", "status": 200})

    headers = [(b"x-mlflow-experiment-id", experiment.encode())] if experiment else []
    sent = []

    async def ask():
        async def receive():
            return {}

        async def send(message):
            sent.append(message)

        right_login.set(None if user is None else (user, "password"))
        checked = native_permissions.CheckedNatively(application, [route], World())
        await checked({"type": "http", "method": "POST", "path": path, "headers": headers}, receive, send)

    asyncio.run(ask())
    assert sent[0]["status"] == status
