"""Use the server once as a client does, through its Service: log in, log a run, send a file and get it back, register a
model and load it by an alias. What was made is removed again, and nothing else is touched.

Prints how long each step took. Ends as program.py says: the exit code tells which step failed.
"""

import contextlib
import hashlib
import io
import os
import sys
import tempfile
import time
import uuid

import program
from program import Failure, describe, say

EXIT_CODES = {
    "server-unreachable": 40,
    "server-login": 41,
    "runs": 42,        # experiments, runs, parameters or metrics
    "artifacts": 43,   # files, which may also be the object store
    "models": 44,      # logging, registering or loading a model
    "clean-up": 45,    # all went well, but what was made is not all gone
    "configuration": 64,
    "unexpected": 70,
}
MEGABYTE = 1024 * 1024


class Steps:
    """Runs one step after the other, prints its time, and knows what a fault in it amounts to."""

    def __init__(self):
        self.began = time.monotonic()

    @contextlib.contextmanager
    def step(self, kind, what):
        began = time.monotonic()
        try:
            yield
        except Failure:
            raise
        except Exception as error:
            raise Failure(kind, f"{what}: {type(error).__name__}: {describe(error)}") from error
        say(f"{time.monotonic() - began:6.2f} s  {what}")


@contextlib.contextmanager
def quiet():
    """Without the advice and the links that MLflow gives to people."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        yield


def expect(is_so, message):
    if not is_so:
        raise AssertionError(message)


def log_in(client):
    """The first request: what it fails with says whether anybody is there, and lets us in."""
    from mlflow.exceptions import MlflowException
    uri = os.environ["MLFLOW_TRACKING_URI"]
    try:
        client.search_experiments(max_results=1)
    except MlflowException as error:
        text = describe(error)
        kind = "server-login" if "error code 401" in text or "error code 403" in text else "server-unreachable"
        raise Failure(kind, f"{uri}: {text}") from error


def smoke_test():
    if not os.environ.get("MLFLOW_TRACKING_URI"):
        raise Failure("configuration", "MLFLOW_TRACKING_URI is not set")
    steps = Steps()
    with steps.step("unexpected", "start of MLflow's client"):
        import mlflow
    client = mlflow.MlflowClient()
    with steps.step("server-unreachable", "login"):
        log_in(client)
    made = Made(client, f"smoke-test-{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}-{uuid.uuid4().hex[:8]}")
    try:
        use(steps, mlflow, client, made)
    except BaseException:
        for fault in made.remove():  # what failed first is what counts
            say(f"left behind: {fault}")
        raise
    with steps.step("clean-up", "clean-up"):
        faults = made.remove()
        if faults:
            raise Failure("clean-up", "; ".join(faults))
    say(f"passed in {time.monotonic() - steps.began:.1f} s, with MLflow {mlflow.__version__} at {os.environ['MLFLOW_TRACKING_URI']}")


def use(steps, mlflow, client, made):
    with steps.step("runs", "experiment and run"):
        made.experiment = client.create_experiment(made.name)
        made.run = client.create_run(made.experiment).info.run_id
    with steps.step("runs", "parameter, tag and 10 metric values, read back"):
        client.log_param(made.run, "learning_rate", 0.5)
        client.set_tag(made.run, "made_by", "smoke test")
        for step in range(10):
            client.log_metric(made.run, "loss", 1 / (step + 1), step=step)
        data = client.get_run(made.run).data
        expect((data.params, data.tags.get("made_by")) == ({"learning_rate": "0.5"}, "smoke test"), "the run came back changed")
        expect(sorted(each.step for each in client.get_metric_history(made.run, "loss")) == list(range(10)), "metric values are missing")
        found = client.search_runs([made.experiment], "metrics.loss > 0")
        expect([each.info.run_id for each in found] == [made.run], "the search does not find the run")
    payload = os.urandom(MEGABYTE)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "weights.bin")
        with open(path, "wb") as file:
            file.write(payload)
        with steps.step("artifacts", "file of 1 MB up"):
            client.log_artifact(made.run, path, "files")
    with tempfile.TemporaryDirectory() as folder:
        with steps.step("artifacts", "the same down, byte by byte"):
            with open(client.download_artifacts(made.run, "files/weights.bin", folder), "rb") as file:
                expect(hashlib.sha256(file.read()).digest() == hashlib.sha256(payload).digest(), "the file came back changed")
    with steps.step("models", "model logged, registered and given an alias"), quiet():
        mlflow.set_experiment(experiment_id=made.experiment)
        with mlflow.start_run(run_id=made.run):
            logged = mlflow.pyfunc.log_model(name="doubler", python_model=doubler(mlflow), pip_requirements=["mlflow"])
        made.registered = True
        version = mlflow.register_model(logged.model_uri, made.name).version
        client.set_registered_model_alias(made.name, "checked", version)
    with steps.step("models", "model loaded by its alias, and used"):
        answer = mlflow.pyfunc.load_model(f"models:/{made.name}@checked").predict([1, 2, 3])
        expect(list(answer) == [2, 4, 6], "the model came back changed")


def doubler(mlflow):
    class Doubler(mlflow.pyfunc.PythonModel):
        def predict(self, context, model_input, params=None):
            return [2 * value for value in model_input]

    return Doubler()


class Made:
    """What was made so far, by its ids: nothing else can be removed."""

    def __init__(self, client, name):
        self.client, self.name = client, name
        self.experiment = self.run = None
        self.registered = False

    def remove(self):
        """Remove all of it, files included; what stands in the way of that. Rows of runs stay as deleted ones until the garbage
        collection, as after any delete."""
        faults = []

        def attempt(what, task, *given):
            try:
                return task(*given)
            except Exception as error:
                faults.append(f"{what}: {type(error).__name__}: {describe(error)}")
                return None

        if self.registered:
            attempt(f"registered model {self.name}", self.client.delete_registered_model, self.name)
        for model in attempt("logged models", self.logged_models) or ():
            attempt(f"files of logged model {model.model_id}", remove_files, model.artifact_location)
            attempt(f"logged model {model.model_id}", self.client.delete_logged_model, model.model_id)
        if self.run:
            attempt(f"files of run {self.run}", lambda: remove_files(self.client.get_run(self.run).info.artifact_uri))
            attempt(f"run {self.run}", self.client.delete_run, self.run)
        if self.experiment:
            attempt(f"experiment {self.name}", self.client.delete_experiment, self.experiment)
        return faults

    def logged_models(self):
        """Whatever is in an experiment of our own is ours, and its id may not have come back."""
        return self.client.search_logged_models([self.experiment]) if self.experiment else ()


def remove_files(location):
    from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository
    get_artifact_repository(location).delete_artifacts()


def main():
    return program.end("smoke test", smoke_test, EXIT_CODES)


if __name__ == "__main__":
    sys.exit(main())
