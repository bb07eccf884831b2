"""What a backup says of itself. Its manifest is written last: without one, a backup is not complete."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TypedDict

from backup.names import in_order, is_name
from backup.store import Store

MANIFEST = "manifest.json"


class FileEntry(TypedDict):
    """A file of a backup."""

    size: int
    sha256: str


class DatabaseEntry(TypedDict):
    """A dump, the revisions of the schemas in it by the table that notes them, and rows by table."""

    database: str
    file: str
    schema: dict[str, str]
    rows: dict[str, int]


class ArtifactsEntry(TypedDict):
    """The artifacts, when they are part of a backup."""

    bucket: str
    prefix: str
    objects: int
    bytes: int


class Manifest(TypedDict):
    """The whole, by the keys of the file.

    `ahead`: backups from before it although their names are later. `jump`: whether the schedule does not explain the
    time since the backup before it. Programs from before these keys leave them out.
    """

    format: int
    name: str
    instance: str
    started: str
    finished: str
    mlflow: str
    postgresql: str
    program: str
    databases: dict[str, DatabaseEntry]
    artifacts: ArtifactsEntry | None
    files: dict[str, FileEntry]
    accepted: bool
    ahead: list[str]
    jump: bool


def read_manifest(store: Store, name: str) -> Manifest | None:
    """What a backup says of itself, or None when it is not complete."""
    if not is_name(name):
        return None
    text = store.read(f"{name}/{MANIFEST}")
    try:
        manifest: Manifest | None = json.loads(text) if text else None
        is_known = manifest and manifest["format"] == 1 and manifest["files"] and is_ordered(manifest)
        return manifest if is_known else None
    except (ValueError, TypeError, KeyError):
        return None


def is_ordered(manifest: Manifest) -> bool:
    """Whether what a manifest says of its place among the others can be read."""
    ahead = manifest.get("ahead", [])
    return isinstance(ahead, list) and all(map(is_name, ahead)) and isinstance(manifest.get("jump", False), bool)


def complete_backups(store: Store) -> dict[str, Manifest]:
    """Name and manifest of each complete backup, in the order in which they were created."""
    read = ((name, read_manifest(store, name)) for name in store.folders())
    found = {name: manifest for name, manifest in read if manifest}
    return {name: found[name] for name in in_order(found)}


def shrank_suspiciously(existing: Mapping[str, Manifest]) -> bool:
    """Whether the newest backup looks as if its databases had been lost and recreated: then no other may be removed.

    It is compared with all that are kept, back to the last that a person accepted, so that it does not become the
    measure itself the next time.
    """
    compared = []
    for manifest in reversed(list(existing.values())):
        compared.append(manifest)
        if manifest.get("accepted"):
            break
    most = max(compared, key=lambda manifest: rows_in(manifest, "experiments", "runs"))
    newest = rows_in(compared[0], "experiments", "runs")
    return rows_in(most, "runs") >= 10 and 2 * newest < rows_in(most, "experiments", "runs")


def rows_in(manifest: Manifest, *tables: str) -> int:
    """The number of rows of these tables in a backup."""
    databases = manifest["databases"].values()
    return sum(database.get("rows", {}).get(table, 0) for database in databases for table in tables)


def format_bytes(size: int) -> str:
    """A size as people read it, as in "1.5 MiB"."""
    return f"{size / 2**20:.1f} MiB" if size < 2**30 else f"{size / 2**30:.1f} GiB"
