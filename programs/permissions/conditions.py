"""What is needed for a route beyond rules: where its request names things in other ways than as parameters."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from permissions import gateway, parameters
from permissions.granted import NO_SOURCES, TRACE_LOCATION, Granted, path_below, reads_one_way, split_location
from permissions.rules import Rule


def search_runs(granted: Granted, request: Any) -> bool:
    """Leave the experiments that the sender may read, as MLflow does from 3.6 on."""
    body = request.get_json(force=True, silent=True)
    if not hasattr(granted.auth, "filter_experiment_ids") and isinstance(body, dict):
        ids = parameters.values_of(request, "experiment_ids")
        body["experiment_ids"] = [each for each in ids if granted.experiment(each).can_read]
    return True


def start_trace(granted: Granted, _: Any) -> bool:
    """A trace can be started only where the sender may add to, and not in place of one that is elsewhere."""
    from mlflow.exceptions import MlflowException
    from mlflow.protos.service_pb2 import StartTraceV3

    info = granted.handlers._get_request_message(StartTraceV3()).trace.trace_info
    try:
        if not granted.trace(info.trace_id).can_update:
            return False
    except MlflowException as error:
        if error.error_code != "RESOURCE_DOES_NOT_EXIST":
            raise
    return bool(granted.experiment(info.trace_location.mlflow_experiment.experiment_id).can_update)


def search_traces(granted: Granted, _: Any) -> bool:
    """Experiments that the sender may read."""
    from mlflow.protos.service_pb2 import SearchTracesV3

    locations = granted.handlers._get_request_message(SearchTracesV3()).locations
    found = [granted.experiment(each.mlflow_experiment.experiment_id) for each in locations]
    return bool(found) and all(each.can_read for each in found)


def create_experiment(granted: Granted, request: Any) -> bool:
    """Its location must not be that of others."""
    return is_allowed(granted, request, "artifact_location", "can_update")


def create_model_version(granted: Granted, request: Any) -> bool:
    """Its source must be readable for the sender: the server would read it for all who may read the model."""
    sources = parameters.values_of(request, "source")
    # Of a copy, the run is only said to be where it came from.
    copied = bool(sources) and all(MODEL_VERSION.match(each) for each in sources)
    run_ids, model_ids = ([] if copied else parameters.values_of(request, each) for each in ("run_id", "model_id"))
    runs = all(granted.run(each).can_read for each in run_ids)
    models = all(granted.logged_model(each).can_read for each in model_ids)
    if not (runs and models):
        return False
    tops = [split_location(each) for each in granted.places(run_ids, model_ids)]
    is_known = all(each in NO_SOURCES or any(is_below(each, top) for top in tops) for each in sources)
    return is_known or is_allowed(granted, request, "source", "can_read")


def read_model_version(granted: Granted, request: Any) -> bool:
    """Its location may be anything that its creator named: from before, or where an administrator put it."""
    from mlflow.exceptions import MlflowException

    location, *ids = granted.version_location(request.args.get("name"), request.args.get("version"))
    if granted.path_of(location) or split_location(location)[0] in ("runs", "models"):
        return True
    try:
        tops = [split_location(each) for each in granted.places(*ids)]
    except MlflowException:  # one of them is gone
        tops = []
    if any(is_below(location, top) for top in tops):
        return True
    raise granted.elsewhere()


def is_below(uri: str, top: tuple[str, str, str]) -> bool:
    """Whether a location is another one or below it, however it is read."""
    return reads_one_way(uri) and (split_location(uri) == top or path_below(uri, top) is not None)


def is_allowed(granted: Granted, request: Any, parameter: str, permission: str) -> bool:
    """Whether the server may use a location for the sender."""
    for uri in parameters.values_of(request, parameter):
        found = granted.location(uri)
        if found is None:
            raise granted.forbidden(
                f"{parameter} is not below the artifact root of this server (leave it out, or ask an administrator)"
            )
        if not all(getattr(each, permission) for each in found):
            return False
    return True


def update_models(granted: Granted, request: Any) -> bool:
    """Metrics, inputs and outputs of a run name logged models, which get them too."""
    body = request.get_json(force=True, silent=True)
    items = [body, *dicts_in(body, MODEL_LISTS[request.endpoint])] if isinstance(body, dict) else []
    # Handlers take the JSON name of a field beside its own.
    ids = {str(each[name]) for each in items for name in ("model_id", "modelId") if each.get(name)}
    return all(granted.logged_model(each).can_update for each in ids)


def set_trace_tag(_: Granted, request: Any) -> bool:
    """A tag says where the server reads a trace's data."""
    return TRACE_LOCATION not in parameters.values_of(request, "key")


def end_trace(granted: Granted, request: Any) -> bool:
    """Clients send all tags again: the one that says where the server reads a trace's data must be as it was."""
    tags = dicts_in(request.get_json(force=True, silent=True), "tags")
    given = {str(each.get("value")) for each in tags if each.get("key") == TRACE_LOCATION}
    [trace] = parameters.values_of(request, "request_id")
    return not given or given == {granted.trace_location(trace)}


def dicts_in(body: Any, name: str) -> list[dict[str, Any]]:
    """The objects in a list of a body. Handlers refuse what has another form."""
    found = body.get(name) if isinstance(body, dict) else None
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def create_logged_model(granted: Granted, request: Any) -> bool:
    """It shows the run that it came from."""
    return all(granted.run(each).can_read for each in parameters.values_of(request, "source_run_id"))


def create_gateway_secret(granted: Granted, _: Any) -> bool:
    """From 3.9 on it belongs to the sender."""
    return hasattr(granted.auth, "set_can_manage_gateway_secret_permission") or bool(granted.default.can_update)


def invoke_scorer(granted: Granted, request: Any) -> bool:
    """It reads traces, and may write assessments of them."""
    body = request.get_json(force=True, silent=True)
    writes = isinstance(body, dict) and body.get("log_assessments")
    needed = [
        Rule("update", "experiment", "experiment_id"),
        Rule("update" if writes else "read", "trace", "trace_ids"),
    ]
    return all(rule.allows(granted, request) for rule in needed)


def invoke_on_traces(granted: Granted, request: Any) -> bool:
    """It copies traces into the experiment, or shows what is in them."""
    return Rule("read", "trace", "trace_ids").allows(granted, request)


def optimize_prompt(granted: Granted, _: Any) -> bool:
    """It copies what is known of a dataset into a run, and may register a version of the prompt."""
    handlers = granted.handlers
    message = handlers._get_request_message(handlers.CreatePromptOptimizationJob())
    dataset, uri = message.config.dataset_id, message.source_prompt_uri
    permissions = granted.dataset(dataset) if dataset else []
    if dataset and not (permissions and all(each.can_read for each in permissions)):
        return False
    path = uri.removeprefix("prompts:").strip("/")
    names = {path.rpartition(mark)[0] for mark in "/@" if mark in path} or {path}
    return all(granted.model(name).can_update for name in names)


# A version of a registered model, and not a logged model.
MODEL_VERSION = re.compile("models:/+[^/@?]+/[0-9]+/?$")

# What lists of a request name logged models.
MODEL_LISTS = {"_log_metric": "", "_log_batch": "metrics", "_log_inputs": "models", "_log_outputs": "models"}

# In place of rules, and in addition to MLflow's own checks.
CHECKS: dict[str, Callable[[Granted, Any], bool]] = {
    "_search_runs": search_runs,
    "_start_trace_v3": start_trace,
    "_search_traces_v3": search_traces,
    "_create_experiment": create_experiment,
    "_create_model_version": create_model_version,
    "serve_model_version_artifact": read_model_version,
    "_create_logged_model": create_logged_model,
    "_create_gateway_secret": create_gateway_secret,
    **gateway.CHECKS,
    **dict.fromkeys(MODEL_LISTS, update_models),
    **dict.fromkeys(["_end_trace", "_deprecated_end_trace_v2"], end_trace),
    "_set_trace_tag": set_trace_tag,
    "_set_trace_tag_v3": set_trace_tag,
    "_invoke_scorer_handler": invoke_scorer,
    **dict.fromkeys(["_invoke_issue_detection_handler", "_invoke_genai_evaluate_handler"], invoke_on_traces),
    "_create_prompt_optimization_job": optimize_prompt,
}
