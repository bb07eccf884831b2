"""Databases that do not answer: nothing is known of a login then, which is not the same as a wrong one.

MLflow 3.12 and newer take a user who cannot be looked up for one who does not exist, and answer 401, which no client
tries again (`_authenticate_cached` in mlflow/server/auth/__init__.py); 3.10 and 3.11 answer 500.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from server.refusals import DATABASE_AWAY

if TYPE_CHECKING:
    from server.single_sign_on import Accounts


class UnavailableError(Exception):
    """The database did not answer, so a user could not be looked up or checked."""


@contextlib.contextmanager
def unavailable() -> Iterator[None]:
    """Report an unavailable database. A query may also fail because of what is asked, such as a zero byte."""
    from mlflow.exceptions import MlflowException
    from sqlalchemy.exc import InterfaceError
    from sqlalchemy.exc import TimeoutError as PoolTimeoutError

    try:
        yield
    except MlflowException as error:
        # PostgreSQL refuses, for which MLflow has a code; the pool is used up; or a connection is gone.
        cause = error.__cause__
        if (
            error.error_code == DATABASE_AWAY.code
            or isinstance(cause, PoolTimeoutError | InterfaceError)
            or getattr(cause, "connection_invalidated", False)
        ):
            raise UnavailableError from error
        raise


class WatchedAccounts:
    """The users of MLflow; reports an unavailable database."""

    def __init__(self, accounts: Accounts) -> None:
        self.accounts = accounts

    def find(self, name: str) -> bool | None:
        """Whether a user is an administrator; None if there is no such user."""
        with unavailable():
            return self.accounts.find(name)

    def create(self, name: str, password: str) -> None:
        """Create a user, unless there is one by now."""
        with unavailable():
            self.accounts.create(name, password)
