"""A backup that is being created."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from backup.postgresql_client import PostgresqlClient
from backup.settings import Settings
from backup.store import Store

if TYPE_CHECKING:
    from psycopg2.extensions import connection as Connection  # noqa: N812


@dataclass(frozen=True)
class NewBackup:
    """What the steps of one backup share."""

    settings: Settings
    store: Store
    client: PostgresqlClient
    locks: Connection  # holds the maintenance lock
    opened: dict[str, Connection]  # a connection to each database by its label
    name: str
