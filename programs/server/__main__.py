"""The server container's program: `python -m server [OPTION...] mlflow server [ARGUMENT...]`.

A supervisor has a loader import MLflow's application once, with the guard in front, and fork the workers. The stock
command would leave a launcher waiting beside workers that import for themselves.

The loader first runs the command as it is (its options, the schema, secrets), except its last step, in which it would
start a server program: uvicorn, below MLflow 3.3 gunicorn. That program's workers are what the loader forks.
"""

from __future__ import annotations

import signal

# Process 1 of a container ignores SIGTERM until it says otherwise, which takes the imports: it is kept until then.
signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGTERM, signal.SIGINT))

import argparse  # noqa: E402
import functools  # noqa: E402
import os  # noqa: E402
import sys  # noqa: E402
from typing import NoReturn  # noqa: E402

from common import process  # noqa: E402
from server.orders import Options, Order  # noqa: E402
from server.single_sign_on import Admission  # noqa: E402
from server.supervisor import Supervisor  # noqa: E402

# Libraries that start threads when they are imported: a server has no use for them, and a fork does not keep them.
SINGLE_THREADED = {"OPENBLAS_NUM_THREADS": "1", "JE_ARROW_MALLOC_CONF": "background_thread:false"}

# The variable with the password by which the server knows its proxy.
PASSWORD = "SERVER_PROXY_PASSWORD"
SHORTEST_PASSWORD = 16


def parse(arguments: list[str]) -> tuple[Options, list[str]]:
    """The options, and the command."""
    parser = argparse.ArgumentParser(prog="server", description="Start an MLflow server once, guarded.")
    parser.add_argument("--max-request-body", type=int, required=True, metavar="BYTES")
    parser.add_argument("--cache-logins", type=float, metavar="SECONDS")
    parser.add_argument("--tls", metavar="FOLDER", help="serve HTTPS with its tls.crt and tls.key")
    parser.add_argument("--unknown-app", action="store_true", help="with an authentication app that is not MLflow's")
    parser.add_argument("--single-sign-on", action="store_true", help=f"with the proxy's password in {PASSWORD}")
    for option, metavar in (("email-domain", "DOMAIN"), ("group", "GROUP"), ("reserved", "NAME"), ("shared", "NAME")):
        parser.add_argument(f"--{option}", action="append", default=[], metavar=metavar)
    parser.add_argument("command", nargs=argparse.REMAINDER)
    parsed = parser.parse_args(arguments)
    admission = read_admission(parsed)
    options = Options(parsed.max_request_body, parsed.cache_logins, parsed.tls, admission, parsed.unknown_app)
    return options, parsed.command


def read_admission(parsed: argparse.Namespace) -> Admission | None:
    """Who may come by single sign-on. The password leaves the variables: MLflow and its processes need none."""
    password = os.environ.pop(PASSWORD, "")
    if not parsed.single_sign_on:
        return None
    if len(password) < SHORTEST_PASSWORD:
        sys.exit(f"server: {PASSWORD} has {len(password)} characters; {SHORTEST_PASSWORD} or more are required")
    return Admission(
        password,
        tuple(parsed.email_domain),
        frozenset(parsed.group),
        reserved=frozenset(parsed.reserved),
        shared=frozenset(parsed.shared),
    )


def run_loader(order: Order, options: Options, arguments: list[str]) -> NoReturn:
    """Be a loader, whose modules the supervisor has no use for."""
    from server import loader

    loader.run_loader(order, options, arguments)


def main() -> NoReturn:
    """Be the server, to its end."""
    process.name_program("server")
    options, command = parse(sys.argv[1:])
    if command[:1] != ["mlflow"]:
        sys.exit(f"server: {command[:1]} is no command that can be run")
    os.environ.update(SINGLE_THREADED)
    Supervisor(functools.partial(run_loader, options=options, arguments=command[1:])).run()


if __name__ == "__main__":
    main()
