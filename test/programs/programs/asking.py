"""MLflow's application with a login, as its users ask it."""

import functools

PASSWORD = "a long password"


def with_users(names, *, checked):
    """The application, and what sends it a request of a user.

    Args:
        names: the users to create; the administrator is there.
        checked: whether our permission checks are installed, and all else that our server changes in MLflow.
    """
    from mlflow.server import app as application
    from mlflow.server import auth

    auth.create_app()
    for name in names:
        auth.store.create_user(name, PASSWORD)
    # A check takes 0.14 s.
    auth.store.authenticate_user = functools.cache(auth.store.authenticate_user)
    if checked:
        # After alembic has put the working directory first: `permissions.py` beside this file is another one.
        from permissions import checks
        from server.application import create_guard
        from server.orders import Options

        # As the server does: what saves time must not change what users may do.
        checks.install()
        create_guard(Options(max_request_body=1 << 30, cache_logins=60))
    client = application.test_client()

    def ask(user, method, path, **options):
        return client.open(path, method=method, auth=(user, PASSWORD), **options)

    return application, ask
