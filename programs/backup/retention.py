"""Which backups are removed, and which stay whatever the clocks say."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from datetime import timedelta

from backup import artifacts
from backup.clocks import longest_step
from backup.manifest import MANIFEST, Manifest
from backup.names import created, is_name
from backup.settings import Retention, Settings
from backup.store import Store
from common.exit_codes import ExitCode
from common.process import Failure, log


def check_owner(settings: Settings, store: Store, existing: Mapping[str, Manifest]) -> None:
    """Two instances in one folder would remove each other's backups."""
    last = list(existing.values())[-1] if existing else None
    owner = last.get("instance") if last else settings.instance
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
        if not is_name(name) or name in existing:
            continue
        if store.read(f"{name}/{MANIFEST}") is None:
            store.remove_folder(name)
            log(f"removed {name}, which was never completed")
        else:
            unreadable.append(name)
            log(f"warning: {name}/{MANIFEST} cannot be read; the folder stays, and counts as no backup")
    return unreadable


def is_jump(last: str | None, name: str, interval: timedelta) -> bool:
    """Whether the schedule does not explain the time from the last backup to a new one: a pause, or a clock jumped."""
    step = created(name) - created(last) if last else timedelta(0)
    if step > longest_step(interval):
        hour = timedelta(hours=1)
        log(
            f"warning: backup {last} is {step // hour} hours old, and there should be one every {interval // hour}: "
            "backups were paused, or a clock jumped; backup.retention.days does not count this time"
        )
    return not timedelta(0) <= step <= longest_step(interval)


def ages(existing: Mapping[str, Manifest], interval: timedelta) -> dict[str, timedelta]:
    """How much older than the newest each of these backups, in order, is at least.

    A jump makes no backup older, because nothing brings back what it would remove: neither one that was noted when it
    was seen, nor one to or from a time that the newest is yet to reach.
    """
    names = list(existing)
    newest, age = names[-1], timedelta(0)
    result = {newest: age}
    for before, name in reversed(list(itertools.pairwise(names))):
        step = created(name) - created(before)
        is_future = max(before, name) > newest
        if not existing[name].get("jump") and step > timedelta(0) and not (is_future and step > longest_step(interval)):
            age += step
        result[before] = age
    return result


def expired(existing: Mapping[str, Manifest], retention: Retention) -> list[str]:
    """Which backups are too many or too old, of these in order. The newest always stays.

    Those that are named in the future displace no other.
    """
    names, age = list(existing), ages(existing, timedelta(seconds=retention.interval))
    newer, count = {}, 0
    for name in reversed(names):
        newer[name] = count
        count += name <= names[-1]
    limit = None if retention.seconds is None else timedelta(seconds=retention.seconds)
    return [
        name for name in names[:-1] if newer[name] >= retention.count > 0 or (limit is not None and age[name] > limit)
    ]


def retain(retention: Retention, store: Store, existing: Mapping[str, Manifest], unreadable: Sequence[str]) -> None:
    """Remove backups that are too many or too old. Only called after a good one."""
    removed = expired(existing, retention)
    for name in removed:
        # First what makes it a backup, so that an interrupted removal leaves none that lacks something.
        store.remove([f"{name}/{MANIFEST}"])
        store.remove_folder(name)
        log(f"removed {name}, by backup.retention")
    kept = [name for name in existing if name not in removed]
    if any(existing[name]["artifacts"] for name in removed):
        artifacts.remove_unused(store, [name for name in kept if existing[name]["artifacts"]] + list(unreadable))
    log(f"{len(kept)} backups are kept, from {kept[0]} to {kept[-1]}")
