"""The metrics container of a pod: `python -m metrics [--tls=FOLDER] FOLDER LOGIN PORT SERVER_PORT [HEALTH_PATH]`.

Serves at /metrics, by the login in the files `username` and `password` of LOGIN, the metrics that the server's
processes keep in the files of FOLDER, and its own: whether the server answers, how many processes have run, and when
its certificate ends. The server itself shows its metrics to its users, from MLflow 3.16 on to its administrator
alone, who may do too much for a scraper. A pod whose container has ended is not ready, so this one goes on without a
login too, and answers 503 to all.
"""

from __future__ import annotations

import argparse
import base64
import contextlib
import hmac
import http.client
import http.server
import os
import signal
import socket
import ssl
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from common import metrics_folder
from common.certificate import Certificate, CertificateError
from metrics.bounded_server import Server

# Reading takes nine times as much memory, of which the container has 128 MiB. A process has some 50 KiB.
MAX_BYTES = 8 << 20


@dataclass(frozen=True)
class Options:
    """The arguments."""

    folder: str
    login: str
    port: int
    server_port: int
    # None: the server has no page that answers without a login.
    health_path: str | None
    # The folder of the certificate, which is the server's, too; None: no TLS.
    tls: str | None = None


def connect(port: int, timeout: float, *, tls: bool) -> http.client.HTTPConnection:
    """To the server of this pod, whose certificate has no name for it."""
    if not tls:
        return http.client.HTTPConnection("localhost", port, timeout=timeout)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return http.client.HTTPSConnection("localhost", port, timeout=timeout, context=context)


def is_up(port: int, path: str | None, timeout: float = 3, *, tls: bool = False) -> bool:
    """Whether the server answers, as the kubelet would ask it: by its health page, or by the port if it has none."""
    try:
        if path is None:
            socket.create_connection(("localhost", port), timeout).close()
            return True
        connection = connect(port, timeout, tls=tls)
        try:
            connection.request("GET", path)
            return connection.getresponse().status == 200
        finally:
            connection.close()
    except (OSError, http.client.HTTPException):
        return False


class PodCollector:
    """The metrics of the pod itself, for prometheus_client's registry."""

    def __init__(self, options: Options, dropped: int, certificate_ends: float | None) -> None:
        self.options = options
        self.dropped = dropped
        self.certificate_ends = certificate_ends

    def collect(self) -> Iterable[Any]:
        """The metrics as they are now."""
        from prometheus_client.core import GaugeMetricFamily

        up = is_up(self.options.server_port, self.options.health_path, tls=self.options.tls is not None)
        yield GaugeMetricFamily("mlflow_server_up", "Whether the server of this pod answers.", value=int(up))
        yield GaugeMetricFamily(
            "mlflow_server_processes",
            "Processes of the server that have run since its container started.",
            value=metrics_folder.read_processes(self.options.folder),
        )
        yield GaugeMetricFamily(
            "mlflow_metrics_dropped_bytes",
            "Size of the files of metrics that are not shown, because they are larger than those of any server.",
            value=self.dropped,
        )
        if self.certificate_ends is not None:
            yield GaugeMetricFamily(
                "mlflow_certificate_expiry_timestamp_seconds",
                "When the certificate in use ends, in seconds since 1970.",
                value=self.certificate_ends,
            )


def readable(paths: Iterable[str], limit: int = MAX_BYTES) -> tuple[list[str], int]:
    """The files that are read, the smallest first up to a limit of bytes, and the bytes of the others."""
    sizes = []
    for path in paths:
        with contextlib.suppress(FileNotFoundError):  # the server restarts and has just emptied the folder
            sizes.append((metrics_folder.used(path), path))
    found: list[str] = []
    dropped = 0
    for size, path in sorted(sizes):
        if size > limit:
            dropped += size
        else:
            limit -= size
            found.append(path)
    return found, dropped


def render_metrics(options: Options, certificate: Certificate | None) -> bytes:
    """All metrics: those of the server's processes added up, and the pod's."""
    from prometheus_client import CollectorRegistry, generate_latest
    from prometheus_client.multiprocess import MultiProcessCollector

    class Processes:
        def collect(self) -> Any:
            try:
                return MultiProcessCollector.merge(found)
            except FileNotFoundError:  # as above
                return []

    with metrics_folder.locked(options.folder, exclusive=False):
        found, dropped = readable(metrics_folder.files(options.folder))
        # Nothing is collected before a scrape.
        registry = CollectorRegistry(auto_describe=False)
        registry.register(PodCollector(options, dropped, certificate.ends if certificate else None))
        registry.register(Processes())
        text: bytes = generate_latest(registry)
    return text


class Login:
    """What opens the metrics. It is read for each request, because the kubelet changes the files with the Secret."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.issue: str | None = None

    def expected(self) -> bytes | None:
        """The header that has the login, or None while there is no login, of which the log has one line."""
        try:
            username, password = [self.part(name) for name in ("username", "password")]
        except (OSError, ValueError) as error:
            self.log(f"no login, so every request is answered with 503: {error}")
            return None
        self.log(None)
        return b"Basic " + base64.b64encode(username + b":" + password)

    def part(self, name: str) -> bytes:
        """The user name or the password."""
        path = os.path.join(self.folder, name)
        with open(path, "rb") as file:
            value = file.read()
        if not value:
            raise ValueError(f"{path} is empty")
        return value

    def log(self, issue: str | None) -> None:
        """Log an issue, or that it is over, once."""
        if issue != self.issue:
            self.issue = issue
            log(issue or "the login exists")


def log(message: str) -> None:
    """Print one line on standard error."""
    print(f"metrics: {message}", file=sys.stderr, flush=True)


def create_handler(
    options: Options, login: Login, certificate: Certificate | None
) -> type[http.server.BaseHTTPRequestHandler]:
    """What answers requests."""

    class Handler(http.server.BaseHTTPRequestHandler):
        server: Server
        server_version, sys_version = "mlflow-metrics", ""

        def do_GET(self) -> None:
            expected = login.expected()
            if expected is None:
                self.answer(503, b"the Secret of the login, or a key of it, is missing or empty\n")
                return
            if not hmac.compare_digest(self.headers.get("Authorization", "").encode("latin-1"), expected):
                challenge = {"WWW-Authenticate": 'Basic realm="metrics", charset="UTF-8"'}
                self.answer(401, b"a login is required\n", challenge)
                return
            self.server.trust(self.request)
            if self.path.partition("?")[0] != "/metrics":
                self.answer(404, b"metrics are at /metrics\n")
                return
            try:
                body = render_metrics(options, certificate)
            except Exception as error:
                log(f"{type(error).__name__}: {error}")
                self.answer(500, b"the metrics cannot be read, the log says why\n")
                return
            self.answer(200, body, {"Content-Type": "text/plain; version=0.0.4; charset=utf-8"})

        def answer(self, status: int, body: bytes, headers: Mapping[str, str] | None = None) -> None:
            self.send_response(status)
            for name, value in {"Content-Type": "text/plain; charset=utf-8", **(headers or {})}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Scrapes are not logged: two lines a minute that say nothing."""

    return Handler


def main() -> int:
    """Serve until SIGTERM: the exit code."""
    parser = argparse.ArgumentParser(description="Serve the metrics that the processes of a server keep.")
    parser.add_argument("--tls", metavar="FOLDER", help="serve HTTPS with its tls.crt and tls.key, as the server does")
    parser.add_argument("folder")
    parser.add_argument("login")
    parser.add_argument("port", type=int)
    parser.add_argument("server_port", type=int)
    parser.add_argument("health_path", nargs="?")
    options = Options(**vars(parser.parse_args()))
    login = Login(options.login)
    login.expected()  # the log has it before the first scrape
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # process 1 of a container ignores it by default
    try:
        certificate = Certificate(options.tls) if options.tls else None
    except CertificateError as error:
        sys.exit(f"metrics: {error}")
    Server(options.port, create_handler(options, login, certificate), certificate).serve_forever()
    return 0


if __name__ == "__main__":
    sys.exit(main())
