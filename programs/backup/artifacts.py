"""Copies artifacts to where backups are stored, and back.

An object is stored once, under a name made of its key, ETag and size, and shared by all backups that contain it: a copy
takes what is new, an interrupted one resumes where it stopped, and no backup changes when the bucket does. The index of
a backup says which objects it contains, with their SHA-256: one line of JSON each.
"""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import io
import json
import threading
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypedDict

from backup.manifest import FileEntry
from backup.parallel import map_in_threads, retry
from backup.source import Source
from backup.store import Store
from backup.streams import Checked, Damaged, Guarded
from common.exit_codes import ExitCode
from common.object_store import Changed, Missing
from common.process import Failure, log

FOLDER = "artifacts"
INDEX = "artifacts.jsonl.gz"
# How often an object is read that is replaced each time.
READS = 5


class Entry(TypedDict):
    """A line of the index: an object of the bucket, and the key that it is stored under."""

    key: str
    size: int
    etag: str
    object: str
    sha256: str


@dataclass(frozen=True)
class Copied:
    """What became of a copy: objects that were new, their bytes, and objects that were deleted meanwhile."""

    objects: int
    bytes: int
    gone: int


def stored_key(key: str, etag: str, size: int) -> str:
    """The key that an object is stored under."""
    name = hashlib.sha256(f"{key}\0{etag}\0{size}".encode("utf-8", "surrogatepass")).hexdigest()
    return f"{FOLDER}/{name[:2]}/{name}"


# --- the index -------------------------------------------------------------------------------------------------


def write_index(store: Store, name: str, entries: Sequence[Entry]) -> FileEntry:
    """Write the index of a backup: what the manifest says of it."""
    raw = io.BytesIO()
    with gzip.GzipFile(fileobj=raw, mode="wb", mtime=0) as file:
        for entry in entries:
            file.write(json.dumps(entry).encode() + b"\n")
    data = raw.getvalue()
    store.write(f"{name}/{INDEX}", io.BytesIO(data), len(data))
    return {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def read_index(store: Store, name: str) -> list[Entry]:
    """The index of a backup."""
    data = store.read(f"{name}/{INDEX}")
    with contextlib.suppress(OSError, EOFError, zlib.error, ValueError, TypeError, KeyError):
        entries: list[Entry] = [json.loads(line) for line in gzip.decompress(data or b"").splitlines()]
        if data and all(isinstance(each["object"], str) and isinstance(each["sha256"], str) for each in entries):
            return entries
    raise Failure(ExitCode.BACKUP_DAMAGED, f"{store.where}/{name}/{INDEX} is missing or cannot be read")


def known_checksums(store: Store, earlier: str | None) -> dict[str, str]:
    """The SHA-256 of each object that a backup contains. Without its index they are computed again."""
    if earlier is None:
        return {}
    try:
        return {entry["object"]: entry["sha256"] for entry in read_index(store, earlier)}
    except Failure as failure:
        if failure.code != ExitCode.BACKUP_DAMAGED:
            raise
        log(f"warning: {failure}; artifacts that are stored already are read again")
        return {}


# --- copies ----------------------------------------------------------------------------------------------------


def copy_out(source: Source, store: Store, earlier: str | None) -> tuple[list[Entry], Copied]:
    """Store what the source has. `earlier`: the newest backup, whose checksums need not be computed again."""
    stop = threading.Event()
    stored = store.sizes(FOLDER)
    known = known_checksums(store, earlier)

    def keep(item: tuple[str, int, str]) -> tuple[Entry | None, int | None]:
        """The line of the index, and how many bytes were copied for it."""
        key, size, etag = item
        target = stored_key(key, etag, size)
        if stored.get(target) != size:
            return retry(lambda: copy(key), source.codes, stop)
        sha256 = known.get(target)
        if sha256 is None:  # of a copy that was interrupted
            with contextlib.closing(store.open(target)) as stream:
                sha256 = Checked(stream, size, stop=stop).drain().sha256
        return {"key": key, "size": size, "etag": etag, "object": target, "sha256": sha256}, None

    def copy(key: str) -> tuple[Entry | None, int | None]:
        """Of the object as it is now, should it have been replaced since it was listed, or while it was read."""
        for left in reversed(range(READS)):
            try:
                with contextlib.closing(source.open(key)) as stream:
                    return copy_stream(key, stream)
            except (Missing, Changed) as failure:
                # The store of backups has codes of its own: what it misses was not deleted by anyone.
                if failure.code != source.codes.other or (not left and isinstance(failure, Changed)):
                    raise
                if isinstance(failure, Missing):  # deleted since it was listed
                    break
        return None, None

    def copy_stream(key: str, stream: Guarded) -> tuple[Entry, int]:
        target = stored_key(key, stream.etag, stream.size)
        checked = Checked(stream, stream.size, stop=stop)
        store.write(target, checked, stream.size)
        entry: Entry = {
            "key": key,
            "size": stream.size,
            "etag": stream.etag,
            "object": target,
            "sha256": checked.sha256,
        }
        return entry, stream.size

    done = list(map_in_threads(keep, source.objects(), stop))
    sizes = [size for _, size in done if size is not None]
    entries = [entry for entry, _ in done if entry]
    return entries, Copied(objects=len(sizes), bytes=sum(sizes), gone=len(done) - len(entries))


def copy_back(store: Store, bucket: Source, entries: Sequence[Entry], *, overwrite: bool) -> tuple[int, int]:
    """Put into the bucket what a backup contains: how many objects were put, and how many others are there.

    Nothing is deleted; an object that differs is a reason to stop, before anything is changed, unless it may be
    replaced.
    """
    existing = {key: (size, etag) for key, size, etag in bucket.objects()}
    missing = [entry for entry in entries if existing.get(entry["key"]) != (entry["size"], entry["etag"])]
    differing = [
        entry["key"]
        for entry in missing
        if entry["key"] in existing and not is_same(bucket, entry, existing[entry["key"]][0])
    ]
    if differing and not overwrite:
        message = (
            f"{bucket.where}: {len(differing)} objects are not those of the backup ({differing[0]!r} is one); set "
            "OVERWRITE=true to replace them"
        )
        raise Failure(ExitCode.TARGET_NOT_EMPTY, message)
    replaced, stop = set(differing), threading.Event()

    def put(entry: Entry) -> int:
        if entry["key"] in existing and entry["key"] not in replaced:
            return 0

        def copy() -> None:
            with contextlib.closing(store.open(entry["object"])) as stream:
                checked = Checked(stream, entry["size"], entry["sha256"], stop)
                bucket.put_back(entry["key"], checked, entry["size"], entry["etag"])

        try:
            retry(copy, bucket.codes, stop)
        except Damaged as error:
            message = f"{store.where}/{entry['object']} (artifact {entry['key']!r}): {error}"
            raise Failure(ExitCode.BACKUP_DAMAGED, message) from error
        return 1

    return sum(map_in_threads(put, missing, stop)), len(existing.keys() - {entry["key"] for entry in entries})


def is_same(bucket: Source, entry: Entry, size: int) -> bool:
    """Whether an object has the bytes of the backup although its ETag differs, as after an upload in other parts."""
    if size != entry["size"]:
        return False
    with contextlib.closing(bucket.open(entry["key"])) as stream:
        return Checked(stream).drain().sha256 == entry["sha256"]


def check_stored(store: Store, entries: Sequence[Entry]) -> None:
    """All objects of an index exist in the right size. Their bytes are checked on their way back."""
    stored = store.sizes(FOLDER)
    lost = [entry for entry in entries if stored.get(entry["object"]) != entry["size"]]
    if lost:
        example = lost[0]["key"]
        message = f"{store.where}: {len(lost)} objects of artifacts are missing or of another size ({example!r} is one)"
        raise Failure(ExitCode.BACKUP_DAMAGED, message)


def remove_unused(store: Store, names: Iterable[str]) -> None:
    """Remove what no backup of these names contains; nothing when it is not known what one of them contains."""
    try:
        used = {entry["object"] for name in names for entry in read_index(store, name)}
    except Failure as failure:
        if failure.code != ExitCode.BACKUP_DAMAGED:
            raise
        log(f"warning: {failure}; no artifact is removed while that folder is there")
        return
    unused = [key for key in store.sizes(FOLDER) if key not in used]
    store.remove(unused)
    if unused:
        log(f"removed {len(unused)} artifacts that no backup contains any more")
