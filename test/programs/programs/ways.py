"""What MLflow answers to requests to its REST API by each way: through FastAPI, and directly.

Usage: ways.py APPLICATION, in an environment for a server; with a login it is a factory. Prints what is asked, whether
the direct way takes it, and both answers.
"""

import asyncio
import functools
import hashlib
import importlib.util
import json
import pathlib
import sys
import types

from asgi_client import header_of, send_request
from uvicorn.importer import import_from_string

from server import direct

PAGE = pathlib.Path(str(importlib.util.find_spec("mlflow").origin)).parent / "server" / "js" / "build"
LARGE = max(PAGE.rglob("*.js"), key=lambda file: file.stat().st_size)
LARGE_FILE = f"/static-files/{LARGE.relative_to(PAGE).as_posix()}"
API = "/api/2.0/mlflow"
JSON = [(b"content-type", b"application/json")]
REQUESTS = [
    ("GET", f"{API}/experiments/search", b"max_results=5", [], b""),
    ("HEAD", f"{API}/experiments/search", b"max_results=5", [], b""),
    ("POST", f"{API}/experiments/search", b"", JSON, b'{"max_results": 5}'),
    ("POST", f"{API}/experiments/search", b"", JSON, b"{not JSON"),
    ("DELETE", f"{API}/experiments/search", b"", [], b""),
    ("GET", f"{API}/runs/get", b"run_id=none", [], b""),
    ("POST", f"{API}/experiments/update", b"", JSON, b'{"experiment_id": "0", "new_name": "Default"}'),
    ("GET", f"{API}/experiments/search", b"max_results=5", [(b"x-mlflow-workspace", b"not there")], b""),
    ("GET", f"{API}/experiments/search", b"max_results=5", [(b"host", b"evil.example.com")], b""),
    ("POST", f"{API}/experiments/search", b"", [*JSON, (b"origin", b"https://evil.example.com")], b"{}"),
    ("OPTIONS", f"{API}/experiments/search", b"", [(b"origin", b"http://localhost:1")], b""),
    ("GET", "/health", b"", [], b""),
    ("GET", f"{API}/there-is-none", b"", [], b""),
    ("GET", "/api/2.0/mlflow-artifacts/artifacts", b"", [], b""),
    # What else Flask serves: small, large, none, and a part.
    ("GET", "/", b"", [], b""),
    ("GET", LARGE_FILE, b"", [], b""),
    ("HEAD", LARGE_FILE, b"", [], b""),
    ("GET", LARGE_FILE, b"", [(b"range", b"bytes=70000-140000")], b""),
    ("GET", "/static-files/none", b"", [], b""),
    ("GET", "/get-artifact", b"run_uuid=none&path=a", [], b""),
]


PASSWORD = "a long password"
# Whose login is sent, and whether it is right. The user has no permission of its own.
LOGINS = [("admin", PASSWORD), ("user", PASSWORD), ("user", "wrong"), None]


def create(path):
    """The application, and the logins to ask with."""
    found = import_from_string(path)
    if not isinstance(found, types.FunctionType):
        return found, [None]
    application = found()
    from mlflow.server import auth

    auth.store.create_user("user", PASSWORD)
    # A check takes 0.14 s.
    auth.store.authenticate_user = functools.cache(auth.store.authenticate_user)
    return application, LOGINS


async def answer(application, *request):
    status, headers, content = await send_request(application, *request)
    headers = sorted((name.decode(), value.decode()) for name, value in headers)
    body = content.decode() if len(content) < 10_000 else hashlib.sha256(content).hexdigest()
    return {"status": status, "headers": headers, "body": body}


async def main(path):
    stock, logins = create(path)
    flask = stock.routes[-1]
    theirs, shortened, ours = flask.app, direct.shorten(stock), flask.app
    for login in logins:
        for method, path, query, headers, body in REQUESTS:
            request = method, path, query, [*headers, *header_of(login)], body
            ways = []
            for application, flask.app in ((stock, theirs), (shortened, ours)):
                ways.append(await answer(application, *request))
            taken = path in (getattr(shortened, "paths", None) or ())
            print("WAY", json.dumps([f"{method} {path} {body.decode()}", taken, *ways]))


asyncio.run(main(sys.argv[1]))
