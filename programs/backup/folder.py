"""A folder of a mounted volume, as a store of backups."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import stat
import tempfile
from collections.abc import Iterable, Iterator
from datetime import datetime

from backup.streams import CHUNK, Guarded, Readable, Unreadable
from common.exit_codes import ExitCode
from common.process import Failure

# What a full volume answers with.
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
# What opening something answers with that is no file for this user. Others, such as EIO, are errors of the volume.
NO_FILE = {
    errno.EISDIR,
    errno.ELOOP,
    errno.EACCES,
    errno.EPERM,
    errno.ENXIO,
    errno.ENODEV,
    errno.ENAMETOOLONG,
    errno.EINVAL,
}


def open_at_once(path: str, flags: int) -> int:
    """Open a file, and do not wait for the other end of a pipe."""
    return os.open(path, flags | os.O_NONBLOCK)


class Folder:
    """Implements backup.store.Store."""

    def __init__(self, path: str) -> None:
        self.path = self.where = path
        with self.errors():
            os.makedirs(path, exist_ok=True)

    def full_path(self, key: str) -> str:
        """The path of a key."""
        return os.path.join(self.path, *key.split("/"))

    @contextlib.contextmanager
    def errors(self) -> Iterator[None]:
        """Turn errors of the volume into failures."""
        try:
            yield
        except OSError as error:
            code = ExitCode.STORE_FULL if error.errno in FULL else ExitCode.STORE_OTHER
            raise Failure(code, f"{self.where}: {error.strerror}") from error

    def clock(self) -> datetime | None:
        """See Store. Files of a local volume have the times of this pod."""
        return None

    def folders(self) -> list[str]:
        """See Store."""
        with self.errors():
            return [entry.name for entry in os.scandir(self.path) if entry.is_dir(follow_symlinks=False)]

    def sizes(self, folder: str) -> dict[str, int]:
        """See Store."""
        found = {}
        with self.errors():
            for path, _, names in os.walk(self.full_path(folder)):
                for name in names:
                    full = os.path.join(path, name)
                    # Of a link to nothing there is no size.
                    if not name.endswith(".partial") and os.path.exists(full):
                        found[os.path.relpath(full, self.path).replace(os.sep, "/")] = os.stat(full).st_size
        return found

    def open(self, key: str) -> Guarded:
        """See Store."""
        with self.errors():
            file = open(self.full_path(key), "rb")  # noqa: SIM115 - the caller closes it
            return Guarded(file, self.errors, os.fstat(file.fileno()).st_size)

    def read(self, key: str, limit: int | None = None) -> bytes | None:
        """See Store."""
        path = self.full_path(key)
        try:
            with open(path, "rb", opener=open_at_once) as file:
                status = os.fstat(file.fileno())
                if not stat.S_ISREG(status.st_mode):
                    raise Unreadable(f"{self.where}/{key} is no file")
                if limit is not None and status.st_size > limit:
                    raise Unreadable(f"{self.where}/{key} has {status.st_size} bytes")
                return file.read()
        except OSError as error:
            message = f"{self.where}/{key}: {error.strerror}"
            if error.errno in NO_FILE or os.path.islink(path):
                raise Unreadable(message) from error
            if isinstance(error, (FileNotFoundError, NotADirectoryError)):
                return None
            raise Failure(ExitCode.STORE_OTHER, message) from error

    def write(self, key: str, stream: Readable, size: int) -> None:  # noqa: ARG002 - as Store
        """See Store."""
        path = self.full_path(key)
        with self.errors():
            os.makedirs(os.path.dirname(path), exist_ok=True)
            descriptor, partial = tempfile.mkstemp(dir=os.path.dirname(path), suffix=".partial")
            try:
                with open(descriptor, "wb") as file:
                    shutil.copyfileobj(stream, file, CHUNK)
                    file.flush()
                    os.fsync(file.fileno())
                os.replace(partial, path)
            except BaseException:
                with contextlib.suppress(OSError):
                    os.unlink(partial)
                raise
            directory = os.open(os.path.dirname(path), os.O_RDONLY)
            try:
                os.fsync(directory)
            finally:
                os.close(directory)

    def remove(self, keys: Iterable[str]) -> None:
        """See Store. A folder that becomes empty goes too."""
        for key in keys:
            path = self.full_path(key)
            with self.errors(), contextlib.suppress(FileNotFoundError):
                os.unlink(path)
            with contextlib.suppress(OSError):  # others are in it
                os.rmdir(os.path.dirname(path))

    def remove_folder(self, folder: str) -> None:
        """See Store."""
        path = self.full_path(folder)
        with self.errors():
            try:
                shutil.rmtree(path)
            except FileNotFoundError:
                # Gone already, but for what something else removes right now.
                if os.path.lexists(path):
                    raise

    # A dump is written where it stays: no other place is sure to have room for it.

    def local_path(self, key: str) -> str:
        """See Store."""
        path = self.full_path(key)
        with self.errors():
            os.makedirs(os.path.dirname(path), exist_ok=True)
        return path

    def put(self, key: str, path: str) -> None:
        """See Store. It is where it stays already."""

    def get(self, key: str) -> str:
        """See Store."""
        return self.full_path(key)
