"""The server container's program: `python -m server [OPTION...] COMMAND [ARGUMENT...]`.

COMMAND is `mlflow server` with its options. It becomes one process that imports the application once and forks the
workers, each with the guard in front of MLflow. The stock command would leave a launcher waiting beside workers that
import for themselves.

First COMMAND runs as it is (its options, the schema, secrets), but for its last step: it would start a server program,
`python -m uvicorn …`, below MLflow 3.3 `python -m gunicorn …`. Instead this process becomes that program, by exec,
because MLflow reads its settings while it is imported, and runs it in its own way.
"""

from __future__ import annotations

import argparse
import signal
import sys
from dataclasses import dataclass
from typing import NoReturn


@dataclass(frozen=True)
class Options:
    """The arguments before the command."""

    max_request_body: int
    # Seconds that a right login is not checked again; None: no login is asked for.
    cache_logins: float | None

    @property
    def arguments(self) -> list[str]:
        """The options as they are written."""
        logins = [] if self.cache_logins is None else [f"--cache-logins={self.cache_logins}"]
        return [f"--max-request-body={self.max_request_body}", *logins]


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
    # Process 1 of a container ignores it by default, and the server program is not there yet.
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    options, command = parse(sys.argv[1:])
    match command:
        case ["uvicorn", *arguments]:
            from server import uvicorn_server

            uvicorn_server.serve(arguments, options.max_request_body, options.cache_logins)
        case ["gunicorn", *arguments]:
            from server import gunicorn_server

            gunicorn_server.serve(arguments, options.max_request_body, options.cache_logins)
        case ["mlflow", *arguments]:
            from server import launch

            launch.run(arguments, [sys.executable, "-m", "server", *options.arguments])
        case _:
            sys.exit(f"server: {command[:1]} is no command that can be run")


if __name__ == "__main__":
    main()
