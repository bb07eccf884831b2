"""Which backups are removed, and which stay whatever the clocks say."""

from __future__ import annotations

import functools
import itertools
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

from backup import artifacts
from backup.clocks import longest_step
from backup.inventory import Inventory
from backup.manifest import MANIFEST, Manifest
from backup.names import created
from backup.settings import Retention, Settings
from backup.store import Store
from common.exit_codes import ExitCode
from common.process import Failure, log

# Seconds between attempts to remove something.
PAUSES = (1.0, 4.0)


def check_owner(settings: Settings, store: Store, inventory: Inventory) -> None:
    """Two instances in one folder would remove each other's files: one that has no backup there is refused."""
    if inventory.others and not inventory.own:
        owner = list(inventory.others.values())[-1]["instance"]
        message = (
            f"{store.where} contains backups of {owner}, and this is {settings.instance}; set "
            "backup.destination.prefix to a folder of its own"
        )
        raise Failure(ExitCode.CONFIGURATION, message)


def attempt(what: str, remove: Callable[[], None]) -> bool:
    """Whether something was removed. What stays is no reason to end a backup, and the next one tries again."""
    for pause in (*PAUSES, None):
        try:
            remove()
        except Failure as failure:
            if pause is None:
                log(f"warning: {what} cannot be removed now, and the next backup tries again: {failure}")
            else:
                time.sleep(pause)
        else:
            return True
    return False


def remove_incomplete(store: Store, inventory: Inventory) -> list[str]:
    """Remove what an interrupted backup left; none can be running, because this one has the lock.

    Returns what stays.
    """
    left = []
    for name in inventory.incomplete:
        if attempt(name, functools.partial(store.remove_folder, name)):
            log(f"removed {name}, which was never completed")
        else:
            left.append(name)
    return left


def remove_backup(store: Store, name: str) -> None:
    """Remove first what makes it a backup, so that an interrupted removal leaves none that lacks something."""
    store.remove([f"{name}/{MANIFEST}"])
    store.remove_folder(name)


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


def retain(retention: Retention, store: Store, existing: Mapping[str, Manifest], inventory: Inventory) -> None:
    """Remove backups that are too many or too old. Only called after a good one."""
    removed = [
        name for name in expired(existing, retention) if attempt(name, functools.partial(remove_backup, store, name))
    ]
    for name in removed:
        log(f"removed {name}, by backup.retention")
    kept = [name for name in existing if name not in removed]
    if any(existing[name]["artifacts"] for name in removed):
        remove_artifacts(store, [name for name in kept if existing[name]["artifacts"]], inventory)
    log(f"{len(kept)} backups are kept, from {kept[0]} to {kept[-1]}")


def remove_artifacts(store: Store, kept: Sequence[str], inventory: Inventory) -> None:
    """Remove artifacts that no backup contains any more."""
    if inventory.others:
        # Of a backup of theirs that runs right now, nobody knows which ones it needs.
        log("warning: no artifact is removed while backups of another instance are in the same folder")
    else:
        names = [*kept, *inventory.unreadable]
        attempt("artifacts that no backup contains", functools.partial(artifacts.remove_unused, store, names))
