"""Remove for good what was deleted long enough ago: runs, experiments and logged models, with their artifacts.

MLflow's own `mlflow gc` does the removing, which needs the database, and the server with a login for artifacts that pass
through it. What it lacks is here:
- It runs alone: a lock keeps it from running beside a backup, whose artifacts must be those of its dumps, or beside itself.
- It never touches a schema of another release. Below MLflow 3.9 `mlflow gc` by itself would upgrade one, under running servers.
- It keeps what a version in the model registry refers to. `mlflow gc` does not ask, and such a version would lose its files.
- What cannot be removed holds up nothing else, and is tried again the next time.

Ends as program.py says.
"""

import contextlib
import itertools
import os
import re
import sys
import time
import types
from importlib import metadata

import maintenance
import prepare
import program
from garbage import Garbage
from program import Failure, Variables, Wait, describe, say

EXIT_CODES = {
    "database-unreachable": 10,
    "database-login": 11,
    "database-missing": 12,
    "busy": 13,                 # a backup, a restore, another collection or a preparation took too long
    "lock-timeout": 13,         # something else holds a table
    "schema-differs": 14,       # this image is of another release than the schema
    "database-permission": 18,  # the role may not delete
    "server-unreachable": 40,
    "server-login": 41,
    "incomplete": 42,           # something could not be removed
    "configuration": 64,        # a variable is missing or wrong
    "unexpected": 70,
}
AGE = re.compile(r"(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?")
TABLES = {"run": ("runs", "run_uuid"), "logged model": ("logged_models", "model_id"), "experiment": ("experiments", "experiment_id")}
AT_ONCE = 100  # of one call, which ends with the first fault


def read_settings(environment):
    variables = Variables(environment)
    for name in ("PGHOST", "PGUSER", "PGPASSWORD", "MLFLOW_TRACKING_URI"):
        variables.required(name)
    older_than = variables.required("GC_OLDER_THAN")
    age = AGE.fullmatch(older_than or "")
    if older_than and not age:
        variables.faults.append(f"GC_OLDER_THAN is {older_than!r}; use an age such as 30d or 12h30m")
    settings = types.SimpleNamespace(
        database=variables.required("GC_DATABASE"),
        older_than=older_than,
        lock_timeout=variables.number("GC_LOCK_TIMEOUT", "3600"),
        timeout=60,
        login_grace=0,
        workspaces=variables.flag("GC_WORKSPACES"),
    )
    variables.check()
    days, hours, minutes, seconds = (int(part or 0) for part in age.groups())
    settings.milliseconds = (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000
    return settings


def check_server():
    """Whether the server answers, and to this login: without it no artifact could be removed, and all would be tried in vain."""
    import requests
    from mlflow import MlflowClient
    from mlflow.exceptions import MlflowException
    try:
        MlflowClient().search_experiments(max_results=1)
    except MlflowException as error:
        text = describe(error)
        if re.search(r"\b40[13]\b|not authenticated|Permission denied", text):
            raise Failure("server-login", f"{os.environ['MLFLOW_TRACKING_URI']} refuses this login, which must be the administrator's: {text}") from error
        raise Failure("server-unreachable", f"{os.environ['MLFLOW_TRACKING_URI']}: {text}") from error
    except (requests.RequestException, OSError) as error:
        raise Failure("server-unreachable", f"{os.environ['MLFLOW_TRACKING_URI']}: {describe(error)}") from error


def check_schema(connection):
    """The schema is the image's own. Nobody upgrades it meanwhile: that waits for us, who are connected by name."""
    from alembic.script import ScriptDirectory
    from mlflow.store.db import utils
    wait, cursor = Wait("the preparation lock", 300), connection.cursor()
    while True:
        cursor.execute("SELECT pg_try_advisory_lock_shared(%s)", (prepare.LOCK_KEY,))
        if cursor.fetchone()[0]:
            break
        if wait.is_over():
            raise Failure("busy", "a pod held the preparation lock for more than 300 s")
        wait.again("a pod is preparing")
    cursor.execute("SELECT to_regclass('alembic_version') IS NOT NULL")
    found = None
    if cursor.fetchone()[0]:
        cursor.execute("SELECT version_num FROM alembic_version")
        found = (cursor.fetchone() or (None,))[0]
    cursor.execute("SELECT pg_advisory_unlock_shared(%s)", (prepare.LOCK_KEY,))
    head = ScriptDirectory.from_config(utils._get_alembic_config("")).get_current_head()
    if found != head:
        raise Failure("schema-differs", f"the schema is at revision {found or 'none'}, and MLflow {metadata.version('mlflow')} has {head}: "
                      "server and garbage collection must be of one release (finish the upgrade first)")


class Given(list):
    """What is given to `mlflow gc`, which takes all there is in place of a list that is empty, or that counts as false."""

    def __bool__(self):
        return True

    def split(self, _separator):
        return self


class Guarded:
    """The tracking store for `mlflow gc`: it hands out and removes what it is meant to, and ends with a failure on all else."""

    CHECKED = ("get_run", "get_logged_model", "_hard_delete_run", "_hard_delete_logged_model", "_hard_delete_experiment")

    def __init__(self, store, allowed):
        self.store, self.allowed = store, {str(each) for each in allowed}

    def __getattr__(self, name):
        value = getattr(self.store, name)
        if name not in self.CHECKED:
            return value

        def checked(each, *given, **named):
            if str(each) not in self.allowed:
                raise Failure("unexpected", f"`mlflow gc` went for {each}, which it was not to touch; this release is not known to us")
            return value(each, *given, **named)

        return checked


class Collector:
    """`mlflow gc` for exactly what it is given, of which it checks the age once more."""

    def __init__(self, settings):
        from mlflow import cli
        self.cli, self.get_store = cli, cli._get_store
        self.argv = ["--older-than", settings.older_than, "--backend-store-uri", prepare.database_uri(settings.database)]
        self.options = {parameter.name for parameter in cli.gc.params}
        self.failed = []

    @property
    def collects_models(self):
        return "logged_model_ids" in self.options  # MLflow 3.7 and newer

    def remove(self, workspace, also=(), **ids):
        allowed = [*also, *itertools.chain(*ids.values())]
        self.cli._get_store = lambda *given: Guarded(self.get_store(*given), allowed)
        context = self.cli.gc.make_context("gc", self.argv + (["--workspace", workspace] if workspace else []))
        for name in {"run_ids", "experiment_ids", "logged_model_ids"} & self.options:
            context.params[name] = Given(str(each) for each in ids.get(name, ()))
        with context:
            self.cli.gc.invoke(context)

    def remove_all(self, connection, kind, option, workspace, ids):
        """Many at once, and one by one where something stands in the way."""
        for start in range(0, len(ids), AT_ONCE):
            is_alive(connection)
            some = ids[start:start + AT_ONCE]
            try:
                self.remove(workspace, **{option: some})
            except Failure:
                raise
            except Exception:
                for each in left(connection, kind, some):
                    self.remove_one(f"{kind} {each}", lambda each=each: self.remove(workspace, **{option: [each]}))

    def remove_experiment(self, experiment):
        def task():
            remove_remains(experiment)
            self.remove(experiment.workspace, experiment.runs, experiment_ids=[experiment.id])

        self.remove_one(f"experiment {experiment.id}", task)

    def remove_one(self, what, task):
        try:
            task()
        except Failure:
            raise
        except Exception as error:
            said = re.sub(r" \[SQL: .*", "", describe(error))
            self.failed.append(f"{what}: {type(error).__name__}: {said}")
            say(f"cannot remove {self.failed[-1]}")
            check_server()  # if it is that, all else is in vain


def left(connection, kind, ids):
    """Which of these are still there."""
    table, key = TABLES[kind]
    cursor = connection.cursor()
    cursor.execute(f"SELECT {key} FROM {table} WHERE {key} = ANY(%s)", (list(ids),))
    return [each for (each,) in cursor]


def remove_remains(experiment):
    """What `mlflow gc` leaves of an experiment: files of logged models and traces, which nobody would find again, and below
    MLflow 3.2 rows of traces, which keep it from the experiment itself. Never the folder of the experiment as a whole: old releases
    would take that of experiment 12 with that of experiment 1."""
    from mlflow import MlflowClient
    from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository
    with contextlib.ExitStack() as stack:
        if experiment.workspace:
            from mlflow.utils.workspace_context import WorkspaceContext
            stack.enter_context(WorkspaceContext(experiment.workspace))
        if experiment.has_traces:
            MlflowClient().delete_traces(str(experiment.id), max_timestamp_millis=int(time.time() * 1000))
        for location, folder in experiment.files:
            get_artifact_repository(location).delete_artifacts(folder)


def collect_garbage():
    settings = read_settings(os.environ)
    with contextlib.closing(prepare.open_database(settings, settings.database)) as connection:
        if not maintenance.take_lock(connection, settings.lock_timeout, say):
            raise Failure("busy", f"a backup, a restore or another garbage collection ran for more than {settings.lock_timeout} s")
        check_schema(connection)
        check_server()
        garbage, collector = Garbage(connection.cursor(), settings.milliseconds, settings.workspaces), Collector(settings)
        for line in garbage.kept:
            say(f"keeps {line}")
        for workspace, runs in garbage.runs.items():
            collector.remove_all(connection, "run", "run_ids", workspace, runs)
        if collector.collects_models:
            for workspace, models in garbage.models.items():
                collector.remove_all(connection, "logged model", "logged_model_ids", workspace, models)
        for experiment in garbage.experiments:
            is_alive(connection)
            collector.remove_experiment(experiment)
        said = "removed " + ", ".join(
            f"{len(ids) - len(left(connection, kind, ids))} {kind}s" for kind, ids in garbage.all().items())
    if collector.failed:
        raise Failure("incomplete", f"{said}; the rest is tried again the next time: {collector.failed[0]}")
    say(f"{said}, which were deleted more than {settings.older_than} ago")


def is_alive(connection):
    """Without the connection the lock is gone, and so is our right to go on."""
    connection.cursor().execute("SELECT 1")


def main():
    os.environ["PGAPPNAME"] = f"mlflow-gc/{metadata.version('mlflow')}"
    if os.environ.get("GC_WORKSPACES") == "true":
        os.environ["MLFLOW_ENABLE_WORKSPACES"] = "true"
    return program.end("gc", collect_garbage, EXIT_CODES)


if __name__ == "__main__":
    sys.exit(main())
