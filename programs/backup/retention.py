"""The backups that exist already: whose they are, and which ones are removed."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timezone
from importlib import metadata

from backup import artifacts
from backup.manifest import MANIFEST, NAME, Manifest
from backup.settings import Retention, Settings
from backup.store import Store
from common.exit_codes import ExitCode
from common.process import Failure, log

TIME = "%Y%m%dT%H%M%SZ"
# Characters of a name that say when it was created.
TIME_LENGTH = 16


def newest(names: Iterable[str]) -> str | None:
    """The last of these backups."""
    return max(names, default=None)


def created(name: str) -> datetime:
    """When a backup was created, by its name."""
    return datetime.strptime(name[:TIME_LENGTH], TIME).replace(tzinfo=timezone.utc)


def new_name(existing: Iterable[str]) -> str:
    """Later in the alphabet than all others, also when two are created in one second or the clock went back."""
    release, last = metadata.version("mlflow"), newest(existing)
    while True:
        name = f"{datetime.now(timezone.utc):{TIME}}-{release}"
        if last is None or name[:TIME_LENGTH] > last[:TIME_LENGTH]:
            return name
        late = (created(last) - created(name)).total_seconds()
        if late > 60:
            message = f"backup {last} is of the future: a clock is wrong, here or where it was created"
            raise Failure(ExitCode.CONFIGURATION, message)
        time.sleep(late + 0.1)


def check_owner(settings: Settings, store: Store, existing: Mapping[str, Manifest]) -> None:
    """Two instances in one folder would remove each other's backups."""
    last = newest(existing)
    owner = existing[last].get("instance") if last else settings.instance
    if owner != settings.instance:
        message = (
            f"{store.where} contains backups of {owner}, and this is {settings.instance}; set "
            "backup.destination.prefix to a folder of its own"
        )
        raise Failure(ExitCode.CONFIGURATION, message)


def remove_incomplete(store: Store, existing: Mapping[str, Manifest]) -> list[str]:
    """Remove what an interrupted backup left; none can be running, because this one has the lock.

    Returns the folders with a manifest that cannot be read: they were completed once, by this program or by a newer
    one, and a person must decide about them.
    """
    unreadable = []
    for name in sorted(store.folders()):
        if not NAME.fullmatch(name) or name in existing:
            continue
        if store.read(f"{name}/{MANIFEST}") is None:
            store.remove_folder(name)
            log(f"removed {name}, which was never completed")
        else:
            unreadable.append(name)
            log(f"warning: {name}/{MANIFEST} cannot be read; the folder stays, and counts as no backup")
    return unreadable


def expired(names: Sequence[str], retention: Retention, now: datetime) -> list[str]:
    """Which backups are too many or too old, of these in order. The newest always stays."""
    surplus = names[: -retention.count] if retention.count else []
    seconds = retention.seconds
    old = [name for name in names if seconds is not None and (now - created(name)).total_seconds() > seconds]
    return [name for name in names[:-1] if name in surplus or name in old]


def retain(retention: Retention, store: Store, existing: Mapping[str, Manifest], unreadable: Sequence[str]) -> None:
    """Remove backups that are too many or too old. Only called after a good one."""
    removed = expired(list(existing), retention, datetime.now(timezone.utc))
    for name in removed:
        # First what makes it a backup, so that an interrupted removal leaves none that lacks something.
        store.remove([f"{name}/{MANIFEST}"])
        store.remove_folder(name)
        log(f"removed {name}, by backup.retention")
    kept = [name for name in existing if name not in removed]
    if any(existing[name]["artifacts"] for name in removed):
        artifacts.remove_unused(store, [name for name in kept if existing[name]["artifacts"]] + list(unreadable))
    log(f"{len(kept)} backups are kept, from {kept[0]} to {kept[-1]}")
