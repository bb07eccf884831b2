"""What a user without permissions, and the owner of everything, get from each route of MLflow's application.

Usage: permissions.py stock|checked|owner, in an environment for a server with a login; `owner`: as it is, without
the user. Prints a line for each request: its user, method, path, name and status, and whether the response shows what
is the owner's.
"""

import json
import re
import sys

import grants
from asking import with_users
from traces import start_trace, trace_tricks
from tricks import FILE, FORMER, SECRET, tricks_of

# They run for minutes, and show nothing of users: demonstrations, and what providers offer.
SLOW = {"_generate_demo", "_delete_demo", "_list_supported_models", "_list_supported_providers", "_get_provider_config"}


def create_world(ask):
    """Things of the owner, by the names that requests give them."""
    api = "/api/2.0/mlflow"
    made = ask("owner", "POST", f"{api}/experiments/create", json={"name": SECRET})
    experiment = made.json["experiment_id"]
    run = ask("owner", "POST", f"{api}/runs/create", json={"experiment_id": experiment, "run_name": SECRET})
    run_id = run.json["run"]["info"]["run_id"]
    metric = {"run_id": run_id, "key": SECRET, "value": 1, "timestamp": 1, "step": 1}
    ask("owner", "POST", f"{api}/runs/log-metric", json=metric)
    folder = f"{experiment}/{run_id}/artifacts"
    file = f"{folder}/{FILE}"
    ask("owner", "PUT", f"/api/2.0/mlflow-artifacts/artifacts/{file}", data=SECRET)
    ask("owner", "POST", f"{api}/registered-models/create", json={"name": SECRET})
    source = f"mlflow-artifacts:/{folder}"
    ask("owner", "POST", f"{api}/model-versions/create", json={"name": SECRET, "source": source, "run_id": run_id})
    model = ask("owner", "POST", f"{api}/logged-models", json={"experiment_id": experiment, "name": SECRET})
    location = {"type": "MLFLOW_EXPERIMENT", "mlflow_experiment": {"experiment_id": experiment}}
    trace_id, trace = start_trace(ask, "owner", experiment, "tr-0123456789", SECRET)
    dataset = {"name": SECRET, "experiment_ids": [experiment]}
    dataset = ask("owner", "POST", "/api/3.0/mlflow/datasets/create", json=dataset).json or {}
    # Of the proxied artifacts too.
    names = {"artifact_path": file, "path": FILE, "artifact_file_path": FILE, "artifact_directory_path": ""}
    return {
        **names,
        "experiment_id": experiment,
        "experiment_ids": [experiment],
        "experiment_name": SECRET,
        "run_id": run_id,
        "run_uuid": run_id,
        "run_ids": [run_id],
        "model_id": model.json["model"]["info"]["model_id"],
        "name": SECRET,
        "version": "1",
        "alias": "alias",
        "request_id": trace_id,
        "trace_id": trace_id,
        "trace_ids": [trace_id],
        "request_ids": [trace_id],
        "dataset_id": dataset.get("dataset", {}).get("dataset_id", "none"),
        "locations": [location],
        "trace": trace,
        "key": "key",
        "value": "value",
        "metric_key": SECRET,
        "timestamp": 2,
        "max_results": 5,
        "max_traces": 1,
        "num_parts": 1,
        "source": source,
        "url": "https://localhost/x",
        "username": "owner",
        "permission": "READ",
        "filter": "",
        "new_name": SECRET,
        "tags": [],
        "models": [],
    }


def create_again(ask):
    """A model of the name of a deleted one, which the outsider was granted."""
    api = "/api/2.0/mlflow/registered-models"
    ask("owner", "POST", f"{api}/create", json={"name": FORMER})
    grant = {"name": FORMER, "username": "outsider", "permission": "MANAGE"}
    ask("owner", "POST", f"{api}/permissions/create", json=grant)
    ask("owner", "DELETE", f"{api}/delete", json={"name": FORMER})
    ask("owner", "POST", f"{api}/create", json={"name": FORMER})


def requests_of(application, world):
    """Each route and method with the names of the owner's things."""

    def order(rule):
        # What is in a dataset before the dataset.
        last = ["_delete_dataset_handler", "_remove_dataset_from_experiments_handler"]
        rank = 1 + last.index(rule.endpoint) if rule.endpoint in last else 0
        return rank, "delete" in rule.endpoint, rule.rule

    rules = sorted(application.url_map.iter_rules(), key=order)
    for rule in rules:
        if rule.endpoint in SLOW:
            continue
        path = re.sub(r"<(?:\w+:)?(\w+)>", lambda match: str(world.get(match[1], "none")), rule.rule)
        given = dict(world)
        if rule.endpoint == "_list_artifacts_mlflow_artifacts":
            given["path"] = world["artifact_path"].rpartition("/")[0]
        for method in sorted(rule.methods - {"OPTIONS"}):
            in_query = method in ("GET", "HEAD") or "upload" in rule.endpoint
            query = {name: given[name] for name in given if not isinstance(given[name], dict)} if in_query else {}
            if "bulk" in rule.endpoint and "interval" not in rule.endpoint:
                query["run_id"] = world["run_ids"]
            if "upload" in rule.endpoint:
                yield rule.endpoint, method, path, {"query_string": query, "data": SECRET}
            else:
                yield rule.endpoint, method, path, {"query_string": query} if in_query else {"json": given}


def main(way):
    application, ask = with_users(("owner", "outsider", grants.READER), checked=way == "checked")
    world = create_world(ask)
    api = "/api/2.0/mlflow"
    created = ask("outsider", "POST", f"{api}/experiments/create", json={"name": "own"}).json
    run = ask("outsider", "POST", f"{api}/runs/create", json=created).json["run"]["info"]
    ask("outsider", "POST", f"{api}/registered-models/create", json={"name": "own"})
    trace_id, _ = start_trace(ask, "outsider", created["experiment_id"], "tr-of-the-outsider", "own")
    create_again(ask)
    own = {**created, "run_id": run["run_id"], "name": "own", "trace_id": trace_id}

    def tell(kind, user, name, method, path, options):
        response = ask(user, method, path, **options)
        shown = SECRET.encode() in response.get_data()
        print(kind, json.dumps([user, method, path, name, response.status_code, shown]))
        response.close()

    if way != "owner":
        for tale in grants.tales(ask):
            print("GRANT", json.dumps(tale))
        for name, status, gained in trace_tricks(ask, world, own):
            print("TRICK", json.dumps(["outsider", "POST", "/v1/traces", name, status, gained]))
    for user in ("owner",) if way == "owner" else ("outsider", "owner"):
        for name, method, path, options in tricks_of(world, own):
            if user == "outsider" or name in ("query", "query of models", "search"):
                tell("TRICK", user, name, method, path, options)
        for name, method, path, options in requests_of(application, world):
            if user == "outsider" or "permission" not in name:
                tell("ROUTE", user, name, method, path, options)


main(sys.argv[1])
