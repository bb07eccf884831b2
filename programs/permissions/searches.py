"""Has searches find only what the sender may read.

MLflow reads a page of all rows, and leaves out afterwards what is hidden: below 3.18 of each search, and of model
versions on every release. The token of the next page, and its number, then tell whether hidden rows match. Here the
database leaves them out, so that they have no place in a page.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from common.sessions import with_sessions
from permissions.granted import Granted, reader

IS_PROMPT = "mlflow.prompt.is_prompt"


@dataclass(frozen=True)
class Readable:
    """What the sender may read: some names or ids alone, or all but those."""

    keys: frozenset[Any]
    all_but: bool = False

    def condition(self, column: Any) -> Any:
        """The same for a column of a table, or None if all may be read."""
        keys = sorted(self.keys)
        if self.all_but:
            return column.not_in(keys) if keys else None
        return column.in_(keys)


def install(granted: Granted) -> None:
    """Narrow the searches of users."""
    from mlflow.store.model_registry import sqlalchemy_store as registry
    from mlflow.store.model_registry.dbmodels.models import SqlModelVersion, SqlRegisteredModel
    from mlflow.store.tracking import sqlalchemy_store as tracking
    from mlflow.store.tracking.dbmodels.models import SqlExperiment, SqlLoggedModel

    for store, search, column, find in (
        (registry.SqlAlchemyStore, "search_registered_models", SqlRegisteredModel.name, readable_models),
        (registry.SqlAlchemyStore, "search_model_versions", SqlModelVersion.name, readable_versions),
        (tracking.SqlAlchemyStore, "search_experiments", SqlExperiment.experiment_id, readable_experiments),
        (tracking.SqlAlchemyStore, "search_logged_models", SqlLoggedModel.experiment_id, readable_experiments),
    ):
        setattr(store, search, narrowed(granted, getattr(store, search), column, find))


def narrowed(
    granted: Granted, search: Callable[..., Any], column: Any, find: Callable[[Granted, Any], Readable]
) -> Callable[..., Any]:
    """A search of a store, which finds for users what they may read."""

    @functools.wraps(search)
    def search_readable(self: Any, *given: Any, **named: Any) -> Any:
        from flask import has_request_context
        from sqlalchemy import event
        from sqlalchemy.orm import with_loader_criteria

        if not has_request_context() or granted.auth.sender_is_admin():
            return search(self, *given, **named)
        condition = find(granted, self).condition(column)
        if condition is None:
            return search(self, *given, **named)
        option = with_loader_criteria(column.class_, condition, propagate_to_loaders=False)

        def listen(session: Any) -> None:
            # It costs each statement of a session: those of other requests have none.
            event.listen(session, "do_orm_execute", functools.partial(add_option, option))

        return search(with_sessions(self, listen), *given, **named)

    return search_readable


def add_option(option: Any, state: Any) -> None:
    """Add it to a statement, if that is one of a search."""
    if state.is_select and not state.is_relationship_load and not state.is_column_load:
        state.statement = state.statement.options(option)


def readable_experiments(granted: Granted, store: Any) -> Readable:
    """Experiments by id."""
    auth = granted.auth
    if has_single_grants(auth):
        grants = auth.store.list_experiment_permissions(granted.username)
        return by_grants(granted, ((int(each.experiment_id), each.permission) for each in grants))
    from mlflow.store.tracking.dbmodels.models import SqlExperiment

    may_read = (
        auth._role_based_read_predicate(granted.username, "experiment")
        if hasattr(auth, "_role_based_read_predicate")
        else reader(granted.experiment)
    )
    with store.ManagedSessionMaker() as session:
        ids = [each for (each,) in session.query(SqlExperiment.experiment_id)]
    return among(ids, lambda each: may_read(str(each)))


def readable_models(granted: Granted, store: Any) -> Readable:
    """Registered models by name, prompts among them."""
    return models_by(granted, store, "_rm_or_prompt_read_predicate")


def readable_versions(granted: Granted, store: Any) -> Readable:
    """Models of which the versions may be read: from 3.17 on, these can have permissions of their own."""
    return models_by(granted, store, "_rm_or_prompt_version_read_predicate", "_rm_or_prompt_read_predicate")


def models_by(granted: Granted, store: Any, *predicates: str) -> Readable:
    """By the first of these that a release has."""
    auth = granted.auth
    if has_single_grants(auth):
        grants = auth.store.list_registered_model_permissions(granted.username)
        return by_grants(granted, ((each.name, each.permission) for each in grants))
    from mlflow.store.model_registry.dbmodels.models import SqlRegisteredModel, SqlRegisteredModelTag

    create = next((found for each in predicates if (found := getattr(auth, each, None))), None)
    may_read_name = reader(granted.model)
    may_read = create(granted.username) if create else lambda each: may_read_name(each.name)
    with store.ManagedSessionMaker() as session:
        names = [each for (each,) in session.query(SqlRegisteredModel.name)]
        tags = session.query(SqlRegisteredModelTag.name, SqlRegisteredModelTag.value)
        tagged = tags.filter(SqlRegisteredModelTag.key == IS_PROMPT).all()
    prompts = {name for name, value in tagged if str(value).lower() == "true"}
    return among(names, lambda name: may_read(SimpleNamespace(name=name, _is_prompt=lambda: name in prompts)))


def has_single_grants(auth: Any) -> bool:
    """Whether each grant is for one thing, and what has none has the default: before roles (3.13), and workspaces."""
    workspaces = getattr(auth, "MLFLOW_ENABLE_WORKSPACES", None)
    return not hasattr(auth, "_role_based_read_predicate") and not (workspaces and workspaces.get())


def by_grants(granted: Granted, grants: Iterable[tuple[Any, str]]) -> Readable:
    """What differs from the default."""
    default = bool(granted.default.can_read)
    differing = (key for key, name in grants if granted.auth.get_permission(name).can_read != default)
    return Readable(frozenset(differing), all_but=default)


def among(keys: Iterable[Any], may_read: Callable[[Any], bool]) -> Readable:
    """Of all that there are. All of them are those of this moment, and no later ones."""
    return Readable(frozenset(each for each in keys if may_read(each)))
