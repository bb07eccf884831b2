"""The exit codes of all programs. A number has one meaning, whichever program ends with it."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """What a program ends with; 0 is success. The documentation has a row for each, by number and word."""

    # The databases.
    DATABASE_UNREACHABLE = 10  # no connection to PostgreSQL
    DATABASE_LOGIN = 11  # PostgreSQL rejects the login: password, role, pg_hba.conf or TLS
    DATABASE_MISSING = 12  # there is no such database, or it contains no schema of MLflow
    LOCK_TIMEOUT = 13  # another pod prepares, or something else locks a table, for too long
    SCHEMA_NEWER = 14  # this image is older than the schema
    SCHEMA_OLDER = 15  # an upgrade is needed, and PREPARE_MIGRATE forbids it
    SERVERS_CONNECTED = 16  # servers still use the schema or the databases
    MIGRATION_FAILED = 17  # the upgrade of a schema failed, and the schema is as it was
    DATABASE_PERMISSION = 18  # the role may not create, read or change tables
    BUSY = 19  # a backup, a restore or a garbage collection runs for too long

    # Settings and accounts.
    INI_UNWRITABLE = 20  # the settings of the authentication cannot be written to /tmp
    ADMIN = 21  # the administrator's name or password does not meet the rules
    USERS = 22  # name, password or permission of a declared user is not possible

    # The release of the image and that of the data.
    SCHEMA_DIFFERS = 23  # the schema is not the one of the image's release
    RELEASE_OLDER = 24  # the image is older than the release that made the backup

    # The bucket of the artifacts.
    S3_UNREACHABLE = 30  # no answer
    S3_LOGIN = 31  # keys, identity or permission
    S3_BUCKET_MISSING = 32  # there is no such bucket or container
    S3_OTHER = 33  # unexpected response
    S3_FULL = 34  # it takes no more data

    # The volume of the artifacts.
    VOLUME_UNWRITABLE = 35  # a file cannot be written
    VOLUME_FULL = 36  # no space is left

    # Dumps and restores, and the container with PostgreSQL's programs.
    DUMP_FAILED = 40  # pg_dump failed
    CLIENT_OLDER = 41  # pg_dump is older than the server
    CLIENT_MISSING = 42  # the container did not start
    CLIENT_ENDED = 43  # the container was terminated
    RESTORE_FAILED = 44  # a database could not be replaced, and every database is as it was
    RESTORE_UNFINISHED = 45  # one of two databases is replaced, and the other is as it was
    TEMPORARY_STORAGE = 46  # the pod has too little for the databases of a verification

    # Where backups are stored.
    STORE_FULL = 50  # it takes no more data
    STORE_UNREACHABLE = 51  # no answer
    STORE_LOGIN = 52  # keys, identity or permission
    STORE_BUCKET_MISSING = 53  # there is no such bucket, container or claim
    STORE_OTHER = 54  # unexpected response

    # The backup that is restored, and what it would replace.
    BACKUP_MISSING = 60  # there is no such backup, or none at all
    BACKUP_DAMAGED = 61  # a file is missing or differs from what was backed up
    TARGET_NOT_EMPTY = 62  # the databases or the store contain data that a restore may not replace

    # Every program.
    CONFIGURATION = 64  # a variable is missing or wrong
    UNEXPECTED = 70  # an error of the program itself

    # A running server, as its clients see it.
    SERVER_UNREACHABLE = 80  # no answer
    SERVER_LOGIN = 81  # it rejects the login
    INCOMPLETE = 82  # the garbage collection could not remove something
    RUNS = 83  # experiments, runs, parameters or metrics failed in the smoke test
    ARTIFACTS = 84  # a file could not be uploaded or downloaded, often because of the object store
    MODELS = 85  # a model could not be logged, registered or loaded
    CLEAN_UP = 86  # all steps passed, but something that was created remains

    @property
    def word(self) -> str:
        """How messages and the documentation name it, as in "database-unreachable"."""
        return self.name.lower().replace("_", "-")
