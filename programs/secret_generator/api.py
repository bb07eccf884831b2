"""The API server as the pod's service account sees it."""

from __future__ import annotations

import base64
import http.client
import json
import os
import ssl
import sys
import time
from collections.abc import Collection, Sequence
from typing import Any, TextIO

ACCOUNT = os.environ.get("SERVICE_ACCOUNT_PATH", "/var/run/secrets/kubernetes.io/serviceaccount")
# Seconds for an API server that does not answer, or a RoleBinding that does not exist yet.
PATIENCE = float(os.environ.get("GENERATE_TIMEOUT") or 120)
MERGE_PATCH = "application/merge-patch+json"


class Refused(Exception):  # noqa: N818 - an answer, not an error in the program
    """The API server gave none of the expected answers."""


def log(message: str, file: TextIO | None = None) -> None:
    """Print one line."""
    print(f"secrets: {message}", file=file or sys.stdout, flush=True)


class Api:
    """Calls with the account's token, which wait while the API server cannot answer."""

    def __init__(self) -> None:
        """Read where the API server is. Raises OSError or KeyError if the pod does not know."""
        self.host = os.environ["KUBERNETES_SERVICE_HOST"].strip("[]")
        port = os.environ.get("KUBERNETES_SERVICE_PORT_HTTPS") or os.environ["KUBERNETES_SERVICE_PORT"]
        self.port = int(port)
        self.tls = ssl.create_default_context(cafile=f"{ACCOUNT}/ca.crt")
        # From 3.13 on Python requires extensions that the CA certificates of older clusters lack, and no other client
        # requires.
        self.tls.verify_flags &= ~ssl.VERIFY_X509_STRICT
        # Values, as a Secret has them, that no message may contain.
        self.hidden: Sequence[str] = ()

    def call(
        self,
        method: str,
        path: str,
        body: object = None,
        content_type: str = "application/json",
        expected: Collection[int] = (200,),
    ) -> tuple[int, dict[str, Any]]:
        """The status and the object that the server answers with.

        Raises Refused for an answer that patience does not change.
        """
        deadline, said = time.monotonic() + PATIENCE, None
        while True:
            status: int | None
            try:
                status, answer = self.try_call(method, path, body, content_type)
            except ssl.SSLCertVerificationError as error:
                # Another server, which no patience makes the right one.
                raise Refused(f"{self.host}:{self.port}: {error}") from error
            except (OSError, http.client.HTTPException) as error:
                status, answer = None, {"message": f"{self.host}:{self.port}: {error}"}
            if status is not None and status in expected:
                return status, answer
            message = self.without_values(str(answer.get("message") or f"status {status}"))
            is_temporary = status in (None, 401, 403, 429) or (status is not None and status >= 500)
            if not is_temporary or time.monotonic() >= deadline:
                raise Refused(f"{method} {path}: {message}")
            if message != said:
                log(f"waiting for the API server: {message}")
            said = message
            time.sleep(2)

    def without_values(self, message: str) -> str:
        """The message without secret values: an admission webhook may quote what it refuses."""
        for value in self.hidden:
            message = message.replace(value, "***").replace(base64.b64decode(value).decode(), "***")
        return message

    def try_call(self, method: str, path: str, body: object, content_type: str) -> tuple[int, dict[str, Any]]:
        """One request. The token is read for each, because the kubelet renews it."""
        with open(f"{ACCOUNT}/token", encoding="ascii") as file:
            token = file.read().strip()
        connection = http.client.HTTPSConnection(self.host, self.port, timeout=20, context=self.tls)
        try:
            headers = {"Authorization": f"Bearer {token}", "Accept": "application/json", "Content-Type": content_type}
            connection.request(method, path, None if body is None else json.dumps(body), headers)
            response = connection.getresponse()
            text = response.read()
        finally:
            connection.close()
        try:
            answer = json.loads(text)
        except ValueError:
            answer = {}
        return response.status, answer if isinstance(answer, dict) else {}
