"""A steady client: four connections that ask again and again without any retry, and count what failed and why.

Usage: steady.py URL SECONDS STOP. It ends when the file STOP is there, or after SECONDS. The login comes from MLFLOW_TRACKING_USERNAME and _PASSWORD. Half of the connections stay
open, half are new for each request. Ends with one line of JSON.
"""

import base64
import collections
import json
import os
import sys
import threading
import time

import requests


def work(url, goes_on, keep, header, results, lock):
    session = requests.Session()
    # A key of its own: MLflow answers 400 when two clients make the same tag in the same instant.
    key = f"steady-{threading.get_ident()}"
    number = 0
    while goes_on():
        number += 1
        if not keep:
            session.close()
            session = requests.Session()
        try:
            # Reads and writes in turn; a write is a tag on the default experiment.
            if number % 2:
                answer = session.get(f"{url}/api/2.0/mlflow/experiments/get?experiment_id=0", headers=header, timeout=30)
            else:
                body = {"experiment_id": "0", "key": key, "value": str(number)}
                answer = session.post(f"{url}/api/2.0/mlflow/experiments/set-experiment-tag", json=body, headers=header, timeout=30)
            outcome = "ok" if answer.status_code == 200 else f"HTTP {answer.status_code}: {answer.text[:160]}"
        except requests.RequestException as error:
            outcome = f"{'kept' if keep else 'new'} connection: {type(error).__name__}: {str(error)[:160]}"
            session.close()
            session = requests.Session()
        with lock:
            results[outcome] += 1
        time.sleep(0.05)


def main(url, seconds, stop):
    user, password = os.environ["MLFLOW_TRACKING_USERNAME"], os.environ["MLFLOW_TRACKING_PASSWORD"]
    header = {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}
    results, lock = collections.Counter(), threading.Lock()
    end = time.monotonic() + seconds

    def goes_on():
        return time.monotonic() < end and not os.path.exists(stop)

    threads = [threading.Thread(target=work, args=(url, goes_on, index % 2 == 0, header, results, lock)) for index in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ok = results.pop("ok", 0)
    print(json.dumps({"ok": ok, "failed": sum(results.values()), "reasons": dict(results)}))


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"), float(sys.argv[2]), sys.argv[3])
