"""The accounts of the administrator and of the users that the environment declares.

They are created here, straight from the Secrets, so that no rule of the INI limits a password; and a changed Secret
changes it, which MLflow itself never does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from common.exit_codes import ExitCode
from common.postgresql import database_uri
from common.process import Failure, describe, log
from prepare.logins import PUBLISHED_PASSWORD, PUBLISHED_USERNAME
from prepare.settings import Auth
from prepare.users import prepare_users

if TYPE_CHECKING:
    from sqlalchemy.engine import Engine


def prepare_accounts(auth: Auth, tracking: Engine) -> None:
    """`tracking`: the engine of the other database, whose experiments and models users may use."""
    from mlflow.exceptions import MlflowException
    from mlflow.server.auth.sqlalchemy_store import SqlAlchemyStore

    store = SqlAlchemyStore()
    store.init_db(database_uri(auth.database))
    try:
        try:
            prepare_admin(auth, store)
        except MlflowException as error:
            message = f"admin user {auth.admin_username!r}: {describe(error.message)}"
            raise Failure(ExitCode.ADMIN, message) from error
        try:
            prepare_users(store, tracking, auth)
            log_published_passwords(auth, store)
        except MlflowException as error:
            raise Failure(ExitCode.USERS, f"users of the environment: {describe(error.message)}") from error
    finally:
        store.engine.dispose()


def prepare_admin(auth: Auth, store: Any) -> None:
    """The administrator exists, is one, and has the Secret's password."""
    admin, password = auth.admin_username, auth.admin_password
    if not store.has_user(admin):
        store.create_user(admin, password, is_admin=True)
        log(f"created admin user {admin!r}")
    elif auth.sync_admin_password and not store.authenticate_user(admin, password):
        store.update_user(admin, password=password)
        log(f"password of admin user {admin!r} set to the Secret's")
    if not store.get_user(admin).is_admin:
        store.update_user(admin, is_admin=True)
        log(f"user {admin!r} is an admin now")


def log_published_passwords(auth: Auth, store: Any) -> None:
    """Say who still has the password that MLflow published, as its server does from 3.16.1 on."""
    # What comes from a Secret is another one.
    own = {auth.admin_username} if auth.sync_admin_password else set()
    for name in sorted({auth.admin_username, PUBLISHED_USERNAME} - own):
        if store.has_user(name) and store.authenticate_user(name, PUBLISHED_PASSWORD):
            log(f"user {name!r} still has the password that older releases of MLflow came with (change it)")
