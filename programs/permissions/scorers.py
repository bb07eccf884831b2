"""Versions of scorers: from 3.7 on MLflow lets who registers one manage the whole scorer, also that of others."""

from __future__ import annotations

from typing import Any


def install(auth: Any) -> None:
    """Grant a scorer to who registers its first version."""
    grant = getattr(auth, "set_can_manage_scorer_permission", None)
    if grant is None:
        return

    def grant_new(response: Any) -> None:
        if int(response.json.get("version", 1)) == 1:
            grant(response)

    for route, handler in auth.AFTER_REQUEST_HANDLERS.items():
        if handler is grant:
            auth.AFTER_REQUEST_HANDLERS[route] = grant_new
