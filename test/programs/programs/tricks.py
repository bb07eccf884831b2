"""Requests of a user without permissions for things of the owner, in other words or beside things of their own."""

import json

SECRET = "of-the-owner"
FILE = "file.txt"
# Of all traces, without experiments.
HALF_METRICS = {"view_type": "TRACES", "metric_name": "trace_count", "aggregations": [{"aggregation_type": "COUNT"}]}
# A model of the owner, and one of that name before it.
FORMER = "former"


def tricks_of(world, own):
    """Requests of the outsider for things of the owner, in other words or beside things of its own."""
    api = "/api/2.0/mlflow"
    theirs = {name: world[name] for name in ("experiment_id", "run_id")}
    file = world["artifact_path"]
    metric = {"key": "x", "value": 1, "timestamp": 1}
    query = f'query {{ mlflowGetRun(input: {{runId: "{theirs["run_id"]}"}}) {{ run {{ info {{ runName }} }} }} }}'
    versions = "query { mlflowSearchModelVersions(input: {}) { modelVersions { name } } }"
    yield (
        "JSON name of a field",
        "POST",
        f"{api}/runs/log-metric",
        {"json": {**own, **metric, "runId": theirs["run_id"]}},
    )
    twins = {**metric, "run_uuid": own["run_id"], "runId": theirs["run_id"]}
    yield "JSON name of a twin", "POST", f"{api}/runs/log-metric", {"json": twins}
    twins = {"run_id": own["run_id"], "run_uuid": theirs["run_id"], "path": "x"}
    yield "twins in the query", "POST", "/ajax-api/2.0/mlflow/upload-artifact", {"query_string": twins, "data": SECRET}
    plain = {"query_string": {"name": own["name"]}, "data": json.dumps({"name": SECRET}), "content_type": "text/plain"}
    yield "body of a DELETE", "DELETE", f"{api}/registered-models/delete", plain
    yield "dot in a path", "GET", f"/api/2.0/mlflow-artifacts/artifacts/./{file}", {}
    yield "encoded path", "GET", f"/api/2.0/mlflow-artifacts/artifacts/%2e/{file}", {}
    yield "twice encoded path", "GET", f"/api/2.0/mlflow-artifacts/artifacts/%252e/{file}", {}
    # To MLflow below 3.17, the experiment is that of the query.
    mine = {"query_string": {"path": f"{own['experiment_id']}/x"}}
    experiment, _, rest = file.partition("/")
    digits = "".join(f"%25{ord(digit):x}" for digit in experiment)
    plain = "/api/2.0/mlflow-artifacts/artifacts/"
    twice = f"{plain}{digits}/{rest}"
    for method, options in (("GET", {}), ("PUT", {"data": SECRET})):
        yield f"twice encoded experiment, {method}", method, twice, options
        yield f"twice encoded experiment before a fragment, {method}", method, f"{twice}%23", {**mine, **options}
        yield f"twice a file path, {method}", method, f"{plain}file:file:{file}", {**mine, **options}
        yield f"twice encoded experiment with a query, {method}", method, twice, {**mine, **options}
        yield f"dot in a path with a query, {method}", method, f"{plain}./{file}", {**mine, **options}
    yield "file path", "GET", f"/api/2.0/mlflow-artifacts/artifacts/file:{file}", {}
    yield "slashes", "GET", f"//ajax-api//2.0/mlflow-artifacts/artifacts/{file}", {}
    yield "case", "GET", f"/AJAX-API/2.0/mlflow-artifacts/artifacts/{file}", {}
    yield "trailing slash", "GET", f"/get-artifact/?run_id={theirs['run_id']}&path={FILE}", {}
    source = {"name": own["name"], "source": world["source"]}
    yield "source of a model", "POST", f"{api}/model-versions/create", {"json": source}
    yield "run of a model", "POST", f"{api}/model-versions/create", {"json": {**source, "run_id": theirs["run_id"]}}
    http = {"name": own["name"], "source": f"http://x/api/2.0/mlflow-artifacts/artifacts/{file}"}
    yield "source by HTTP", "POST", f"{api}/model-versions/create", {"json": http}
    prompt = {"name": own["name"], "source": "/etc", "tags": [{"key": "mlflow.prompt.is_prompt", "value": "true"}]}
    yield "source of a prompt", "POST", f"{api}/model-versions/create", {"json": prompt}
    mixed = f"http://x/mlflow-artifacts/artifacts/{own['experiment_id']}/api/2.0/mlflow-artifacts/artifacts/{file}"
    inside = f"s3://other/mlflow-artifacts/artifacts/{own['experiment_id']}"
    for location in (
        *("mlflow-artifacts:/", f"mlflow-artifacts:/{file}", "/etc", "file:///etc", "C:/../../etc", "c:../etc"),
        *("s3://other/x", "r2://bucket@host/x", "sftp://host/x", "http://host/x", mixed, inside),
    ):
        made = {"name": f"at {location}", "artifact_location": location}
        yield f"experiment at {location}", "POST", f"{api}/experiments/create", {"json": made}
        made = {"name": own["name"], "source": location}
        yield f"source at {location}", "POST", f"{api}/model-versions/create", {"json": made}
    model = {"model_id": world["model_id"]}
    yield "model of a metric", "POST", f"{api}/runs/log-metric", {"json": {**own, **metric, **model}}
    for name in ("model_id", "modelId"):
        batch = {"run_id": own["run_id"], "metrics": [{**metric, "step": 1, name: world["model_id"]}]}
        yield "model of a batch", "POST", f"{api}/runs/log-batch", {"json": batch}
    for route in ("log-inputs", "outputs"):
        models = {"run_id": own["run_id"], "models": [{**model, "step": 1}]}
        yield f"model of {route}", "POST", f"{api}/runs/{route}", {"json": models}
    moved = {"key": "mlflow.artifactLocation", "value": f"mlflow-artifacts:/{file.rpartition('/')[0]}"}
    ended = {"timestamp_ms": 2, "status": "OK", "tags": [moved]}
    yield "location of a trace", "PATCH", f"{api}/traces/{own['trace_id']}", {"json": ended}
    taken = {"name": FORMER, "description": "taken"}
    yield "grant on a deleted model", "PATCH", f"{api}/registered-models/update", {"json": taken}
    # protobuf fails at the name in brackets, and leaves what it has read.
    for path, before, field in (
        (f"{api}/experiments/update", {"new_name": "half"}, "experiment_id"),
        ("/api/3.0/mlflow/datasets/search", {}, "experiment_ids"),
        ("/api/3.0/mlflow/issues/search", {}, "experiment_id"),
        ("/api/3.0/mlflow/traces/metrics", HALF_METRICS, "experiment_ids"),
    ):
        value = [own["experiment_id"]] if field.endswith("s") else own["experiment_id"]
        half = {"data": json.dumps({**before, "[x]": 1, field: value}), "content_type": "application/json"}
        yield f"half of a message for {path}", "POST", path, half
    yield "query", "POST", "/graphql", {"json": {"query": query}}
    yield "query of models", "POST", "/graphql", {"json": {"query": versions}}
    searched = {"experiment_ids": [theirs["experiment_id"], own["experiment_id"]]}
    yield "search", "POST", f"{api}/runs/search", {"json": searched}
