"""The artifacts of a backup: all objects exist, and have the bytes that were copied."""

from __future__ import annotations

import contextlib
import hashlib
import threading
import time
from collections.abc import Sequence

from backup import artifacts
from backup.artifacts import Entry
from backup.manifest import ArtifactsEntry, format_bytes
from backup.parallel import map_in_threads, retry
from backup.settings import Settings
from backup.store import Store
from backup.streams import Checked, Damaged
from common.exit_codes import ExitCode
from common.object_store import STORE
from common.process import Failure, log


def check_objects(settings: Settings, store: Store, copied: ArtifactsEntry, entries: Sequence[Entry]) -> None:
    """Compare the index with the manifest, all objects with the index by size, and those of this run by SHA-256."""
    found = {"objects": len(entries), "bytes": sum(entry["size"] for entry in entries)}
    noted = {"objects": copied["objects"], "bytes": copied["bytes"]}
    if found != noted:
        message = f"{store.where}: the index of the artifacts has {found}, and the manifest says {noted}"
        raise Failure(ExitCode.BACKUP_DAMAGED, message)
    artifacts.check_stored(store, entries)
    # Runs with the same artifact have one object.
    objects = {entry["object"]: entry for entry in entries}
    chosen = of_run(list(objects), settings.verification.percentage, int(time.time()) // settings.retention.interval)
    damaged = read_objects(store, [objects[each] for each in chosen])
    if damaged:
        key, name, reason = damaged[0]
        message = (
            f"{store.where}: {len(damaged)} of the {len(chosen)} artifacts that were read are damaged; one is {key!r}, "
            f"stored as {name}: {reason} (remove a damaged object, and the next backup copies the artifact again)"
        )
        raise Failure(ExitCode.BACKUP_DAMAGED, message)
    size = sum(objects[each]["size"] for each in chosen)
    log(
        f"artifacts: {len(entries)} exist with their sizes; {len(chosen)} of them ({format_bytes(size)}) were read and "
        "have their SHA-256"
    )


def of_run(objects: Sequence[str], percentage: int, run: int) -> list[str]:
    """The objects that a run reads: all in 100 // `percentage` consecutive runs, whatever is added meanwhile."""
    if not percentage:
        return []
    parts = max(1, 100 // percentage)
    return [each for each in objects if part_of(each, parts) == run % parts]


def part_of(key: str, parts: int) -> int:
    """The part that an object is in."""
    return int.from_bytes(hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()[:8], "big") % parts


def read_objects(store: Store, entries: Sequence[Entry]) -> list[tuple[str, str, str]]:
    """The artifacts that have other bytes, where they are, and the reason."""
    stop = threading.Event()

    def read(entry: Entry) -> tuple[str, str, str] | None:
        def check() -> None:
            with contextlib.closing(store.open(entry["object"])) as stream:
                Checked(stream, entry["size"], entry["sha256"], stop).drain()

        try:
            retry(check, STORE, stop)
        except Damaged as error:
            return entry["key"], entry["object"], str(error)
        return None

    return [damaged for damaged in map_in_threads(read, entries, stop) if damaged]
