"""Uploads artifacts without end, each of other bytes, and prints a line for each that was acknowledged.

Server, login and the folder on it come from the environment; ends at the first answer that is none.
"""

import hashlib
import os
import sys
import threading

import requests

base = f"{os.environ['MLFLOW_TRACKING_URI']}/api/2.0/mlflow-artifacts/artifacts/{sys.argv[1]}"
login = (os.environ["MLFLOW_TRACKING_USERNAME"], os.environ["MLFLOW_TRACKING_PASSWORD"])
lock = threading.Lock()


def upload(thread):
    session, number = requests.Session(), 0
    session.auth = login
    while True:
        name = f"{thread}/{number}/file.bin"
        body = os.urandom(1 << (10 + number % 15))
        try:
            status = session.put(f"{base}/{name}", data=body).status_code
        except requests.RequestException:
            return
        if status != 200:
            return
        with lock:
            print(name, hashlib.sha256(body).hexdigest(), flush=True)
        number += 1


threads = [threading.Thread(target=upload, args=(index,)) for index in range(4)]
for each in threads:
    each.start()
for each in threads:
    each.join()
