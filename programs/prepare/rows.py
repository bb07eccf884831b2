"""What declared users may do, before MLflow 3.13: a row for each user and experiment, registered model and scorer.

MLflow looks for a row for exactly this user and experiment, and applies the default permission if there is none. So
every user gets a row each, and a trigger creates those of future experiments and models, at the moment in which MLflow
notes who created them. A row is ours as long as its permission is what the column `declared` of ours says. Only such
rows are changed: what MLflow grants to the user who creates an experiment, or a person grants or revokes by hand,
stays, be it more or less. MLflow's own row for the same user takes the place of ours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from common.process import log
from prepare.settings import User

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection, Engine

# The tables of grants (scorers from 3.7 on), the columns that say for what (workspaces from 3.10 on), and the table of
# the tracking database that has all of these.
TABLES = {
    "experiment_permissions": (("experiment_id",), "experiments"),
    "registered_model_permissions": (("workspace", "name"), "registered_models"),
    "scorer_permissions": (("experiment_id", "scorer_name"), "scorers"),
}


def keep_rows(store: Any, tracking: Engine, declared: Sequence[User], default: str) -> None:
    """Create, change and delete our rows. `tracking`: the engine of the database with experiments and models."""
    import sqlalchemy

    inspector = sqlalchemy.inspect(store.engine)
    existing = inspector.get_table_names()
    present = {
        table: {column["name"] for column in inspector.get_columns(table)}
        for table in (*TABLES, "users")
        if table in existing
    }
    tables = {
        table: tuple(column for column in columns if column in present[table])
        for table, (columns, _) in TABLES.items()
        if table in present
    }
    # First for the future, so that nothing comes into being between this and the rows of what exists.
    with store.engine.begin() as connection:
        declare(connection, present, tables, declared, default)
    names = [user.name for user in declared]
    for table, columns in tables.items():
        things = things_of(tracking, table, columns)
        with store.engine.begin() as connection:
            replace_rows(connection, table, columns, things, names)


def declare(
    connection: Connection,
    present: Mapping[str, set[str]],
    tables: Mapping[str, tuple[str, ...]],
    declared: Sequence[User],
    default: str,
) -> None:
    """Note what is declared beside the users, and let triggers apply it to what is new."""
    for table, columns in present.items():
        if "declared" not in columns:
            connection.exec_driver_sql(f"ALTER TABLE {table} ADD COLUMN declared VARCHAR(255)")
    for table, key in tables.items():
        watch(connection, table, key)
    for user in declared:
        # The default needs no rows, which cost time in each request.
        permission = None if user.permission == default else user.permission
        changed = connection.exec_driver_sql(
            "UPDATE users SET declared = %s WHERE username = %s AND declared IS DISTINCT FROM %s",
            (permission, user.name, permission),
        )
        if changed.rowcount:
            log(f"user {user.name!r} has {user.permission} now")


def things_of(tracking: Engine, table: str, columns: tuple[str, ...]) -> set[tuple[str, ...]]:
    """All experiments, models or scorers that a table of grants has rows for, by their keys."""
    selected = ", ".join(f"CAST({column} AS text)" for column in columns)
    with tracking.connect() as connection:
        rows = {tuple(row) for row in connection.exec_driver_sql(f"SELECT {selected} FROM {TABLES[table][1]}")}
    if table == "experiment_permissions":
        rows.add(("0",))  # the first start of the server creates it, and notes nobody as its creator
    return rows


def replace_rows(
    connection: Connection, table: str, columns: tuple[str, ...], things: set[tuple[str, ...]], names: list[str]
) -> None:
    """Our rows for what exists: those of things that are gone are deleted, changed ones changed, missing ones added."""
    key = ", ".join(columns)
    same = " AND ".join(f"grants.{column} = things.{column}" for column in columns)
    all_things = f"unnest({', '.join('CAST(%s AS text[])' for _ in columns)}) AS things ({key})"
    values = [list(column) for column in zip(*things, strict=True)] or [[] for _ in columns]
    connection.exec_driver_sql(
        f"DELETE FROM {table} AS grants USING users WHERE users.id = grants.user_id AND users.username = ANY(%s)"
        " AND grants.permission = grants.declared"
        f" AND (users.declared IS NULL OR NOT EXISTS (SELECT FROM {all_things} WHERE {same}))",
        (names, *values),
    )
    connection.exec_driver_sql(
        f"UPDATE {table} AS grants SET permission = users.declared, declared = users.declared FROM users"
        " WHERE users.id = grants.user_id AND users.username = ANY(%s) AND grants.permission = grants.declared"
        " AND grants.permission <> users.declared",
        (names,),
    )
    connection.exec_driver_sql(
        f"INSERT INTO {table} ({key}, user_id, permission, declared)"
        " SELECT things.*, users.id, users.declared, users.declared"
        f" FROM {all_things} CROSS JOIN users WHERE users.username = ANY(%s) AND users.declared IS NOT NULL"
        f" AND NOT EXISTS (SELECT FROM {table} AS grants WHERE grants.user_id = users.id AND {same})"
        " ON CONFLICT DO NOTHING",
        (*values, names),
    )


def watch(connection: Connection, table: str, columns: tuple[str, ...]) -> None:
    """Create the trigger of a table of grants.

    MLflow's own insertion (which knows nothing of `declared`) takes the place of our row for the same user, and creates
    the rows of declared users for what is new. An error in it must never hinder MLflow.
    """
    key, same = ", ".join(columns), " AND ".join(f"{column} = NEW.{column}" for column in columns)
    values = ", ".join(f"NEW.{column}" for column in columns)
    connection.exec_driver_sql(f"""
CREATE OR REPLACE FUNCTION declared_{table}() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    DELETE FROM {table} WHERE {same} AND user_id = NEW.user_id AND permission = declared;
    INSERT INTO {table} ({key}, user_id, permission, declared)
    SELECT {values}, id, declared, declared FROM users WHERE declared IS NOT NULL AND id <> NEW.user_id
    ON CONFLICT DO NOTHING;
    RETURN NEW;
EXCEPTION WHEN OTHERS THEN
    RETURN NEW;
END $body$""")
    exists = "SELECT 1 FROM pg_trigger WHERE tgname = 'declared' AND tgrelid = CAST(%s AS regclass)"
    if not connection.exec_driver_sql(exists, (table,)).first():
        connection.exec_driver_sql(
            f"CREATE TRIGGER declared BEFORE INSERT ON {table} FOR EACH ROW WHEN (NEW.declared IS NULL)"
            f" EXECUTE FUNCTION declared_{table}()"
        )
