"""Filters and orders of searches, parsed once (docs/performance.md)."""

from __future__ import annotations

import copy
import functools
from collections.abc import Callable
from typing import Any

# Clients search with few different texts, over and over. Longer ones are lists of ids.
MAX_TEXTS, MAX_LENGTH = 256, 1000


def install() -> None:
    """Have MLflow remember what it made of a text."""
    from mlflow.utils.search_utils import SearchUtils

    for name in ("parse_search_filter", "parse_order_by_for_search_runs"):
        parse = getattr(SearchUtils, name)
        setattr(SearchUtils, name, classmethod(remembering(parse.__func__)))


def remembering(parse: Callable[..., Any]) -> Callable[..., Any]:
    """A parser that remembers what it made of a text, and not the errors."""
    remembered = functools.lru_cache(MAX_TEXTS)(parse)

    @functools.wraps(parse)
    def parse_remembering(kind: type, *given: Any, **named: Any) -> Any:
        text = given[0] if len(given) == 1 and not named else None
        if not isinstance(text, str) or len(text) > MAX_LENGTH:
            return parse(kind, *given, **named)
        # The caller may change it.
        return copy.deepcopy(remembered(kind, text))

    return parse_remembering
