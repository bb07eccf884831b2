"""The preStop program of the server container: `python stop.py SECONDS [--terminate-children] [--parent PID]`.

Waits SECONDS, so that the Service forgets the pod while it still serves. Then, for MLflow below 3.10, terminates the
server program (gunicorn, or uvicorn from 3.3 on): the launcher, which is PID 1 there, ignores SIGTERM, so the pod would
otherwise be killed in the middle of its requests at the end of the grace period, which also bounds the waiting here.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import time

SERVERS = (b"gunicorn", b"uvicorn")


def is_server(pid: str, parent: int) -> bool:
    """Whether a process is the server program, by its command line, and a living child of `parent`."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            state, its_parent = file.read().rpartition(")")[2].split()[:2]  # a name may contain blanks and brackets
        with open(f"/proc/{pid}/cmdline", "rb") as file:
            command = file.read()
    except OSError:  # it ended meanwhile
        return False
    return int(its_parent) == parent and state != "Z" and any(server in command for server in SERVERS)


def servers(parent: int) -> list[int]:
    """The process ids of the living children of `parent` that are the server program."""
    return [int(pid) for pid in os.listdir("/proc") if pid.isdigit() and is_server(pid, parent)]


def main() -> None:
    """Wait, and terminate what SIGTERM does not reach."""
    parser = argparse.ArgumentParser(description="Let a server pod drain, then terminate what SIGTERM does not reach.")
    parser.add_argument("seconds", type=float)
    parser.add_argument("--terminate-children", action="store_true")
    parser.add_argument("--parent", type=int, default=1)
    options = parser.parse_args()
    time.sleep(options.seconds)
    if not options.terminate_children:
        return
    for pid in servers(options.parent):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
    while servers(options.parent):
        time.sleep(0.1)


if __name__ == "__main__":
    main()
