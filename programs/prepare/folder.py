"""The folder of the artifacts on a volume: it exists, and files can be written to it."""

from __future__ import annotations

import contextlib
import os
import tempfile

from common.artifact_folder import FULL, publish, staging_folder
from common.exit_codes import ExitCode
from common.process import Failure, log

# Bytes below which uploads soon fail.
LITTLE = 64 * 2**20


def check_folder(path: str) -> None:
    """Write a file as an upload does, and remove it.

    A full volume is a warning: the server still reads and deletes, and only through it is there room again.
    """
    try:
        os.makedirs(path, exist_ok=True)
        os.makedirs(staging_folder(path), exist_ok=True)
        write_file(path)
        status = os.statvfs(path)
    except OSError as error:
        if error.errno not in FULL:
            message = (
                f"{path}: {error.strerror}; the volume of artifacts.volume must be writable for the group of the pod "
                "(fsGroup), and its folder must be none of another owner"
            )
            raise Failure(ExitCode.VOLUME_UNWRITABLE, message) from error
        log(f"warning: {path}: {error.strerror}: uploads fail until artifacts are deleted or the claim is enlarged")
        return
    free = status.f_bavail * status.f_frsize
    log(f"{path} is writable, and has {free // 2**20} MiB left")
    if free < LITTLE:
        log("warning: uploads soon fail: delete artifacts, or enlarge the claim (artifacts.volume.size)")


def write_file(path: str) -> None:
    """One byte, on the disk, under a name that is no artifact's for as long as it exists."""
    descriptor, temporary = tempfile.mkstemp(dir=staging_folder(path), prefix="prepare-")
    target = os.path.join(path, f".{os.path.basename(temporary)}")
    try:
        with open(descriptor, "wb") as file:
            file.write(b"\n")
        publish(temporary, target, path)
    finally:
        for each in (temporary, target):
            with contextlib.suppress(FileNotFoundError):
                os.unlink(each)
