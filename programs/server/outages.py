"""Databases that do not answer: nothing is known of a login then, which is not the same as a wrong one.

MLflow takes a user whom it cannot look up for one who does not exist, and answers 401, which no client tries again
(`_authenticate_cached`, and `except Exception` around it, in MLflow 3.18).
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from server.single_sign_on import Accounts


class UnavailableError(Exception):
    """The database did not answer, so a user could not be looked up."""


@contextlib.contextmanager
def unavailable() -> Iterator[None]:
    """Say so if a query fails. MLflow's store has one kind of error for all failures of a database."""
    from mlflow.exceptions import MlflowException

    try:
        yield
    except MlflowException as error:
        raise UnavailableError from error


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
