"""Permission checks for what FastAPI serves itself: traces of OpenTelemetry, jobs and the assistant.

From 3.4 to 3.9 MLflow asks for no login there, and below 3.16 every login may see and cancel all jobs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from permissions.granted import Granted
from server.asgi import Application, Receive, Scope, Send, send_refusal
from server.direct import DirectApplication
from server.logins import right_login
from server.outages import UnavailableError, unavailable
from server.refusals import DATABASE_AWAY, LOGIN_REQUIRED, Refusal

FORBIDDEN = Refusal(403, "Forbidden", "PERMISSION_DENIED", "Permission denied")
TRACES, GATEWAY = "/v1/traces", "/gateway/"


class CheckedNatively:
    """An application whose own routes need a login, and a permission."""

    def __init__(self, application: Application, routes: Sequence[Any], granted: Granted) -> None:
        self.application, self.routes, self.granted = application, routes, granted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        refusal = None
        if scope["type"] == "http" and self.is_unchecked(scope):
            from anyio import to_thread

            login = right_login.get()
            refusal = LOGIN_REQUIRED if login is None else await to_thread.run_sync(self.refuse, login[0], scope)
        if refusal is not None:
            await send_refusal(send, refusal)
        else:
            await self.application(scope, receive, send)

    def is_unchecked(self, scope: Scope) -> bool:
        """Whether a route of FastAPI serves a request, and MLflow does not check it."""
        from starlette.routing import Match

        path = scope["path"]
        find = getattr(self.granted.auth, "_find_fastapi_validator", None)
        if path.startswith(GATEWAY) or all(each.matches(scope)[0] is Match.NONE for each in self.routes):
            return False
        if "/jobs" in path or find is None:
            return True
        arguments = (path, scope["method"])[: find.__code__.co_argcount]
        return find(*arguments) is None

    def refuse(self, username: str, scope: Scope) -> Refusal | None:
        """What a user may not."""
        try:
            with unavailable():
                return self.refuse_known(username, scope)
        except UnavailableError:
            return DATABASE_AWAY

    def refuse_known(self, username: str, scope: Scope) -> Refusal | None:
        """The same, as long as the database answers."""
        from mlflow.exceptions import MlflowException

        try:
            if self.granted.auth.store.get_user(username).is_admin:
                return None
        except MlflowException:  # another worker has deleted the user
            return LOGIN_REQUIRED
        ids = [value.decode("latin-1") for name, value in scope["headers"] if name == b"x-mlflow-experiment-id"]
        if not scope["path"].startswith(TRACES) or len(ids) != 1:
            return FORBIDDEN
        try:
            with unavailable():
                return None if self.granted.experiment(ids[0], username).can_update else FORBIDDEN
        except MlflowException:
            return FORBIDDEN


def install(application: Application, granted: Granted) -> Application:
    """The application with its own routes checked, if MLflow does not refuse what it does not know."""
    # Nothing that is sent the direct way is a route of FastAPI.
    direct = application if isinstance(application, DirectApplication) else None
    found: Any = direct.application if direct else application
    *routes, _ = getattr(found, "routes", None) or [None]
    if not routes or hasattr(granted.auth, "_authorized_outside_before_request"):
        return application
    checked = CheckedNatively(found, routes, granted)
    if direct is None:
        return checked
    direct.application = checked
    return direct
