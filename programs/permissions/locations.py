"""Files of rows that name a foreign location: an experiment's, a run's, a logged model's, a version's or a trace's.

Users cannot create such rows any more, but those from before stay. The server would go there with its own access.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from permissions.granted import Granted, reads_one_way


def install(granted: Granted) -> None:
    """Refuse users what is elsewhere, where MLflow looks up what serves a location, whatever the route."""
    from mlflow.store.artifact.artifact_repository_registry import ArtifactRepositoryRegistry
    from mlflow.store.tracking import sqlalchemy_store

    handlers: Any = granted.handlers

    # All handlers ask first whether the location is one of clients.
    is_proxied: Callable[[str], bool] = handlers._is_servable_proxied_run_artifact_root

    @functools.wraps(is_proxied)
    def is_proxied_checked(location: str) -> bool:
        require(granted, granted.may_use(location))
        return is_proxied(location)

    handlers._is_servable_proxied_run_artifact_root = is_proxied_checked

    # Also for what another location leads to, such as `runs:/`.
    create = ArtifactRepositoryRegistry.get_artifact_repository

    @functools.wraps(create)
    def create_checked(self: Any, artifact_uri: str, *given: Any, **named: Any) -> Any:
        require(granted, granted.may_use(artifact_uri))
        return create(self, artifact_uri, *given, **named)

    ArtifactRepositoryRegistry.get_artifact_repository = create_checked

    for module in (handlers, sqlalchemy_store):
        for name in ("get_artifact_uri_for_trace", "get_archive_uri_for_trace"):  # the second from 3.13 on
            if hasattr(module, name):
                setattr(module, name, of_its_own(granted, getattr(module, name)))


def of_its_own(granted: Granted, find: Callable[[Any], str]) -> Callable[[Any], str]:
    """Where a trace's data is, which is a tag that users could change: MLflow's own ends with the trace's id.

    However it is read: users choose ids, too.
    """

    @functools.wraps(find)
    def found(trace_info: Any) -> str:
        location = find(trace_info)
        trace = getattr(trace_info, "trace_id", None) or trace_info.request_id
        is_plain = "/" not in trace and trace not in (".", "..")
        require(granted, is_plain and reads_one_way(location) and location.endswith(f"/{trace}/artifacts"))
        return location

    return found


def require(granted: Granted, allowed: bool) -> None:
    """Refuse a user's request. What runs beside requests has no user."""
    from flask import has_request_context

    if not allowed and has_request_context() and not granted.auth.sender_is_admin():
        raise granted.elsewhere()
