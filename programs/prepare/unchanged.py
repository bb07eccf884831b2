"""Whether the databases are as the environment describes them. Found out without MLflow, whose import takes seconds."""

from __future__ import annotations

import contextlib
import importlib.util
from typing import TYPE_CHECKING

from common import postgresql
from common.process import log
from common.schema_heads import noted_revisions, release_revisions
from prepare.schemas import auth_version_table
from prepare.settings import Auth, Settings
from prepare.users import log_others

if TYPE_CHECKING:
    from psycopg2.extensions import connection as Connection  # noqa: N812


def is_unchanged(settings: Settings, tracking: Connection) -> bool:
    """Under the lock of preparations. What declared users may do is left to those who know MLflow's releases.

    Nothing of the server is imported. What a login needs besides MLflow, and an image may lack, is flask_wtf alone.
    """
    if settings.auth and (settings.auth.users or not importlib.util.find_spec("flask_wtf")):
        return False
    postgresql.limit_waiting(tracking, settings.connect.timeout)
    if noted_revisions(tracking).get("alembic_version") != release_revisions("tracking").head:
        return False
    if settings.auth:
        with contextlib.closing(postgresql.connect(settings.auth.database, settings.connect)) as connection:
            postgresql.limit_waiting(connection, settings.connect.timeout)
            if not is_auth_unchanged(settings, settings.auth, connection):
                return False
    log("schemas and accounts are up to date")
    return True


def is_auth_unchanged(settings: Settings, auth: Auth, connection: Connection) -> bool:
    """The schema is this release's, and the administrator is one, with the Secret's password."""
    from werkzeug.security import check_password_hash

    tables = postgresql.tables_of(connection)
    table = auth_version_table(settings, auth, tables)
    if noted_revisions(connection).get(table) != release_revisions("auth").head:
        return False
    rows = postgresql.query(connection, "SELECT username, password_hash, is_admin FROM users ORDER BY username")
    hashes = {name: password_hash for name, password_hash, is_admin in rows if is_admin}
    admin = auth.admin_username
    if admin not in hashes:
        return False
    if auth.sync_admin_password and not check_password_hash(hashes[admin], auth.admin_password):
        return False
    accounts = {name: is_admin for name, _, is_admin in rows}
    log_others(auth, accounts, roles="roles" in tables)
    return True
