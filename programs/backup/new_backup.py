"""A backup that is being made."""

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
    """Where it comes from and goes to."""

    settings: Settings
    store: Store
    client: PostgresqlClient
    locks: Connection  # holds the maintenance lock
    opened: dict[str, Connection]  # a connection to each database by its label
    name: str
