"""A real MLflow client's whole round: parameters, metrics, an artifact, a registered model that is loaded back.

Usage: client.py NAME [MEGABYTES]. The artifact has 5 MB unless said otherwise. The server and the login come from
MLFLOW_TRACKING_URI, _USERNAME and _PASSWORD. Ends with one line of JSON on standard output, or with an error.
"""

import hashlib
import json
import os
import sys
import tempfile
import time

import mlflow

MEGABYTE = 1024 * 1024


class Doubler(mlflow.pyfunc.PythonModel):
    def predict(self, context, model_input, params=None):
        return [2 * value for value in model_input]


def main(name, megabytes=5):
    began = time.monotonic()
    mlflow.set_experiment(f"round-{name}")
    with mlflow.start_run() as run:
        mlflow.log_param("learning_rate", 0.5)
        for step in range(10):
            mlflow.log_metric("loss", 1.0 / (step + 1), step=step)
        payload = os.urandom(int(megabytes) * MEGABYTE)
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "weights.bin")
            with open(path, "wb") as file:
                file.write(payload)
            mlflow.log_artifact(path, "weights")
        logged = mlflow.pyfunc.log_model(
            name="doubler", python_model=Doubler(), registered_model_name=f"model-{name}", pip_requirements=["mlflow"]
        )
    client = mlflow.MlflowClient()
    stored = client.get_run(run.info.run_id)
    assert stored.data.params == {"learning_rate": "0.5"}, stored.data.params
    assert len(client.get_metric_history(run.info.run_id, "loss")) == 10
    with tempfile.TemporaryDirectory() as folder:
        path = client.download_artifacts(run.info.run_id, "weights/weights.bin", folder)
        with open(path, "rb") as file:
            assert hashlib.sha256(file.read()).digest() == hashlib.sha256(payload).digest(), "artifact differs"
    version = logged.registered_model_version
    model = mlflow.pyfunc.load_model(f"models:/model-{name}/{version}")
    assert model.predict([1, 2, 3]) == [2, 4, 6]
    found = mlflow.search_runs(experiment_names=[f"round-{name}"], output_format="list")
    assert run.info.run_id in [each.info.run_id for each in found]
    print(
        json.dumps(
            {
                "experiment": run.info.experiment_id,
                "run": run.info.run_id,
                "version": str(version),
                "artifact": stored.info.artifact_uri.split(":")[0],
                "seconds": round(time.monotonic() - began, 1),
            }
        )
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
