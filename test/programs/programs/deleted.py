"""Makes what a garbage collection has to tell apart, with a real client, and prints the ids by what they are as JSON.

Each name that begins with `old` is to be made older afterwards, by who calls this. Server and login come from the
environment.
"""

import json
import os
import tempfile

import mlflow
from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository

client = mlflow.MlflowClient()
folder = tempfile.mkdtemp()
with open(os.path.join(folder, "weights.bin"), "wb") as file:
    file.write(os.urandom(1000))


def run(experiment, with_file=True):
    made = client.create_run(experiment).info
    for step in range(3):
        client.log_metric(made.run_id, "loss", step, step=step)
    client.log_param(made.run_id, "rate", 1)
    if with_file:
        client.log_artifact(made.run_id, file.name, "model")
    return made.run_id


def model(experiment, run_id=None):
    made = client.create_logged_model(experiment, source_run_id=run_id)
    get_artifact_repository(made.artifact_location).log_artifact(file.name)
    return made.model_id


def version(name, source, run_id=None):
    client.create_registered_model(name)
    given = {"model_id": source.removeprefix("models:/")} if source.startswith("models:/") else {}
    client.create_model_version(name, source, run_id, **given)


def deleted_run(experiment, **given):
    made = run(experiment, **given)
    client.delete_run(made)
    return made


live, gone, late, revived, needed, traced = (
    client.create_experiment(name) for name in ("live", "gone", "late", "revived", "needed", "traced")
)
made = {
    "runs": {},
    "models": {},
    "experiments": {"old": gone, "late": late, "old revived": revived, "old needed": needed, "old traced": traced},
}
made["runs"]["live"] = run(live)
made["runs"]["old"] = deleted_run(live)
made["runs"]["old without file"] = deleted_run(live, with_file=False)
made["runs"]["late"] = deleted_run(live)
made["runs"]["old needed"] = run(live)
version("of a run", f"runs:/{made['runs']['old needed']}/model", made["runs"]["old needed"])
client.delete_run(made["runs"]["old needed"])
made["runs"]["old unregistered"] = run(live)
version("no more", f"runs:/{made['runs']['old unregistered']}/model", made["runs"]["old unregistered"])
client.delete_model_version("no more", "1")
client.delete_run(made["runs"]["old unregistered"])

made["models"]["live"] = model(live, made["runs"]["live"])
made["models"]["of an old run"] = model(live, made["runs"]["old"])
made["models"]["old"] = model(live)
made["models"]["late"] = model(live)
made["models"]["old needed"] = model(live)
version("of a model", f"models:/{made['models']['old needed']}")
for name in "old", "late", "old needed":
    client.delete_logged_model(made["models"][name])

made["runs"]["old in old"] = run(gone)
made["models"]["in old"] = model(gone, made["runs"]["old in old"])
client.delete_experiment(gone)
made["runs"]["late in late"] = run(late)
client.delete_experiment(late)
made["runs"]["old in revived"] = run(revived)
made["runs"]["late in revived"] = run(revived)
client.delete_experiment(revived)
made["runs"]["old in needed"] = run(needed)
made["models"]["in needed"] = model(needed, made["runs"]["old in needed"])
version("of an experiment", f"models:/{made['models']['in needed']}")
client.delete_experiment(needed)
mlflow.set_experiment(experiment_id=traced)
with mlflow.start_span("traced"):
    pass
mlflow.flush_trace_async_logging()
client.delete_experiment(traced)
print("RESULT", json.dumps(made))
