"""A bounded load of log-metric and search requests, as several clients of a team make it.

Usage: load.py URL SECONDS. Two processes with four connections each; the login comes from MLFLOW_TRACKING_USERNAME and
_PASSWORD, if they are set. Ends with one line of JSON: requests a second and the 95th percentile in milliseconds for
each kind.
"""

import base64
import json
import multiprocessing
import os
import sys
import threading
import time

import requests

PROCESSES, CONNECTIONS, RUNS = 2, 4, 20


def login():
    if "MLFLOW_TRACKING_USERNAME" not in os.environ:
        return {}
    pair = f"{os.environ['MLFLOW_TRACKING_USERNAME']}:{os.environ['MLFLOW_TRACKING_PASSWORD']}"
    return {"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()}


def call(session, url, path, body):
    answer = session.post(f"{url}/api/2.0/mlflow/{path}", json=body, headers=login(), timeout=60)
    answer.raise_for_status()
    return answer.json()


def setup(url):
    """An experiment with runs that have a metric, and their ids."""
    session = requests.Session()
    name = f"load-{os.getpid()}-{time.time_ns()}"
    experiment = call(session, url, "experiments/create", {"name": name})["experiment_id"]
    runs = []
    for index in range(RUNS):
        run = call(session, url, "runs/create", {"experiment_id": experiment, "start_time": int(time.time() * 1000)})
        runs.append(run["run"]["info"]["run_id"])
        metric = {"run_id": runs[-1], "key": "score", "value": index, "timestamp": int(time.time() * 1000), "step": 0}
        call(session, url, "runs/log-metric", metric)
    return experiment, runs


def worker(url, kind, experiment, runs, end, times):
    session = requests.Session()
    step = 0
    while time.monotonic() < end:
        step += 1
        began = time.monotonic()
        if kind == "log":
            metric = {
                "run_id": runs[step % len(runs)],
                "key": f"m{threading.get_ident()}",
                "value": step,
                "timestamp": int(time.time() * 1000),
                "step": step,
            }
            call(session, url, "runs/log-metric", metric)
        else:
            call(
                session,
                url,
                "runs/search",
                {
                    "experiment_ids": [experiment],
                    "filter": "metrics.score > 5",
                    "order_by": ["metrics.score DESC"],
                    "max_results": 20,
                },
            )
        times.append(time.monotonic() - began)


def process(url, kind, experiment, runs, seconds, queue):
    times, end = [], time.monotonic() + seconds
    threads = [
        threading.Thread(target=worker, args=(url, kind, experiment, runs, end, times)) for _ in range(CONNECTIONS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    queue.put(times)


def measure(url, kind, experiment, runs, seconds):
    queue = multiprocessing.Queue()
    began = time.monotonic()
    processes = [
        multiprocessing.Process(target=process, args=(url, kind, experiment, runs, seconds, queue))
        for _ in range(PROCESSES)
    ]
    for each in processes:
        each.start()
    times = sorted(each for _ in processes for each in queue.get())
    for each in processes:
        each.join()
    return {
        "rate": round(len(times) / (time.monotonic() - began), 1),
        "p95": round(times[int(len(times) * 0.95)] * 1000),
    }


def main(url, seconds):
    experiment, runs = setup(url)
    measure(url, "log", experiment, runs, 3)
    result = {kind: measure(url, kind, experiment, runs, seconds) for kind in ("log", "search")}
    print(json.dumps(result))


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"), float(sys.argv[2]))
