"""How MLflow is imported, which takes seconds."""

from __future__ import annotations

import contextlib
import gc
import importlib.util
import sys
from collections.abc import Iterator


@contextlib.contextmanager
def few_collections() -> Iterator[None]:
    """Collect garbage seldom meanwhile: a sixth of the time of an import is the search among what stays.

    Never would leave holes in memory.
    """
    thresholds = gc.get_threshold()
    gc.set_threshold(10_000, 5, 1_000)
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)


@contextlib.contextmanager
def unavailable(module: str) -> Iterator[None]:
    """Let nothing import a module meanwhile that is optional for all that does. Afterwards it can be imported."""
    if module in sys.modules:
        yield
        return
    sys.modules[module] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[module]


def without_its_own_code(package: str) -> None:
    """Let the modules in a package be imported without what the package itself imports, which they do not need."""
    if package in sys.modules:
        return
    spec = importlib.util.find_spec(package)
    if spec is None:
        raise ModuleNotFoundError(f"No module named {package!r}", name=package)
    module = sys.modules[package] = importlib.util.module_from_spec(spec)
    parent, _, name = package.rpartition(".")
    if parent:
        setattr(sys.modules[parent], name, module)
