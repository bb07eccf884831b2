"""Names of backups, which say when each was created by a clock, and their order, which no clock decides."""

from __future__ import annotations

import re
import time
from collections.abc import Collection, Mapping
from datetime import datetime, timezone
from importlib import metadata
from typing import TYPE_CHECKING

from backup.clocks import TOLERANCE, Clock
from common.process import log

if TYPE_CHECKING:
    from backup.manifest import Manifest

TIME = "%Y%m%dT%H%M%SZ"
# Characters of a name that say when it was created.
TIME_LENGTH = 16
PATTERN = re.compile(r"[0-9]{8}T[0-9]{6}Z-[0-9A-Za-z][0-9A-Za-z.+]*")


def is_name(name: str) -> bool:
    """Whether a folder is named as a backup."""
    try:
        return bool(PATTERN.fullmatch(name) and created(name))
    except ValueError:  # no such day or hour
        return False


def created(name: str) -> datetime:
    """When a backup was created, by its name."""
    return datetime.strptime(name[:TIME_LENGTH], TIME).replace(tzinfo=timezone.utc)


def in_order(manifests: Mapping[str, Manifest]) -> list[str]:
    """Names in the order in which the backups were created.

    That is the order of their times, except where a manifest says that backups with later names existed before it.
    """
    ordered: list[str] = []
    for name in sorted(manifests, reverse=True):
        earlier = [ordered.index(each) for each in manifests[name].get("ahead", ()) if each in ordered]
        ordered.insert(max(earlier, default=-1) + 1, name)
    return ordered


def ahead_of(name: str, existing: Collection[str]) -> list[str]:
    """Those that have a later name although they exist already: a clock was wrong then, or is wrong now."""
    return sorted(each for each in existing if each > name)


def new_name(existing: Collection[str], clock: Clock) -> str:
    """Not the time of any other, and later than all that the clock has reached."""
    release, taken = metadata.version("mlflow"), {name[:TIME_LENGTH] for name in existing}
    if future := [name for name in sorted(existing) if clock.is_future(created(name))]:
        log(
            f"warning: {len(future)} backups are named in the future ({', '.join(future[-5:])}): a clock was wrong "
            "then, or is wrong now; they stay, count as older than this one, and displace no other"
        )
    while True:
        now = clock.now()
        name = f"{now:{TIME}}-{release}"
        later = [each for each in taken if each >= name[:TIME_LENGTH] and created(each) <= now + TOLERANCE]
        if not later:
            return name
        time.sleep(max(0.0, (created(max(later)) - now).total_seconds()) + 0.1)
