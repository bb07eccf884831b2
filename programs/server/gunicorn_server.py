"""gunicorn with the application loaded before its workers are forked: the server program below MLflow 3.3."""

from __future__ import annotations

import os
import sys
from typing import Any, NoReturn

from common import metrics_folder
from server import wsgi
from server.application import create_guard, prepare_fork
from server.launch import METRICS_FOLDER
from server.memory import Share


def serve(arguments: list[str], max_request_body: int, cache_logins: float | None) -> NoReturn:
    """Be gunicorn, by its own arguments and the variable GUNICORN_CMD_ARGS."""
    from gunicorn.app.wsgiapp import WSGIApplication

    from server.gunicorn_worker import Worker

    metrics = os.environ.get(METRICS_FOLDER)
    started = 0

    def count(_: Any, __: Any) -> None:
        nonlocal started
        started += 1
        if metrics:
            metrics_folder.note_processes(metrics, started)

    def merge(_: Any, worker: Any) -> None:
        if metrics:
            metrics_folder.merge_ended(metrics, worker.pid)

    class Application(WSGIApplication):  # type: ignore[misc]
        def load_config(self) -> None:
            super().load_config()
            settings = {
                "preload_app": True,
                "worker_class": Worker,
                "when_ready": lambda _: prepare_fork(),
                "pre_fork": count,
                "child_exit": merge,
                "post_fork": lambda _, worker: setattr(worker, "share", Share(self.cfg.workers)),
            }
            for name, value in settings.items():
                self.cfg.set(name, value)

        def load(self) -> Any:
            guard = create_guard(max_request_body, cache_logins)
            return wsgi.GuardedApplication(super().load(), guard)

    sys.argv = ["gunicorn", *arguments]
    Application("%(prog)s [OPTIONS] [APP_MODULE]", prog="gunicorn").run()
    sys.exit(0)
