"""The server container's program: `python -m server [OPTION...] mlflow server [ARGUMENT...]`.

A supervisor has a loader import MLflow's application once, with the guard in front, and fork the workers. The stock
command would leave a launcher waiting beside workers that import for themselves.

The loader first runs the command as it is (its options, the schema, secrets), but for its last step, in which it would
start a server program: uvicorn, below MLflow 3.3 gunicorn. That program's workers are what the loader forks.
"""

from __future__ import annotations

import argparse
import functools
import os
import sys
from typing import NoReturn

from common import process
from server.application import Options
from server.launch import SINGLE_THREADED
from server.loader import load
from server.supervisor import Supervisor


def parse(arguments: list[str]) -> tuple[Options, list[str]]:
    """The options, and the command."""
    parser = argparse.ArgumentParser(prog="server", description="Start an MLflow server once, guarded.")
    parser.add_argument("--max-request-body", type=int, required=True, metavar="BYTES")
    parser.add_argument("--cache-logins", type=float, metavar="SECONDS")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    parsed = parser.parse_args(arguments)
    return Options(parsed.max_request_body, parsed.cache_logins), parsed.command


def main() -> NoReturn:
    """Be the server, to its end."""
    process.name_program("server")
    options, command = parse(sys.argv[1:])
    if command[:1] != ["mlflow"]:
        sys.exit(f"server: {command[:1]} is no command that can be run")
    os.environ.update(SINGLE_THREADED)
    Supervisor(functools.partial(load, options=options, arguments=command[1:])).run()


if __name__ == "__main__":
    main()
