"""Has MLflow check every route of its REST API and web page: by its own checks, else by our rules, else not at all.

MLflow's own checks are found by path, and below 3.16 a path that has none is open to every login. Here they are found
by what serves the request, and what nothing is known of is left to administrators, as MLflow itself does since 3.16.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from permissions import (
    artifact_paths,
    deleted_models,
    graphql,
    known_runs,
    locations,
    parameters,
    rules,
    scorers,
    searches,
    traces,
    whole_messages,
)
from permissions.conditions import CHECKS
from permissions.granted import Granted, reader

Validator = Callable[[], bool]

STATIC_PREFIX = "_MLFLOW_STATIC_PREFIX"
# In the WSGI environment of a request, where headers of clients are HTTP_….
FOUND = "mlflow.permission_check"


def install() -> Granted | None:
    """Check the routes of MLflow's Flask application, if it asks for a login."""
    import mlflow.server
    from mlflow.server import handlers

    application = mlflow.server.app
    auth: Any = sys.modules.get("mlflow.server.auth")
    if auth is None or auth._before_request not in application.before_request_funcs.get(None, ()):
        return None
    granted = Granted(auth, handlers, os.environ)
    closed = hasattr(auth, "_authorized_outside_before_request")
    table = {} if closed else create_table(auth, granted, application)
    stock = auth._find_validator

    def find_validator(proxy: Any) -> Validator | None:
        # Each look at an attribute of Flask's proxy would look for the request.
        request = proxy._get_current_object()
        # MLflow 3.18 asks twice for each request of an administrator.
        if FOUND not in request.environ:
            request.environ[FOUND] = find(request)
        found: Validator | None = request.environ[FOUND]
        return found

    def find(request: Any) -> Validator | None:
        if request.url_rule is None or request.method == "OPTIONS":  # Flask answers
            return None
        try:
            parameters.settle(request)
        except parameters.AmbiguousError as error:
            raise granted.invalid(str(error)) from None
        if auth.sender_is_admin():
            # From 3.14 on MLflow compares its own with those whose rules hold for administrators, too.
            own: Validator | None = stock(request)
            return own
        if closed:
            return find_own(stock, granted, request)
        return table.get((request.endpoint, request.method), refuse)

    auth._find_validator = find_validator
    artifact_paths.install(auth)
    known_runs.install(auth)
    scorers.install(auth)
    traces.install(granted)
    whole_messages.install(handlers)
    locations.install(granted)
    searches.install(granted)
    protect_prefix(auth, os.environ.get(STATIC_PREFIX, ""))
    if not closed:
        filter_model_versions(auth, granted, application)
        deleted_models.install(auth)
        graphql.install(granted)
    return granted


def refuse() -> bool:
    """For administrators, who need no permission."""
    return False


def find_own(stock: Callable[[Any], Any], granted: Granted, request: Any) -> Validator | None:
    """From 3.16 on MLflow refuses what it does not know. What every login may see is the same for all releases."""
    found: Validator | None = stock(request)
    check = CHECKS.get(request.endpoint)
    if check is not None and found is not None:
        own, known = check, found
        return lambda: bool(known()) and own(granted, request)
    is_open = request.endpoint in ("serve", "version") and request.method in ("GET", "HEAD")
    return (lambda: True) if found is None and is_open else found


def create_table(auth: Any, granted: Granted, application: Any) -> dict[tuple[str, str], Validator]:
    """The check for what serves a request, and its method."""
    from flask import request

    known: dict[tuple[str, str], Validator] = {}
    routes = {(rule.endpoint, method) for rule in application.url_map.iter_rules() for method in rule.methods}
    for rule in application.url_map.iter_rules():
        for method in rule.methods:
            found = auth._find_validator(SimpleNamespace(path=rule.rule, method=method))
            # Some releases have, by mistake, what serves the request in place of a check.
            if found is not None and found.__module__ == auth.__name__:
                known.setdefault((rule.endpoint, method), found)

    def create(name: str, method: str) -> Validator:
        own = known.get((name, method))
        needed = [] if own is not None and name not in rules.REPLACED else rules.RULES.get(name, [])
        check = CHECKS.get(name)
        if name in rules.EVERYONE:
            return lambda: True
        if method == "HEAD" or (own is None and not needed and check is None):
            return refuse

        def allows() -> bool:
            if own is not None and name not in rules.REPLACED and not own():
                return False
            # Handlers read the request of Flask, of which this is the one at hand.
            if not all(rule.allows(granted, request) for rule in needed):
                return False
            return check is None or check(granted, request)

        return allows

    return {(name, method): create(name, method) for name, method in routes}


def protect_prefix(auth: Any, prefix: str) -> None:
    """Ask for a login below a static prefix that begins as a path without one (`/static-ui`)."""
    stock: Callable[[str], bool] = auth.is_unprotected_route
    if not stock(f"{prefix}/"):  # since 3.18 MLflow takes the prefix off itself
        return
    auth.is_unprotected_route = lambda path: stock(path) and stock(path.removeprefix(prefix))


def filter_model_versions(auth: Any, granted: Granted, application: Any) -> None:
    """Leave versions of readable models in the response of a search, whatever the store finds."""

    def keep_readable(response: Any) -> None:
        if auth.sender_is_admin():
            return
        may_read = reader(granted.model)
        content = json.loads(response.get_data())
        versions = content.get("model_versions", [])
        content["model_versions"] = [each for each in versions if may_read(each["name"])]
        response.set_data(json.dumps(content))

    for rule in application.url_map.iter_rules():
        if rule.endpoint == "_search_model_versions":
            auth.AFTER_REQUEST_HANDLERS.setdefault((rule.rule, "GET"), keep_readable)
