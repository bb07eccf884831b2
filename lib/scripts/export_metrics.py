"""The metrics container of a server pod: `python export_metrics.py FOLDER LOGIN PORT SERVER_PORT [HEALTH_PATH]`.

Shows at /metrics, to who has the login in the files `username` and `password` of LOGIN, what the server's processes
counted in the files of FOLDER, and two series of its own: whether the server answers, and how many processes have counted.
The server itself shows the counts to its users, from MLflow 3.16 on to its administrator alone, who is too mighty for a
scraper. A pod whose container has ended is not ready, so this one goes on without a login too, and answers 503 to all.
"""

import argparse
import base64
import hmac
import http.client
import http.server
import os
import re
import signal
import socket
import sys


def is_up(port, path, timeout=3):
    """Whether the server answers, as the kubelet would ask it: by its health page, or by the port where there is none."""
    try:
        if not path:
            socket.create_connection(("localhost", port), timeout).close()
            return True
        connection = http.client.HTTPConnection("localhost", port, timeout=timeout)
        try:
            connection.request("GET", path)
            return connection.getresponse().status == 200
        finally:
            connection.close()
    except (OSError, http.client.HTTPException):
        return False


def processes(folder):
    """How many processes of the server have opened files since the container started; more than it has workers: some were replaced."""
    return len({match[1] for match in map(re.compile(r"_(\d+)\.db$").search, os.listdir(folder)) if match})


def counts(folder):
    """All series of the server's processes, added up."""
    from prometheus_client import CollectorRegistry, generate_latest
    from prometheus_client.multiprocess import MultiProcessCollector
    registry = CollectorRegistry()
    MultiProcessCollector(registry, path=folder)
    try:
        return generate_latest(registry)
    except FileNotFoundError:  # the server starts anew and has just emptied the folder
        return generate_latest(registry)


def gauge(name, help_text, value):
    return f"# HELP {name} {help_text}\n# TYPE {name} gauge\n{name} {value}\n"


def own_series(options):
    return (
        gauge("mlflow_server_up", "Whether the server of this pod answers.", int(is_up(options.server_port, options.health_path)))
        + gauge("mlflow_server_processes", "Processes of the server that have run since its container started.", processes(options.folder))
    )


class Login:
    """What opens the metrics. It is read for each request, since the kubelet changes the files when the Secret changes."""

    def __init__(self, folder):
        self.folder = folder
        self.fault = None

    def expected(self):
        """The header of who has it, or None while there is none, of which the log has one line."""
        try:
            username, password = [self.part(name) for name in ("username", "password")]
        except (OSError, ValueError) as error:
            self.say(f"no login, so every request is answered with 503: {error}")
            return None
        self.say(None)
        return b"Basic " + base64.b64encode(username + b":" + password)

    def part(self, name):
        path = os.path.join(self.folder, name)
        with open(path, "rb") as file:
            value = file.read()
        if not value:
            raise ValueError(f"{path} is empty")
        return value

    def say(self, fault):
        if fault != self.fault:
            self.fault = fault
            print(f"export_metrics: {fault or 'the login is there'}", file=sys.stderr, flush=True)


def handler(options, login):
    class Handler(http.server.BaseHTTPRequestHandler):
        timeout = 30  # seconds that a client may take to say what it wants
        server_version, sys_version = "mlflow-metrics", ""

        def do_GET(self):
            expected = login.expected()
            if expected is None:
                return self.answer(503, b"the Secret of the login, or a key of it, is missing or empty\n")
            if not hmac.compare_digest(self.headers.get("Authorization", "").encode("latin-1"), expected):
                return self.answer(401, b"a login is needed\n", {"WWW-Authenticate": 'Basic realm="metrics", charset="UTF-8"'})
            if self.path.partition("?")[0] != "/metrics":
                return self.answer(404, b"metrics are at /metrics\n")
            try:
                body = own_series(options).encode() + counts(options.folder)
            except Exception as error:
                print(f"export_metrics: {type(error).__name__}: {error}", file=sys.stderr, flush=True)
                return self.answer(500, b"the counts cannot be read, the log says why\n")
            return self.answer(200, body, {"Content-Type": "text/plain; version=0.0.4; charset=utf-8"})

        def answer(self, status, body, headers=None):
            self.send_response(status)
            for name, value in {"Content-Type": "text/plain; charset=utf-8", **(headers or {})}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            """Scrapes are not logged: two lines a minute that say nothing."""

    return Handler


class Server(http.server.ThreadingHTTPServer):
    """Listens on both families where the machine has them."""

    daemon_threads = True

    def __init__(self, port, handler_class):
        super().__init__(("", port), handler_class, bind_and_activate=False)
        self.socket.close()
        try:
            self.socket = socket.create_server(("::", port), family=socket.AF_INET6, dualstack_ipv6=True)
        except (OSError, ValueError):
            self.socket = socket.create_server(("", port))
        self.server_address = self.socket.getsockname()


def main():
    parser = argparse.ArgumentParser(description="Show what the processes of a server counted.")
    parser.add_argument("folder")
    parser.add_argument("login")
    parser.add_argument("port", type=int)
    parser.add_argument("server_port", type=int)
    parser.add_argument("health_path", nargs="?")
    options = parser.parse_args()
    login = Login(options.login)
    login.expected()  # the log has it before the first scrape
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # as PID 1 it would be ignored
    Server(options.port, handler(options, login)).serve_forever()
    return 0


if __name__ == "__main__":
    sys.exit(main())
