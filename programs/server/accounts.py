"""The users of MLflow, as single sign-on needs them."""

from __future__ import annotations

from typing import Any

from common.process import log


class MlflowAccounts:
    """Those of MLflow's own store. `auth` is the module of MLflow's authentication."""

    def __init__(self, auth: Any) -> None:
        from mlflow.server.auth.db.models import SqlUser
        from sqlalchemy import bindparam, select

        self.auth = auth
        users = SqlUser.__table__.c
        self.statement = select(users.is_admin).where(users.username == bindparam("username"))

    def find(self, name: str) -> bool | None:
        """Whether a user is an administrator; None if there is no such user."""
        with self.auth.store.ManagedSessionMaker() as session:
            found = session.execute(self.statement, {"username": name}).one_or_none()
        return None if found is None else bool(found[0])

    def create(self, name: str, password: str) -> None:
        """Create a user, unless there is one by now. Another worker, or another pod, may be doing the same."""
        from mlflow.exceptions import MlflowException
        from mlflow.protos.databricks_pb2 import RESOURCE_ALREADY_EXISTS, ErrorCode

        try:
            self.auth.store.create_user(name, password)
        except MlflowException as error:
            if error.error_code != ErrorCode.Name(RESOURCE_ALREADY_EXISTS):
                raise
        else:
            log(f"created user {name!r}, who came by single sign-on")
