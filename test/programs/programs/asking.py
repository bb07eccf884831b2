"""MLflow's application with a login, as its users ask it."""

import asyncio
import functools
import importlib.util
import os
import sys

import asgi_client

PASSWORD = "a long password"


def with_users(names, *, checked):
    """The application, and what sends it a request of a user.

    Args:
        names: the users to create; the administrator is there.
        checked: whether our permission checks are installed, and all else that our server changes in MLflow.
    """
    from mlflow.server import app as application
    from mlflow.server import auth

    served = serve(checked=checked)
    for name in names:
        auth.store.create_user(name, PASSWORD)
    # A check takes 0.14 s.
    auth.store.authenticate_user = functools.cache(auth.store.authenticate_user)
    client, routes = application.test_client(), native_routes(served)

    def ask(user, method, path, **options):
        given = {"method": method, "auth": (user, PASSWORD), **options}
        return ask_natively(served, routes, path, given) or client.open(path, **given)

    return application, ask


def serve(*, checked):
    """The application with a login as MLflow serves it, or as our server does: what saves time must not open it."""
    if not checked:
        from mlflow.server import auth

        return auth.create_app()
    # `permissions.py` beside this file is another one.
    sys.path.insert(0, os.getcwd())
    from server.application import create_guard
    from server.orders import Options

    options = Options(max_request_body=1 << 30, cache_logins=60)
    if importlib.util.find_spec("mlflow.server.fastapi_app") is None:
        from mlflow.server import auth

        from permissions import checks

        served = auth.create_app()
        checks.install()
        create_guard(options)
        return served
    from server.asgi import GuardedApplication
    from server.uvicorn_server import load_application

    return GuardedApplication(load_application("mlflow.server.auth:create_app"), create_guard(options))


def native_routes(served):
    """What FastAPI serves itself; the last of its routes is Flask."""
    while hasattr(served, "application"):
        served = served.application
    return getattr(served, "routes", [None])[:-1]


def ask_natively(served, routes, path, given):
    """What FastAPI answers, if it serves this itself."""
    from werkzeug.test import EnvironBuilder
    from werkzeug.wrappers import Response

    if not routes or path.startswith("//"):
        return None
    from starlette.routing import Match

    builder = EnvironBuilder(path, **given)
    environ = builder.get_environ()
    path, method = environ["PATH_INFO"].encode("latin-1").decode(), builder.method
    scope = asgi_client.scope_of(method, path, b"", [])
    if not any(route.matches(scope)[0] is Match.FULL for route in routes):
        return None
    headers = [(name.lower().encode(), value.encode()) for name, value in builder.headers]
    query, body = environ["QUERY_STRING"].encode(), environ["wsgi.input"].read()
    answer = asgi_client.send_request(served, method, path, query, headers, body)
    status, headers, content = asyncio.run(answer)
    return Response(content, status, [(name.decode(), value.decode()) for name, value in headers])
