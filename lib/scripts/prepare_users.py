"""The users of lesser privilege that auth.users of the environment declares: their accounts and what they may do.

Part of prepare.py, which calls it under its lock. What a declared user may do holds for every experiment (with its
runs, traces and scorers), registered model and prompt, those of the future included. How, depends on the release:

- From 3.13 on, a role for each permission, with grants for everything ("*"), that the users are assigned to. MLflow
  takes the highest of all grants of a user and of the default permission.
- Before it MLflow looks for a row for exactly this user and experiment, and takes the default permission where there
  is none. So every user gets a row each, and a trigger makes those of future experiments and models, at the moment
  in which MLflow notes who made them. A row is ours as long as its permission is what the column `declared` of ours
  says. Only such rows are changed: what MLflow gives to who makes an experiment, or somebody grants, or takes away
  by hand, stays, be it more or less. MLflow's own row for the same user takes the place of ours.

A user that leaves the environment keeps account and permission; only an administrator deletes it.
"""

PERMISSIONS = ("NO_PERMISSIONS", "READ", "EDIT", "MANAGE")  # each allows what those before it do
ROLE = "auth.users "
ROLE_DESCRIPTION = "Users that auth.users of the environment file declares. Set at each start of a pod; for another permission change the file."
ROLE_RESOURCES = ("experiment", "registered_model", "prompt", "scorer")

# Tables of grants before 3.13 (scorers from 3.7 on), the columns that say for what (workspaces from 3.10 on), and
# the table of the tracking database that has all of these.
TABLES = {
    "experiment_permissions": (("experiment_id",), "experiments"),
    "registered_model_permissions": (("workspace", "name"), "registered_models"),
    "scorer_permissions": (("experiment_id", "scorer_name"), "scorers"),
}


class UserFault(Exception):
    """What is wrong with the declared users, for the person who must act."""


def has_roles(store):
    return hasattr(store, "grant_user_permission")


def prepare_users(store, tracking, settings, say):
    """`tracking`: the engine of the other database."""
    declared, admin = settings.users, settings.admin_username
    with store.engine.connect() as connection:
        accounts = dict(connection.exec_driver_sql("SELECT username, is_admin FROM users ORDER BY username").fetchall())
    check(store, declared, accounts, settings.default_permission)
    for user in declared:
        if user.name not in accounts:
            store.create_user(user.name, user.password)
            say(f"created user {user.name!r} ({user.permission})")
        elif not store.authenticate_user(user.name, user.password):
            store.update_user(user.name, password=user.password)
            say(f"password of user {user.name!r} set to the Secret's")
    if declared and has_roles(store):
        assign_roles(store, declared, say)
    elif declared:
        keep_rows(store, tracking, declared, settings.default_permission, say)
    others = [f"{name!r}{' (an administrator)' if is_admin else ''}" for name, is_admin in accounts.items()
              if name not in {admin, *(user.name for user in declared)}]
    if others:
        more = f" and {len(others) - 20} more" if len(others) > 20 else ""
        delete = "an administrator's DELETE /api/2.0/mlflow/users/delete" if has_roles(store) else "the statements in docs/users.md"
        say(f"users that the environment does not name stay as they are: {', '.join(others[:20])}{more} (to delete one: {delete})")


def check(store, declared, accounts, default):
    """Who is an administrator may do everything, whatever is declared. To demote one is not ours, and a warning in the
    log of a container that has ended is read by nobody: the start fails."""
    faults = [f"user {user.name!r} is an administrator in the database (demote it there, or take it out of auth.users)"
              for user in declared if accounts.get(user.name)]
    if has_roles(store):
        faults += [f"user {user.name!r} cannot have {user.permission}: this release gives every user the default permission, {default}, at least"
                   for user in declared if PERMISSIONS.index(user.permission) < PERMISSIONS.index(default)]
    if faults:
        raise UserFault("; ".join(faults))


# --- from 3.13 on ----------------------------------------------------------------------------------------------

def assign_roles(store, declared, say):
    for user in declared:
        account = store.get_user(user.name)
        wanted = None if user.permission == "NO_PERMISSIONS" else role_of(store, user.permission)
        held = {role.id for role in store.list_user_roles(account.id) if role.name.startswith(ROLE)}
        for role in held - {wanted}:
            store.unassign_role_from_user(account.id, role)
        if wanted is not None and wanted not in held:
            store.assign_role_to_user(account.id, wanted)
        if held != {wanted} - {None}:
            say(f"user {user.name!r} has {user.permission} now")


def role_of(store, permission):
    """The role with a permission for everything; made, or put right if somebody changed it."""
    from mlflow.exceptions import MlflowException
    from mlflow.utils.workspace_utils import DEFAULT_WORKSPACE_NAME
    name = f"{ROLE}{permission}"
    try:
        role = store.get_role_by_name(DEFAULT_WORKSPACE_NAME, name)
    except MlflowException:
        role = store.create_role(name, DEFAULT_WORKSPACE_NAME, ROLE_DESCRIPTION)
    grants = {grant.resource_type: grant for grant in store.list_role_permissions(role.id) if grant.resource_pattern == "*"}
    for resource in ROLE_RESOURCES:
        if resource not in grants:
            store.add_role_permission(role.id, resource, "*", permission)
        elif grants[resource].permission != permission:
            store.update_role_permission(grants[resource].id, permission)
    return role.id


def withdraw_rows(engine, users):
    """Before an upgrade makes roles of rows: those of declared users go, which get a role. Others keep theirs."""
    import sqlalchemy
    inspector = sqlalchemy.inspect(engine)
    tables = [table for table in (*TABLES, "users") if table in inspector.get_table_names()
              and any(column["name"] == "declared" for column in inspector.get_columns(table))]
    with engine.begin() as connection:
        for table in tables:
            if table != "users":
                connection.exec_driver_sql(f"DELETE FROM {table} WHERE permission = declared AND user_id IN"
                                           " (SELECT id FROM users WHERE username = ANY(%s))", ([user.name for user in users],))
                connection.exec_driver_sql(f"DROP FUNCTION IF EXISTS declared_{table}() CASCADE")
            connection.exec_driver_sql(f"ALTER TABLE {table} DROP COLUMN declared")


# --- before 3.13 -----------------------------------------------------------------------------------------------

def keep_rows(store, tracking, declared, default, say):
    import sqlalchemy
    inspector = sqlalchemy.inspect(store.engine)
    present = {table: {column["name"] for column in inspector.get_columns(table)} for table in (*TABLES, "users")
               if table in inspector.get_table_names()}
    tables = {table: tuple(column for column in columns if column in present[table])
              for table, (columns, _) in TABLES.items() if table in present}
    # First for the future, so that nothing comes into being between this and the rows of what is there.
    with store.engine.begin() as connection:
        for table, columns in present.items():
            if "declared" not in columns:
                connection.exec_driver_sql(f"ALTER TABLE {table} ADD COLUMN declared VARCHAR(255)")
        for table, columns in tables.items():
            watch(connection, table, columns)
        for user in declared:
            wanted = None if user.permission == default else user.permission  # needs no rows, which cost time in each request
            changed = connection.exec_driver_sql("UPDATE users SET declared = %s WHERE username = %s AND declared IS DISTINCT FROM %s",
                                                 (wanted, user.name, wanted))
            if changed.rowcount:
                say(f"user {user.name!r} has {user.permission} now")
    names = [user.name for user in declared]
    for table, columns in tables.items():
        with tracking.connect() as connection:
            selected = ", ".join(f"CAST({column} AS text)" for column in columns)
            rows = {tuple(row) for row in connection.exec_driver_sql(f"SELECT {selected} FROM {TABLES[table][1]}")}
        if table == "experiment_permissions":
            rows.add(("0",))  # the first start of the server makes it, and notes nobody who did
        with store.engine.begin() as connection:
            things, same = ", ".join(columns), " AND ".join(f"grants.{column} = things.{column}" for column in columns)
            all_things = f"unnest({', '.join('CAST(%s AS text[])' for _ in columns)}) AS things ({things})"
            values = [list(column) for column in zip(*rows)] or [[] for _ in columns]
            connection.exec_driver_sql(
                f"DELETE FROM {table} AS grants USING users WHERE users.id = grants.user_id AND users.username = ANY(%s)"
                " AND grants.permission = grants.declared"
                f" AND (users.declared IS NULL OR NOT EXISTS (SELECT FROM {all_things} WHERE {same}))", (names, *values))
            connection.exec_driver_sql(
                f"UPDATE {table} AS grants SET permission = users.declared, declared = users.declared FROM users WHERE users.id = grants.user_id"
                " AND users.username = ANY(%s) AND grants.permission = grants.declared AND grants.permission <> users.declared", (names,))
            connection.exec_driver_sql(
                f"INSERT INTO {table} ({things}, user_id, permission, declared) SELECT things.*, users.id, users.declared, users.declared"
                f" FROM {all_things} CROSS JOIN users WHERE users.username = ANY(%s) AND users.declared IS NOT NULL"
                f" AND NOT EXISTS (SELECT FROM {table} AS grants WHERE grants.user_id = users.id AND {same}) ON CONFLICT DO NOTHING", (*values, names))


def watch(connection, table, columns):
    """Let MLflow's own insertion (which knows nothing of `declared`) take the place of our row for the same user, and
    make the rows of declared users for what is new. A fault in it must never hinder MLflow."""
    things, same = ", ".join(columns), " AND ".join(f"{column} = NEW.{column}" for column in columns)
    news = ", ".join(f"NEW.{column}" for column in columns)
    connection.exec_driver_sql(f"""
CREATE OR REPLACE FUNCTION declared_{table}() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    DELETE FROM {table} WHERE {same} AND user_id = NEW.user_id AND permission = declared;
    INSERT INTO {table} ({things}, user_id, permission, declared)
    SELECT {news}, id, declared, declared FROM users WHERE declared IS NOT NULL AND id <> NEW.user_id
    ON CONFLICT DO NOTHING;
    RETURN NEW;
EXCEPTION WHEN OTHERS THEN
    RETURN NEW;
END $body$""")
    if not connection.exec_driver_sql("SELECT 1 FROM pg_trigger WHERE tgname = 'declared' AND tgrelid = CAST(%s AS regclass)", (table,)).first():
        connection.exec_driver_sql(f"CREATE TRIGGER declared BEFORE INSERT ON {table} FOR EACH ROW WHEN (NEW.declared IS NULL)"
                                   f" EXECUTE FUNCTION declared_{table}()")
