"""server.uvicorn_server: an authentication app that is not MLflow's."""

import sys
import threading
import types

import pytest

from server import flask_adapter
from server.__main__ import parse

pytest.importorskip("uvicorn")
flask = pytest.importorskip("flask")
uvicorn_server = pytest.importorskip("server.uvicorn_server")


@pytest.fixture
def module(monkeypatch):
    """A module of an app."""
    found = types.ModuleType("an_app")
    monkeypatch.setitem(sys.modules, "an_app", found)
    return found


class Application:
    """An ASGI application."""

    async def __call__(self, scope, receive, send):
        """Serve nothing."""


def test_an_application_stays_as_it_is(module):
    module.app = Application()
    assert uvicorn_server.load_unknown_application("an_app:app") is module.app


def test_a_factory_is_called(module):
    made = Application()
    module.create = lambda: made
    assert uvicorn_server.load_unknown_application("an_app:create") is made


def test_flask_gets_the_adapter(module):
    module.app = flask.Flask("an_app")
    assert isinstance(uvicorn_server.load_unknown_application("an_app:app"), flask_adapter.Flask)


def test_threads_are_refused_because_no_fork_keeps_them(module):
    done = threading.Event()

    def create():
        threading.Thread(target=done.wait, name="refresher").start()
        return Application()

    module.create = create
    try:
        with pytest.raises(SystemExit, match=r"starts threads when it is imported \(refresher\)"):
            uvicorn_server.load_unknown_application("an_app:create")
    finally:
        done.set()


def test_the_option_says_so():
    options, command = parse(["--max-request-body=1", "--unknown-app", "mlflow", "server"])
    assert options.unknown_app
    assert options.cache_logins is None
    assert command == ["mlflow", "server"]
    assert not parse(["--max-request-body=1", "mlflow", "server"])[0].unknown_app
