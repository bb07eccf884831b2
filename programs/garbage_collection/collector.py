"""Removes garbage by MLflow's own `mlflow gc`, and nothing else."""

from __future__ import annotations

import contextlib
import itertools
import re
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from common.artifact_deletion import delete_exactly
from common.exit_codes import ExitCode
from common.locks import check_locks
from common.postgresql import database_uri, query
from common.process import Failure, describe, log
from common.tracking_server import check_login
from garbage_collection.garbage import Experiment, Garbage
from garbage_collection.locations import ArtifactRoot, outside
from garbage_collection.settings import Settings

if TYPE_CHECKING:
    from psycopg2.extensions import connection as Connection  # noqa: N812

TABLES = {
    "run": ("runs", "run_uuid"),
    "logged model": ("logged_models", "model_id"),
    "experiment": ("experiments", "experiment_id"),
}
# Ids of one call, which ends with the first error.
BATCH = 100


class ExactIds(list[str]):
    """The ids for `mlflow gc`, which removes all there is in place of a list that is empty, or that counts as false."""

    # Why: gc() in mlflow/cli.py (mlflow/cli/__init__.py in newer releases) reads its options as
    # `run_ids.split(",") if run_ids else None`, and takes None for everything that is old. So an empty list counts as
    # true here, and splits into itself.

    def __bool__(self) -> bool:
        """Always: an empty list is not "everything"."""
        return True

    def split(self, _separator: str) -> ExactIds:
        """The list itself, in place of the parts of a text."""
        return self


class OutsideError(Exception):
    """The files of something are elsewhere than below the artifact root."""


class GuardedStore:
    """The tracking store for `mlflow gc`: it returns and removes what it is meant to, and fails on all else."""

    # Why: gc() in mlflow/cli.py (mlflow/cli/__init__.py in newer releases) obtains its store from _get_store, and
    # deletes through the methods below. A release that comes to other ids than the given ones must not delete them.

    # What returns something with files, and where these are.
    LOCATIONS: Mapping[str, Callable[[Any], str]] = {
        "get_run": lambda run: run.info.artifact_uri,
        "get_logged_model": lambda model: model.artifact_location,
    }
    CHECKED = (*LOCATIONS, "_hard_delete_run", "_hard_delete_logged_model", "_hard_delete_experiment")

    def __init__(self, store: Any, allowed: Iterable[object], root: ArtifactRoot) -> None:
        self.store, self.allowed, self.root = store, {str(each) for each in allowed}, root

    def __getattr__(self, name: str) -> Any:
        """The store's own attribute, with a check before methods that return or remove something by its id."""
        value = getattr(self.store, name)
        if name not in self.CHECKED:
            return value

        def checked(each: object, *given: Any, **named: Any) -> Any:
            if str(each) not in self.allowed:
                message = f"`mlflow gc` went for {each}, which it was not to touch; this release is not known to us"
                raise Failure(ExitCode.UNEXPECTED, message)
            found = value(each, *given, **named)
            # The row may have been changed since it was selected.
            if name in self.LOCATIONS:
                location = self.LOCATIONS[name](found) or ""
                if not self.root.contains(location):
                    raise OutsideError(outside(location))
            return found

        return checked


class Collector:
    """`mlflow gc` for exactly what it is given, of which it checks the age once more."""

    def __init__(self, settings: Settings, connection: Connection) -> None:
        from mlflow import cli

        delete_exactly()
        self.connection, self.root = connection, settings.root
        self.cli, self.get_store = cli, cli._get_store
        uri = database_uri(settings.database)
        self.argv = ["--older-than", settings.older_than, "--backend-store-uri", uri]
        self.options = {parameter.name for parameter in cli.gc.params}
        # What could not be removed, with the reason.
        self.failed: list[str] = []

    def remove(self, garbage: Garbage) -> None:
        """Remove all of it, as far as nothing is in the way."""
        for workspace, runs in garbage.runs.items():
            self.remove_all("run", "run_ids", workspace, runs)
        if "logged_model_ids" in self.options:  # MLflow 3.7 and newer
            for workspace, models in garbage.models.items():
                self.remove_all("logged model", "logged_model_ids", workspace, models)
        for experiment in garbage.experiments:
            check_locks(self.connection)
            self.remove_experiment(experiment)

    def call(self, workspace: str | None, also: Iterable[str], **ids: Sequence[object]) -> None:
        """Call `mlflow gc` with these ids; `also`: what it may touch besides, as part of them."""
        allowed = [*also, *itertools.chain(*ids.values())]
        # Why: the command takes no store, only a URI. See gc() in mlflow/cli.py (now cli/__init__.py).
        self.cli._get_store = lambda *given: GuardedStore(self.get_store(*given), allowed, self.root)
        context = self.cli.gc.make_context("gc", self.argv + (["--workspace", workspace] if workspace else []))
        for name in {"run_ids", "experiment_ids", "logged_model_ids"} & self.options:
            context.params[name] = ExactIds(str(each) for each in ids.get(name, ()))
        with context:
            self.cli.gc.invoke(context)

    def remove_all(self, kind: str, option: str, workspace: str | None, ids: Sequence[str]) -> None:
        """Many at once, and one by one if something is in the way."""
        for start in range(0, len(ids), BATCH):
            check_locks(self.connection)
            batch = ids[start : start + BATCH]
            try:
                self.call(workspace, (), **{option: batch})
            except Failure:
                raise
            except Exception:
                for each in still_present(self.connection, kind, batch):
                    self.remove_one(f"{kind} {each}", self.single(workspace, option, each))

    def single(self, workspace: str | None, option: str, each: object) -> Callable[[], None]:
        """The call for one id."""
        return lambda: self.call(workspace, (), **{option: [each]})

    def remove_experiment(self, experiment: Experiment) -> None:
        """Remove an experiment with its runs and files."""

        def task() -> None:
            remove_remains(experiment)
            self.call(experiment.workspace, experiment.runs, experiment_ids=[experiment.id])

        self.remove_one(f"experiment {experiment.id}", task)

    def remove_one(self, what: str, task: Callable[[], None]) -> None:
        """Remove something; log what is in the way, and go on."""
        try:
            task()
        except Failure:
            raise
        except Exception as error:
            reason = re.sub(r" \[SQL: .*", "", describe(error))
            self.failed.append(f"{what}: {type(error).__name__}: {reason}")
            log(f"cannot remove {self.failed[-1]}")
            check_login()  # if it is that, everything else is in vain


def still_present(connection: Connection, kind: str, ids: Sequence[object]) -> list[object]:
    """Which of these still exist."""
    table, key = TABLES[kind]
    return [each for (each,) in query(connection, f"SELECT {key} FROM {table} WHERE {key} = ANY(%s)", (list(ids),))]


def remove_remains(experiment: Experiment) -> None:
    """Remove what `mlflow gc` leaves of an experiment.

    These are files of logged models and traces, which nobody would find again, and below MLflow 3.2 rows of traces,
    which keep it from the experiment itself. Never the folder of the experiment as a whole: old releases would take
    that of experiment 12 with that of experiment 1.
    """
    from mlflow import MlflowClient
    from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository

    with contextlib.ExitStack() as stack:
        if experiment.workspace:
            from mlflow.utils.workspace_context import WorkspaceContext

            stack.enter_context(WorkspaceContext(experiment.workspace))
        if experiment.has_traces:
            now = int(time.time() * 1000)
            MlflowClient().delete_traces(str(experiment.id), max_timestamp_millis=now)
        for location, folder in experiment.files:
            get_artifact_repository(location).delete_artifacts(folder)
