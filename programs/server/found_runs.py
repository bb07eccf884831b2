"""The metrics, parameters and tags of the runs that a search found, without a mapped object for each of them.

SQLAlchemy makes an object for each row and follows it until the session ends, and MLflow makes its own from that. Here
MLflow makes its own from the rows, which are the largest part of a search (docs/performance.md).
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from common.sessions import with_sessions

# Key in `Session.info`: the rows of the runs that a search found, or None until they are read.
FOUND = "cdk8s-mlflow.found_runs"
# As SQLAlchemy has it for relationships that it reads together (`selectinload`).
RUNS_PER_STATEMENT = 500


class ConvertibleRow:
    """A row in place of an object of its table. `convert` is the method by which MLflow converts such an object."""

    __slots__ = ("convert", "row")

    def __init__(self, convert: Callable[[Any], Any], row: Any) -> None:
        self.convert, self.row = convert, row

    def to_mlflow_entity(self) -> Any:
        """What MLflow calls."""
        return self.convert(self.row)


def install() -> None:
    """Have searches of MLflow's tracking store read rows. A plug-in that reads runs in its own way stays as it is."""
    from mlflow.store.tracking.dbmodels.models import SqlLatestMetric, SqlParam, SqlRun, SqlTag
    from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore
    from sqlalchemy import bindparam, select
    from sqlalchemy.orm import object_session

    search, convert_run = SqlAlchemyStore._search_runs, SqlRun.to_mlflow_entity
    load_together = SqlAlchemyStore._get_eager_run_query_options
    tables = {"latest_metrics": SqlLatestMetric, "params": SqlParam, "tags": SqlTag}
    statements = {
        name: select(table.__table__).where(table.run_uuid.in_(bindparam("runs", expanding=True)))
        for name, table in tables.items()
    }

    def read(session: Any) -> dict[str, dict[str, list[ConvertibleRow]]]:
        runs = [each.run_uuid for each in session.identity_map.values() if isinstance(each, SqlRun)]
        found: dict[str, dict[str, list[ConvertibleRow]]] = {run: {name: [] for name in tables} for run in runs}
        for name, table in tables.items():
            for part in in_parts(runs, RUNS_PER_STATEMENT):
                for row in session.connection().execute(statements[name], {"runs": part}):
                    # A database may take another spelling of an id for the same.
                    if row.run_uuid in found:
                        found[row.run_uuid][name].append(ConvertibleRow(table.to_mlflow_entity, row))
        return found

    @functools.wraps(convert_run)
    def to_mlflow_entity(self: Any) -> Any:
        session = object_session(self)
        if session is None or FOUND not in session.info:
            return convert_run(self)
        # MLflow has found all runs when it converts the first one.
        if session.info[FOUND] is None:
            session.info[FOUND] = read(session)
        rows = session.info[FOUND].pop(self.run_uuid, None)
        if rows is None:
            return convert_run(self)
        # Where SQLAlchemy looks before it asks the database. It follows what stays there.
        self.__dict__.update(rows)
        try:
            return convert_run(self)
        finally:
            for name in rows:
                self.__dict__.pop(name, None)

    @functools.wraps(search)
    def search_runs(self: Any, *given: Any, **named: Any) -> Any:
        if type(self)._get_eager_run_query_options is not load_together:
            return search(self, *given, **named)
        store = with_sessions(self, lambda session: session.info.update({FOUND: None}))
        # What SQLAlchemy would read together with the runs.
        store._get_eager_run_query_options = list
        return search(store, *given, **named)

    SqlRun.to_mlflow_entity, SqlAlchemyStore._search_runs = to_mlflow_entity, search_runs


def in_parts(values: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    """The values in parts of at most so many."""
    return (values[begin : begin + size] for begin in range(0, len(values), size))
