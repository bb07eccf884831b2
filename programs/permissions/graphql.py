"""Permission checks within queries of GraphQL, which the web page sends: MLflow has them from 3.10 on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from permissions.granted import Granted, reader

# Fields of the root, and what their input names. MLflow reads `run_uuid` if `run_id` is empty.
RUN = ("run_id", "run_uuid")
NAMED: dict[str, tuple[str, tuple[str, ...]]] = {
    "mlflowGetExperiment": ("experiment", ("experiment_id",)),
    "mlflowGetRun": ("run", RUN),
    "mlflowListArtifacts": ("run", RUN),
    "mlflowGetMetricHistoryBulkInterval": ("run", ("run_ids",)),
    "mlflowSearchRuns": ("experiment", ("experiment_ids",)),
    "mlflowSearchDatasets": ("experiment", ("experiment_ids",)),
}
OPEN = frozenset({"test", "testMutation", "mlflowSearchModelVersions"})


class Checked:
    """Resolves fields that the sender may read to what they are, and others to nothing."""

    def __init__(self, granted: Granted) -> None:
        self.granted = granted

    def resolve(self, following: Callable[..., Any], root: Any, info: Any, **args: Any) -> Any:
        """Resolve one field."""
        if self.granted.auth.sender_is_admin():
            return following(root, info, **args)
        name = info.field_name
        is_root = info.parent_type in (info.schema.query_type, info.schema.mutation_type)
        if is_root and not name.startswith("__") and not self.allows(name, args.get("input")):
            return None
        return self.filter(name, following(root, info, **args))

    def allows(self, name: str, given: Any) -> bool:
        """Whether all that a field of the root names is readable."""
        from mlflow.exceptions import MlflowException

        if name not in NAMED:
            return name in OPEN
        kind, parameters = NAMED[name]
        found = next((value for each in parameters if (value := getattr(given, each, None))), None)
        values = found if isinstance(found, list) else [found] if found else []
        may_read = reader(getattr(self.granted, kind))
        try:
            return bool(values) and all(may_read(str(value)) for value in values)
        except MlflowException:
            return False

    def filter(self, name: str, result: Any) -> Any:
        """Leave the versions of models that are readable, wherever they are."""
        if name != "modelVersions" or result is None:
            return result
        may_read = reader(self.granted.model)
        return [each for each in result if may_read(each.name)]


def install(granted: Granted) -> None:
    """Check each query, beside what MLflow itself checks."""
    from mlflow.server.graphql.graphql_schema_extensions import schema

    execute = schema.execute

    def execute_checked(*arguments: Any, middleware: Any = None, **options: Any) -> Any:
        return execute(*arguments, middleware=[*(middleware or []), Checked(granted)], **options)

    schema.execute = execute_checked
