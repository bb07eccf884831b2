"""How MLflow is imported, which takes seconds."""

from __future__ import annotations

import contextlib
import gc
import importlib.machinery
import importlib.util
import sys
from collections.abc import Iterator
from importlib import metadata

# What MLflow's own packages are called. Whatever else registers plug-ins of MLflow came with the image.
MLFLOW_PACKAGES = frozenset({"mlflow", "mlflow-skinny", "mlflow-tracing"})


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
def unavailable(*modules: str) -> Iterator[None]:
    """Hide modules from every import meanwhile that MLflow can do without. Afterwards they can be imported.

    With plug-ins of MLflow in the image, nothing is hidden: MLflow imports them, too, and they may need it.
    """
    hidden = [] if has_plugins() else [module for module in modules if module not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]
    try:
        yield
    finally:
        for module in hidden:
            del sys.modules[module]


def has_plugins() -> bool:
    """Whether the image has plug-ins of MLflow: stores, authentication apps or others, registered as entry points.

    See https://mlflow.org/docs/latest/ml/plugins/
    """
    return any(
        package.metadata["Name"] not in MLFLOW_PACKAGES
        for package in metadata.distributions()
        if any(entry.group.startswith("mlflow.") for entry in package.entry_points)
    )


def has_module(package: str, name: str) -> bool:
    """Whether a package has a module of this name. Imports the package's parents, but not the package."""
    spec = importlib.util.find_spec(package)
    folders = spec and spec.submodule_search_locations
    return bool(folders and importlib.machinery.PathFinder.find_spec(f"{package}.{name}", folders))


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
