"""server.launch: what `mlflow server` does not do before it hands the start over."""

from types import SimpleNamespace

from server.launch import BASIC_AUTH, leave_login


def create_server(**more):
    asked = []

    def is_factory(app):
        asked.append(app)
        return app.endswith(":create")

    server = SimpleNamespace(_is_factory=is_factory, **more)
    leave_login(server)
    return server, asked


def test_the_login_of_mlflow_is_not_imported():
    server, asked = create_server()
    assert server._is_factory(BASIC_AUTH)
    assert asked == []


def test_other_applications_are_looked_at():
    server, asked = create_server()
    assert [server._is_factory(each) for each in ("their.app:create", "their.app:app")] == [True, False]
    assert asked == ["their.app:create", "their.app:app"]


def test_the_administrator_is_left_to_prepare():
    server, _ = create_server(_bootstrap_basic_auth=lambda: 1 / 0)
    server._bootstrap_basic_auth()


def test_older_releases_look_for_no_administrator():
    server, _ = create_server()
    assert not hasattr(server, "_bootstrap_basic_auth")
