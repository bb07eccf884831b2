"""Which backups there are in a store, and what else is named as one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from backup.manifest import Manifest, read_manifest
from backup.names import in_order, is_name
from backup.store import Store
from backup.streams import Unreadable
from common.process import log


@dataclass(frozen=True)
class Inventory:
    """The folders of a store that are named as backups. Each is in one of these."""

    # Complete backups, in the order in which they were created: of this instance, and of others.
    own: dict[str, Manifest]
    others: dict[str, Manifest]
    # Why, by name: something is where the manifest should be. A person must decide about these folders.
    unreadable: dict[str, str]
    # Without a manifest.
    incomplete: list[str]

    @property
    def restorable(self) -> dict[str, Manifest]:
        """What counts as backups for a restore: of this instance, or in a copy of another one those of that."""
        return self.own or self.others

    @property
    def foreign(self) -> list[str]:
        """Names of folders that stay whatever this instance does."""
        return [*self.others, *self.unreadable]

    def warn(self) -> None:
        """Log what counts as no backup."""
        for name, reason in self.unreadable.items():
            log(f"warning: {name}/manifest.json cannot be read; the folder stays, and counts as no backup ({reason})")
        for name in self.others if self.own else ():
            log(
                f"warning: {name} is a backup of {self.others[name]['instance']}; the folder stays, and counts as no "
                "backup of this instance (give each instance a folder of its own: backup.destination.prefix)"
            )


def take_inventory(store: Store, instance: str) -> Inventory:
    """Look at each folder."""
    complete: dict[str, Manifest] = {}
    unreadable, incomplete = {}, []
    for name in sorted(filter(is_name, store.folders())):
        try:
            manifest = read_manifest(store, name)
        except Unreadable as error:
            unreadable[name] = str(error)
        else:
            if manifest is None:
                incomplete.append(name)
            else:
                complete[name] = manifest
    own = {name: each for name, each in complete.items() if each["instance"] == instance}
    others = {name: each for name, each in complete.items() if name not in own}
    return Inventory(ordered(own), ordered(others), unreadable, incomplete)


def ordered(manifests: Mapping[str, Manifest]) -> dict[str, Manifest]:
    """The same in the order in which they were created."""
    return {name: manifests[name] for name in in_order(manifests)}
