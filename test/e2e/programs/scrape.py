"""Requests the metrics of a pod by HTTPS as Prometheus does: by address, with the name that the certificate must have.

Usage: scrape.py ADDRESS PORT PATH NAME CA. The login comes from USERNAME and PASSWORD. Prints one line of JSON: the
status and whether the server is up, the status without the login, and what another name and plain HTTP get.
"""

import base64
import http.client
import json
import os
import socket
import ssl
import sys

address, port, path, name, ca = sys.argv[1:]
LOGIN = base64.b64encode(f"{os.environ['USERNAME']}:{os.environ['PASSWORD']}".encode()).decode()


def ask(name, headers):
    connection = http.client.HTTPSConnection(address, int(port), timeout=20)
    context = ssl.create_default_context(cafile=ca)
    try:
        connection.sock = context.wrap_socket(socket.create_connection((address, int(port)), 20), server_hostname=name)
    except ssl.SSLCertVerificationError:
        return "refused", ""
    connection.request("GET", path, headers=headers)
    response = connection.getresponse()
    return response.status, response.read().decode()


def plain():
    try:
        connection = http.client.HTTPConnection(address, int(port), timeout=20)
        connection.request("GET", path)
        return f"answered {connection.getresponse().status}"
    except (ConnectionError, http.client.HTTPException):
        return "closed"


login = {"Authorization": f"Basic {LOGIN}"}
status, text = ask(name, login)
print(
    json.dumps(
        {
            "status": status,
            "up": "mlflow_server_up 1.0" in text.splitlines(),
            "without login": ask(name, {})[0],
            "another name": ask("other.example.com", login)[0],
            "plain HTTP": plain(),
        }
    )
)
