"""What is answered below a prefix, with a login and without. Usage: prefixed.py PREFIX

The server and the login come from MLFLOW_TRACKING_URI, without the prefix, _USERNAME and _PASSWORD. Prints one line of
JSON: the statuses by path, first without a login and then with it.
"""

import json
import os
import sys

import requests

PATHS = [
    "/",
    "/health",
    "/version",
    "/api/2.0/mlflow/experiments/get?experiment_id=0",
    "/ajax-api/2.0/mlflow/experiments/get?experiment_id=0",
]


def statuses(prefix, login):
    root = os.environ["MLFLOW_TRACKING_URI"] + prefix
    return {
        path: requests.get(root + path, auth=login, allow_redirects=False, timeout=60).status_code for path in PATHS
    }


def main(prefix):
    login = os.environ["MLFLOW_TRACKING_USERNAME"], os.environ["MLFLOW_TRACKING_PASSWORD"]
    print(json.dumps({"without": statuses(prefix, None), "with": statuses(prefix, login)}))


if __name__ == "__main__":
    main(sys.argv[1])
