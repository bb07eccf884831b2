"""What `mlflow server` does before it starts the server program."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import NoReturn

from common import metrics_folder

# Libraries that start threads when they are imported: a server has no use for them, and a fork does not keep them.
SINGLE_THREADED = {"OPENBLAS_NUM_THREADS": "1", "JE_ARROW_MALLOC_CONF": "background_thread:false"}

# The variable in which MLflow hands on the folder of --expose-prometheus.
METRICS_FOLDER = "prometheus_multiproc_dir"


class Successor:
    """What MLflow takes for the process of the server program: this one, which becomes it when MLflow waits for it."""

    def __init__(self, command: list[str], environment: Mapping[str, str]) -> None:
        self.command = command
        self.environment = environment
        self.pid = os.getpid()

    def poll(self) -> None:
        """It has not ended."""

    def send_signal(self, number: int) -> NoReturn:
        """SIGTERM, before the server program runs."""
        sys.exit(128 + number)

    def wait(self) -> NoReturn:
        """Become the server program."""
        os.execve(self.command[0], self.command, {**SINGLE_THREADED, **self.environment})


def run(arguments: list[str], program: list[str]) -> NoReturn:
    """Run `mlflow` with the arguments, up to the server program, which `program` then runs."""
    import mlflow.server
    from mlflow.cli import cli

    def start_server(
        command: list[str], *, extra_env: Mapping[str, str], synchronous: bool = True, **_: object
    ) -> Successor:
        if METRICS_FOLDER in extra_env:
            metrics_folder.prepare(extra_env[METRICS_FOLDER])
        match command:
            case [_, "-m", "uvicorn" | "gunicorn" as name, *its_arguments]:
                command = [*program, name, *its_arguments]
            case _:
                sys.exit(f"server: MLflow would start {command[:3]}, which is not known here")
        successor = Successor(command, {**os.environ, **extra_env})
        if synchronous:
            successor.wait()
        return successor

    if not hasattr(mlflow.server, "_exec_cmd"):
        sys.exit("server: this release of MLflow starts its server in a way that is not known here")
    mlflow.server._exec_cmd = start_server
    cli.main(args=arguments, prog_name="mlflow")
    sys.exit(0)
