"""A client that notes what the server acknowledged, and a check that all of it is still there.

Usage: journal.py write FILE STOP, until the file STOP is there; journal.py verify FILE. The server and the login come
from MLFLOW_TRACKING_URI, _USERNAME and _PASSWORD. A call that fails is counted and not noted: only what was
acknowledged may not be lost.
"""

import collections
import hashlib
import json
import os
import sys
import tempfile
import time

import mlflow

EXPERIMENT = "journal"


def write(file, stop):
    noted, failed = collections.Counter(), collections.Counter()
    client = mlflow.MlflowClient()
    with open(file, "a", encoding="utf-8") as journal:

        def note(kind, call, **entry):
            """The call's answer, noted once the server has given it; None when it failed."""
            try:
                answer = call()
            except Exception as error:  # whatever the libraries raise while the server is away
                failed[type(error).__name__] += 1
                time.sleep(0.2)
                return None
            journal.write(json.dumps({"kind": kind, **entry, "run": entry.get("run") or answer.info.run_id}) + "\n")
            journal.flush()
            noted[kind] += 1
            return answer

        while not os.path.exists(stop):
            try:
                experiment = mlflow.set_experiment(EXPERIMENT).experiment_id
            except Exception as error:
                failed[type(error).__name__] += 1
                time.sleep(0.2)
                continue
            created = note("run", lambda: client.create_run(experiment))
            if created is None:
                continue
            run = created.info.run_id
            for step in range(5):
                value = step / 7
                note(
                    "metric", lambda: client.log_metric(run, "loss", value, step=step), run=run, step=step, value=value
                )
            payload = os.urandom(300_000)
            with tempfile.TemporaryDirectory() as folder:
                path = os.path.join(folder, "weights.bin")
                with open(path, "wb") as out:
                    out.write(payload)
                digest = hashlib.sha256(payload).hexdigest()
                note("artifact", lambda: client.log_artifact(run, path), run=run, digest=digest)
    return {"noted": noted, "failed": failed}


def verify(file):
    client = mlflow.MlflowClient()
    with open(file, encoding="utf-8") as journal:
        entries = [json.loads(line) for line in journal]
    found, lost = collections.Counter(), []
    for run in dict.fromkeys(entry["run"] for entry in entries):
        noted = [entry for entry in entries if entry["run"] == run]
        stored = what_is_stored(client, run, noted)
        for entry in noted:
            if (entry["kind"], entry.get("step"), entry.get("value") or entry.get("digest")) in stored:
                found[entry["kind"]] += 1
            else:
                lost.append(entry)
    return {"found": found, "lost": lost[:20]}


def what_is_stored(client, run, noted):
    """What the server has of a run, in the shape of the notes."""
    stored = set()
    try:
        if client.get_run(run).info.run_id == run:
            stored.add(("run", None, None))
        stored |= {("metric", each.step, each.value or None) for each in client.get_metric_history(run, "loss")}
        if any(entry["kind"] == "artifact" for entry in noted):
            with (
                tempfile.TemporaryDirectory() as folder,
                open(client.download_artifacts(run, "weights.bin", folder), "rb") as file,
            ):
                stored.add(("artifact", None, hashlib.sha256(file.read()).hexdigest()))
    except mlflow.exceptions.MlflowException as error:
        print(f"{run}: {error}", file=sys.stderr)
    return stored


if __name__ == "__main__":
    print(json.dumps(write(*sys.argv[2:]) if sys.argv[1] == "write" else verify(*sys.argv[2:])))
