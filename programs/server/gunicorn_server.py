"""gunicorn with the application loaded before its workers are forked: the server program below MLflow 3.3."""

from __future__ import annotations

import sys
from typing import Any, NoReturn

from server import wsgi
from server.application import create_guard, prepare_fork
from server.memory import Share
from server.worker_metrics import WorkerMetrics


def serve(arguments: list[str], max_request_body: int, cache_logins: float | None) -> NoReturn:
    """Be gunicorn, by its own arguments and the variable GUNICORN_CMD_ARGS."""
    from gunicorn.app.wsgiapp import WSGIApplication

    from server.gunicorn_worker import Worker

    metrics = WorkerMetrics()

    class Application(WSGIApplication):  # type: ignore[misc]
        def load_config(self) -> None:
            super().load_config()
            settings = {
                "preload_app": True,
                "worker_class": Worker,
                "when_ready": lambda _: prepare_fork(),
                "pre_fork": lambda _, __: metrics.note_start(),
                "child_exit": lambda _, worker: metrics.note_end(worker.pid),
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
