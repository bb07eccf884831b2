"""What programs know of an object store, whatever its kind: each kind is a module of its own, such as common.s3."""

from __future__ import annotations

from dataclasses import dataclass

from common.exit_codes import ExitCode
from common.process import Failure


class Missing(Failure):
    """The object does not exist, or no longer."""


class Changed(Failure):
    """The object was replaced while it was read."""


@dataclass(frozen=True)
class Codes:
    """What failures of one bucket end a program with."""

    unreachable: ExitCode
    login: ExitCode
    bucket_missing: ExitCode
    full: ExitCode
    other: ExitCode


ARTIFACTS = Codes(
    unreachable=ExitCode.S3_UNREACHABLE,
    login=ExitCode.S3_LOGIN,
    bucket_missing=ExitCode.S3_BUCKET_MISSING,
    full=ExitCode.S3_FULL,
    other=ExitCode.S3_OTHER,
)
# Where backups are stored.
STORE = Codes(
    unreachable=ExitCode.STORE_UNREACHABLE,
    login=ExitCode.STORE_LOGIN,
    bucket_missing=ExitCode.STORE_BUCKET_MISSING,
    full=ExitCode.STORE_FULL,
    other=ExitCode.STORE_OTHER,
)


def folder_of(prefix: str) -> str:
    """What all keys below a prefix start with: the prefix with a slash at its end, or nothing."""
    stripped = prefix.strip("/")
    return f"{stripped}/" if stripped else ""
