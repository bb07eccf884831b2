"""A steady client that asks on and on while something is broken, and notes what the server acknowledged.

Usage: chaos.py use FILE STOP, until the file STOP is there; chaos.py verify FILE. Server and login come from
MLFLOW_TRACKING_URI, _USERNAME and _PASSWORD.

Requests of three kinds, by connections that retry nothing: reads and writes of the database (ten a second in all), and
files (one a second). Beside them one of MLflow's own client, with the retries that it has by itself, logs a metric
value a second. "use" ends with one line of JSON: for each kind the requests that were answered and that failed, why,
and the longest time without an answer; "verify" with what was acknowledged and is there, or is not. A write that failed
is not noted: it may be there or not.
"""

import base64
import collections
import hashlib
import json
import os
import sys
import threading
import time

import requests

PAUSE = {"read": 0.2, "write": 0.2, "file": 1.0, "client": 1.0}
TIMEOUT = 10


class Server:
    def __init__(self):
        self.url = os.environ["MLFLOW_TRACKING_URI"]
        pair = f"{os.environ['MLFLOW_TRACKING_USERNAME']}:{os.environ['MLFLOW_TRACKING_PASSWORD']}"
        self.header = {"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()}

    def call(self, method, path, **given):
        # A connection of its own: one that is kept to a pod that is gone says more of the client than of the server.
        answer = requests.request(method, f"{self.url}/api/2.0/{path}", headers=self.header, timeout=TIMEOUT, **given)
        if answer.status_code != 200:
            raise requests.HTTPError(f"HTTP {answer.status_code}")
        return answer

    def post(self, path, body):
        return self.call("POST", f"mlflow/{path}", json=body).json()

    def a_run(self):
        """In an experiment for each time, patiently: the server may be away just now."""
        while True:
            try:
                experiment = self.post("experiments/create", {"name": f"chaos-{time.time_ns()}"})["experiment_id"]
                return self.post("runs/create", {"experiment_id": experiment, "start_time": int(time.time() * 1000)})[
                    "run"
                ]["info"]
            except requests.RequestException:
                time.sleep(0.5)


class Kind:
    """Requests of one kind, one after the other."""

    def __init__(self, name):
        self.name = name
        self.ok, self.failed, self.reasons = 0, 0, collections.Counter()
        self.answered, self.longest, self.is_out = time.monotonic(), 0.0, False

    def succeed(self):
        now = time.monotonic()
        if self.is_out:  # the last answer and this one, with failures between them
            self.longest = max(self.longest, now - self.answered)
        self.ok, self.answered, self.is_out = self.ok + 1, now, False

    def fail(self, error):
        self.failed, self.is_out = self.failed + 1, True
        self.reasons[str(error)[:60] if isinstance(error, requests.HTTPError) else type(error).__name__] += 1

    def summary(self):
        longest = max(self.longest, time.monotonic() - self.answered if self.is_out else 0)
        return {"ok": self.ok, "failed": self.failed, "longest": round(longest, 1), "reasons": dict(self.reasons)}


def use(file, stop):
    server, kinds = Server(), []
    run = server.a_run()
    with open(file, "a", encoding="utf-8") as journal:
        lock = threading.Lock()

        def note(**entry):
            with lock:
                journal.write(json.dumps({"run": run["run_id"], **entry}) + "\n")
                journal.flush()

        def work(name, ask):
            kind, number = Kind(name), 0
            kinds.append(kind)
            while not os.path.exists(stop):
                number += 1
                began = time.monotonic()
                try:
                    entry = ask(number)
                    kind.succeed()
                    if entry:
                        note(**entry)
                except Exception as error:  # whatever the libraries raise while the server is away
                    kind.fail(error)
                time.sleep(max(0.02, PAUSE[name] - (time.monotonic() - began)))

        def read(_number):
            server.call("GET", "mlflow/runs/get", params={"run_id": run["run_id"]})

        def metric(key, number):
            return {
                "run_id": run["run_id"],
                "key": key,
                "value": number / 7,
                "timestamp": int(time.time() * 1000),
                "step": number,
            }

        def write(number):
            server.post("runs/log-metric", metric("plain", number))
            return {"key": "plain", "step": number}

        def upload(number):
            payload = os.urandom(20_000)
            path = f"mlflow-artifacts/artifacts/{run['experiment_id']}/{run['run_id']}/artifacts/{number}.bin"
            server.call("PUT", path, data=payload)
            return {"file": path, "digest": hashlib.sha256(payload).hexdigest()}

        def with_client():
            import mlflow

            client = mlflow.MlflowClient()

            def log(number):
                client.log_metric(run["run_id"], "client", number / 7, step=number)
                return {"key": "client", "step": number}

            return log

        threads = [
            threading.Thread(target=work, args=given)
            for given in [("read", read), ("write", write), ("file", upload), ("client", with_client())]
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return {kind.name: kind.summary() for kind in kinds}


def verify(file):
    server = Server()
    with open(file, encoding="utf-8") as journal:
        entries = [json.loads(line) for line in journal]
    stored, lost = {}, []
    for run in {entry["run"] for entry in entries}:
        for key in "plain", "client":
            stored[run, key] = steps(server, run, key)
    for entry in entries:
        if "step" in entry:
            is_there = entry["step"] in stored[entry["run"], entry["key"]]
        else:
            content = server.call("GET", entry["file"]).content
            is_there = hashlib.sha256(content).hexdigest() == entry["digest"]
        if not is_there:
            lost.append(entry)
    return {"acknowledged": len(entries), "missing": len(lost), "examples": lost[:10]}


def steps(server, run, key):
    found, token = set(), None
    while True:
        given = {"run_id": run, "metric_key": key, "max_results": 1000, **({"page_token": token} if token else {})}
        page = server.call("GET", "mlflow/metrics/get-history", params=given).json()
        found |= {int(each.get("step", 0)) for each in page.get("metrics", ())}
        token = page.get("next_page_token")
        if not token:
            return found


if __name__ == "__main__":
    print(json.dumps(use(*sys.argv[2:]) if sys.argv[1] == "use" else verify(*sys.argv[2:])))
