"""Remembers which experiment a run is in, which never changes.

MLflow's checks use nothing else of a run, and read all of it each time: its latest metrics, parameters, tags and
inputs, ten of the 24 statements of a log-metric by a user.
"""

from __future__ import annotations

import functools
from types import SimpleNamespace
from typing import Any

# Per worker, some 300 bytes each.
MAXIMUM = 20_000


class Store:
    """The tracking store of checks: that of the server, but for runs."""

    def __init__(self, get_store: Any, get_workspace: Any) -> None:
        self._get_store, self._get_workspace = get_store, get_workspace
        # A run that is missing is an exception, which is not remembered.
        self._experiment = functools.lru_cache(MAXIMUM)(self._read)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._get_store(), name)

    def get_run(self, run_id: str) -> Any:
        """A run that has its experiment alone. In another workspace there is no such run."""
        return SimpleNamespace(info=SimpleNamespace(experiment_id=self._experiment(run_id, self._get_workspace())))

    def _read(self, run_id: str, _workspace: str | None) -> str:
        return str(self._get_store().get_run(run_id).info.experiment_id)


def install(auth: Any) -> None:
    """Give the checks of MLflow this store."""
    try:
        from mlflow.utils.workspace_context import get_request_workspace
    except ImportError:  # before 3.10
        store = Store(auth._get_tracking_store, lambda: None)
    else:
        store = Store(auth._get_tracking_store, get_request_workspace)
    auth._get_tracking_store = lambda: store
