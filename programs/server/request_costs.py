"""What MLflow and Flask do for each request with a login, and no request needs (docs/performance.md)."""

from __future__ import annotations

from typing import Any


def reduce(auth: Any, application: Any) -> None:
    """Leave it out in MLflow's Flask application. `auth` is the module of MLflow's authentication."""
    remember_sender(auth)
    skip_empty_sessions(application)


def remember_sender(auth: Any) -> None:
    """Authenticate a request once. MLflow does it two to four times, before each of its checks."""
    from flask import g
    from werkzeug.datastructures import Authorization

    stock = auth.authenticate_request

    def authenticate_request() -> Any:
        if "sender" not in g:
            found = stock()
            if not isinstance(found, Authorization):  # the response to a wrong login
                return found
            g.sender = found
        return g.sender

    auth.authenticate_request = authenticate_request


def skip_empty_sessions(application: Any) -> None:
    """Read no session from a request without cookies, for which Flask prepares to check a signature first."""
    from flask.sessions import SecureCookieSessionInterface

    class Sessions(SecureCookieSessionInterface):  # type: ignore[misc]
        """Sessions in signed cookies."""

        def open_session(self, app: Any, request: Any) -> Any:
            """The session of a request, or a new one."""
            if "HTTP_COOKIE" in request.environ or not app.secret_key:
                return super().open_session(app, request)
            return self.session_class()

    if type(application.session_interface) is SecureCookieSessionInterface:
        application.session_interface = Sessions()
