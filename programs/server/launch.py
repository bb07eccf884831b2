"""What `mlflow server` does before it starts the server program, in a process of its own."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any, NoReturn

from common import metrics_folder
from common.imports import has_module
from server.orders import METRICS_FOLDER, Start

# MLflow's own authentication app, which is a factory in every release.
BASIC_AUTH = "mlflow.server.auth:create_app"


class Successor:
    """What MLflow takes for the process of the server program, which begins when MLflow waits for it to end."""

    def __init__(self, start: Start, pid: int, pipe: int) -> None:
        self.start = start
        self.pid = pid
        self.pipe = pipe

    def poll(self) -> None:
        """It has not ended."""

    def send_signal(self, number: int) -> NoReturn:
        """SIGTERM, before the server program runs."""
        sys.exit(128 + number)

    def wait(self) -> NoReturn:
        """Hand the start over, and end without the end of MLflow, which removes folders that the server uses."""
        with open(self.pipe, "w", encoding="utf-8") as pipe:
            json.dump(asdict(self.start), pipe)
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)


def find_start(arguments: list[str], supervisor: int) -> Start:
    """Run `mlflow` with the arguments, up to the server program. Ends as the command if it starts none.

    MLflow takes the process `supervisor` for the server.

    The command needs a process of its own, because MLflow's server reads its settings while it is imported. That is
    forked from this one, so that both use what this one imported before. Meanwhile this one imports what only requests
    need.
    """
    import_shared()
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(read)
        run_command(arguments, supervisor, write)
    os.close(write)
    with ending_with(pid), open(read, encoding="utf-8") as pipe:
        import_for_requests()
        text = pipe.read()
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    if not text:
        sys.exit(code if code >= 0 else 128 - code)
    if "mlflow.server" in sys.modules:
        sys.exit("server: this release of MLflow imports its server in a way that is not known here")
    return Start(**json.loads(text))


def import_shared() -> None:
    """Import what both the command and the server program import, and what reads no setting of the server meanwhile.

    prometheus_client is not of it: it reads METRICS_FOLDER. A release or an image may lack some.
    """
    with contextlib.suppress(ImportError):
        import alembic.command  # noqa: F401
        import mlflow.store.model_registry.sqlalchemy_store
        import mlflow.store.tracking.sqlalchemy_store
        import mlflow.tracking  # noqa: F401
    with contextlib.suppress(ImportError):
        import flask_wtf  # noqa: F401
    with contextlib.suppress(ImportError):
        # Below 3.3 the server is gunicorn's.
        if has_module("mlflow.server", "fastapi_app"):
            import fastapi  # noqa: F401
            import starlette.middleware.wsgi  # noqa: F401
            import uvicorn.main  # noqa: F401


def import_for_requests() -> None:
    """Import what the first request of a kind would, in each worker, except what imports MLflow's server."""
    with contextlib.suppress(ImportError):
        import graphene  # noqa: F401
    with contextlib.suppress(ImportError):
        import mlflow.store.artifact.s3_artifact_repo
    with contextlib.suppress(ImportError):
        import mlflow.tracking.request_auth.registry
    with contextlib.suppress(ImportError):
        import mlflow.utils.name_utils  # noqa: F401
    with contextlib.suppress(Exception):  # settings of S3 may be wrong where it is not used
        import boto3
        import s3transfer.manager  # noqa: F401

        # Its descriptions of S3 take 40 MiB. A client connects, and asks for credentials, at its first request.
        boto3.client("s3", region_name="us-east-1", aws_access_key_id="-", aws_secret_access_key="-")


def run_command(arguments: list[str], supervisor: int, pipe: int) -> NoReturn:
    """Run `mlflow` with the arguments, and write to the pipe what it would start."""
    import mlflow.server
    from mlflow.cli import cli

    def start_server(
        command: list[str], *, extra_env: Mapping[str, str], synchronous: bool = True, **_: object
    ) -> Successor:
        if METRICS_FOLDER in extra_env:
            metrics_folder.prepare(extra_env[METRICS_FOLDER])
        match command:
            case [_, "-m", "uvicorn" | "gunicorn" as name, *its_arguments]:
                start = Start(name, its_arguments, {**os.environ, **extra_env})
            case _:
                sys.exit(f"server: MLflow would start {command[:3]}, which is not known here")
        successor = Successor(start, supervisor, pipe)
        if synchronous:
            successor.wait()
        return successor

    if not hasattr(mlflow.server, "_exec_cmd"):
        sys.exit("server: this release of MLflow starts its server in a way that is not known here")
    mlflow.server._exec_cmd = start_server
    leave_login(mlflow.server)
    cli.main(args=arguments, prog_name="mlflow")
    sys.exit(0)


def leave_login(server: Any) -> None:
    """Have the command leave MLflow's login to the server program, which imports it, and to `prepare`.

    From 3.16.1 on, the command also creates the administrator, and looks for passwords that MLflow published.
    """
    is_factory = server._is_factory
    server._is_factory = lambda app: app == BASIC_AUTH or is_factory(app)
    if hasattr(server, "_bootstrap_basic_auth"):
        server._bootstrap_basic_auth = lambda: None


@contextlib.contextmanager
def ending_with(pid: int) -> Iterator[None]:
    """End the child, too, when this process is asked to end meanwhile."""
    try:
        yield
    except BaseException:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
        raise
