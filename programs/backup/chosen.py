"""The backup that is restored: which one, and whether this image can restore it into the databases of its instance."""

from __future__ import annotations

from importlib import metadata

from backup import artifacts
from backup.clocks import Clock
from backup.inventory import Inventory
from backup.manifest import MANIFEST, Manifest, format_bytes
from backup.names import created
from backup.settings import Settings
from backup.store import Store
from backup.streams import Checked, Damaged
from common import postgresql
from common.exit_codes import ExitCode
from common.process import Failure, log
from common.schema_heads import VERSION_TABLES


def choose(wanted: str, store: Store, inventory: Inventory) -> str:
    """The name of the backup that is restored: one of another instance only by its name, unless there is no other."""
    backups = inventory.restorable
    if wanted == "latest" and backups:
        name = list(backups)[-1]
        if Clock().is_future(created(name)):
            log(
                f"warning: {name} is named in the future: a clock was wrong then, or is wrong now; it is the last that "
                "was created (set BACKUP to the name of another to restore that one)"
            )
        return name
    if wanted in inventory.own or wanted in inventory.others:
        return wanted
    existing = f"there are {', '.join(list(backups)[-10:])}" if backups else "there is none"
    missing = "no complete backup" if wanted == "latest" else f"no complete backup {wanted!r}"
    raise Failure(ExitCode.BACKUP_MISSING, f"{missing} in {store.where}: {existing}")


def summary(manifest: Manifest) -> str:
    """What people look for in a list of backups."""
    counts = {table: count for each in manifest["databases"].values() for table, count in each["rows"].items()}
    copied = manifest["artifacts"]
    kept = f"{copied['objects']} artifacts ({format_bytes(copied['bytes'])})" if copied else "no artifacts"
    rows = ", ".join(f"{count} {table}" for table, count in counts.items())
    return f"MLflow {manifest['mlflow']}, {rows}, {kept}"


def check_databases(settings: Settings, manifest: Manifest) -> None:
    """The backup has the databases that the environment has."""
    ours, theirs = sorted(settings.databases), sorted(manifest["databases"])
    if ours != theirs:
        message = (
            f"the backup contains the databases {' and '.join(theirs)}, and the environment has {' and '.join(ours)}; "
            "set auth.enabled and database.authName as they were"
        )
        raise Failure(ExitCode.CONFIGURATION, message)


def check_release(manifest: Manifest) -> None:
    """An older release does not know the schema; a newer one upgrades it at the next start of a pod."""
    from packaging.version import Version

    release = metadata.version("mlflow")
    if Version(release) < Version(manifest["mlflow"]):
        message = (
            f"the backup is of MLflow {manifest['mlflow']}, and this image has {release}; use an image of "
            f"{manifest['mlflow']} or newer"
        )
        raise Failure(ExitCode.RELEASE_OLDER, message)


def check_manifest(where: str, manifest: Manifest) -> None:
    """What a manifest says of its databases can be restored and counted."""
    for label, entry in manifest["databases"].items():
        unknown = sorted(set(entry["rows"]) - set(postgresql.COUNTED_TABLES))
        noted = sorted(set(entry["schema"]) - set(VERSION_TABLES))
        if entry["file"] not in manifest["files"] or entry["file"] == artifacts.INDEX:
            issue = f"names no dump of the {label} database"
        elif unknown:
            issue = f"counts rows of {unknown[0]!r} in the {label} database, which is no table that is counted"
        elif noted:
            issue = f"names {noted[0]!r} as the table of a revision in the {label} database, which is none"
        else:
            continue
        raise Failure(ExitCode.BACKUP_DAMAGED, f"{where}/{MANIFEST} {issue}; use another backup")


def check_sizes(store: Store, name: str, manifest: Manifest) -> None:
    """All files of the backup exist in the right size."""
    existing = store.sizes(name)
    for file, expected in manifest["files"].items():
        key = f"{name}/{file}"
        if existing.get(key) != expected["size"]:
            message = (
                f"{store.where}/{key} has {existing.get(key, 'no')} bytes, and its manifest says {expected['size']}; "
                "use another backup"
            )
            raise Failure(ExitCode.BACKUP_DAMAGED, message)


def get_file(store: Store, name: str, manifest: Manifest, file: str) -> str:
    """A path where a file of the backup can be read, with the checksum of the manifest."""
    key, expected = f"{name}/{file}", manifest["files"][file]
    path = store.get(key)
    try:
        with open(path, "rb") as stream:
            Checked(stream, expected["size"], expected["sha256"]).drain()
    except Damaged as error:
        raise Failure(ExitCode.BACKUP_DAMAGED, f"{store.where}/{key}: {error}; use another backup") from error
    except OSError as error:
        code = ExitCode.BACKUP_DAMAGED if isinstance(error, FileNotFoundError) else ExitCode.STORE_OTHER
        raise Failure(code, f"{store.where}/{key}: {error.strerror}") from error
    return path
