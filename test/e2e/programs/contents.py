"""Everything that a server holds, read through its API, as JSON: two equal outputs mean that nothing was lost.

Usage: contents.py fill|read [USER=PASSWORD ...]. Where the server is and the administrator's login come from
MLFLOW_TRACKING_URI, MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD. `fill` makes something of every kind first.
Of each user named, what they may do is tried with their own login.
"""

import base64
import hashlib
import json
import os
import sys
import tempfile

import mlflow
import requests
from mlflow.entities import Metric, Param, RunTag

MARK = "contents"


def fill(client):
    for number in range(2):
        experiment = client.create_experiment(f"{MARK} {number}", tags={"kind": "of the test"})
        for index in range(3):
            run = client.create_run(experiment, run_name=f"run {index}")
            points = [Metric("loss", 1 / (step + 1), 1700000000000 + step, step) for step in range(120)]
            params = [Param("rate", "0.1"), Param("text", "é漢 'quoted' \\ $x")]
            client.log_batch(run.info.run_id, metrics=points, params=params, tags=[RunTag("line", "a\nb")])
            with tempfile.TemporaryDirectory() as folder:
                for name, size in ("small.txt", 10), ("folder/large.bin", 300_000 + index), ("empty", 0):
                    path = os.path.join(folder, name)
                    os.makedirs(os.path.dirname(path), exist_ok=True)
                    with open(path, "wb") as file:
                        file.write(
                            hashlib.sha512(f"{number} {index}".encode()).digest() * (size // 64) + b"x" * (size % 64)
                        )
                client.log_artifacts(run.info.run_id, folder)
            client.set_terminated(run.info.run_id)
            model = f"{MARK} model {number}"
            if index == 0:
                client.create_registered_model(model, tags={"team": "a"}, description="of the test")
            version = client.create_model_version(model, f"{run.info.artifact_uri}/folder", run.info.run_id)
            client.set_registered_model_alias(model, f"alias-{index}", version.version)
    client.delete_run(run.info.run_id)


def read(client, logins):
    experiments = client.search_experiments(
        view_type=mlflow.entities.ViewType.ALL, filter_string=f"name LIKE '{MARK}%'"
    )
    return {
        "experiments": [
            read_experiment(client, each) for each in sorted(experiments, key=lambda each: each.experiment_id)
        ],
        "models": [
            read_model(client, each) for each in client.search_registered_models(filter_string=f"name LIKE '{MARK}%'")
        ],
        "logins": {user: may(user, password, experiments) for user, password in logins.items()},
    }


def read_experiment(client, experiment):
    runs = client.search_runs([experiment.experiment_id], run_view_type=mlflow.entities.ViewType.ALL)
    return {
        **fields(experiment),
        "runs": [read_run(client, run) for run in sorted(runs, key=lambda run: run.info.run_id)],
    }


def read_run(client, run):
    identity = run.info.run_id
    history = {
        key: [[point.step, point.timestamp, point.value] for point in client.get_metric_history(identity, key)]
        for key in run.data.metrics
    }
    artifacts = {} if run.info.lifecycle_stage == "deleted" else read_artifacts(client, identity)
    return {
        **fields(run.info),
        "params": run.data.params,
        "tags": run.data.tags,
        "metrics": history,
        "artifacts": artifacts,
    }


def read_artifacts(client, run, path=None):
    found = {}
    for each in client.list_artifacts(run, path):
        if each.is_dir:
            found.update(read_artifacts(client, run, each.path))
        else:
            with (
                tempfile.TemporaryDirectory() as folder,
                open(client.download_artifacts(run, each.path, folder), "rb") as file,
            ):
                found[each.path] = hashlib.sha256(file.read()).hexdigest()
    return found


def read_model(client, model):
    versions = client.search_model_versions(f"name = '{model.name}'")
    aliases = client.get_registered_model(model.name).aliases
    listed = [
        {**fields(each), "uri": client.get_model_version_download_uri(model.name, each.version)} for each in versions
    ]
    return {**fields(model), "aliases": aliases, "versions": sorted(listed, key=lambda each: int(each["version"]))}


def fields(entity):
    """What an entity says of itself, but for what it holds in turn."""
    return {
        name: value if isinstance(value, (str, int, dict, type(None))) else str(value)
        for name, value in entity
        if name not in ("latest_versions", "aliases", "deployment_job_state")
    }


def may(user, password, experiments):
    """The answers to a read and to a write of each experiment, and of each model."""
    url = os.environ["MLFLOW_TRACKING_URI"] + "/api/2.0/mlflow/"
    session = requests.Session()
    session.headers["Authorization"] = "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
    asked = {}
    for each in experiments:
        identity = {"experiment_id": each.experiment_id}
        asked[f"read {each.name}"] = session.get(url + "experiments/get", params=identity, timeout=60)
        asked[f"write {each.name}"] = session.post(
            url + "experiments/set-experiment-tag", json={**identity, "key": "tried", "value": "1"}, timeout=60
        )
    for number in range(2):
        name = f"{MARK} model {number}"
        asked[f"read {name}"] = session.get(url + "registered-models/get", params={"name": name}, timeout=60)
        asked[f"write {name}"] = session.post(
            url + "registered-models/set-tag", json={"name": name, "key": "tried", "value": "1"}, timeout=60
        )
    return {what: answer.status_code for what, answer in asked.items()}


def main():
    mode, *given = sys.argv[1:]
    client, logins = mlflow.MlflowClient(), dict(each.split("=", 1) for each in given)
    if mode == "fill":
        fill(client)
        read(client, logins)  # what the tries of the users change, is changed
    print("RESULT", json.dumps(read(client, logins), sort_keys=True))


main()
