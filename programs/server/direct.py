"""The REST API of MLflow, which Flask serves, without the way through FastAPI.

On that way are middlewares of which each runs the rest as a task of its own and copies the response, a router that
tries the routes of FastAPI first, and an adapter whose thread waits for the event loop with each part of a response.
What looks at requests to the REST API remains: Flask's own hooks, and the middlewares that protect browsers.
"""

from __future__ import annotations

from typing import Any

from server.asgi import Application, Receive, Scope, Send
from server.flask_adapter import Flask

API = "/api/2.0/mlflow/"

# They pass requests to the REST API on, or do what a hook of Flask does again.
PASSING = {
    "artifact_transfer_middleware",
    "fastapi_permission_middleware",
    "gateway_timing_middleware",
    "workspace_context_middleware",
}


class DirectApplication:
    """An application that sends requests for some paths a shorter way."""

    def __init__(self, application: Application, direct: Application, paths: frozenset[str]) -> None:
        self.application, self.direct, self.paths = application, direct, paths

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        is_direct = scope["type"] == "http" and scope["path"] in self.paths
        await (self.direct if is_direct else self.application)(scope, receive, send)


def shorten(application: Any) -> Application:
    """The application with a shorter way to the REST API, or as it is if it is not as expected.

    Whatever else Flask serves goes through our adapter, too.
    """
    import flask
    from starlette.middleware.base import BaseHTTPMiddleware
    from starlette.routing import Match, Mount

    unchanged: Application = application
    *others, last = getattr(application, "routes", None) or [None]
    served = getattr(getattr(last, "app", None), "app", None)
    if not isinstance(last, Mount) or last.path or not isinstance(served, flask.Flask):
        return unchanged
    adapted = Flask(served)
    last.app = adapted
    direct: Application = adapted
    for middleware in reversed(application.user_middleware):
        if middleware.cls is not BaseHTTPMiddleware:
            direct = middleware.cls(direct, *middleware.args, **middleware.kwargs)
        elif getattr(middleware.kwargs.get("dispatch"), "__name__", "") not in PASSING:
            return unchanged

    rules = {rule.rule for rule in served.url_map.iter_rules() if not rule.arguments and rule.rule.startswith(API)}
    scope = {"type": "http", "method": "POST", "root_path": ""}
    paths = {path for path in rules if all(each.matches({**scope, "path": path})[0] is Match.NONE for each in others)}
    return DirectApplication(unchanged, direct, frozenset(paths))
