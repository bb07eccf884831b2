"""Grants on registered models, which go by name: below 3.10 they outlive a model, for the next one of its name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from permissions import parameters

AfterRequest = Callable[[Any], None]


def install(auth: Any) -> None:
    """Revoke all grants on a model when it is deleted, and those that are left when one gets its name."""
    if any(hasattr(auth.store, each) for each in ("delete_registered_model_permissions", "delete_grants_for_resource")):
        return
    grant: AfterRequest = auth.set_can_manage_registered_model_permission
    rename: AfterRequest = auth.rename_registered_model_permission

    def names_in(parameter: str) -> set[str]:
        from flask import request

        return set(parameters.values_of(request, parameter))

    def revoke(names: set[str]) -> None:
        from mlflow.server.auth.db.models import SqlRegisteredModelPermission

        with auth.store.ManagedSessionMaker() as session:
            grants = session.query(SqlRegisteredModelPermission)
            grants.filter(SqlRegisteredModelPermission.name.in_(names)).delete()

    def revoke_all(_: Any) -> None:
        revoke(names_in("name"))

    def revoke_and_grant(response: Any) -> None:
        revoke_all(response)
        grant(response)

    def revoke_and_rename(response: Any) -> None:
        revoke(names_in("new_name") - names_in("name"))
        rename(response)

    handlers = {
        grant: revoke_and_grant,
        rename: revoke_and_rename,
        auth.delete_can_manage_registered_model_permission: revoke_all,
    }
    for key, handler in auth.AFTER_REQUEST_HANDLERS.items():
        auth.AFTER_REQUEST_HANDLERS[key] = handlers.get(handler, handler)
