"""A steady client: four connections that ask again and again, and count what failed and why. It retries nothing, with
the one exception that HTTP itself makes (RFC 9112, 9.3.1): a connection that was kept and is closed by the server in
the very moment of the next request says nothing of that request, which is sent once more on a new connection and
counted as "reopened". (Both requests may be sent twice: one reads, the other writes the same tag again.) Tests bound
that number by the pods that ended.

Usage: steady.py URL SECONDS STOP [PAUSE]. It ends when the file STOP is there, or after SECONDS. The login comes from
MLFLOW_TRACKING_USERNAME and _PASSWORD; where that is refused, NEXT_PASSWORD is tried and kept to, and that is counted
as "other". Half of the connections stay open, half are new for each request; each waits PAUSE seconds (0.05) between
two. With SESSION, the Cookie of a person's browser, it asks as the page does, and needs no login. Ends with one line of
JSON.
"""

import base64
import collections
import json
import os
import sys
import threading
import time

import requests


def work(api, goes_on, keep, pause, headers, results, lock):
    session = requests.Session()
    # A key of its own: MLflow answers 400 when two clients make the same tag in the same instant.
    key = f"steady-{threading.get_ident()}"
    number = 0
    header, *others = headers
    while goes_on():
        number += 1
        if not keep:
            session.close()
            session = requests.Session()

        def ask():
            # Reads and writes in turn; a write is a tag on the default experiment, which may be written twice.
            if number % 2:
                return session.get(f"{api}/2.0/mlflow/experiments/get?experiment_id=0", headers=header, timeout=30)
            body = {"experiment_id": "0", "key": key, "value": str(number)}
            return session.post(
                f"{api}/2.0/mlflow/experiments/set-experiment-tag", json=body, headers=header, timeout=30
            )

        try:
            try:
                answer = ask()
                if answer.status_code == 401 and others:
                    # A password that is changed while the client runs, which knows the next one.
                    header, *others = *others, header
                    answer = ask()
                    with lock:
                        results["other password"] += 1
            except requests.ConnectionError as error:
                if not (keep and closed_by_the_server(error)):
                    raise
                session.close()
                session = requests.Session()
                answer = ask()
                with lock:
                    results["reopened"] += 1
            outcome = "ok" if answer.status_code == 200 else f"HTTP {answer.status_code}: {answer.text[:160]}"
        except requests.RequestException as error:
            outcome = f"{'kept' if keep else 'new'} connection: {type(error).__name__}: {str(error)[:160]}"
            session.close()
            session = requests.Session()
        with lock:
            results[outcome] += 1
        time.sleep(pause)


def closed_by_the_server(error):
    return any(word in str(error) for word in ("ConnectionResetError", "RemoteDisconnected", "BrokenPipeError"))


def logins():
    user, password = os.environ["MLFLOW_TRACKING_USERNAME"], os.environ["MLFLOW_TRACKING_PASSWORD"]
    passwords = [password, *filter(None, [os.environ.get("NEXT_PASSWORD")])]
    return [{"Authorization": "Basic " + base64.b64encode(f"{user}:{each}".encode()).decode()} for each in passwords]


def main(url, seconds, stop, pause=0.05):
    if "SESSION" in os.environ:
        api, headers = f"{url}/ajax-api", [{"Cookie": os.environ["SESSION"]}]
    else:
        api, headers = f"{url}/api", logins()
    results, lock = collections.Counter(), threading.Lock()
    end = time.monotonic() + seconds

    def goes_on():
        return time.monotonic() < end and not os.path.exists(stop)

    threads = [
        threading.Thread(target=work, args=(api, goes_on, index % 2 == 0, float(pause), headers, results, lock))
        for index in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ok, reopened, other = (results.pop(name, 0) for name in ("ok", "reopened", "other password"))
    print(
        json.dumps(
            {"ok": ok, "reopened": reopened, "other": other, "failed": sum(results.values()), "reasons": dict(results)}
        )
    )


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"), float(sys.argv[2]), *sys.argv[3:])
