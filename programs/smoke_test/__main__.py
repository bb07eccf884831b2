"""Use the server once as a client does, through its Service: `python -m smoke_test`.

Logs in, logs a run, uploads and downloads a file, registers a model and loads it by an alias. What was created is
removed again, and nothing else is touched. Prints how long each step took. Ends as common.process says: the exit code
tells which step failed.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from typing import Any

from common import process
from common.exit_codes import ExitCode
from common.process import Failure, describe, log
from common.tracking_server import check_login
from smoke_test.created import CreatedResources

MEGABYTE = 1024 * 1024
METRIC_VALUES = 10


class Steps:
    """Runs one step after the other, prints its time, and knows what an error in it amounts to."""

    def __init__(self) -> None:
        self.began = time.monotonic()

    @contextlib.contextmanager
    def step(self, code: ExitCode, what: str) -> Iterator[None]:
        """A step, which fails with the code."""
        began = time.monotonic()
        try:
            yield
        except Failure:
            raise
        except Exception as error:
            raise Failure(code, f"{what}: {type(error).__name__}: {describe(error)}") from error
        log(f"{time.monotonic() - began:6.2f} s  {what}")

    def seconds(self) -> float:
        """Since the first one."""
        return time.monotonic() - self.began


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Without the advice and the links that MLflow gives to people."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        yield


def expect(condition: bool, message: str) -> None:
    """Fail the step with the message unless the condition is met."""
    if not condition:
        raise AssertionError(message)


def smoke_test() -> None:
    """All steps."""
    if not os.environ.get("MLFLOW_TRACKING_URI"):
        raise Failure(ExitCode.CONFIGURATION, "MLFLOW_TRACKING_URI is not set")
    steps = Steps()
    with steps.step(ExitCode.UNEXPECTED, "start of MLflow's client"):
        import mlflow
    client = mlflow.MlflowClient()
    with steps.step(ExitCode.SERVER_UNREACHABLE, "login"):
        check_login()
    name = f"smoke-test-{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}-{uuid.uuid4().hex[:8]}"
    created = CreatedResources(client, name)
    try:
        use(steps, mlflow, client, created)
    except BaseException:
        for issue in created.remove():  # what failed first is what counts
            log(f"left behind: {issue}")
        raise
    with steps.step(ExitCode.CLEAN_UP, "clean-up"):
        issues = created.remove()
        if issues:
            raise Failure(ExitCode.CLEAN_UP, "; ".join(issues))
    log(f"passed in {steps.seconds():.1f} s, with MLflow {mlflow.__version__} at {os.environ['MLFLOW_TRACKING_URI']}")


def use(steps: Steps, mlflow: Any, client: Any, created: CreatedResources) -> None:
    """The steps between login and clean-up."""
    use_runs(steps, client, created)
    use_artifacts(steps, client, created)
    use_models(steps, mlflow, client, created)


def use_runs(steps: Steps, client: Any, created: CreatedResources) -> None:
    """Experiment, run, parameter, tag and metric."""
    with steps.step(ExitCode.RUNS, "experiment and run"):
        created.experiment = client.create_experiment(created.name)
        created.run = client.create_run(created.experiment).info.run_id
    with steps.step(ExitCode.RUNS, f"parameter, tag and {METRIC_VALUES} metric values, read back"):
        client.log_param(created.run, "learning_rate", 0.5)
        client.set_tag(created.run, "made_by", "smoke test")
        for step in range(METRIC_VALUES):
            client.log_metric(created.run, "loss", 1 / (step + 1), step=step)
        data = client.get_run(created.run).data
        read = (data.params, data.tags.get("made_by"))
        expect(read == ({"learning_rate": "0.5"}, "smoke test"), "the run came back changed")
        history = sorted(each.step for each in client.get_metric_history(created.run, "loss"))
        expect(history == list(range(METRIC_VALUES)), "metric values are missing")
        found = client.search_runs([created.experiment], "metrics.loss > 0")
        expect([each.info.run_id for each in found] == [created.run], "the search does not find the run")


def use_artifacts(steps: Steps, client: Any, created: CreatedResources) -> None:
    """A file, up and down."""
    payload = os.urandom(MEGABYTE)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "weights.bin")
        with open(path, "wb") as file:
            file.write(payload)
        with steps.step(ExitCode.ARTIFACTS, "file of 1 MB up"):
            client.log_artifact(created.run, path, "files")
    with (
        tempfile.TemporaryDirectory() as folder,
        steps.step(ExitCode.ARTIFACTS, "the same down, byte by byte"),
        open(client.download_artifacts(created.run, "files/weights.bin", folder), "rb") as file,
    ):
        is_same = hashlib.sha256(file.read()).digest() == hashlib.sha256(payload).digest()
        expect(is_same, "the file came back changed")


def use_models(steps: Steps, mlflow: Any, client: Any, created: CreatedResources) -> None:
    """A model, logged, registered, and loaded by an alias.

    A model is a program. Users may be allowed to change this one, so it is loaded only if its files are those that were
    uploaded.
    """
    with tempfile.TemporaryDirectory() as folder:
        saved, downloaded = os.path.join(folder, "saved"), os.path.join(folder, "downloaded")
        with steps.step(ExitCode.MODELS, "model logged, registered and given an alias"), quiet():
            mlflow.pyfunc.save_model(saved, python_model=doubler(mlflow), pip_requirements=["mlflow"])
            logged = client.create_logged_model(created.experiment, name="doubler", source_run_id=created.run)
            client.log_model_artifacts(logged.model_id, saved)
            client.finalize_logged_model(logged.model_id, "READY")
            created.registered = True
            version = mlflow.register_model(f"models:/{logged.model_id}", created.name).version
            client.set_registered_model_alias(created.name, "checked", version)
        with steps.step(ExitCode.MODELS, "model downloaded by its alias, compared, loaded and used"):
            os.mkdir(downloaded)
            found = mlflow.artifacts.download_artifacts(f"models:/{created.name}@checked", dst_path=downloaded)
            expect(
                files_of(found) == files_of(saved), "its files are not those that were uploaded, so it is not loaded"
            )
            answer = mlflow.pyfunc.load_model(found).predict([1, 2, 3])
            expect(list(answer) == [2, 4, 6], "the model came back changed")


def files_of(folder: str) -> dict[str, bytes]:
    """The content of each file by its path, without the one that a download adds."""
    paths = (os.path.join(parent, name) for parent, _, names in os.walk(folder) for name in names)
    contents: dict[str, bytes] = {}
    for path in paths:
        with open(path, "rb") as file:
            contents[os.path.relpath(path, folder)] = file.read()
    contents.pop("registered_model_meta", None)
    return contents


def doubler(mlflow: Any) -> Any:
    """A model that needs nothing."""

    class Doubler(mlflow.pyfunc.PythonModel):  # type: ignore[misc]  # MLflow is not installed where this is checked
        # Without type hints: MLflow takes those of predict for the schema of its input, and does not support Any there.
        def predict(self, context, model_input, params=None):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202, ARG002
            return [2 * value for value in model_input]

    return Doubler()


def main() -> int:
    """Run it as the program "smoke test": the exit code."""
    return process.run("smoke test", smoke_test)


if __name__ == "__main__":
    sys.exit(main())
