"""The container with PostgreSQL's programs, which MLflow's image does not have: postgresql_client.sh runs there."""

from __future__ import annotations

import fcntl
import os
import re
import time
from typing import TYPE_CHECKING

from common.exit_codes import ExitCode
from common.postgresql import query
from common.process import Failure, Wait, redact

if TYPE_CHECKING:
    from psycopg2.extensions import connection as Connection  # noqa: N812


class ProgramError(Exception):
    """One of PostgreSQL's programs failed: what it said."""


class PostgresqlClient:
    """Has that container run one program after the other, by files in a folder that both mount."""

    def __init__(self, work: str, patience: int) -> None:
        """Wait so many seconds for the container to start."""
        self.work, self.count = work, 0
        wait = Wait("the container with PostgreSQL's programs", patience)
        while not os.path.exists(self.path("client.started")):
            if wait.is_over():
                message = (
                    f"the container with pg_dump did not start within {patience} s; look at the pod's events, and at "
                    "backup.image"
                )
                raise Failure(ExitCode.CLIENT_MISSING, message)
            wait.again("not started yet")
        path = self.path("version")
        self.run("version", file=path)
        with open(path, encoding="utf-8") as file:
            self.version = file.read().strip()  # as in "pg_dump (PostgreSQL) 17.11 (Debian 17.11-1.pgdg13+1)"

    def path(self, name: str) -> str:
        """A path in the folder where the containers meet."""
        return os.path.join(self.work, name)

    def check_version(self, connection: Connection) -> str:
        """The version of the server, which the programs can dump."""
        server: str = query(connection, "SHOW server_version")[0][0]
        ours, theirs = major_version(self.version), major_version(server)
        if ours < theirs:
            message = (
                f"PostgreSQL is {server}, which {self.version} cannot dump; set backup.image to a PostgreSQL image of "
                f"{theirs} or newer"
            )
            raise Failure(ExitCode.CLIENT_OLDER, message)
        return server

    def run(self, operation: str, database: str = "", file: str = "", snapshot: str = "", prologue: str = "") -> None:
        """Run one operation to its end.

        Raises ProgramError with what the program said if it fails.
        """
        self.count += 1
        request = self.path(f"{self.count}.request")
        with open(f"{request}.partial", "w", encoding="utf-8") as partial:
            partial.write("".join(f"{line}\n" for line in (operation, database, file, snapshot, prologue)))
        os.rename(f"{request}.partial", request)
        while not os.path.exists(f"{request}.answer"):
            if self.has_ended() and not os.path.exists(f"{request}.answer"):
                message = "the container with PostgreSQL's programs was terminated; look at its last state (memory?)"
                raise Failure(ExitCode.CLIENT_ENDED, message)
            time.sleep(0.1)
        with open(f"{request}.answer", encoding="ascii") as answer:
            code = int(answer.read())
        with open(f"{request}.errors", encoding="utf-8", errors="replace") as errors:
            text = redact(errors.read())[-500:]
        if code:
            raise ProgramError(text or f"exit code {code}")

    def has_ended(self) -> bool:
        """Whether the container holds its own lock no more."""
        with open(self.path("client.lock"), "w", encoding="ascii") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            return True


def major_version(text: str) -> int:
    """The major release in what a PostgreSQL program or server says of its version."""
    match = re.search(r"(\d+)(\.| |$)", text)
    if match is None:
        raise Failure(ExitCode.UNEXPECTED, f"no version of PostgreSQL is in {text!r}")
    return int(match[1])
