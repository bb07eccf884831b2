"""What a user without a default permission does with things of their own, by MLflow's client."""

import contextlib
import os
import tempfile

import mlflow
from mlflow.entities import Metric

NAME = os.environ["MLFLOW_TRACKING_USERNAME"]
client = mlflow.MlflowClient()


class Doubler(mlflow.pyfunc.PythonModel):
    def predict(self, context, model_input, params=None):
        return [2 * value for value in model_input]


experiment = client.create_experiment(f"of {NAME}")
mlflow.set_experiment(experiment_id=experiment)

with mlflow.start_run() as run, tempfile.TemporaryDirectory() as folder:
    model = mlflow.pyfunc.log_model(name="model", python_model=Doubler(), pip_requirements=["mlflow"])
    mlflow.log_metric("loss", 1.0)
    client.log_batch(run.info.run_id, metrics=[Metric("of model", 1.0, 0, 0, model_id=model.model_id)])
    with open(os.path.join(folder, "file"), "w") as file:
        file.write("text")
    client.log_artifact(run.info.run_id, file.name)

by_run = mlflow.register_model(f"runs:/{run.info.run_id}/model", f"model of {NAME}")
mlflow.register_model(f"models:/{model.model_id}", f"model of {NAME}")
client.set_registered_model_alias(f"model of {NAME}", "best", by_run.version)
client.copy_model_version(f"models:/model of {NAME}/{by_run.version}", f"copy of {NAME}")
loaded = mlflow.pyfunc.load_model(f"models:/model of {NAME}@best")
assert loaded.predict([1]) == [2]
client.rename_registered_model(f"copy of {NAME}", f"renamed of {NAME}")
assert client.get_registered_model(f"renamed of {NAME}").name == f"renamed of {NAME}"

register = getattr(mlflow, "genai", mlflow)
with contextlib.suppress(AttributeError):
    register.register_prompt(name="prompt", template="Hello {{name}}")
    print("prompt")
if hasattr(client, "create_prompt_version"):
    client.create_prompt(name="another-prompt")
    client.create_prompt_version(name="another-prompt", template="Hello {{name}}")
    print("version of a prompt")

assert [each.info.run_id for each in client.search_runs([experiment])] == [run.info.run_id]
client.delete_run(run.info.run_id)
client.restore_run(run.info.run_id)
print("done")
