"""What programs know of an object store, whatever its kind: each kind is a module of its own, such as common.s3."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol, TypeVar

from common.exit_codes import ExitCode
from common.process import Failure, describe


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
    # A name or an address that cannot be one. None: as any other.
    invalid: ExitCode | None = None


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


class Settings(Protocol):
    """What all kinds of settings have."""

    @property
    def codes(self) -> Codes:
        """What failures end a program with."""

    @property
    def where(self) -> str:
        """Which bucket it is, for messages."""


AnySettings = TypeVar("AnySettings", bound=Settings)


@contextlib.contextmanager
def explained(failure_of: Callable[[Exception, AnySettings], Failure | None], settings: AnySettings) -> Iterator[None]:
    """Turn errors of the client of a store into failures. `failure_of`: what an error of that client amounts to."""
    try:
        yield
    except (Failure, ImportError):
        raise
    except ValueError as error:  # for a name or an address that cannot be one
        raise invalid_failure(error, settings) from error
    except Exception as error:
        failure = failure_of(error, settings)
        if failure is None:
            raise
        raise failure from error


def invalid_failure(error: Exception, settings: Settings) -> Failure:
    """What a client says of a name or an address that cannot be one."""
    return Failure(settings.codes.invalid or settings.codes.other, f"{settings.where}: {describe(error)}")


def folder_of(prefix: str) -> str:
    """What all keys below a prefix start with: the prefix with a slash at its end, or nothing."""
    stripped = prefix.strip("/")
    return f"{stripped}/" if stripped else ""
