"""Copies the bucket of artifacts to where backups are kept, and back.

An object is kept once, under a name made of its key, ETag and size, and shared by all backups that hold it: a copy takes what is new, a
broken off one goes on where it was, and no backup changes when the bucket does. The index of a backup says which
objects it holds, with their SHA-256: one line of JSON each.
"""

import concurrent.futures
import contextlib
import gzip
import hashlib
import io
import itertools
import json
import time
import zlib

from backup_store import Checked, Damaged
from program import Failure, say

FOLDER = "artifacts"
INDEX = "artifacts.jsonl.gz"
AT_ONCE = 8
BATCH = 1000
ATTEMPTS = 5


def kept_key(key, etag, size):
    name = hashlib.sha256(f"{key}\0{etag}\0{size}".encode("utf-8", "surrogatepass")).hexdigest()
    return f"{FOLDER}/{name[:2]}/{name}"


def many(function, items):
    """In some threads, in order, and with few of the items in memory."""
    items = iter(items)
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        while batch := list(itertools.islice(items, BATCH)):
            try:
                yield from pool.map(function, batch)
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise


def patiently(action):
    """A store that restarts, or a line that breaks, costs a pause and not the whole copy."""
    for attempt in range(ATTEMPTS):
        try:
            return action()
        except Failure as failure:
            if not failure.kind.endswith("-unreachable") or attempt == ATTEMPTS - 1:
                raise
            time.sleep(2 ** attempt)


def write_index(store, name, entries):
    """Puts the index into the backup, and says what the manifest says of it."""
    raw = io.BytesIO()
    with gzip.GzipFile(fileobj=raw, mode="wb", mtime=0) as file:
        for entry in entries:
            file.write(json.dumps(entry).encode() + b"\n")
    data = raw.getvalue()
    store.write(f"{name}/{INDEX}", io.BytesIO(data), len(data))
    return {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def read_index(store, name):
    data = store.read(f"{name}/{INDEX}")
    try:
        entries = [json.loads(line) for line in gzip.decompress(data or b"").splitlines()]
        if data and all(type(entry["object"]) is str and type(entry["sha256"]) is str for entry in entries):
            return entries
    except (OSError, EOFError, zlib.error, ValueError, TypeError, KeyError):
        pass
    raise Failure("backup-damaged", f"{store.where}/{name}/{INDEX} is missing or cannot be read")


def known_checksums(store, earlier):
    """Of each object that a backup holds. Without its index they are computed again."""
    try:
        return {entry["object"]: entry["sha256"] for entry in (read_index(store, earlier) if earlier else ())}
    except Failure as failure:
        if failure.kind != "backup-damaged":
            raise
        say(f"warning: {failure}; artifacts that are kept already are read again")
        return {}


def copy_out(bucket, store, earlier):
    """Keeps what is in the bucket. `earlier`: the newest backup, whose checksums need not be computed again."""
    kept = store.sizes(FOLDER)
    known = known_checksums(store, earlier)

    def keep(item):
        """The line of the index, and how many bytes were copied for it."""
        key, size, etag = item
        target = kept_key(key, etag, size)
        entry = {"key": key, "size": size, "etag": etag, "object": target}
        if kept.get(target) == size and target in known:
            return {**entry, "sha256": known[target]}, None
        if kept.get(target) == size:  # of a copy that was broken off
            with contextlib.closing(store.open(target)) as stream:
                return {**entry, "sha256": Checked(stream, size).drain().sha256}, None
        return patiently(lambda: copy(key))

    def copy(key):
        try:
            stream = bucket.open(key)
        except Failure as failure:
            if "NoSuchKey" in str(failure):  # deleted by somebody since it was listed
                return None, None
            raise
        with contextlib.closing(stream):  # of the object as it is now, should it have been replaced since then
            entry = {"key": key, "size": stream.size, "etag": stream.etag, "object": kept_key(key, stream.etag, stream.size)}
            checked = Checked(stream, stream.size)
            store.write(entry["object"], checked, stream.size)
            return {**entry, "sha256": checked.sha256}, stream.size

    done = list(many(keep, bucket.objects()))
    copied = [size for _, size in done if size is not None]
    entries = [entry for entry, _ in done if entry]
    return entries, {"copied": len(copied), "bytes": sum(copied), "gone": len(done) - len(entries)}


def copy_back(store, bucket, entries, overwrite):
    """Puts into the bucket what a backup holds. Nothing is deleted; what is there and differs is a reason to stop, before
    anything is changed, unless it may be replaced."""
    there = {key: (size, etag) for key, size, etag in bucket.objects()}
    missing = [entry for entry in entries if there.get(entry["key"]) != (entry["size"], entry["etag"])]
    differing = [entry["key"] for entry in missing if entry["key"] in there and not same(bucket, entry, there[entry["key"]][0])]
    if differing and not overwrite:
        raise Failure("target-not-empty", f"{bucket.where}: {len(differing)} objects are not those of the backup ({differing[0]!r} is one); set "
                      "OVERWRITE=true to replace them")

    def put(entry):
        if entry["key"] in there and entry["key"] not in replaced:
            return 0

        def copy():
            with contextlib.closing(store.open(entry["object"])) as stream:
                bucket.write(entry["key"], Checked(stream, entry["size"], entry["sha256"]), entry["size"])

        try:
            patiently(copy)
        except Damaged as error:
            raise Failure("backup-damaged", f"{store.where}/{entry['object']} (artifact {entry['key']!r}): {error}") from error
        return 1

    replaced = set(differing)
    return sum(many(put, missing)), len(there.keys() - {entry["key"] for entry in entries})


def same(bucket, entry, size):
    """Whether an object holds the bytes of the backup although its ETag is another one, as after an upload in other parts."""
    if size != entry["size"]:
        return False
    with contextlib.closing(bucket.open(entry["key"])) as stream:
        return Checked(stream).drain().sha256 == entry["sha256"]


def check_kept(store, entries):
    """All objects of an index are there, in the right size. Their bytes are checked on their way back."""
    kept = store.sizes(FOLDER)
    lost = [entry for entry in entries if kept.get(entry["object"]) != entry["size"]]
    if lost:
        raise Failure("backup-damaged", f"{store.where}: {len(lost)} objects of artifacts are missing or of another size ({lost[0]['key']!r} is one)")


def remove_unused(store, names):
    """Removes what no backup of these names holds, and nothing when it is not known what one of them holds."""
    try:
        used = {entry["object"] for name in names for entry in read_index(store, name)}
    except Failure as failure:
        if failure.kind != "backup-damaged":
            raise
        say(f"warning: {failure}; no artifact is removed while that folder is there")
        return
    unused = [key for key in store.sizes(FOLDER) if key not in used]
    store.remove(unused)
    if unused:
        say(f"removed {len(unused)} artifacts that no backup holds any more")
