"""What declared users may do, from MLflow 3.13 on: a role for each permission, with grants for everything ("*").

MLflow applies the highest of all grants of a user and of the default permission.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from common.process import log
from prepare.rows import TABLES
from prepare.settings import User

if TYPE_CHECKING:
    from sqlalchemy.engine import Engine

ROLE = "auth.users "
ROLE_DESCRIPTION = (
    "Users that auth.users of the environment file declares. Set at each start of a pod; for another permission change "
    "the file."
)
ROLE_RESOURCES = ("experiment", "registered_model", "prompt", "scorer")


def has_roles(store: Any) -> bool:
    """Whether the release's store of users has roles."""
    return hasattr(store, "grant_user_permission")


def assign_roles(store: Any, declared: Sequence[User]) -> None:
    """Each user has the role of its permission and no other one of ours."""
    for user in declared:
        account = store.get_user(user.name)
        role = None if user.permission == "NO_PERMISSIONS" else role_of(store, user.permission)
        held = {each.id for each in store.list_user_roles(account.id) if each.name.startswith(ROLE)}
        for other in held - {role}:
            store.unassign_role_from_user(account.id, other)
        if role is not None and role not in held:
            store.assign_role_to_user(account.id, role)
        if held != {role} - {None}:
            log(f"user {user.name!r} has {user.permission} now")


def role_of(store: Any, permission: str) -> int:
    """The id of the role with a permission for everything; created, or put right if a person changed it."""
    from mlflow.exceptions import MlflowException
    from mlflow.utils.workspace_utils import DEFAULT_WORKSPACE_NAME

    name = f"{ROLE}{permission}"
    try:
        role = store.get_role_by_name(DEFAULT_WORKSPACE_NAME, name)
    except MlflowException:
        role = store.create_role(name, DEFAULT_WORKSPACE_NAME, ROLE_DESCRIPTION)
    permissions = store.list_role_permissions(role.id)
    grants = {grant.resource_type: grant for grant in permissions if grant.resource_pattern == "*"}
    for resource in ROLE_RESOURCES:
        if resource not in grants:
            store.add_role_permission(role.id, resource, "*", permission)
        elif grants[resource].permission != permission:
            store.update_role_permission(grants[resource].id, permission)
    identifier: int = role.id
    return identifier


def withdraw_rows(engine: Engine, users: Sequence[User]) -> None:
    """Before an upgrade turns rows into roles: those of declared users go, who get a role. Others keep theirs."""
    import sqlalchemy

    inspector = sqlalchemy.inspect(engine)
    existing = inspector.get_table_names()
    tables = [
        table
        for table in (*TABLES, "users")
        if table in existing and any(column["name"] == "declared" for column in inspector.get_columns(table))
    ]
    with engine.begin() as connection:
        for table in tables:
            if table != "users":
                connection.exec_driver_sql(
                    f"DELETE FROM {table} WHERE permission = declared AND user_id IN"
                    " (SELECT id FROM users WHERE username = ANY(%s))",
                    ([user.name for user in users],),
                )
                connection.exec_driver_sql(f"DROP FUNCTION IF EXISTS declared_{table}() CASCADE")
            connection.exec_driver_sql(f"ALTER TABLE {table} DROP COLUMN declared")
