"""The empty PostgreSQL that the databases of a backup are restored into, in the container with its programs."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from typing import Any

from backup import chosen
from backup.manifest import DatabaseEntry, Manifest, format_bytes
from backup.postgresql_client import FULL, PostgresqlClient, ProgramError, Request, major_version, write_whole
from backup.settings import VERIFICATION_SPACE, Settings
from backup.store import Store
from common.exit_codes import ExitCode
from common.process import Failure, log
from restore.databases import Replacement

# Bytes: less than two segments of the server's log.
SCARCE = 32 * 2**20
# Of pg_restore, about a dump by a newer pg_dump.
NEWER_DUMP = "unsupported version"
ADVICE = f"raise {VERIFICATION_SPACE}"
# Seconds between two looks at the space that is used.
PAUSE = 1


class Server:
    """A server without data, of which only this pod knows, and which ends with the pod."""

    def __init__(self, settings: Settings, client: PostgresqlClient) -> None:
        self.settings, self.client = settings, client
        try:
            client.run("serve")
        except ProgramError as error:
            advice = "backup.image must be a PostgreSQL image with initdb, as the official one"
            raise self.failure(
                ExitCode.CLIENT_MISSING, f"no PostgreSQL starts in the pod: {error} ({advice})"
            ) from error

    def check_program(self, manifest: Manifest) -> None:
        """A dump can be read by the same major release of PostgreSQL's programs, and by newer ones."""
        program = str(manifest.get("program", ""))
        try:
            needed = major_version(program)
        except Failure:  # of a manifest that names none
            return
        if major_version(self.client.version) < needed:
            message = (
                f"the backup was made by {program}, and backup.image has {self.client.version}; set backup.image to a "
                f"PostgreSQL image of {needed} or newer"
            )
            raise Failure(ExitCode.CLIENT_OLDER, message)

    def restore(self, store: Store, name: str, manifest: Manifest, label: str) -> None:
        """Restore a database by the statements of a restore, and compare it with what the manifest says."""
        entry = manifest["databases"][label]
        path = self.get_file(store, name, manifest, entry["file"])
        size = manifest["files"][entry["file"]]["size"]
        log(f"{name}/{entry['file']}: {format_bytes(size)} with the checksum of the manifest")
        counted = entry.get("tables", entry["rows"])
        if "tables" not in entry:
            log(f"the manifest of {name} is by an older release, which noted the rows of {', '.join(counted)} alone")
        self.run("create", label)
        replacement = Replacement(self.settings, self.client, label, entry, path, counted)
        self.watch(replacement.request, entry)
        try:
            replacement.check()
            replacement.decide()
            replacement.request.finish()
        except (ProgramError, Failure) as error:
            usual = error.code if isinstance(error, Failure) else ExitCode.RESTORE_FAILED
            raise self.failure(usual, str(error)) from error
        finally:
            # A copy from a bucket has no more use, and the next one needs its space.
            if os.path.dirname(path) == self.settings.work.rstrip("/"):
                os.unlink(path)
        rows = sum(counted.values())
        log(f"{label} database: restored; {len(counted)} tables with {rows} rows, as the manifest says")

    def get_file(self, store: Store, name: str, manifest: Manifest, file: str) -> str:
        """A path where a file of the backup can be read. One from a bucket needs space of the pod."""
        try:
            return chosen.get_file(store, name, manifest, file)
        except Failure as failure:
            if failure.code != ExitCode.STORE_FULL:
                raise
            raise Failure(ExitCode.TEMPORARY_STORAGE, str(failure)) from failure

    def watch(self, request: Request, entry: DatabaseEntry) -> None:
        """Wait for a restore, and end before Kubernetes evicts the pod, which would say less."""
        limit = self.settings.verification.room
        with contextlib.suppress(ProgramError):  # which comes again
            while not request.is_settled():
                request.wait_a_while(PAUSE)
                used = used_bytes(self.settings.work)
                if limit is not None and used > limit * 2**20:
                    known = f"; the database had {format_bytes(entry['bytes'])}" if "bytes" in entry else ""
                    message = f"more than {format_bytes(limit * 2**20)} are needed{known}"
                    raise Failure(ExitCode.TEMPORARY_STORAGE, f"{message} ({ADVICE})")

    def ask(self, label: str, statements: str) -> list[Any]:
        """The JSON texts that statements find in a database."""
        question, answer = self.client.path("question"), self.client.path("found")
        write_whole(question, statements)
        self.run("ask", label, file=answer, prologue=question)
        with open(answer, encoding="utf-8") as lines:
            return [json.loads(line) for line in lines]

    def run(self, operation: str, label: str, *, file: str = "", prologue: str = "") -> None:
        """Run an operation in the database of a label."""
        try:
            self.client.start(operation, database=label, file=file, prologue=prologue).wait()
        except ProgramError as error:
            raise self.failure(ExitCode.RESTORE_FAILED, f"{label} database: {error}") from error

    def failure(self, usual: ExitCode, text: str) -> Failure:
        """What an error of PostgreSQL or its programs amounts to."""
        # A server that finds no space for its log says only that the connection is lost.
        if FULL.search(text) or shutil.disk_usage(self.settings.work).free < SCARCE:
            return Failure(ExitCode.TEMPORARY_STORAGE, text if ADVICE in text else f"{text} ({ADVICE})")
        if NEWER_DUMP in text:
            return Failure(ExitCode.CLIENT_OLDER, f"{text} (set backup.image to a newer PostgreSQL image)")
        return Failure(usual, text)


def used_bytes(folder: str) -> int:
    """The space that files below a folder use."""
    used = 0
    for path, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(FileNotFoundError):  # removed since then
                used += os.lstat(os.path.join(path, name)).st_blocks * 512
    return used
