"""MLflow's application, ready to be served by forked processes, with the guard in front."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import gc
import importlib.util
import os
import sys
from collections.abc import Callable
from typing import Any

from common.artifact_deletion import delete_exactly
from common.process import enter_temporary_folder
from server import found_runs, request_costs, search_texts
from server.accounts import MlflowAccounts
from server.administrators import Administrators
from server.guard import Guard
from server.local_files import keep_whole
from server.logins import Client, Limits, Logins, Verdict, client_of_request, right_login
from server.orders import Options
from server.origins import Origins
from server.outages import UnavailableError, WatchedAccounts, unavailable
from server.refusals import DATABASE_AWAY, TRY_LATER
from server.responses import answer_what_is_off, write_fast
from server.single_sign_on import SingleSignOn

STATIC_PREFIX = "_MLFLOW_STATIC_PREFIX"


def create_guard(options: Options) -> Guard:
    """The guard, whose logins are those of MLflow's users. Imports MLflow's server, which reads its variables then."""
    write_fast()
    found_runs.install()
    search_texts.install()
    answer_what_is_off()
    delete_exactly()
    keep_whole()
    logins = None if options.cache_logins is None else create_logins(Limits(remembered=options.cache_logins))
    # Without it, MLflow would answer 500 to logins that are none, and read bodies before the login.
    gateway = importlib.util.find_spec("mlflow.server.gateway_api") is not None
    prefix = os.environ.get(STATIC_PREFIX, "")
    return Guard(
        logins,
        options.max_request_body,
        prefix,
        gateway=gateway,
        gateway_header=hasattr(sys.modules.get("mlflow.server.auth"), "MLFLOW_GATEWAY_AUTH_HEADER"),
        gateway_password=os.environ.get("_MLFLOW_INTERNAL_GATEWAY_AUTH_TOKEN") or None,
        is_delegated=_find_delegations(),
        people=create_single_sign_on(options),
        origins=Origins.of_variables(),
        hides_metrics=options.unknown_app,
    )


def create_single_sign_on(options: Options) -> SingleSignOn | None:
    """The people of the proxy in front of the server, if there is one."""
    if options.admission is None or options.cache_logins is None:
        return None
    from mlflow.server import auth
    from mlflow.server.auth.sqlalchemy_store import SqlAlchemyStore

    people = SingleSignOn(options.admission, WatchedAccounts(MlflowAccounts(auth)), options.cache_logins)
    _forget_changed_users(SqlAlchemyStore, people.forget)
    return people


def _find_delegations() -> Callable[[str], bool]:
    """MLflow's check of the credentials of its Assistant's tools. Releases without it take none."""
    try:
        from mlflow.server.assistant.delegation import verify_delegation_credential
    except ImportError:
        return lambda _: False
    # Of other texts, MLflow's comparison raises a TypeError.
    return lambda credential: credential.isascii() and verify_delegation_credential(credential) is not None


def create_logins(limits: Limits) -> Logins:
    """Checks as MLflow does, at the same cost for a user who does not exist. MLflow's own checks then ask here."""
    import mlflow.server
    from mlflow.server import auth
    from mlflow.server.auth.sqlalchemy_store import SqlAlchemyStore
    from werkzeug.security import check_password_hash, generate_password_hash

    authenticate = SqlAlchemyStore.authenticate_user
    somebody = generate_password_hash("somebody")

    def check(username: str, password: str) -> bool:
        with unavailable():
            right: bool = authenticate(auth.store, username, password)
            exists = right or auth.store.has_user(username)
        if right:
            # Another worker may have deleted an administrator, and created a user of the same name.
            administrators.forget(username)
        elif not exists:
            check_password_hash(somebody, password)
        return right

    def authenticate_user(self: Any, username: str, password: str, **options: Any) -> bool:
        if options:  # not the login of a request
            right: bool = authenticate(self, username, password, **options)
            return right
        if right_login.get() == (username, password):
            return True
        if is_in_event_loop():
            # Where a check would hold up all other requests. The guard has found no such login in this one.
            return False
        # What the guard leaves to MLflow has the same limits.
        client = client_of_request.get() or Client("")
        try:
            verdict = logins.judge(username, password, client.address)
        except UnavailableError as error:
            if client_of_request.get() is None:
                raise error.__cause__ or error from None
            client.refusal = DATABASE_AWAY
            return False
        client.refusal = TRY_LATER if verdict is Verdict.LATER else None
        return verdict is Verdict.RIGHT

    logins, administrators = Logins(check, limits), Administrators(limits.remembered)
    SqlAlchemyStore.authenticate_user = authenticate_user
    _note_outages(SqlAlchemyStore)
    auth.sender_is_admin = _create_sender_is_admin(auth, administrators)
    request_costs.reduce(auth, mlflow.server.app)
    _forget_changed_users(SqlAlchemyStore, logins.forget, administrators.forget)
    return logins


def is_in_event_loop() -> bool:
    """Whether an event loop runs this."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def _note_outages(store: Any) -> None:
    """Have look-ups of users say in whose request they failed."""
    get_user = store.get_user

    @functools.wraps(get_user)
    def noting(self: Any, *given: Any, **options: Any) -> Any:
        try:
            with unavailable():
                return get_user(self, *given, **options)
        except UnavailableError as error:
            client = client_of_request.get()
            if client is not None:
                client.refusal = DATABASE_AWAY
            # As MLflow expects it.
            raise error.__cause__ or error from None

    store.get_user = noting


def _create_sender_is_admin(auth: Any, administrators: Administrators) -> Callable[[], bool]:
    """MLflow's own, which asks up to three times in a request, and reads everything that the user was granted, too."""
    from flask import g

    stock: Callable[[], bool] = auth.sender_is_admin
    accounts = MlflowAccounts(auth)

    def look_up(username: str) -> bool:
        found = accounts.find(username)
        return stock() if found is None else found

    def sender_is_admin() -> bool:
        if "sender_is_admin" not in g:
            username = auth.authenticate_request().username
            g.sender_is_admin = administrators.includes(username, look_up)
        return bool(g.sender_is_admin)

    return sender_is_admin


def _forget_changed_users(store: Any, *forget: Callable[[str], None]) -> None:
    """Have the store say which users it changes."""
    for name in ("create_user", "update_user", "delete_user"):
        setattr(store, name, _forgetting(getattr(store, name), *forget))


def _forgetting(change: Callable[..., Any], *forget: Callable[[str], None]) -> Callable[..., Any]:
    """A change of a user, after which this process looks again at what it knew of the user."""

    @functools.wraps(change)
    def changed(self: Any, username: str, *arguments: Any, **options: Any) -> Any:
        try:
            return change(self, username, *arguments, **options)
        finally:
            for each in forget:
                each(username)

    return changed


def prepare_fork() -> None:
    """Have in memory what the workers need, and nothing that they must not share: no connection, no thread."""
    from mlflow.server import ARTIFACTS_ONLY_ENV_VAR, handlers
    from sqlalchemy.engine import Engine

    if not os.environ.get(ARTIFACTS_ONLY_ENV_VAR):
        handlers.initialize_backend_stores()
    with contextlib.suppress(ImportError):  # what requests to /graphql would import
        import mlflow.server.graphql.graphql_schema_extensions  # noqa: F401
    for engine in [thing for thing in gc.get_objects() if isinstance(thing, Engine)]:
        engine.dispose()
    # MLflow 3.1 creates ./mlruns when a model version is registered. No module is found by this path.
    enter_temporary_folder()
    # A collection in a worker would write to, and so copy, every page with an object of the first process.
    gc.collect()
    gc.freeze()
