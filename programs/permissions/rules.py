"""What is needed for each route that some release of MLflow leaves unchecked, by the name of what serves it.

That name is the same for all paths of a route: below `/api` and `/ajax-api`, with a static prefix and without. The
rules are those of the first release of MLflow that checks the route.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from permissions import parameters
from permissions.granted import Granted


@dataclass(frozen=True)
class Rule:
    """A permission on everything of a kind that a request names."""

    action: str
    kind: str
    parameter: str = ""

    def allows(self, granted: Granted, request: Any) -> bool:
        """Whether the sender has it. A request that names nothing is refused."""
        if self.kind == "default":
            return bool(getattr(granted.default, f"can_{self.action}"))
        found: list[Any] = []
        for value in parameters.values_of(request, self.parameter):
            permission = getattr(granted, self.kind)(value)
            # None protects a dataset of no experiment.
            found += (permission or [None]) if isinstance(permission, list) else [permission]
        return bool(found) and all(getattr(each, f"can_{self.action}", False) for each in found)


def rules(action: str, kind: str, parameter: str, *names: str) -> dict[str, list[Rule]]:
    """One rule for several routes."""
    return {name: [Rule(action, kind, parameter)] for name in names}


def gateway(action: str, *names: str) -> dict[str, list[Rule]]:
    """MLflow 3.8 has no permissions of their own for the gateway, and releases below 3.16 show whole lists of it."""
    return {name: [Rule(action, "default")] for name in names}


# Any login may use them: they show nothing of others, or filter it.
EVERYONE = frozenset({
    "serve", "static", "version", "serve_static_file", "health",
    "serve_get_ui_telemetry", "serve_post_ui_telemetry", "_get_server_info", "_not_implemented", "_graphql",
    "_search_experiments", "_search_registered_models", "_search_logged_models", "_search_model_versions",
    "_list_workspaces_handler", "_create_registered_model", "serve_gateway_proxy",
    "_get_provider_config", "_list_supported_models", "_list_supported_providers",
    "_get_budget_policy", "_list_budget_policies", "_list_budget_windows",
})  # fmt: skip

RULES: dict[str, list[Rule]] = {
    # runs
    **rules("update", "run", "run_id", "_log_inputs", "_log_outputs", "serve_upload_artifact"),
    **rules("update", "run", "run_id", "_create_presigned_upload_url"),
    **rules("read", "run", "run_id", "serve_artifacts", "serve_get_metric_history_bulk"),
    **rules("read", "run", "run_ids", "get_metric_history_bulk_interval_handler"),
    **rules("read", "run", "run_ids", "serve_get_metric_history_bulk_interval"),
    **rules("read", "experiment", "experiment_ids", "serve_search_datasets"),
    **rules("update", "experiment", "experiment_id", "serve_create_promptlab_run"),
    # models
    **rules("read", "model", "name", "serve_model_version_artifact"),
    **rules("read", "logged_model", "model_id", "_list_logged_model_artifacts", "serve_get_logged_model_artifact"),
    # traces: of MLflow 3.1, and the same under the names that they have had since
    **rules("update", "experiment", "experiment_id", "_start_trace", "_deprecated_start_trace_v2"),
    **rules("update", "trace", "request_id", "_end_trace", "_deprecated_end_trace_v2"),
    **rules("update", "trace", "request_id", "_set_trace_tag", "_delete_trace_tag"),
    **rules("update", "trace", "trace_id", "_set_trace_tag_v3", "_delete_trace_tag_v3", "_link_prompts_to_trace"),
    **rules("read", "trace", "request_id", "_get_trace_info", "_deprecated_get_trace_info_v2"),
    **rules("read", "trace", "request_id", "serve_get_trace_artifact"),
    **rules("read", "trace", "trace_id", "_get_trace_info_v3", "_get_trace", "_get_assessment"),
    **rules("read", "trace", "trace_ids", "_batch_get_traces", "_batch_get_trace_infos"),
    **rules("update", "trace", "trace_id", "_create_assessment", "_update_assessment", "_delete_assessment"),
    **rules("read", "experiment", "experiment_ids", "_search_traces", "_deprecated_search_traces_v2"),
    **rules("read", "experiment", "experiment_ids", "_calculate_trace_filter_correlation", "_query_trace_metrics"),
    **rules("delete", "experiment", "experiment_id", "_delete_traces"),
    "_link_traces_to_run": [Rule("update", "run", "run_id"), Rule("read", "trace", "trace_ids")],
    # scorers and issues
    **rules("update", "experiment", "experiment_id", "_register_scorer", "_upsert_online_scoring_config"),
    **rules("read", "experiment", "experiment_id", "_list_scorers", "_get_scorer", "_list_scorer_versions"),
    **rules("delete", "experiment", "experiment_id", "_delete_scorer"),
    **rules("update", "experiment", "experiment_id", "_create_issue", "_invoke_issue_detection_handler"),
    **rules("update", "experiment", "experiment_id", "_invoke_genai_evaluate_handler"),
    **rules("read", "experiment", "experiment_id", "_search_issues"),
    **rules("read", "issue", "issue_id", "_get_issue"),
    **rules("update", "issue", "issue_id", "_update_issue"),
    # evaluation datasets
    **rules("update", "experiment", "experiment_ids", "_create_dataset_handler"),
    **rules("read", "experiment", "experiment_ids", "_search_evaluation_datasets_handler"),
    **rules("read", "dataset", "dataset_id", "_get_dataset_handler", "_get_dataset_records_handler"),
    **rules("read", "dataset", "dataset_id", "_get_dataset_experiment_ids_handler"),
    **rules("update", "dataset", "dataset_id", "_set_dataset_tags_handler", "_delete_dataset_tag_handler"),
    **rules("update", "dataset", "dataset_id", "_upsert_dataset_records_handler", "_delete_dataset_records_handler"),
    **rules("update", "dataset", "dataset_id", "_remove_dataset_from_experiments_handler"),
    **rules("delete", "dataset", "dataset_id", "_delete_dataset_handler"),
    "_add_dataset_to_experiments_handler": [
        Rule("update", "dataset", "dataset_id"),
        Rule("update", "experiment", "experiment_ids"),
    ],
    # files
    **rules("read", "artifact", "artifact_path", "_download_artifact", "_get_presigned_download_url"),
    **rules("read", "artifact", "path", "_list_artifacts_mlflow_artifacts"),
    **rules("update", "artifact", "artifact_path", "_upload_artifact", "_create_multipart_upload_artifact"),
    **rules("update", "artifact", "artifact_path", "_complete_multipart_upload_artifact"),
    **rules("update", "artifact", "artifact_path", "_abort_multipart_upload_artifact"),
    **rules("manage", "artifact", "artifact_path", "_delete_artifact_mlflow_artifacts"),
    # the gateway
    **gateway("read", "_list_gateway_endpoints", "_list_gateway_model_definitions", "_list_gateway_secrets"),
    **gateway("read", "_list_gateway_endpoint_bindings", "_get_gateway_endpoint", "_get_gateway_model_definition"),
    **gateway("read", "_get_gateway_secret_info", "_get_secrets_config", "_list_endpoint_guardrail_configs"),
    **gateway("update", "_create_gateway_endpoint", "_create_gateway_model_definition"),
    **gateway("update", "_update_gateway_secret", "_update_gateway_endpoint", "_update_gateway_model_definition"),
    **gateway("delete", "_delete_gateway_secret", "_delete_gateway_endpoint", "_delete_gateway_model_definition"),
    **gateway("update", "_attach_model_to_gateway_endpoint", "_detach_model_from_gateway_endpoint"),
    **gateway("update", "_create_gateway_endpoint_binding", "_delete_gateway_endpoint_binding"),
    **gateway("update", "_set_gateway_endpoint_tag", "_delete_gateway_endpoint_tag"),
}

# Of MLflow's own, which allow what they should not.
REPLACED = frozenset({
    "_download_artifact", "_upload_artifact", "_delete_artifact_mlflow_artifacts", "_list_artifacts_mlflow_artifacts",
    "_create_multipart_upload_artifact", "_complete_multipart_upload_artifact", "_abort_multipart_upload_artifact",
    "_get_presigned_download_url", "serve_upload_artifact",
})  # fmt: skip
