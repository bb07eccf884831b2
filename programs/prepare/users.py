"""The users of lesser privilege that auth.users of the environment declares: their accounts and what they may do.

What a declared user may do holds for every experiment (with its runs, traces and scorers), registered model and prompt,
those of the future included. How depends on the release: from 3.13 on by roles (roles.py), before it by rows (rows.py).

A user that leaves the environment keeps account and permission; only an administrator deletes it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from common.exit_codes import ExitCode
from common.process import Failure, log
from prepare.roles import assign_roles, has_roles
from prepare.rows import keep_rows
from prepare.settings import PERMISSIONS, Auth

if TYPE_CHECKING:
    from sqlalchemy.engine import Engine


def prepare_users(store: Any, tracking: Engine, auth: Auth) -> None:
    """Under the lock of preparations. `tracking`: the engine of the other database."""
    declared = auth.users
    with store.engine.connect() as connection:
        statement = "SELECT username, is_admin FROM users ORDER BY username"
        accounts: dict[str, bool] = dict(connection.exec_driver_sql(statement).fetchall())
    check(auth, accounts, roles=has_roles(store))
    for user in declared:
        if user.name not in accounts:
            store.create_user(user.name, user.password)
            log(f"created user {user.name!r} ({user.permission})")
        elif not store.authenticate_user(user.name, user.password):
            store.update_user(user.name, password=user.password)
            log(f"password of user {user.name!r} set to the Secret's")
    if declared and has_roles(store):
        assign_roles(store, declared)
    elif declared:
        keep_rows(store, tracking, declared, auth.default_permission)
    log_others(auth, accounts, roles=has_roles(store))


def check(auth: Auth, accounts: dict[str, bool], *, roles: bool) -> None:
    """Refuse a permission that a user would not have.

    An administrator may do everything, whatever is declared. To demote one is not ours, and nobody reads a warning in
    the log of a container that has ended: the start fails.
    """
    default = auth.default_permission
    issues = [
        f"user {user.name!r} is an administrator in the database (demote it there, or remove it from auth.users)"
        for user in auth.users
        if accounts.get(user.name)
    ]
    if roles:
        issues += [
            f"user {user.name!r} cannot have {user.permission}: this release gives every user the default permission, "
            f"{default}, at least"
            for user in auth.users
            if PERMISSIONS.index(user.permission) < PERMISSIONS.index(default)
        ]
    if issues:
        raise Failure(ExitCode.USERS, "; ".join(issues))


def log_others(auth: Auth, accounts: dict[str, bool], *, roles: bool) -> None:
    """Name the accounts that stay although the environment does not have them."""
    ours = {auth.admin_username, *(user.name for user in auth.users)}
    others = [
        f"{name!r}{' (an administrator)' if is_admin else ''}"
        for name, is_admin in accounts.items()
        if name not in ours
    ]
    if not others:
        return
    more = f" and {len(others) - 20} more" if len(others) > 20 else ""
    delete = "an administrator's DELETE /api/2.0/mlflow/users/delete" if roles else "the statements in docs/users.md"
    log(
        f"users that the environment does not name stay as they are: {', '.join(others[:20])}{more} "
        f"(to delete one: {delete})"
    )
