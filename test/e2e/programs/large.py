"""Uploads and downloads a large artifact with a real MLflow client, and compares: large.py MEGABYTES FOLDER

The server and the login come from MLFLOW_TRACKING_URI, _USERNAME and _PASSWORD. The file is in FOLDER meanwhile. Ends
with one line of JSON: the seconds of each direction.
"""

import hashlib
import json
import os
import sys
import tempfile
import time

import mlflow

MEGABYTE = 1024 * 1024


def write(path, megabytes):
    digest, block = hashlib.sha256(), os.urandom(MEGABYTE)
    with open(path, "wb") as file:
        for number in range(megabytes):
            # No two blocks are the same.
            data = number.to_bytes(8, "big") + block[8:]
            digest.update(data)
            file.write(data)
    return digest.hexdigest()


def read(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def main(megabytes, folder):
    client = mlflow.MlflowClient()
    run = client.create_run("0").info.run_id
    with tempfile.TemporaryDirectory(dir=folder) as own:
        path = os.path.join(own, "large.bin")
        written = write(path, megabytes)
        began = time.monotonic()
        client.log_artifact(run, path)
        uploaded = time.monotonic()
        os.remove(path)
        received = client.download_artifacts(run, "large.bin", own)
        downloaded = time.monotonic()
        assert read(received) == written, "artifact differs"
    print(json.dumps({"upload": round(uploaded - began, 1), "download": round(downloaded - uploaded, 1)}))


main(int(sys.argv[1]), sys.argv[2])
