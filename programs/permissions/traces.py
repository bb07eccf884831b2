"""Traces go by ids that clients choose. Below 3.18 MLflow adds spans to any trace, and moves what has a taken id."""

from __future__ import annotations

import asyncio
import functools
from contextvars import ContextVar
from typing import Any

from permissions.granted import TRACE_LOCATIONS, Granted

RUN_HEADER = "X-MLflow-Run-Id"

# The experiment and the traces of the spans that a thread adds.
adding: ContextVar[tuple[str, set[str]] | None] = ContextVar("adding", default=None)


def install(granted: Granted) -> None:
    """Refuse what MLflow does not in traces that are sent."""
    check_run(granted)
    keep_in_place()
    keep_locations()


def check_run(granted: Granted) -> None:
    """Ask for the permission on a run that is named by a header: MLflow 3.14 and newer link traces to it."""
    find = getattr(granted.auth, "_get_otel_validator", None)
    if find is None:
        return

    def may_update(run_id: str, username: str) -> bool:
        return bool(granted.run(run_id, username).can_update)

    @functools.wraps(find)
    def find_checked(path: str) -> Any:
        own = find(path)

        async def validate(username: str, request: Any) -> bool:
            if not await own(username, request):
                return False
            runs = request.headers.getlist(RUN_HEADER)
            return not runs or (len(runs) == 1 and await asyncio.to_thread(may_update, runs[0], username))

        return validate

    granted.auth._get_otel_validator = find_checked


def keep_locations() -> None:
    """Leave out tags of spans, which MLflow takes from 3.13 on, that say where the data of a trace is."""
    from mlflow.store.tracking import sqlalchemy_store

    store: Any = sqlalchemy_store
    validate = getattr(store, "_validate_trace_tag", None)
    if validate is None:
        return

    @functools.wraps(validate)
    def validate_checked(key: str, value: Any) -> Any:
        if adding.get() is not None and key in TRACE_LOCATIONS:
            raise ValueError(key)  # which MLflow notes in its log
        return validate(key, value)

    store._validate_trace_tag = validate_checked


def keep_in_place() -> None:
    """Refuse spans of a trace that is in another experiment than the one that the sender may change, and moves.

    Both are looked at in the transaction that writes: two requests with the first spans of one trace may meet.
    """
    from mlflow.store.tracking.dbmodels.models import SqlTraceInfo
    from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore
    from sqlalchemy import event
    from sqlalchemy.orm import Session

    keep(SqlTraceInfo, "experiment_id", "request_id", "Trace", "experiment")
    keep_assessments()
    log_spans = getattr(SqlAlchemyStore, "log_spans", None)  # from 3.3 on
    if log_spans is None:
        return

    @functools.wraps(log_spans)
    def log_checked(self: Any, *given: Any, **named: Any) -> Any:
        # The first parameter is `experiment_id` below 3.5.
        first = [named[each] for each in ("location", "experiment_id", "spans") if each in named]
        location, spans = [*given, *first][:2]
        token = adding.set((str(location), {span.trace_id for span in spans}))
        try:
            return log_spans(self, *given, **named)
        finally:
            adding.reset(token)

    SqlAlchemyStore.log_spans = log_checked

    def check(session: Any) -> None:
        added = adding.get()
        if added is None:
            return
        location, ids = added
        known = session.query(SqlTraceInfo.request_id, SqlTraceInfo.experiment_id)
        for trace, experiment in known.filter(SqlTraceInfo.request_id.in_(ids)).all():
            if str(experiment) != location:
                raise elsewhere("Trace", trace, "experiment")

    event.listen(Session, "before_commit", check)


def keep_assessments() -> None:
    """Assessments of traces, which MLflow has from 3.2 on."""
    from mlflow.store.tracking.dbmodels import models

    assessments = getattr(models, "SqlAssessments", None)
    if assessments is not None:
        keep(assessments, "trace_id", "assessment_id", "Assessment", "trace")


def keep(rows: Any, column: str, key: str, name: str, where: str) -> None:
    """Let rows stay where they are."""
    from sqlalchemy import event, inspect

    def check(_mapper: Any, _connection: Any, row: Any) -> None:
        change = inspect(row).attrs[column].history
        # None, for an assessment that a trace no longer has, is refused by the database.
        if change.deleted and getattr(row, column) is not None and str(change.deleted[0]) != str(getattr(row, column)):
            raise elsewhere(name, getattr(row, key), where)

    event.listen(rows, "before_update", check)


def elsewhere(name: str, key: str, where: str) -> Exception:
    """The error that MLflow answers 400 for."""
    from mlflow.exceptions import MlflowException

    error: Exception = MlflowException.invalid_parameter_value(
        f"{name} with ID '{key}' already exists in another {where}."
    )
    return error
