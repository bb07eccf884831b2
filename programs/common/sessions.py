"""Sessions of MLflow's stores, as one call of a store needs them."""

from __future__ import annotations

import contextlib
import copy
from collections.abc import Callable, Iterator
from typing import Any


def with_sessions(store: Any, prepare: Callable[[Any], None]) -> Any:
    """A store that prepares each of its sessions, beside the given one that other requests use."""
    open_session = store.ManagedSessionMaker

    @contextlib.contextmanager
    def open_prepared(*given: Any, **named: Any) -> Iterator[Any]:
        with open_session(*given, **named) as session:
            prepare(session)
            yield session

    prepared = copy.copy(store)
    prepared.ManagedSessionMaker = open_prepared
    return prepared
