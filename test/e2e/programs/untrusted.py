"""How a server that speaks TLS alone meets clients that know it by MLFLOW_TRACKING_URI and nothing else.

Prints one line of JSON: why MLflow's client, which was not given the CA certificate, trusts no response, and what plain
HTTP gets at the same port. "answered" is neither.
"""

import http.client
import json
import os
import urllib.parse

import mlflow


def without_ca():
    try:
        mlflow.MlflowClient().search_experiments()
    except mlflow.exceptions.MlflowException as error:
        return "unknown CA" if "CERTIFICATE_VERIFY_FAILED" in str(error) else str(error)
    return "answered"


def plain():
    address = urllib.parse.urlsplit(os.environ["MLFLOW_TRACKING_URI"]).netloc
    try:
        connection = http.client.HTTPConnection(address, timeout=20)
        connection.request("GET", "/health")
        return f"answered {connection.getresponse().status}"
    except (ConnectionError, http.client.HTTPException):
        return "closed"


print(json.dumps({"without CA": without_ca(), "plain HTTP": plain()}))
