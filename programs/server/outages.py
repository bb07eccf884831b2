"""Databases that do not answer: nothing is known of a login then, which is not the same as a wrong one.

MLflow takes a user whom it cannot look up for one who does not exist, and answers 401, which no client tries again
(`_authenticate_cached`, and `except Exception` around it, in MLflow 3.18).
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from server.refusals import DATABASE_AWAY

if TYPE_CHECKING:
    from server.single_sign_on import Accounts


class UnavailableError(Exception):
    """The database did not answer, so a user could not be looked up."""


@contextlib.contextmanager
def unavailable() -> Iterator[None]:
    """Say so if a query fails for want of a connection. A query may also fail for what is asked, such as a zero byte."""
    from mlflow.exceptions import MlflowException
    from sqlalchemy.exc import InterfaceError
    from sqlalchemy.exc import TimeoutError as PoolTimeoutError

    try:
        yield
    except MlflowException as error:
        # MLflow has a code for the first of three reasons: PostgreSQL refuses, the pool is used up, a connection is gone.
        is_away = error.error_code == DATABASE_AWAY.code or isinstance(
            error.__cause__, PoolTimeoutError | InterfaceError
        )
        if is_away:
            raise UnavailableError from error
        raise


class WatchedAccounts:
    """The users of MLflow, and the word for a database that does not answer."""

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
