"""Paths of artifacts, which MLflow's own checks of the proxied routes read as its handlers do.

Handlers decode a path until nothing changes, stores of folders once more, and a folder has no use for dots. Until 3.16
the checks read a path that was decoded once: `%2531/...`, the files of experiment 1, named no experiment to them, and
got the permission of the `path` in the query, or the default. In 3.17 `./1/...` still gets the default.
"""

from __future__ import annotations

import posixpath
import re
from typing import Any


class ServedPaths:
    """MLflow's pattern of a path with an experiment, for the path that is served."""

    def __init__(self, pattern: re.Pattern[str]) -> None:
        self.pattern = pattern

    def match(self, path: str) -> re.Match[str] | None:
        """The experiment of a path."""
        return self.pattern.match(as_served(path))

    def sub(self, replacement: str, path: str, count: int = 0) -> str:
        """A path within its experiment."""
        return self.pattern.sub(replacement, as_served(path), count=count)


def as_served(path: str) -> str:
    """The path of the files that MLflow serves, with a slash at its end.

    Raises:
        MlflowException: MLflow serves no such path.

    """
    from mlflow.utils.uri import validate_path_is_safe

    # Some callers add a slash for the pattern: behind `#` it would be another path.
    given, served = None, path.removesuffix("/")
    try:
        while served != given:
            given, served = served, str(validate_path_is_safe(served))
    except ValueError as error:  # encoded too often
        from mlflow.exceptions import MlflowException

        raise MlflowException.invalid_parameter_value("Invalid path") from error
    return f"{posixpath.normpath(served)}/"


def install(auth: Any) -> None:
    """Change MLflow's checks."""
    auth._EXPERIMENT_ID_PATTERN = ServedPaths(auth._EXPERIMENT_ID_PATTERN)
    of_path = getattr(auth, "_extract_experiment_id_from_artifact_proxy_path", None)
    if of_path is not None:
        # For FastAPI's routes alone, which take a path and no query.
        auth._extract_experiment_id_from_artifact_proxy_path = lambda path, _query=None: of_path(path)
