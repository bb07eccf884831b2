"""The preStop program of the server container: `python stop.py SECONDS [--terminate-children] [--parent PID]`.

Waits SECONDS, so that the Service forgets the pod while it still serves. Then, for MLflow below 3.10, ends the server
program (gunicorn, or uvicorn from 3.3 on): the launcher, which is PID 1 there, ignores SIGTERM, so the pod would
otherwise be killed in the middle of its requests at the end of the grace period, which also bounds the waiting here.
"""

import argparse
import os
import signal
import time


SERVERS = (b"gunicorn", b"uvicorn")


def servers(parent):
    """The process ids of the living children of `parent` that are the server program, by their command line."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
                state, parent_of_it = file.read().rpartition(")")[2].split()[:2]  # a name may hold blanks and brackets
            with open(f"/proc/{pid}/cmdline", "rb") as file:
                command = file.read()
        except OSError:  # it ended meanwhile
            continue
        if int(parent_of_it) == parent and state != "Z" and any(server in command for server in SERVERS):
            found.append(int(pid))
    return found


def main():
    parser = argparse.ArgumentParser(description="Let a server pod drain, then end what SIGTERM does not reach.")
    parser.add_argument("seconds", type=float)
    parser.add_argument("--terminate-children", action="store_true")
    parser.add_argument("--parent", type=int, default=1)
    options = parser.parse_args()
    time.sleep(options.seconds)
    if not options.terminate_children:
        return
    for pid in servers(options.parent):
        try:
            os.kill(pid, signal.SIGTERM)
        except ProcessLookupError:
            pass
    while servers(options.parent):
        time.sleep(0.1)


if __name__ == "__main__":
    main()
