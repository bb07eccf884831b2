"""What a backup says of itself. Its manifest is written last: without one, a backup is not complete."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TypedDict

from backup import shapes
from backup.names import is_name
from backup.store import Store
from backup.streams import Unreadable

MANIFEST = "manifest.json"
# Bytes: it names some files, and at most all backups.
MANIFEST_LIMIT = 4 * 2**20


class FileEntry(TypedDict):
    """A file of a backup."""

    size: int
    sha256: str


class _DumpEntry(TypedDict):
    database: str
    file: str
    schema: dict[str, str]
    rows: dict[str, int]


class DatabaseEntry(_DumpEntry, total=False):
    """A dump, the revisions of the schemas in it by the table that notes them, and rows by table.

    `rows`: of the tables that people look for. `tables`: of all. `bytes`: the size of the database. Programs from
    before these keys leave the last two out.
    """

    tables: dict[str, int]
    bytes: int


class Location(TypedDict, total=False):
    """Where artifacts were: in a folder of a bucket, or of a volume.

    `root`: what locations of artifacts with direct access begin with. The rest is for people. Programs from before
    this key leave it out.
    """

    bucket: str
    prefix: str
    root: str
    folder: str


class ArtifactsEntry(Location):
    """The artifacts, when they are part of a backup."""

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


DATABASE = shapes.record(
    {
        "file": shapes.is_file_name,
        "schema": shapes.none_or_more(shapes.is_text),
        "rows": shapes.none_or_more(shapes.is_count),
    },
    {"tables": shapes.none_or_more(shapes.is_count), "bytes": shapes.is_count},
)
# What the programs read of it.
SHAPE = shapes.record(
    {
        "format": shapes.exactly(1),
        "instance": shapes.is_text,
        "mlflow": shapes.is_release,
        "databases": shapes.mapping(shapes.is_text, DATABASE),
        "artifacts": shapes.either(
            shapes.exactly(None),
            shapes.record({"objects": shapes.is_count, "bytes": shapes.is_count}, {"root": shapes.is_text}),
        ),
        "files": shapes.mapping(
            shapes.is_file_name, shapes.record({"size": shapes.is_count, "sha256": shapes.is_text})
        ),
    },
    {
        "accepted": shapes.is_flag,
        "ahead": shapes.sequence(lambda value: isinstance(value, str) and is_name(value)),
        "jump": shapes.is_flag,
    },
)


def read_manifest(store: Store, name: str) -> Manifest | None:
    """What a backup says of itself, or None when it has no manifest. Raises Unreadable for anything else there."""
    key = f"{name}/{MANIFEST}"
    text = store.read(key, MANIFEST_LIMIT)
    if text is None:
        return None
    try:
        manifest: Manifest = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"{store.where}/{key} is not JSON") from error
    if not SHAPE(manifest):
        raise Unreadable(f"{store.where}/{key} is not what this release writes")
    return manifest


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
