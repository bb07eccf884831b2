"""Uploads and downloads one artifact through the server, as MLflow's client does, and removes it.

Usage: transfer.py URL BYTES TIMES. The login comes from MLFLOW_TRACKING_USERNAME and _PASSWORD, if they are set. Ends
with one line of JSON: the median seconds of each direction, or what went wrong.
"""

import contextlib
import json
import os
import statistics
import sys
import time

import requests

BLOCK = os.urandom(1 << 20)


class Body:
    """As many bytes as asked for, without a file of that size. It has a length, so nothing is sent in chunks."""

    def __init__(self, size):
        self.left = self.size = size

    def __len__(self):
        return self.size

    def read(self, amount=-1):
        amount = min(len(BLOCK), self.left, amount if amount >= 0 else self.left)
        self.left -= amount
        return BLOCK[:amount]


def upload(session, url, size):
    session.put(url, data=Body(size), timeout=300).raise_for_status()


def download(session, url, size):
    with session.get(url, stream=True, timeout=300) as answer:
        answer.raise_for_status()
        received = sum(len(block) for block in answer.iter_content(1 << 20))
    if received != size:
        raise requests.ConnectionError(f"received {received} of {size} bytes")


def timed(action, *given):
    began = time.monotonic()
    action(*given)
    return time.monotonic() - began


def main(server, size, times):
    session = requests.Session()
    if "MLFLOW_TRACKING_USERNAME" in os.environ:
        session.auth = (os.environ["MLFLOW_TRACKING_USERNAME"], os.environ["MLFLOW_TRACKING_PASSWORD"])
    url = f"{server}/api/2.0/mlflow-artifacts/artifacts/transfer-{time.time_ns()}"
    result = {}
    for name, action in (("upload", upload), ("download", download)):
        try:
            result[name] = statistics.median(timed(action, session, url, size) for _ in range(times))
        except requests.RequestException as error:
            result["error"] = f"{name}: {error}"
            break
    # The server may be gone, and that has been reported.
    with contextlib.suppress(requests.RequestException):
        session.delete(url, timeout=60)
    print(json.dumps(result))


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"), int(sys.argv[2]), int(sys.argv[3]))
