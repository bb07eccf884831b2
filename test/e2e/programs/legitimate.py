"""A client with a login, and a scraper of the metrics: what each request of theirs took.

Usage: legitimate.py STOP, until the file STOP exists. MLFLOW_TRACKING_URI, _USERNAME and _PASSWORD say where and who,
METRICS_URL and METRICS_PASSWORD the same of the metrics. The client writes and searches in turn, some ten times a
second, and the scraper scrapes once a second; both on a new connection each time, so that they wait as newcomers do.
Ends with one line of JSON: for both a list of when each request began (Unix time), its milliseconds, and what went
wrong, if anything did.
"""

import json
import os
import sys
import threading
import time

import requests

TIMEOUT = 30


def client():
    login = (os.environ["MLFLOW_TRACKING_USERNAME"], os.environ["MLFLOW_TRACKING_PASSWORD"])

    def call(path, body):
        url = f"{os.environ['MLFLOW_TRACKING_URI']}/api/2.0/mlflow/{path}"
        answer = requests.post(url, json=body, auth=login, timeout=TIMEOUT)
        answer.raise_for_status()
        return answer.json()

    experiment = call("experiments/create", {"name": f"legitimate-{time.time_ns()}"})["experiment_id"]
    run = call("runs/create", {"experiment_id": experiment, "start_time": 1})["run"]["info"]["run_id"]

    def ask(number):
        if number % 2:
            call("runs/log-metric", {"run_id": run, "key": "score", "value": 1, "timestamp": number, "step": number})
        else:
            call("runs/search", {"experiment_ids": [experiment], "filter": "metrics.score > 0", "max_results": 20})

    return ask


def scraper():
    login = ("metrics", os.environ["METRICS_PASSWORD"])

    def ask(_number):
        requests.get(os.environ["METRICS_URL"], auth=login, timeout=TIMEOUT).raise_for_status()

    return ask


def repeat(ask, pause, stop, seen):
    number = 0
    while not os.path.exists(stop):
        number += 1
        began, error = time.time(), ""
        try:
            ask(number)
        except requests.HTTPError as problem:
            error = f"HTTP {problem.response.status_code}"
        except requests.RequestException as problem:
            error = type(problem).__name__
        seen.append([began, round(1000 * (time.time() - began), 1), error])
        time.sleep(pause)


def main(stop):
    asks = {"client": (client(), 0.08), "scraper": (scraper(), 1.0)}
    seen = {name: [] for name in asks}
    threads = [threading.Thread(target=repeat, args=(*given, stop, seen[name])) for name, given in asks.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(json.dumps(seen))


if __name__ == "__main__":
    main(*sys.argv[1:])
