"""Creates and deletes a run of a user without permissions for each location: elsewhere.py LOCATION...

And one with an ordinary location, which the garbage collection is to remove. Prints the number of refused locations,
and run, location and experiment of each. Server and administrator come from MLFLOW_TRACKING_URI, _USERNAME and
_PASSWORD.
"""

import json
import os
import sys

import mlflow
import requests
from mlflow.exceptions import MlflowException

USER = {"username": "attacker", "password": "attackers-password"}

admin = (os.environ["MLFLOW_TRACKING_USERNAME"], os.environ["MLFLOW_TRACKING_PASSWORD"])
url = f"{os.environ['MLFLOW_TRACKING_URI']}/api/2.0/mlflow/users/create"
requests.post(url, json=USER, auth=admin, timeout=30).raise_for_status()
os.environ.update(MLFLOW_TRACKING_USERNAME=USER["username"], MLFLOW_TRACKING_PASSWORD=USER["password"])
client = mlflow.MlflowClient()


def delete_run(name, location=None):
    experiment = client.create_experiment(name, artifact_location=location)
    run = client.create_run(experiment).info.run_id
    if location:
        client.delete_experiment(experiment)
    else:
        client.delete_run(run)
    return run, experiment


refused = 0
foreign = []
for number, location in enumerate(sys.argv[1:]):
    try:
        run, experiment = delete_run(f"elsewhere {number}", location)
    except MlflowException:
        refused += 1
        run, experiment = delete_run(f"old row {number}")
        client.delete_experiment(experiment)
    foreign.append((run, location, experiment))
delete_run("ordinary")
print(json.dumps({"refused": refused, "foreign": foreign}))
