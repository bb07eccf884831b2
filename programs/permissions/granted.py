"""What the sender of a request may do, by MLflow's own permissions."""

from __future__ import annotations

import posixpath
import re
import urllib.parse
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from permissions.artifact_paths import as_served

# Permission on each of them is needed. Without any, nothing was named that could be checked.
Permissions = list[Any]

EXPERIMENT_ID = re.compile("0|[1-9][0-9]*")

# The tag that says where the server reads a trace's data.
TRACE_LOCATION = "mlflow.artifactLocation"
# All that MLflow notes of where it is.
TRACE_LOCATIONS = frozenset({
    TRACE_LOCATION, "mlflow.trace.spansLocation", "mlflow.trace.archiveLocation", "mlflow.trace.archivalFailure",
})  # fmt: skip

# What clients name as the source of a prompt, which has no files: `register_prompt` and `create_prompt_version`.
NO_SOURCES = frozenset({"dummy-source", "prompt-template"})

# How the folder of a run, a logged model or a trace ends.
OWN_FOLDER = re.compile("/([0-9a-f]{32}|models/m-[0-9a-f]{32}|traces/[^/]+)/artifacts(/|$)")


class Granted:
    """The permissions of the sender of the request at hand."""

    def __init__(self, auth: Any, handlers: Any, environment: Mapping[str, str]) -> None:
        self.auth, self.handlers = auth, handlers
        names = ("_MLFLOW_SERVER_ARTIFACT_DESTINATION", "_MLFLOW_SERVER_ARTIFACT_ROOT")
        roots = [split_location(environment[name]) for name in names if environment.get(name)]
        self.roots = [root for root in roots if root[0] != "mlflow-artifacts"]

    @property
    def default(self) -> Any:
        """The permission for what has none of its own."""
        return self.auth.get_permission(self.auth.auth_config.default_permission)

    @property
    def username(self) -> str:
        """The sender."""
        return str(self.auth.authenticate_request().username)

    def experiment(self, experiment_id: str, username: str | None = None) -> Any:
        """On an experiment, and all that is in it."""
        if not EXPERIMENT_ID.fullmatch(experiment_id):
            raise self.invalid("experiment_id must be a decimal number")
        auth, sender = self.auth, username or self.username
        if hasattr(auth, "_get_experiment_permission"):
            return auth._get_experiment_permission(experiment_id, sender)
        return auth._get_permission_from_store_or_default(
            lambda: auth.store.get_experiment_permission(experiment_id, sender).permission
        )

    def run(self, run_id: str, username: str | None = None) -> Any:
        """On a run."""
        return self.experiment(self._tracking.get_run(run_id).info.experiment_id, username)

    def trace(self, trace_id: str) -> Any:
        """On a trace."""
        return self.experiment(self._tracking.get_trace_info(trace_id).experiment_id)

    def trace_location(self, trace_id: str) -> str:
        """Where the server reads a trace's data."""
        return str(self._tracking.get_trace_info(trace_id).tags.get(TRACE_LOCATION, ""))

    def logged_model(self, model_id: str) -> Any:
        """On a logged model."""
        return self.experiment(self._tracking.get_logged_model(model_id).experiment_id)

    def issue(self, issue_id: str) -> Any:
        """On an issue."""
        return self.experiment(self._tracking.get_issue(issue_id).experiment_id)

    def dataset(self, dataset_id: str) -> Permissions:
        """On an evaluation dataset: on each of its experiments."""
        return [self.experiment(each) for each in self._tracking.get_dataset_experiment_ids(dataset_id)]

    def can_use_model_definitions(self, ids: Iterable[str]) -> bool:
        """Whether the sender may use models of the AI gateway, and so the keys behind them."""
        find = getattr(self.auth, "_get_gateway_model_definition_permission", None)  # from 3.17 on
        if find is not None:
            return all(find(each).can_use for each in ids)
        check = getattr(self.auth, "_validate_can_use_model_definitions", None)  # 3.8 has no such permissions
        return check is None or bool(check([{"model_definition_id": each} for each in ids]))

    def endpoint(self, endpoint_id: str) -> Any:
        """An endpoint of the AI gateway."""
        return self._tracking.get_gateway_endpoint(endpoint_id=endpoint_id)

    def experiment_named(self, name: str) -> str | None:
        """The id of an experiment, if there is one of this name."""
        found = self._tracking.get_experiment_by_name(name)
        return None if found is None else str(found.experiment_id)

    def model(self, name: str) -> Any:
        """On a registered model."""
        auth, sender = self.auth, self.username
        if hasattr(auth, "_graphql_get_permission_for_model"):
            return auth._graphql_get_permission_for_model(name, sender)
        return auth._get_permission_from_store_or_default(
            lambda: auth.store.get_registered_model_permission(name, sender).permission
        )

    def artifact(self, path: str) -> Any:
        """On a path below the artifact root, of which the first folder is the experiment's."""
        folder = as_served(path).split("/")[0]
        return self.experiment(folder) if EXPERIMENT_ID.fullmatch(folder) else self.default

    def location(self, uri: str) -> Permissions | None:
        """On what a location names that belongs to this server; None if the server must not use it for a user.

        The server would go to any other place with its own access: to other buckets with its keys, and to other hosts
        from its network.
        """
        scheme, host, _ = split_location(uri)
        if host and scheme in ("runs", "models", "mlflow-artifacts"):
            return None
        if scheme == "runs":
            # As `RunsArtifactRepository.parse_runs_uri`, to which an escape is a part of the name.
            return [self.run(urllib.parse.urlparse(uri).path.removeprefix("/").partition("/")[0])]
        if scheme == "models":
            name, is_registered = self.named_model(uri)
            return [self.model(name) if is_registered else self.logged_model(name)]
        within = self.path_of(uri)
        return [self.artifact(within), *(self.experiment(each) for each in self.as_written(uri))] if within else None

    def named_model(self, uri: str) -> tuple[str, bool]:
        """The registered model that a location names, or else the logged model, as MLflow itself reads it."""
        from mlflow.store.artifact.utils.models import _parse_model_uri

        parsed = _parse_model_uri(uri)
        return (str(parsed.name), True) if parsed.name else (str(parsed.model_id), False)

    def path_of(self, uri: str) -> str:
        """The path of a location below the artifact root. It is empty for the root itself and for what is elsewhere."""
        scheme, host, path = split_location(uri)
        if scheme == "mlflow-artifacts":
            return "" if host else path.strip("/")
        return next(filter(None, (path_below(uri, root) for root in self.roots)), "")

    def as_written(self, uri: str) -> list[str]:
        """The experiments of a location with escapes, to a reader that takes them for a part of the path."""
        path = urllib.parse.urlparse(uri).path.strip("/")
        tops = [""] if split_location(uri)[0] == "mlflow-artifacts" else [root[2].strip("/") for root in self.roots]
        folders = [path.removeprefix(top).strip("/").partition("/")[0] for top in tops]
        return [each for each in folders if "%" in path and EXPERIMENT_ID.fullmatch(each)]

    def may_use(self, uri: str) -> bool:
        """Whether the server may use the location of a row for users: below the artifact root, or in another bucket.

        An administrator may have put an experiment into another bucket, and nothing tells such a row from a user's. But
        there the server uses only folders that MLflow named by random ids, in which a user finds what the server wrote.
        """
        scheme, host, path = split_location(uri)
        if scheme in ("runs", "models"):  # they lead to another location
            return not host
        is_named = scheme == "s3" and OWN_FOLDER.search(path) is not None
        return is_named or bool(self.path_of(uri)) or split_location(uri) in self.roots

    def version_location(self, name: str, version: str) -> tuple[str, list[str], list[str]]:
        """Where the server reads the files of a model version, with the ids of its run and its logged model."""
        registry = self.handlers._get_model_registry_store()
        found = registry.get_model_version(name, version)
        models = [getattr(found, "model_id", None)]
        return (
            str(registry.get_model_version_download_uri(name, version)),
            [str(each) for each in [found.run_id] if each],
            [str(each) for each in models if each],
        )

    def places(self, run_ids: list[str], model_ids: list[str]) -> list[str]:
        """Where the files of runs and logged models are, which may be where an administrator put an experiment."""
        tracking = self.handlers._get_tracking_store()
        return [
            *(str(tracking.get_run(each).info.artifact_uri) for each in run_ids),
            *(str(tracking.get_logged_model(each).artifact_location) for each in model_ids),
        ]

    def invalid(self, message: str) -> Exception:
        """The error that MLflow answers 400 for."""
        from mlflow.exceptions import MlflowException

        error: Exception = MlflowException.invalid_parameter_value(message)
        return error

    def forbidden(self, message: str) -> Exception:
        """The error that MLflow answers 403 for."""
        from mlflow.exceptions import MlflowException
        from mlflow.protos.databricks_pb2 import PERMISSION_DENIED

        error: Exception = MlflowException(message, PERMISSION_DENIED)
        return error

    def elsewhere(self) -> Exception:
        """The error for files that the server does not touch for users."""
        return self.forbidden(
            "the location of these files is not below the artifact root of this server (ask an administrator)"
        )

    @property
    def _tracking(self) -> Any:
        return self.auth._get_tracking_store()


def split_location(uri: str) -> tuple[str, str, str]:
    """Scheme, host and path of a location, so that equal ones are equal."""
    parsed = urllib.parse.urlparse(uri)
    scheme, path = parsed.scheme.lower(), urllib.parse.unquote(parsed.path)
    host = parsed.netloc if scheme not in ("", "file") else ""
    path = posixpath.normpath(path) if path else ""
    return ("file" if scheme == "" and path.startswith("/") else scheme), host, path


def reads_one_way(uri: str) -> bool:
    """Whether all readers of a location find the same path in it."""
    return not set(uri) & set("%?#;")


def path_below(uri: str, root: tuple[str, str, str]) -> str | None:
    """The path of a location below another one, or None."""
    scheme, host, path = split_location(uri)
    top = root[2].rstrip("/") + "/"
    return path.removeprefix(top).strip("/") if root[:2] == (scheme, host) and path.startswith(top) else None


def reader(permission: Callable[[str], Any]) -> Callable[[str], bool]:
    """Whether something may be read, looked up once for each name."""
    known: dict[str, bool] = {}

    def may_read(name: str) -> bool:
        if name not in known:
            known[name] = bool(permission(name).can_read)
        return known[name]

    return may_read
