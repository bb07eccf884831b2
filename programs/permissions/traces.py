"""Spans of OpenTelemetry: below 3.18 MLflow adds them to any trace, also to one of another experiment."""

from __future__ import annotations

import functools
from typing import Any


def install() -> None:
    """Refuse spans of a trace that is in another experiment than the one that the sender may change.

    Two requests with the first spans of one trace can still meet.
    """
    from mlflow.exceptions import MlflowException
    from mlflow.store.tracking.dbmodels.models import SqlTraceInfo
    from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

    log_spans = getattr(SqlAlchemyStore, "log_spans", None)  # from 3.3 on
    if log_spans is None:
        return

    @functools.wraps(log_spans)
    def log_checked(self: Any, *given: Any, **named: Any) -> Any:
        # The first parameter is `experiment_id` below 3.5.
        first = [named[each] for each in ("location", "experiment_id", "spans") if each in named]
        location, spans = [*given, *first][:2]
        ids = {span.trace_id for span in spans}
        with self.ManagedSessionMaker() as session:
            known = session.query(SqlTraceInfo.request_id, SqlTraceInfo.experiment_id)
            found = known.filter(SqlTraceInfo.request_id.in_(ids)).all()
        for trace, experiment in found:
            if str(experiment) != str(location):
                message = f"Trace with ID '{trace}' already exists in another experiment."
                raise MlflowException.invalid_parameter_value(message)
        return log_spans(self, *given, **named)

    SqlAlchemyStore.log_spans = log_checked
