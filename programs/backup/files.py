"""The folder of a volume that has the artifacts as files, beside that of the backups."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass

from backup.streams import CHUNK, Guarded, Readable
from common.artifact_folder import FULL, staging_folder, write_whole
from common.exit_codes import ExitCode
from common.object_store import Codes, Missing
from common.process import Failure

# Before the time of the last change.
TIME = "mtime-"

CODES = Codes(
    unreachable=ExitCode.VOLUME_UNWRITABLE,
    login=ExitCode.VOLUME_UNWRITABLE,
    bucket_missing=ExitCode.VOLUME_UNWRITABLE,
    full=ExitCode.VOLUME_FULL,
    other=ExitCode.VOLUME_UNWRITABLE,
)


@dataclass(frozen=True)
class FilesSettings:
    """Where the files are."""

    folder: str


class Files:
    """Implements backup.source.Source. In place of an ETag a file has the time of its last change."""

    codes = CODES

    def __init__(self, settings: FilesSettings) -> None:
        self.root = self.where = settings.folder

    @contextlib.contextmanager
    def errors(self) -> Iterator[None]:
        """Turn errors of the volume into failures."""
        try:
            yield
        except OSError as error:
            code = CODES.full if error.errno in FULL else CODES.other
            raise Failure(code, f"{self.where}: {error.strerror}") from error

    def create_if_missing(self) -> None:
        """See Source."""
        with self.errors():
            for folder in (self.root, staging_folder(self.root)):
                os.makedirs(folder, exist_ok=True)

    def objects(self) -> Iterator[tuple[str, int, str]]:
        """See Source. What is no file, such as a link out of the folder, is none of MLflow's."""
        if not os.path.isdir(self.root):
            raise Failure(CODES.other, f"{self.where} does not exist (is it the folder of artifacts.volume.prefix?)")
        for folder, folders, names in os.walk(self.root, onerror=self.refuse):
            folders.sort()
            for name in sorted(names):
                path = os.path.join(folder, name)
                try:
                    status = os.lstat(path)
                except FileNotFoundError:  # deleted since then
                    continue
                if stat.S_ISREG(status.st_mode):
                    yield os.path.relpath(path, self.root), status.st_size, version(status)

    def refuse(self, error: OSError) -> None:
        """A folder that cannot be read is no empty one. One that was deleted since then is."""
        if not isinstance(error, FileNotFoundError):
            with self.errors():
                raise error

    def full_path(self, key: str) -> str:
        """The path of a key, which may be of a bucket, where any text is one."""
        path = os.path.join(self.root, key)
        if "\0" in key or os.path.normpath(path) != path or not path.startswith(f"{self.root}/"):
            raise Failure(ExitCode.BACKUP_DAMAGED, f"artifact {key!r} cannot be a file below {self.where}")
        return path

    def open(self, key: str) -> Guarded:
        """See Source."""
        try:
            descriptor = os.open(self.full_path(key), os.O_RDONLY | os.O_NOFOLLOW)
        except (FileNotFoundError, NotADirectoryError) as error:
            raise Missing(CODES.other, f"{self.where}/{key} does not exist") from error
        except OSError as error:
            raise Failure(CODES.other, f"{self.where}/{key}: {error.strerror}") from error
        status = os.fstat(descriptor)
        return Guarded(open(descriptor, "rb"), self.errors, status.st_size, version(status))

    def put_back(self, key: str, stream: Readable, size: int, etag: str) -> None:  # noqa: ARG002 - as Source
        """See Source. With the time of its last change, so that the next backup has no need to copy it again."""

        def keep_time(path: str) -> None:
            if etag.startswith(TIME):
                time = int(etag.removeprefix(TIME))
                os.utime(path, ns=(time, time))

        path = self.full_path(key)
        with self.errors():
            write_whole(path, self.root, lambda file: shutil.copyfileobj(stream, file, CHUNK), keep_time)


def version(status: os.stat_result) -> str:
    """What another file of that name and size would not have."""
    return f"{TIME}{status.st_mtime_ns}"
