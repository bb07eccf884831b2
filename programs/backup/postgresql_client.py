"""The container with PostgreSQL's programs, which MLflow's image does not have: postgresql_client.sh runs there."""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import shutil
import time
from typing import TYPE_CHECKING

from common.exit_codes import ExitCode
from common.postgresql import query
from common.process import Failure, Wait, redact

if TYPE_CHECKING:
    from collections.abc import Mapping

    from psycopg2.extensions import connection as Connection  # noqa: N812


# What the programs say of a full volume.
FULL = re.compile("No space left|quota exceeded|File too large", re.IGNORECASE)
# A statement in the log of psql, whose frame is a comment in newer releases.
LOGGED = re.compile(r"^/?\*+ QUERY \*+/?\n(.*?)\n/?\*{20,}/?$", re.DOTALL | re.MULTILINE)


class ProgramError(Exception):
    """One of PostgreSQL's programs failed: what it said."""


def share_certificates(variables: Mapping[str, str]) -> None:
    """Copy the publicly trusted CAs of this image to where the other container reads them."""
    target = variables.get("BACKUP_CLIENT_CA")
    if target:
        # Without the file libpq says which one is missing, in this container first.
        with contextlib.suppress(FileNotFoundError):
            shutil.copyfile(variables["PGSSLROOTCERT"], target)


class PostgresqlClient:
    """Has that container run one program after the other, by files in a folder that both mount."""

    def __init__(self, work: str, patience: int) -> None:
        """Wait so many seconds for the container to start."""
        self.work, self.count = work, 0
        share_certificates(os.environ)
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

    def run(self, operation: str, *, database: str = "", file: str = "", snapshot: str = "") -> None:
        """Run one operation to its end.

        Raises ProgramError with what the program said if it fails.
        """
        self.start(operation, database=database, file=file, snapshot=snapshot).wait()

    def start(
        self,
        operation: str,
        *,
        database: str = "",
        file: str = "",
        snapshot: str = "",
        prologue: str = "",
        epilogue: str = "",
    ) -> Request:
        """Start one operation, beside those that run."""
        self.count += 1
        path = self.path(f"{self.count}.request")
        lines = (operation, database, file, snapshot, prologue, epilogue)
        write_whole(path, "".join(f"{line}\n" for line in lines))
        return Request(self, path)

    def has_ended(self) -> bool:
        """Whether the container holds its own lock no more."""
        with open(self.path("client.lock"), "w", encoding="ascii") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            return True


class Request:
    """An operation that runs in that container. Each method raises ProgramError if it fails."""

    def __init__(self, client: PostgresqlClient, path: str) -> None:
        self.client, self.path = client, path

    def wait(self) -> None:
        """Wait for its end."""
        while not self.has_ended():
            time.sleep(0.1)

    def wait_until_ready(self) -> list[list[str]]:
        """Wait until a restore can be committed: the rows of the statements that check it."""
        while not os.path.exists(f"{self.path}.ready"):
            if self.has_ended():
                raise ProgramError("psql ended before its time")
            time.sleep(0.1)
        with open(f"{self.path}.found", encoding="utf-8") as found:
            return [line.split("|") for line in found.read().splitlines()]

    def wait_a_while(self, seconds: float) -> None:
        """Wait until a restore is ready or has failed, but not for longer."""
        end = time.monotonic() + seconds
        with contextlib.suppress(ProgramError, Failure):
            while time.monotonic() < end and not os.path.exists(f"{self.path}.ready") and not self.has_ended():
                time.sleep(0.1)

    def is_settled(self) -> bool:
        """Whether a restore is ready, or has ended."""
        return os.path.exists(f"{self.path}.ready") or self.has_ended()

    def statements(self) -> list[str]:
        """What psql has sent to the server until now."""
        with contextlib.suppress(FileNotFoundError), open(f"{self.path}.log", "rb") as log:
            return LOGGED.findall(log.read().decode(errors="replace"))
        return []

    def decide(self, statements: str) -> None:
        """Prepare what finishes a restore that is ready; without COMMIT everything is as it was."""
        try:
            write_partial(f"{self.path}.decision", statements)
        except OSError as error:
            raise ProgramError(f"{self.client.work}: {error.strerror}") from error

    def finish(self) -> None:
        """Finish a restore as decided, which needs no space."""
        rename_whole(f"{self.path}.decision")
        self.wait()

    def has_ended(self) -> bool:
        """Whether the operation has ended well."""
        if not os.path.exists(f"{self.path}.answer"):
            if self.client.has_ended() and not os.path.exists(f"{self.path}.answer"):
                message = "the container with PostgreSQL's programs was terminated; look at its last state (memory?)"
                raise Failure(ExitCode.CLIENT_ENDED, message)
            return False
        with open(f"{self.path}.answer", encoding="ascii") as answer:
            code = answer.read().strip()
        if code == "0":
            return True
        with open(f"{self.path}.errors", encoding="utf-8", errors="replace") as errors:
            text = redact(errors.read())[-500:]
        # On a full volume the answer is empty.
        raise ProgramError(text or (f"exit code {code}" if code else f"no exit code is in {self.client.work}"))


def write_whole(path: str, text: str) -> None:
    """Write a file that is there whole or not at all."""
    write_partial(path, text)
    rename_whole(path)


def write_partial(path: str, text: str) -> None:
    """Write what rename_whole() makes a file."""
    with open(f"{path}.partial", "w", encoding="utf-8") as partial:
        partial.write(text)


def rename_whole(path: str) -> None:
    """Make a file of what write_partial() wrote."""
    os.rename(f"{path}.partial", path)


def major_version(text: str) -> int:
    """The major release in what a PostgreSQL program or server says of its version."""
    match = re.search(r"(\d+)(\.| |$)", text)
    if match is None:
        raise Failure(ExitCode.UNEXPECTED, f"no version of PostgreSQL is in {text!r}")
    return int(match[1])
