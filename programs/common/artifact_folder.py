"""The folder of a volume that has the artifacts as files."""

from __future__ import annotations

import contextlib
import errno
import os
import tempfile
from collections.abc import Callable
from typing import BinaryIO

# What a full volume answers with.
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def staging_folder(root: str) -> str:
    """Where files on their way are: on the same volume, and outside the folder that clients and backups see."""
    return f"{root}.uploading"


def sync_folder(path: str) -> None:
    """Have the names in a folder on the disk."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno != errno.EINVAL:  # of file systems whose folders cannot be asked for it
            raise
    finally:
        os.close(descriptor)


def publish(temporary: str, path: str, root: str) -> None:
    """Give a whole file its name, once its bytes are on the disk. Returns when the name is, too.

    Folders up to the root may be new, and each is a name in the one above it.
    """
    with open(temporary, "rb") as file:
        os.fsync(file.fileno())
    folder = os.path.dirname(path)
    os.makedirs(folder, exist_ok=True)
    os.replace(temporary, path)
    while True:
        sync_folder(folder)
        if len(folder) <= len(root):
            return
        folder = os.path.dirname(folder)


def write_whole(
    path: str, root: str, write: Callable[[BinaryIO], None], finish: Callable[[str], None] = lambda _: None
) -> None:
    """Publish a file of which another function writes the bytes, or leave nothing. `finish` gets it before its name."""
    descriptor, temporary = tempfile.mkstemp(dir=staging_folder(root))
    try:
        with open(descriptor, "wb") as file:
            os.fchmod(descriptor, 0o644)
            write(file)
        finish(temporary)
        publish(temporary, path, root)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise
