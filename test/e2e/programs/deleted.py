"""Logs a run with a file, deletes it or not, and asks later what is left of it.

Usage: deleted.py delete or deleted.py keep, which print the ids of run and experiment; deleted.py look EXPERIMENT RUN,
which prints the names of the files that are left, and whether the run is still known. Server and login come from
MLFLOW_TRACKING_URI, _USERNAME and _PASSWORD.
"""

import json
import os
import sys
import tempfile

import mlflow
from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository

client = mlflow.MlflowClient()


def make(is_deleted):
    experiment = mlflow.set_experiment("with a deleted run").experiment_id
    made = client.create_run(experiment).info.run_id
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "weights.bin")
        with open(path, "wb") as file:
            file.write(os.urandom(100_000))
        client.log_artifact(made, path)
    if is_deleted:
        client.delete_run(made)
    return {"experiment": experiment, "run": made}


def look(experiment, run):
    try:
        client.get_run(run)
        is_known = True
    except mlflow.exceptions.MlflowException:
        is_known = False
    files = get_artifact_repository(f"mlflow-artifacts:/{experiment}/{run}/artifacts").list_artifacts()
    return {"known": is_known, "files": [file.path for file in files]}


what = {"delete": lambda: make(True), "keep": lambda: make(False), "look": lambda: look(*sys.argv[2:])}
print(json.dumps(what[sys.argv[1]]()))
